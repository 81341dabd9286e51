using EiRnnFast.Dynamics;
using EiRnnFast.Kernels;
using EiRnnFast.Spectra;

namespace EiRnnFast.Similarity;

/// <summary>
/// Linear dynamics v_{t+1} ≈ A·v_t of a network's trials (HAVOK, Brunton et al. 2017, as Ostrow et al. 2023 use it): delayed copies of the
/// activity side by side, their first singular directions v, and A by least squares over all steps within trials.
/// </summary>
public sealed class LinearDynamics
{
    private const double Rounding = 1e-6; // rates are single precision

    private readonly double[] _matrix;

    private LinearDynamics(double[] matrix, int rank, int delays, int rows) =>
        (_matrix, Rank, Delays, Rows) = (matrix, rank, delays, rows);

    /// <summary>A, [rank×rank] by rows.</summary>
    public ReadOnlySpan<double> Matrix => _matrix;

    /// <summary>Directions; fewer than asked for where the activity has fewer above 1e-6 of the largest.</summary>
    public int Rank { get; }

    /// <summary>Moments of a row.</summary>
    public int Delays { get; }

    /// <summary>Rows of the embedding.</summary>
    public int Rows { get; }

    /// <summary>Fits dynamics to states.</summary>
    /// <param name="states">Rates, [trials×steps×N].</param>
    /// <param name="trials">Trials.</param>
    /// <param name="units">N.</param>
    /// <param name="options">The usual ones unless said.</param>
    /// <param name="components">The components of these states, if they are known.</param>
    /// <exception cref="InvalidInputException">States that do not divide into trials of two steps or more, or that are not finite; an
    /// option out of range.</exception>
    /// <exception cref="ComputationException">No activity changes, or singular values that did not converge.</exception>
    public static LinearDynamics Of(ReadOnlySpan<float> states, int trials, int units, DelayOptions? options = null,
        PrincipalComponents? components = null)
    {
        options ??= new DelayOptions();
        options.Validate();
        if (trials < 1 || units < 1 || states.Length % ((long)trials * units) != 0 || states.Length / ((long)trials * units) < 2)
            throw InvalidInputException.Of("states", $"{states.Length} values", $"trials×steps×{units}, at least two steps",
                "give whole trials");
        components ??= PrincipalComponents.Of(states, units);
        int steps = states.Length / (trials * units), channels = Math.Min(options.Components, components.Units.Count);
        double[] series = new double[trials * steps * channels], state = new double[units];
        for (var moment = 0; moment < trials * steps; moment++)
        {
            for (var i = 0; i < units; i++) state[i] = states[moment * units + i];
            components.Project(state, channels).CopyTo(series, moment * channels);
        }
        return OfSeries(series, trials, channels, options);
    }

    /// <summary>Fits dynamics to channels, [trials×steps×channels], as they are.</summary>
    internal static LinearDynamics OfSeries(double[] series, int trials, int channels, DelayOptions options)
    {
        var steps = series.Length / (trials * channels);
        var delays = Math.Clamp(1 + steps / 2 / options.Interval, 1, options.Delays);
        if ((delays - 1) * options.Interval > steps - 2) delays = 1 + (steps - 2) / options.Interval;
        var length = steps - (delays - 1) * options.Interval;
        var taken = Math.Clamp(options.MostRows / length, 1, trials);
        var columns = new double[delays * channels][];
        for (var delay = 0; delay < delays; delay++)
            for (var channel = 0; channel < channels; channel++)
            {
                var column = columns[delay * channels + channel] = new double[taken * length];
                for (var i = 0; i < taken; i++)
                {
                    var first = (int)((long)i * trials / taken) * steps + (delays - 1 - delay) * options.Interval;
                    for (var t = 0; t < length; t++) column[i * length + t] = series[(first + t) * channels + channel];
                }
            }
        var (values, left) = SingularVectors.Of(columns, options.Rank);
        var rank = Math.Min(left.Length, values.Count(value => value > Rounding * values[0]));
        if (rank == 0) throw new ComputationException("dynamics of activity that never changes: nothing to fit");
        return new LinearDynamics(Fit(left[..rank], taken, length), rank, delays, taken * length);
    }

    /// <summary>(V₊ᵀ·V₋)·(V₋ᵀ·V₋)⁻¹, V₋ all rows of a trial but its last, V₊ all but its first.</summary>
    private static double[] Fit(double[][] v, int trials, int length)
    {
        var rank = v.Length;
        double[] gram = new double[rank * rank], cross = new double[rank * rank];
        for (var trial = 0; trial < trials; trial++)
            for (var i = 0; i < rank; i++)
                for (var j = 0; j < rank; j++)
                {
                    var before = v[j].AsSpan(trial * length, length - 1);
                    gram[i * rank + j] += DoubleProducts.Dot(before, v[i].AsSpan(trial * length, length - 1));
                    cross[i * rank + j] += DoubleProducts.Dot(before, v[i].AsSpan(trial * length + 1, length - 1));
                }
        // A·gram = cross, and gram is symmetric: gram·Aᵀ = crossᵀ.
        return SquareMatrix.Transposed(SquareMatrix.Solve(gram, SquareMatrix.Transposed(cross, rank), rank), rank);
    }
}
