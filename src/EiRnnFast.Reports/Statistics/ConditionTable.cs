using EiRnnFast.Studies.Sweeps;
using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

/// <summary>Findings as rows: rounded for the page, in full precision for conditions.csv.</summary>
internal static class ConditionTable
{
    private static readonly (string Name, Func<ConditionFinding, Sample?> Of)[] s_samples =
    [
        ("outer_radius", finding => finding.OuterRadius),
        ("outer_radius_published", finding => finding.OuterRadiusPublished),
        ("outer_radius_published_all_epochs", finding => finding.OuterRadiusPublishedAllEpochs),
        ("inner_radius", finding => finding.InnerRadius),
        ("spectral_radius", finding => finding.SpectralRadius),
        ("henrici", finding => finding.Henrici),
        ("outliers", finding => finding.Outliers),
        ("final_loss", finding => finding.FinalLoss),
        ("accuracy", finding => finding.Accuracy),
    ];

    private static readonly (string Name, string Title)[] s_intervals = [.. SweepFindings.Measures, SweepFindings.Inner];

    private static readonly (string Name, Func<MeanInterval, double> Of)[] s_ends =
    [
        ("low", interval => interval.Low), ("high", interval => interval.High),
        ("bootstrap_low", interval => interval.BootstrapLow), ("bootstrap_high", interval => interval.BootstrapHigh),
    ];

    private static readonly (string Heading, Func<ConditionFinding, string> Cell)[] s_conditions =
    [
        ("condition", finding => finding.Label),
        ("n", finding => $"{finding.Done}"),
        ("learned", finding => $"{finding.Successful} of {finding.Done}"),
        ("loss", finding => Mean(finding.FinalLoss, "0.0e0")),
        ("accuracy", finding => Mean(finding.Accuracy)),
        ("outer edge", finding => MeanWithError(finding.OuterRadius)),
        ("SD", finding => Sd(finding.OuterRadius)),
        ("theory", finding => finding.TheoryOuter is { } theory ? Number(theory) : "–"),
        ("within 5 % (TOST)", finding => Verdict(finding.Equivalence)),
        ("7th modulus (published)", finding => MeanWithError(finding.OuterRadiusPublished)),
        ("SD", finding => Sd(finding.OuterRadiusPublished)),
        ("within 5 % (TOST)", finding => Verdict(finding.EquivalencePublished)),
        ("inner edge", finding => MeanWithError(finding.InnerRadius)),
        ("theory (inner)", finding => finding.TheoryInner is > 0 and var theory ? Number(theory) : "–"),
        ("within 5 % (TOST)", finding => Verdict(finding.EquivalenceInner)),
        ("ring / disc", finding => $"{finding.Rings} / {finding.Discs}"),
        ("outliers", finding => Mean(finding.Outliers, "0.0")),
        ("Henrici", finding => MeanWithError(finding.Henrici)),
        ("all epochs", finding => $"{finding.AllEpochs}"),
        ("7th modulus, all epochs", finding => MeanWithError(finding.OuterRadiusPublishedAllEpochs)),
        ("diverged", finding => $"{finding.Diverged}"),
        ("failed", finding => $"{finding.Failed}"),
    ];

    public static IReadOnlyList<string> Headings { get; } = [.. s_conditions.Select(column => column.Heading)];

    public static IReadOnlyList<string> Cells(ConditionFinding finding) => [.. s_conditions.Select(column => column.Cell(finding))];

    /// <summary>conditions.csv: the settings that vary, counts, then count, mean, sd and sem of every measure.</summary>
    public static SweepTable Of(SweepFindings findings)
    {
        string[] counts = ["done", "diverged", "failed", "all_epochs", "successful", "rings", "discs"];
        List<RunColumn> columns =
        [
            new("condition", typeof(string)),
            .. findings.Varied.Select(name => RunColumns.All.First(column => column.Name == name)),
            .. counts.Select(name => new RunColumn(name, typeof(long))),
            new("theory_outer_radius", typeof(double)), new("theory_inner_radius", typeof(double)),
            .. s_samples.SelectMany(sample => ColumnsOf(sample.Name)),
            new("tost_p", typeof(double)), new("tost_p_published", typeof(double)),
            .. s_intervals.SelectMany(measure =>
                s_ends.Select(end => new RunColumn($"{measure.Name}_{end.Name}", typeof(double)))),
            new("tost_p_inner", typeof(double)),
        ];
        return new SweepTable(columns, [[.. findings.Conditions.Select(Row)]]);

        static RunColumn[] ColumnsOf(string measure) =>
        [
            new($"{measure}_n", typeof(long)), new($"{measure}_mean", typeof(double)),
            new($"{measure}_sd", typeof(double)), new($"{measure}_sem", typeof(double)),
        ];

        object?[] Row(ConditionFinding finding) =>
        [
            finding.Label,
            .. findings.Varied.Select(name => finding.Settings[name]),
            (long)finding.Done, (long)finding.Diverged, (long)finding.Failed, (long)finding.AllEpochs,
            (long)finding.Successful, (long)finding.Rings, (long)finding.Discs,
            finding.TheoryOuter, finding.TheoryInner,
            .. s_samples.SelectMany(sample => Values(sample.Of(finding))),
            finding.Equivalence?.P, finding.EquivalencePublished?.P,
            .. s_intervals.SelectMany(measure => s_ends.Select(end =>
                finding.Intervals.FirstOrDefault(interval => interval.Measure == measure.Name) is { } found
                    ? (object?)end.Of(found) : null)),
            finding.EquivalenceInner?.P,
        ];

        static object?[] Values(Sample? sample) => sample is null
            ? [null, null, null, null]
            : [(long)sample.Count, sample.Mean, Finite(sample.Sd), Finite(sample.Sem)];

        static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }

    private static string Mean(Sample? sample, string format = "0.000") => sample is null ? "–" : Number(sample.Mean, format);

    private static string MeanWithError(Sample? sample) => sample switch
    {
        null => "–",
        { Count: 1 } => Number(sample.Mean),
        _ => $"{Number(sample.Mean)} ± {Number(sample.Sem, "0.0000")}",
    };

    private static string Sd(Sample? sample) => sample is { Count: > 1 } ? Number(sample.Sd) : "–";

    private static string Verdict(Equivalence? test) => test is null ? "–" : $"{YesOrNotShown(test)}, p {P(test.P)}";

}
