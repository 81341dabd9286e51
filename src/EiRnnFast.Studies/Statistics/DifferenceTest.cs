using MathNet.Numerics.Distributions;

namespace EiRnnFast.Studies.Statistics;

/// <summary>A t test of a difference of means.</summary>
/// <param name="Difference">Mean of the values minus mean of those they are held against.</param>
/// <param name="StandardError">Of the difference.</param>
/// <param name="DegreesOfFreedom">Whole for pairs; of Welch and Satterthwaite where the samples are independent.</param>
/// <param name="T">Difference over its error.</param>
/// <param name="P">Two-sided probability of such a difference, or a larger one, if there were none.</param>
/// <param name="Low">Lower end of the difference's 95 % confidence interval.</param>
/// <param name="High">Upper end.</param>
public sealed record DifferenceTest(
    double Difference, double StandardError, double DegreesOfFreedom, double T, double P, double Low, double High)
{
    /// <summary>A spread below this fraction of the largest value is rounding.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Welch's test of independent samples: their spreads may differ. Null with fewer than two values in either, and where
    /// neither spreads.</summary>
    public static DifferenceTest? Welch(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(against);
        if (values.Count < 2 || against.Count < 2) return null;
        var (mean, variance) = Moments(values);
        var (other, otherVariance) = Moments(against);
        double part = variance / values.Count, otherPart = otherVariance / against.Count, sum = part + otherPart;
        var freedom = sum * sum / (part * part / (values.Count - 1) + otherPart * otherPart / (against.Count - 1));
        return Of(mean - other, Math.Sqrt(sum), freedom, Largest([.. values, .. against]));
    }

    /// <summary>The test of pairs: of their differences' mean. Null with fewer than two pairs, and where the differences are all
    /// equal.</summary>
    public static DifferenceTest? Paired(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        var differences = PairedSamples.Differences(values, against);
        if (differences.Length < 2) return null;
        var (mean, variance) = Moments(differences);
        return Of(mean, Math.Sqrt(variance / differences.Length), differences.Length - 1, Largest([.. values, .. against]));
    }

    /// <summary>Mean and variance (n − 1 in the denominator); equal values have themselves as their mean, to the bit.</summary>
    internal static (double Mean, double Variance) Moments(IReadOnlyList<double> values)
    {
        var mean = values[0] + values.Average(value => value - values[0]);
        return (mean, values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static DifferenceTest? Of(double difference, double error, double freedom, double largest)
    {
        if (!(error > Rounding * largest)) return null;
        var (t, reach) = (difference / error, StudentT.InvCDF(0, 1, freedom, 0.975) * error);
        return new DifferenceTest(difference, error, freedom, t, 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t)),
            difference - reach, difference + reach);
    }

    private static double Largest(double[] values) => values.Max(Math.Abs);
}
