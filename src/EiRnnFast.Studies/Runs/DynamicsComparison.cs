using System.Globalization;
using System.Text;
using EiRnnFast.Studies.Statistics;

namespace EiRnnFast.Studies.Runs;

/// <summary>A measure of the networks asked about, held against that of the others.</summary>
/// <param name="Measure">Its name in <c>groups.csv</c>.</param>
/// <param name="Samples">The comparison; networks of the two groups are no pairs.</param>
/// <param name="PHolm">The probability of Welch's t test, corrected by Holm for all comparisons of the analysis.</param>
public sealed record DynamicsComparison(string Measure, TwoSamples Samples, double PHolm)
{
    /// <summary>One a measure that two networks of either group have and that spreads in one of them at least; none of a single
    /// group.</summary>
    public static IReadOnlyList<DynamicsComparison> Of(DynamicsRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (string Measure, TwoSamples Samples)[] tested =
        [
            .. DynamicsGroup.Values(run).Select(values => (values.Measure, Samples: TwoSamples.Of(values.Main, values.Against)!))
                .Where(comparison => comparison.Samples?.Welch is not null),
        ];
        var corrected = Holm.Corrected([.. tested.Select(comparison => comparison.Samples.Welch!.P)]);
        return [.. tested.Zip(corrected, (comparison, p) => new DynamicsComparison(comparison.Measure, comparison.Samples, p))];
    }

    /// <summary>The table comparisons.csv; a heading alone without comparisons.</summary>
    internal static string Table(DynamicsRun run)
    {
        var text = new StringBuilder("measure,n,n_against,mean,mean_against,difference,low,high,t,df,p,p_holm,"
            + "permutation_p,permutation_exact,hedges_g,hedges_low,hedges_high,superiority\n");
        foreach (var (measure, samples, holm) in Of(run))
        {
            var (welch, permutation, size) = (samples.Welch!, samples.Permutation, samples.Hedges);
            text.Append(CultureInfo.InvariantCulture, $"{measure},{samples.Count},{samples.CountAgainst},");
            text.Append(CultureInfo.InvariantCulture, $"{samples.Mean:R},{samples.MeanAgainst:R},{welch.Difference:R},");
            text.Append(CultureInfo.InvariantCulture, $"{welch.Low:R},{welch.High:R},{welch.T:R},{welch.DegreesOfFreedom:R},");
            text.Append(CultureInfo.InvariantCulture, $"{welch.P:R},{holm:R},{permutation.P:R},{(permutation.Exact ? "true" : "false")},");
            text.Append(CultureInfo.InvariantCulture, $"{size?.G:R},{size?.Low:R},{size?.High:R},{samples.Superiority:R}\n");
        }
        return text.ToString();
    }
}
