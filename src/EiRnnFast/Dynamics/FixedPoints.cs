using System.Numerics;
using EiRnnFast.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Dynamics;

/// <summary>A state where the network rests or lingers.</summary>
/// <param name="State">h, [N].</param>
/// <param name="Q">½‖F(h) − h‖².</param>
/// <param name="Eigenvalues">Of the Jacobian ∂F_j/∂h_i there, largest modulus first.</param>
/// <param name="Starts">Descents that ended here.</param>
public sealed record FixedPoint(IReadOnlyList<double> State, double Q, IReadOnlyList<Complex> Eigenvalues, int Starts)
{
    /// <summary>Largest |λ| of the Jacobian.</summary>
    public double SpectralRadius => Eigenvalues[0].Magnitude;

    /// <summary>Whether small deviations die out: spectral radius below 1.</summary>
    public bool IsStable => SpectralRadius < 1;

    /// <summary>Eigenvalues with |λ| > 1.</summary>
    public int UnstableDirections => Eigenvalues.Count(z => z.Magnitude > 1);
}

/// <summary>
/// Fixed and slow points of the autonomous map (Sussillo and Barak 2013): minima of q = ½‖F(h) − h‖², reached by descents from many states.
/// </summary>
public sealed record FixedPoints
{
    /// <summary>States with q within the fixed tolerance, smallest spectral radius first.</summary>
    public required IReadOnlyList<FixedPoint> Fixed { get; init; }

    /// <summary>Minima of q above it, within the slow tolerance, slowest first.</summary>
    public required IReadOnlyList<FixedPoint> Slow { get; init; }

    /// <summary>Descents made.</summary>
    public required int Starts { get; init; }

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

    /// <summary>Searches from given states. What no descent reaches is not found: more starts find more.</summary>
    /// <param name="map">The network under its constant input.</param>
    /// <param name="starts">States, [N] each.</param>
    /// <param name="options">Tolerances; the usual ones unless said.</param>
    /// <param name="progress">Called after every descent with the number done.</param>
    /// <param name="solver">Of the Jacobians' eigenvalues; the current one unless said.</param>
    /// <param name="cancellation">Checked before every descent.</param>
    /// <exception cref="InvalidInputException">No start, a start of another length or not finite, or a tolerance that cannot be used.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    public static FixedPoints Find(RecurrentMap map, IReadOnlyList<double[]> starts, FixedPointOptions? options = null, Action<int>? progress = null,
        EigenSolver? solver = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(starts);
        options ??= new FixedPointOptions();
        options.Validate();
        if (starts.Count == 0) throw InvalidInputException.Of("starts", 0, "1 or more", "give states to search from");
        foreach (var start in starts)
            if (start.Length != map.Units || start.AsSpan().ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue))
                throw InvalidInputException.Of("start", $"{start.Length} values", $"{map.Units} finite ones, a value per unit", "give whole states");

        var descent = new SpeedDescent(map, options);
        var ends = new int[4];
        List<Found> still = [], slow = [];
        for (var i = 0; i < starts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = descent.From(starts[i]);
            ends[(int)end]++;
            if (end is DescentEnd.Fixed or DescentEnd.Slow) Merge(end == DescentEnd.Fixed ? still : slow, descent, options.Distance);
            progress?.Invoke(i + 1);
        }
        return new FixedPoints
        {
            Fixed = [.. still.Select(found => Describe(map, found, solver ?? EigenSolver.Current)).OrderBy(point => point.SpectralRadius)],
            Slow = [.. slow.Select(found => Describe(map, found, solver ?? EigenSolver.Current)).OrderBy(point => point.Q)],
            Starts = starts.Count, EndedFixed = ends[0], EndedSlow = ends[1], EndedFast = ends[2], Unfinished = ends[3], Options = options,
        };
    }

    /// <summary>
    /// States to search from: moments of trajectories, drawn at random, with Gaussian noise, held within ±1; the first is h = 0. Every second one
    /// then runs freely for some steps, towards what attracts it: descents alone favour saddles between attractors.
    /// </summary>
    /// <param name="map">The network under its constant input.</param>
    /// <param name="states">Hidden states, [moments×N].</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="noise">σ of the noise on every unit, 0 or above.</param>
    /// <param name="freeSteps">Steps that every second one runs freely, 0 or more.</param>
    /// <param name="seed">0 or above; the same seed gives the same states.</param>
    /// <exception cref="InvalidInputException">No moments, no starts, or a number out of range.</exception>
    public static double[][] StartsFrom(RecurrentMap map, ReadOnlySpan<float> states, int count, double noise, int freeSteps, long seed)
    {
        ArgumentNullException.ThrowIfNull(map);
        var units = map.Units;
        if (states.Length < units || states.Length % units != 0) throw InvalidInputException.Of("states", $"{states.Length} values", $"moments×{units}, at least one moment", "give whole states");
        if (count < 1) throw InvalidInputException.Of("starts", count, "1 or more", "200 is usual");
        if (!(noise is >= 0 and < 1e3)) throw InvalidInputException.Of("noise of the starts", noise, "0 or above", "0.1 is usual");
        if (freeSteps < 0) throw InvalidInputException.Of("free steps of the starts", freeSteps, "0 or more", "500 is usual");
        var random = new RandomStream(seed, "fixed-point starts");
        var starts = new double[count][];
        starts[0] = new double[units];
        var next = new double[units];
        for (var i = 1; i < count; i++)
        {
            var moment = states.Slice(random.NextInt32(states.Length / units) * units, units);
            var start = new double[units];
            for (var j = 0; j < units; j++) start[j] = Math.Clamp(moment[j] + noise * random.NextGaussian(), -1, 1);
            for (var t = 0; i % 2 == 1 && t < freeSteps; t++)
            {
                map.Step(start, next);
                (start, next) = (next, start);
            }
            starts[i] = [.. start];
        }
        return starts;
    }

    private static void Merge(List<Found> points, SpeedDescent descent, double distance)
    {
        foreach (var point in points)
        {
            var farthest = 0.0;
            for (var j = 0; j < point.State.Length; j++) farthest = Math.Max(farthest, Math.Abs(point.State[j] - descent.State[j]));
            if (farthest >= distance) continue;
            point.Starts++;
            if (descent.Q < point.Q) point.Take(descent);
            return;
        }
        points.Add(new Found(descent));
    }

    private static FixedPoint Describe(RecurrentMap map, Found found, EigenSolver solver)
    {
        var jacobian = new double[map.Units * map.Units];
        map.Jacobian(found.Image, jacobian);
        return new FixedPoint(found.State, found.Q, solver.Eigenvalues(jacobian, map.Units), found.Starts);
    }

    private sealed class Found
    {
        public Found(SpeedDescent descent)
        {
            (State, Image, Starts) = (new double[descent.State.Length], new double[descent.State.Length], 1);
            Take(descent);
        }

        public double[] State { get; }

        public double[] Image { get; }

        public double Q { get; private set; }

        public int Starts { get; set; }

        public void Take(SpeedDescent descent)
        {
            descent.State.CopyTo(State);
            descent.Image.CopyTo(Image);
            Q = descent.Q;
        }
    }
}
