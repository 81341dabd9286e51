using EiRnnFast.Numerics;
using EiRnnFast.Spectra;
using EiRnnFast.Threads;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Fixed and slow points of the autonomous map (Sussillo and Barak 2013): minima of q = ½‖F(h) − h‖², reached by descents from many states.
/// Where rates are bounded (tanh, sigmoid), F maps a box of states into itself, so the indices of all fixed points sum to +1 (Lefschetz
/// 1926). Another sum says that points are missing; +1 does not prove that none is: points appear in pairs of indices +1 and −1.
/// Rates without bounds (relu, softplus, linear) have no such box, and nothing is claimed of their list.
/// </summary>
public sealed record FixedPoints
{
    /// <summary>States with q within the fixed tolerance, smallest spectral radius first.</summary>
    public required IReadOnlyList<FixedPoint> Fixed { get; init; }

    /// <summary>Minima of q above it, within the slow tolerance, slowest first.</summary>
    public required IReadOnlyList<FixedPoint> Slow { get; init; }

    /// <summary>Whether indices must sum to +1: whether rates are bounded.</summary>
    public required bool HasIndexSum { get; init; }

    /// <summary>Sum of the indices of the fixed points; null where one is degenerate, and without <see cref="HasIndexSum"/>.</summary>
    public int? IndexSum => HasIndexSum && Fixed.All(point => point.Index is not null) ? Fixed.Sum(point => point.Index) : null;

    /// <summary>What <see cref="IndexSum"/> says of the list: true, points are missing; false, a complete list is not excluded; null,
    /// nothing.</summary>
    public bool? IsIncomplete => IndexSum is { } sum ? sum != 1 : null;

    /// <summary>States searched from, as given.</summary>
    public required int Starts { get; init; }

    /// <summary>Descents made after those, near unstable points and while points were missing.</summary>
    public required int FurtherStarts { get; init; }

    /// <summary>Descents that ended in a fixed point.</summary>
    public required int EndedFixed { get; init; }

    /// <summary>Descents that ended in a slow point.</summary>
    public required int EndedSlow { get; init; }

    /// <summary>Descents that ended in a minimum above the slow tolerance.</summary>
    public required int EndedFast { get; init; }

    /// <summary>Descents that found no minimum within their iterations.</summary>
    public required int Unfinished { get; init; }

    /// <summary>The tolerances.</summary>
    public required FixedPointOptions Options { get; init; }

    /// <summary>Further descents in a row that find no new fixed point and end the search where there is no index sum.</summary>
    public const int FruitlessStarts = 100;

    /// <summary>Numbers that all starts may have together: 2 GiB of memory.</summary>
    private const long MostStartValues = 1L << 28;

    /// <summary>
    /// Searches from given states. Then follows every unstable point to what attracts its surroundings, and, while the index sum is not +1,
    /// searches on from cubes of rates, the surroundings of unstable points and between points, until
    /// <see cref="FixedPointOptions.FurtherStarts"/>. Without an index sum the search also ends after <see cref="FruitlessStarts"/>
    /// descents in a row that find no new point.
    /// </summary>
    /// <param name="map">The network under its constant input.</param>
    /// <param name="starts">States, [N] each.</param>
    /// <param name="options">Tolerances; the usual ones unless said.</param>
    /// <param name="progress">Called after every descent with the number done, one call at a time.</param>
    /// <param name="solver">Of the Jacobians' eigenvalues; the current one unless said.</param>
    /// <param name="seed">Of further starts, 0 or above.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every descent.</param>
    /// <exception cref="InvalidInputException">No start, a start of another length or not finite,
    /// or a tolerance that cannot be used.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    public static FixedPoints Find(RecurrentMap map, IReadOnlyList<double[]> starts, FixedPointOptions? options = null,
        Action<int>? progress = null, EigenSolver? solver = null, long seed = 1, int threads = 1,
        CancellationToken cancellation = default)
    {
        ThreadBudget.Checked(threads);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(starts);
        options ??= new FixedPointOptions();
        options.Validate();
        if (starts.Count == 0) throw InvalidInputException.Of("starts", 0, "1 or more", "give states to search from");
        foreach (var start in starts)
            if (start is null || start.Length != map.Units || start.AsSpan().ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue))
                throw InvalidInputException.Of("start", $"{start?.Length ?? 0} values", $"{map.Units} finite ones, a value per unit",
                    "give whole states");

        return new FixedPointSearch(map, options, solver ?? EigenSolver.Current, threads, progress, cancellation).Run(starts, seed);
    }

    /// <summary>
    /// States to search from: moments of trajectories, drawn at random, with Gaussian noise, held within the range of the rates (voltages
    /// have none); the first is h = 0.
    /// Every second one then runs freely for some steps, towards what attracts it: descents alone favour saddles between attractors.
    /// </summary>
    /// <param name="map">The network under its constant input.</param>
    /// <param name="states">States of the map, [moments×N]: rates as a network's run gives them, or voltages
    /// (<see cref="RecurrentMap.States"/>) where the map is of voltages.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="noise">σ of the noise on every unit, 0 or above.</param>
    /// <param name="freeSteps">Steps that every second one runs freely, 0 or more.</param>
    /// <param name="seed">0 or above; the same seed gives the same states.</param>
    /// <param name="threads">Threads to run them on; any number finds the same bits.</param>
    /// <exception cref="InvalidInputException">No moments, no starts, or a number out of range.</exception>
    public static double[][] StartsFrom(RecurrentMap map, ReadOnlySpan<float> states, int count, double noise, int freeSteps, long seed,
        int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        var units = map.Units;
        if (states.Length < units || states.Length % units != 0)
            throw InvalidInputException.Of("states", $"{states.Length} values", $"moments×{units}, at least one moment",
                "give whole states");
        if (count < 1 || (long)count * units > MostStartValues)
            throw InvalidInputException.Of("starts", count, $"1 to {MostStartValues / units}, for {units} units", "200 is usual");
        if (!(noise is >= 0 and < 1e3)) throw InvalidInputException.Of("noise of the starts", noise, "0 or above", "0.1 is usual");
        if (freeSteps < 0) throw InvalidInputException.Of("free steps of the starts", freeSteps, "0 or more", "500 is usual");
        var random = new RandomStream(seed, "fixed-point starts");
        var starts = new double[count][];
        starts[0] = new double[units];
        for (var i = 1; i < count; i++)
        {
            var moment = states.Slice(random.NextInt32(states.Length / units) * units, units);
            var start = new double[units];
            for (var j = 0; j < units; j++) start[j] = map.StateRange.Clamp(moment[j] + noise * random.NextGaussian());
            starts[i] = start;
        }
        ThreadTeam.ForEach(count / 2, ThreadBudget.Checked(threads), k =>
            starts[2 * k + 1] = map.Run(starts[2 * k + 1], freeSteps));
        return starts;
    }
}
