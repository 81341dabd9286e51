using System.Globalization;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>The comparisons of two groups of networks as a table for people.</summary>
internal static class DynamicsComparisonText
{
    public static IEnumerable<string> Lines(DynamicsRun run)
    {
        if (run.Networks.All(network => !network.Against)) yield break;
        if (DynamicsComparison.Of(run) is not { Count: > 0 } comparisons)
        {
            yield return "No test between main and against: it takes two networks of either group, and a measure that differs among them.";
            yield break;
        }
        yield return $"main minus against, {Readable.Count(comparisons.Count, "test")}: 95 % intervals; Holm corrects Welch's p for all";
        yield return Row("", "difference", "p (Welch)", "p (Holm)", "p (permut.)", "Hedges g");
        foreach (var (measure, samples, holm) in comparisons)
        {
            var (welch, size) = (samples.Welch!, samples.Hedges);
            yield return Row(measure.Replace('_', ' '), $"{welch.Difference:g3} ({welch.Low:g3} to {welch.High:g3})",
                P(welch.P), P(holm), P(samples.Permutation.P), size is null ? "-" : $"{size.G:0.00} ({size.Low:0.00} to {size.High:0.00})");
        }
    }

    private static string Row(string name, string difference, string welch, string holm, string permutation, string size) =>
        $"  {name,-35}{difference,-32}{welch,-11}{holm,-11}{permutation,-13}{size}".TrimEnd();

    private static string P(double p) => p < 0.001 ? "< 0.001" : p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
