using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

/// <summary>Comparisons of levels as rows and sentences of the page; findings.json has them in full.</summary>
internal static class ComparisonTable
{
    public static IReadOnlyList<string> Headings { get; } =
    [
        "levels, within", "measure", "n", "test", "difference", "95 % CI", "p", "p (Holm)", "p (permutation)", "95 % CI (seeds)",
        "Hedges g", "95 % CI", "superiority",
    ];

    public static IReadOnlyList<string> Cells(ConditionComparison test)
    {
        var (samples, permutation) = (test.Samples, test.IsPaired ? test.Pairs!.Permutation : test.Samples.Permutation);
        return
        [
            $"{Condition.Spelled(test.Factor, test.Level)} − {Condition.Spelled(test.Factor, test.Against)}, {test.Within}",
            Title(test.Measure), test.IsPaired ? Count(test.Pairs!.Pairs, "pair") : $"{samples.Count}, {samples.CountAgainst}",
            test.IsPaired ? "pairs" : "Welch", Number(test.Difference, "0.0000"), EffectTable.Interval(test.Low, test.High),
            EffectTable.Probability(test.P), EffectTable.Probability(test.PHolm),
            EffectTable.Probability(permutation.P) + (permutation.Exact ? "" : " (drawn)"),
            test.Bootstrap is { } seeds ? EffectTable.Interval(seeds.Low, seeds.High) : "–",
            samples.Hedges is { } size ? Number(size.G, "0.00") : "–",
            samples.Hedges is { } ends ? $"{Number(ends.Low, "0.00")} to {Number(ends.High, "0.00")}" : "–",
            Number(samples.Superiority, "0.00"),
        ];
    }

    public static string Caption(SweepFindings findings) =>
        "Comparisons of two levels of a setting, all other settings equal: first minus second level. "
            + $"{Chosen(findings)} p (Holm) is corrected for all {Count(findings.Comparisons.Count, "test")} of this table. "
            + "Networks of the same seed are pairs (t test of pairs, signs flipped); else Welch's t test and splits of all values. "
            + "The other p values are not corrected. Seeds: bootstrap of whole seeds. Superiority: how often a network of the first "
            + "level has the larger value.";

    /// <summary>How many differ, by setting, of the main measure; null without comparisons.</summary>
    public static string? Sentence(SweepFindings findings)
    {
        var (main, title) = SweepFindings.Measures[0];
        ConditionComparison[] tests = [.. findings.Comparisons.Where(test => test.Measure == main)];
        if (tests.Length == 0) return null;
        var parts = tests.GroupBy(test => test.Factor).Select(factor =>
            $"{Condition.Name(factor.Key)} in {factor.Count(test => test.Significant)} of {factor.Count()}");
        var paired = findings.Comparisons.Count(test => test.IsPaired);
        return $"Two levels of a setting, all else equal, differ in the {title}: {string.Join("; ", parts)} (t tests, {paired} of "
            + $"{findings.Comparisons.Count} of pairs with the same seed, corrected by Holm for "
            + $"{Count(findings.Comparisons.Count, "comparison")} of {Count(SweepFindings.Measures.Count, "measure")}). "
            + $"{Chosen(findings)} All are in the table of comparisons.";
    }

    private static string Left(SweepFindings findings) =>
        $"{Count(findings.ComparisonsLeftOut, "comparison")} {(findings.ComparisonsLeftOut == 1 ? "is" : "are")}";

    private static string Chosen(SweepFindings findings) => findings.ComparisonRule switch
    {
        "every_pair" => "Every two levels are compared.",
        "first_level" => $"Each level is held against the first one only; {Left(findings)} left out.",
        "first_level_of_categories" => "Each level of settings that are no numbers is held against the first one only; "
            + $"{Left(findings)} left out.",
        _ => $"The first {findings.Comparisons.Count} comparisons with a first level are made; {Left(findings)} left out.",
    };
}
