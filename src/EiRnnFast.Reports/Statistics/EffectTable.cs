using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

/// <summary>Effects, slopes and intervals as rows of the page, rounded; findings.json has them in full.</summary>
internal static class EffectTable
{
    public static IReadOnlyList<string> Headings { get; } =
        ["effect", "measure", "n", "df", "error df", "F", "p", "p (Holm)", "partial η²", "90 % CI", "partial ω²"];

    public static IReadOnlyList<string> SlopeHeadings { get; } =
    [
        "against, within", "measure", "range", "n", "slope", "s.e.", "95 % CI", "p", "p (Holm)", "s.e. (HC3)", "p (HC3)", "95 % CI (seeds)",
        "change", "90 % CI", "TOST p", "within 5 %",
    ];

    public static IReadOnlyList<string> IntervalHeadings { get; } = ["condition", "measure", "95 % CI (t)", "95 % CI (bootstrap)"];

    public static IEnumerable<IReadOnlyList<string>> Rows(AnalysisOfVariance analysis) => analysis.Terms.Select(effect => (string[])
    [
        Named(effect), Title(analysis.Measure), $"{analysis.Networks}", $"{effect.Df}", $"{analysis.ErrorDf}", Number(effect.F, "0.00"),
        Probability(effect.P), Probability(effect.PHolm), Number(effect.PartialEtaSquared, "0.00"),
        $"{Number(effect.PartialEtaSquaredLow, "0.00")} to {Number(effect.PartialEtaSquaredHigh, "0.00")}",
        Number(effect.PartialOmegaSquared, "0.00"),
    ]);

    public static IReadOnlyList<string> Slope(RadiusTrend trend) =>
    [
        $"{(trend.IsAgainstUnits ? "log₂ N" : "excitatory fraction")}, {trend.Within}", Title(trend.Measure),
        $"{Number(trend.From, "0.###")} to {Number(trend.To, "0.###")}", $"{trend.Fit.Count}",
        Number(trend.Fit.Slope, "0.0000"), Number(trend.Fit.StandardError, "0.0000"), Interval(trend.Fit.Low, trend.Fit.High),
        Probability(trend.Fit.P), Probability(trend.PHolm),
        Number(trend.Fit.RobustStandardError, "0.0000"), Probability(trend.Fit.RobustP),
        trend.Bootstrap is { } seeds ? Interval(seeds.Low, seeds.High) : "–",
        Number(trend.Change?.Estimate ?? double.NaN, "0.0000"),
        trend.Change is { } change ? Interval(change.Low, change.High) : "–",
        trend.Change is { } test ? Probability(test.P) : "–",
        trend.Change is { } tested ? YesOrNotShown(tested) : "–",
    ];

    public static IEnumerable<IReadOnlyList<string>> Intervals(ConditionFinding condition) =>
        condition.Intervals.Select(interval => (string[])
        [
            condition.Label, Title(interval.Measure), Interval(interval.Low, interval.High),
            Interval(interval.BootstrapLow, interval.BootstrapHigh),
        ]);

    /// <summary>"N", or "N × excitatory fraction" for an interaction.</summary>
    public static string Named(Effect effect) => string.Join(" × ", effect.Factors.Select(Condition.Name));

    public static string Interval(double low, double high) => $"{Number(low, "0.0000")} to {Number(high, "0.0000")}";

    public static string Probability(double p) => P(p).Replace("= ", "", StringComparison.Ordinal);
}
