using EiRnnFast.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace EiRnnFast.Reports;

/// <summary>95 % confidence intervals of the mean of a measure in one condition.</summary>
/// <param name="Measure">The measure, as its column without <c>spectrum_</c>.</param>
/// <param name="Low">Lower end by Student's t.</param>
/// <param name="High">Upper end by Student's t.</param>
/// <param name="BootstrapLow">Lower end by the bootstrap (percentiles).</param>
/// <param name="BootstrapHigh">Upper end by the bootstrap.</param>
/// <remarks>
/// The bootstrap draws <see cref="Resamples"/> samples of the same size with replacement, always from the seed <see cref="Seed"/>, as
/// <c>numpy.random.RandomState(Seed).randint(n, size=(Resamples, n))</c>. With few networks its interval is too narrow: by √((n − 1)/n)
/// and more.
/// </remarks>
public sealed record MeanInterval(string Measure, double Low, double High, double BootstrapLow, double BootstrapHigh)
{
    /// <summary>How many samples the bootstrap draws.</summary>
    public const int Resamples = 2000;

    /// <summary>Its seed.</summary>
    public const int Seed = 1;

    /// <summary>Both intervals; null with fewer than two values.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="values">One value a network.</param>
    public static MeanInterval? Of(string measure, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2) return null;
        var sample = Sample.Of(values);
        var reach = StudentT.InvCDF(0, 1, values.Count - 1, 0.975) * sample.Sem;
        var random = new NumPyRandom(Seed);
        var means = new double[Resamples];
        for (var draw = 0; draw < Resamples; draw++)
        {
            for (var i = 0; i < values.Count; i++) means[draw] += values[random.RandInt(values.Count)];
            means[draw] /= values.Count;
        }
        Array.Sort(means);
        return new MeanInterval(measure, sample.Mean - reach, sample.Mean + reach, End(0.025), End(0.975));

        double End(double part) => SortedArrayStatistics.QuantileCustom(means, part, QuantileDefinition.R7); // as numpy.percentile
    }
}
