using EiRnnFast.Studies.Sweeps;
using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

/// <summary>Findings as rows: rounded for the page, in full precision for conditions.csv.</summary>
internal static class ConditionTable
{
    private static readonly (string Name, Func<ConditionFinding, Sample?> Of)[] s_samples =
    [
        ("outer_radius", finding => finding.OuterRadius), ("outer_radius_published", finding => finding.OuterRadiusPublished), ("outer_radius_published_all_epochs", finding => finding.OuterRadiusPublishedAllEpochs),
        ("inner_radius", finding => finding.InnerRadius), ("spectral_radius", finding => finding.SpectralRadius), ("henrici", finding => finding.Henrici), ("outliers", finding => finding.Outliers),
        ("final_loss", finding => finding.FinalLoss), ("accuracy", finding => finding.Accuracy),
    ];

    public static IReadOnlyList<string> Headings { get; } =
    [
        "condition", "n", "learned", "loss", "accuracy", "robust edge (ours)", "SD", "theory", "within 5 % (TOST)", "7th modulus (published)", "SD", "within 5 % (TOST)", "inner edge", "ring / disc", "outliers", "Henrici",
        "all epochs", "7th modulus, all epochs", "diverged", "failed",
    ];

    public static IReadOnlyList<string> Cells(ConditionFinding finding) =>
    [
        finding.Label, $"{finding.Done}", $"{finding.Successful} of {finding.Done}", Mean(finding.FinalLoss, "0.0e0"), Mean(finding.Accuracy), MeanSd(finding.OuterRadius), Sd(finding.OuterRadius), finding.TheoryOuter is { } theory ? Number(theory) : "–",
        Verdict(finding.Equivalence), MeanSd(finding.OuterRadiusPublished), Sd(finding.OuterRadiusPublished), Verdict(finding.EquivalencePublished), MeanSd(finding.InnerRadius), $"{finding.Rings} / {finding.Discs}", Mean(finding.Outliers, "0.0"), MeanSd(finding.Henrici),
        $"{finding.AllEpochs}", MeanSd(finding.OuterRadiusPublishedAllEpochs), $"{finding.Diverged}", $"{finding.Failed}",
    ];

    public static IReadOnlyList<string> Cells(RadiusTrend trend) =>
    [
        $"{(trend.Against == "log2_units" ? "log₂ N" : "excitatory fraction")}, {trend.Within}", Title(trend.Measure), $"{Number(trend.From, "0.###")} to {Number(trend.To, "0.###")}", $"{trend.Fit.Count}", Number(trend.Fit.Slope, "0.0000"),
        $"{Number(trend.Fit.Low, "0.0000")} to {Number(trend.Fit.High, "0.0000")}", Probability(trend.Fit.P), Number(trend.Change?.Estimate ?? double.NaN, "0.0000"),
        trend.Change is { } change ? $"{Number(change.Low, "0.0000")} to {Number(change.High, "0.0000")}" : "–", trend.Change is { } test ? Probability(test.P) : "–", trend.Change switch { null => "–", { Equivalent: true } => "yes", _ => "not shown" },
    ];

    /// <summary>conditions.csv: the settings that vary, counts, then count, mean, sd and sem of every measure.</summary>
    public static SweepTable Of(SweepFindings findings)
    {
        string[] counts = ["done", "diverged", "failed", "all_epochs", "successful", "rings", "discs"];
        List<RunColumn> columns = [new("condition", typeof(string)), .. findings.Varied.Select(name => new RunColumn(name, RunColumns.All.First(column => column.Name == name).Type)),
            .. counts.Select(name => new RunColumn(name, typeof(long))), new("theory_outer_radius", typeof(double)), new("theory_inner_radius", typeof(double)),
            .. s_samples.SelectMany(sample => new RunColumn[] { new($"{sample.Name}_n", typeof(long)), new($"{sample.Name}_mean", typeof(double)), new($"{sample.Name}_sd", typeof(double)), new($"{sample.Name}_sem", typeof(double)) }),
            new("tost_p", typeof(double)), new("tost_p_published", typeof(double))];
        return new SweepTable(columns, [[.. findings.Conditions.Select(Row)]]);

        object?[] Row(ConditionFinding finding) =>
        [
            finding.Label, .. findings.Varied.Select(name => finding.Settings[name]),
            .. new object?[] { (long)finding.Done, (long)finding.Diverged, (long)finding.Failed, (long)finding.AllEpochs, (long)finding.Successful, (long)finding.Rings, (long)finding.Discs, finding.TheoryOuter, finding.TheoryInner },
            .. s_samples.SelectMany(sample => sample.Of(finding) is { } found ? new object?[] { (long)found.Count, found.Mean, Finite(found.Sd), Finite(found.Sem) } : [null, null, null, null]),
            finding.Equivalence?.P, finding.EquivalencePublished?.P,
        ];

        static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }

    private static string Mean(Sample? sample, string format = "0.000") => sample is null ? "–" : Number(sample.Mean, format);

    private static string MeanSd(Sample? sample) => sample switch { null => "–", { Count: 1 } => Number(sample.Mean), _ => $"{Number(sample.Mean)} ± {Number(sample.Sem, "0.0000")}" };

    private static string Sd(Sample? sample) => sample is { Count: > 1 } ? Number(sample.Sd) : "–";

    private static string Verdict(Equivalence? test) => test is null ? "–" : $"{(test.Equivalent ? "yes" : "not shown")}, p {P(test.P)}";

    private static string Probability(double p) => P(p).Replace("= ", "", StringComparison.Ordinal);
}
