using EiRnnFast.Studies.Statistics;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Reports;

/// <summary>What a sweep shows, in numbers: the statistics of a report, as <c>--json</c> prints them.</summary>
public sealed record SweepFindings
{
    /// <summary>A radius counts as equal to theory when it differs by less than this fraction of it.</summary>
    public const double Margin = 0.05;

    /// <summary>The measures that are compared, the main one first: name of the column and what a reader calls it.</summary>
    public static IReadOnlyList<(string Name, string Title)> Measures { get; } =
    [
        ("outer_radius", "outer edge of the bulk"), ("outer_radius_published", "7th largest modulus (published measure)"),
        ("henrici", "departure from normality (Henrici)"),
    ];

    /// <summary>Those of the outer radius.</summary>
    public static IReadOnlyList<(string Name, string Title)> Radii { get; } = [.. Measures.Take(2)];

    /// <summary>The inner edge, which theory speaks of where the initial matrix is a ring.</summary>
    public static (string Name, string Title) Inner { get; } = ("inner_radius", "inner edge of rings");

    /// <summary>The radii that are held against theory.</summary>
    public static IReadOnlyList<(string Name, string Title)> RadiiOfTheory { get; } = [.. Radii, Inner];

#pragma warning disable CS1591 // the names say it, in JSON as here; docs/report.md explains each
    public required int Recorded { get; init; }
    public int Done => Conditions.Sum(condition => condition.Done);
    public int Diverged => Conditions.Sum(condition => condition.Diverged);
    public int Failed => Conditions.Sum(condition => condition.Failed);
    public required int? Pending { get; init; }
    public int? BesidePlan { get; init; }
    public int Successful => Conditions.Sum(condition => condition.Successful);
    public double? SuccessRate => Done > 0 ? (double)Successful / Done : null;
    public required double SuccessAccuracy { get; init; }
    public required IReadOnlyList<TaskConstant> ConstantLosses { get; init; }
    public required IReadOnlyList<string> Varied { get; init; }
    public required IReadOnlyList<ConditionFinding> Conditions { get; init; }
    public required IReadOnlyList<PooledRadius> Pooled { get; init; }
    public required IReadOnlyList<AnalysisOfVariance> Effects { get; init; }
    public int EffectTests => Effects.Sum(analysis => analysis.Terms.Count);
    public required IReadOnlyList<ConditionComparison> Comparisons { get; init; }
    public int ComparisonTests => Comparisons.Count;
    public required string ComparisonRule { get; init; }
    public required int ComparisonsLeftOut { get; init; }
    public required IReadOnlyList<RadiusTrend> Trends { get; init; }
    public required IReadOnlyList<ShapeVerdict> Shapes { get; init; }
    public required IReadOnlyList<StopCount> Stopped { get; init; }
    public required IReadOnlyList<Exclusion> Excluded { get; init; }
    public required SelectionEffect Selection { get; init; }
    public TimeToCriterion? TimeToCriterion { get; init; }
    public SpectralDistances? SpectralDistances { get; init; }
    public IReadOnlyList<EpochFinding> Epochs { get; init; } = [];
    public IReadOnlyList<GeneralisationFinding> Generalisation { get; init; } = [];
    public IReadOnlyList<string> NotLearned =>
        [.. Conditions.Where(condition => condition.MostDidNotLearn).Select(condition => condition.Label)];
#pragma warning restore CS1591

    /// <summary>Works everything out.</summary>
    /// <param name="runs">All recorded runs, at least one.</param>
    /// <param name="varied">Names of the settings that vary.</param>
    /// <param name="conditions">The runs in their conditions.</param>
    /// <param name="pending">Runs of the plan that are not recorded; null when the plan cannot be read.</param>
    public static SweepFindings Of(
        IReadOnlyList<ReportRun> runs, IReadOnlyList<string> varied, IReadOnlyList<Condition> conditions, int? pending)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ReportRun[] done = [.. runs.Where(run => run.Done)];
        var comparisons = ConditionComparisons.Of(conditions, varied);
        return new SweepFindings
        {
            Recorded = runs.Count, Pending = pending, SuccessAccuracy = ReportRun.SuccessAccuracy, Varied = varied,
            ConstantLosses = [.. runs.Select(TaskConstant.Of).Distinct()],
            Conditions = [.. conditions.Select(ConditionFinding.Of)],
            Pooled = [.. RadiiOfTheory.Select(radius => PooledRadius.Of(radius.Name, done)).OfType<PooledRadius>()],
            Effects = AnalysisOfVariance.Corrected(
                Measures.Select(measure => AnalysisOfVariance.Of(measure.Name, conditions, varied))),
            Comparisons = comparisons.Tests, ComparisonRule = comparisons.Rule, ComparisonsLeftOut = comparisons.LeftOut,
            Trends = RadiusTrend.Corrected(
            [
                .. RadiusTrend.Of(conditions, varied, "units", RadiusTrend.Units, run => Math.Log2(run.Units)),
                .. RadiusTrend.Of(conditions, varied, "excitatory", "excitatory_fraction", run => run.Excitatory),
            ]),
            Shapes = [.. ShapeVerdict.Of(done)],
            Stopped = [.. StopCount.Of(done)],
            Excluded = [.. Exclusion.Of(runs)],
            Selection = SelectionEffect.Of(done),
        };
    }

    /// <summary>A sample of those values that are there; null where none is.</summary>
    internal static Sample? SampleOrNull(IEnumerable<double?> values) =>
        Sample.Of(values.OfType<double>()) is { Count: > 0 } sample ? sample : null;
}

#pragma warning disable CS1591 // members of JSON objects; docs/report.md explains each
/// <summary>The loss of the best constant answer to a task; null when not known, and then success is accuracy alone.</summary>
public sealed record TaskConstant(string Task, string? TaskOptions, double? Loss)
{
    internal static TaskConstant Of(ReportRun run) => new(run.Task, (string?)run["task_options"], run.ConstantLoss);
}

/// <summary>How many of the runs that are done stopped for one reason.</summary>
public sealed record StopCount(string Reason, int Runs, int Successful)
{
    internal static IEnumerable<StopCount> Of(IEnumerable<ReportRun> done) => done
        .GroupBy(run => run.Stopped ?? "?")
        .Select(group => new StopCount(group.Key, group.Count(), group.Count(run => run.Successful)))
        .OrderByDescending(count => count.Runs);
}

/// <summary>Runs that the statistics leave out.</summary>
public sealed record Exclusion(string Status, string Reason, int Runs, IReadOnlyList<string> RunIds)
{
    /// <summary>Reasons that differ in their numbers alone are one; the first of them stands for all.</summary>
    internal static IEnumerable<Exclusion> Of(IEnumerable<ReportRun> runs)
    {
        return runs.Where(run => !run.Done)
            .GroupBy(run => (run.Status, Reason: WithoutNumbers(run.Reason ?? "")))
            .Select(group => new Exclusion(
                group.Key.Status, group.First().Reason ?? "", group.Count(), [.. group.Take(5).Select(run => run.Id)]))
            .OrderByDescending(exclusion => exclusion.Runs);

        static string WithoutNumbers(string reason) => string.Concat(reason.Where(character => !char.IsDigit(character)));
    }
}

/// <summary>Rings and discs among the networks of an initialisation, and what theory makes of them; null where there is none.</summary>
public sealed record ShapeVerdict(string Init, string SignAxis, bool Balanced, string? Expected, int Rings, int Discs)
{
    internal static IEnumerable<ShapeVerdict> Of(IEnumerable<ReportRun> done) => done
        .GroupBy(run => (
            Init: (string?)run["init"] ?? "?", SignAxis: (string?)run["sign_axis"] ?? "?", Balanced: (bool?)run["balanced"] ?? false,
            Expected: run.Measure("theory_inner_radius") is not { } inner ? null : inner > 0 ? "ring" : "disc"))
        .Select(group => new ShapeVerdict(group.Key.Init, group.Key.SignAxis, group.Key.Balanced, group.Key.Expected,
            Rings: group.Count(run => run.Shape == "ring"), Discs: group.Count(run => run.Shape == "disc")));
}

/// <summary>All runs that are done beside the published selection of them: those that ran all epochs.</summary>
public sealed record SelectionEffect(
    int All, int AllEpochs, int Successful, int SuccessfulAllEpochs,
    Sample? OuterRadius, Sample? OuterRadiusAllEpochs, Sample? OuterRadiusPublished, Sample? OuterRadiusPublishedAllEpochs)
{
    internal static SelectionEffect Of(IReadOnlyCollection<ReportRun> done)
    {
        ReportRun[] selected = [.. done.Where(run => run.AllEpochs)];
        return new SelectionEffect(
            All: done.Count, AllEpochs: selected.Length,
            Successful: done.Count(run => run.Successful),
            SuccessfulAllEpochs: selected.Count(run => run.Successful),
            OuterRadius: Measured(done, "outer_radius"),
            OuterRadiusAllEpochs: Measured(selected, "outer_radius"),
            OuterRadiusPublished: Measured(done, "outer_radius_published"),
            OuterRadiusPublishedAllEpochs: Measured(selected, "outer_radius_published"));

        static Sample? Measured(IEnumerable<ReportRun> runs, string measure) =>
            SweepFindings.SampleOrNull(runs.Select(run => run.Measure(measure)));
    }
}

/// <summary>Radii of all networks that theory speaks of, each over its theory.</summary>
public sealed record PooledRadius(string Measure, Sample Ratio, Equivalence? Equivalence)
{
    public static PooledRadius? Of(string measure, IEnumerable<ReportRun> runs)
    {
        return SweepFindings.SampleOrNull(runs.Select(OverTheory)) is { } ratio
            ? new PooledRadius(measure, ratio, Reports.Equivalence.Of(ratio, 1, SweepFindings.Margin))
            : null;

        double? OverTheory(ReportRun run) =>
            run.Measure(measure == SweepFindings.Inner.Name ? "theory_inner_radius" : "theory_outer_radius") is > 0 and var theory
                ? run.Measure(measure) / theory : null;
    }
}

/// <summary>One condition: a row of the table.</summary>
public sealed record ConditionFinding
{
    public required string Label { get; init; }
    public required IReadOnlyDictionary<string, object?> Settings { get; init; }
    public required int Done { get; init; }
    public required int Diverged { get; init; }
    public required int Failed { get; init; }
    public required int AllEpochs { get; init; }
    public required int Successful { get; init; }
    public required double? TheoryOuter { get; init; }
    public required double? TheoryInner { get; init; }
    public required Sample? OuterRadius { get; init; }
    public required Sample? OuterRadiusPublished { get; init; }
    public required Sample? OuterRadiusPublishedAllEpochs { get; init; }
    public required IReadOnlyList<MeanInterval> Intervals { get; init; }
    public required Sample? InnerRadius { get; init; }
    public required Sample? SpectralRadius { get; init; }
    public required Sample? Henrici { get; init; }
    public required Sample? Outliers { get; init; }
    public required Sample? FinalLoss { get; init; }
    public required Sample? Accuracy { get; init; }
    public required int Rings { get; init; }
    public required int Discs { get; init; }
    public required Equivalence? Equivalence { get; init; }
    public required Equivalence? EquivalencePublished { get; init; }
    public required Equivalence? EquivalenceInner { get; init; }

    internal bool MostDidNotLearn => Done + Diverged > 0 && 2 * Successful < Done + Diverged;

    public static ConditionFinding Of(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ReportRun[] done = [.. condition.Done], allEpochs = [.. done.Where(run => run.AllEpochs)];
        var theory = condition.TheoryOuter;
        var edge = Measured("outer_radius");
        var seventh = Measured("outer_radius_published");
        var inner = Measured("inner_radius");
        return new ConditionFinding
        {
            Label = condition.Label, Settings = condition.Settings.ToDictionary(),
            Done = done.Length, Diverged = Count(RunStatus.Diverged), Failed = Count(RunStatus.Failed),
            AllEpochs = allEpochs.Length, Successful = done.Count(run => run.Successful),
            TheoryOuter = theory, TheoryInner = condition.TheoryInner,
            OuterRadius = edge, Equivalence = Test(edge, theory),
            OuterRadiusPublished = seventh, EquivalencePublished = Test(seventh, theory),
            InnerRadius = inner, EquivalenceInner = Test(inner, condition.TheoryInner),
            OuterRadiusPublishedAllEpochs = SweepFindings.SampleOrNull(allEpochs.Select(run => run.Measure("outer_radius_published"))),
            Intervals =
            [
                .. IntervalMeasures(condition).Select(measure => MeanInterval.Of(measure.Name,
                    [.. done.Select(run => run.Measure(measure.Name)).OfType<double>()])).OfType<MeanInterval>(),
            ],
            SpectralRadius = Measured("spectral_radius"),
            Henrici = Measured("henrici"), Outliers = Measured("outlier_count"),
            FinalLoss = SweepFindings.SampleOrNull(done.Select(run => run.Loss)),
            Accuracy = SweepFindings.SampleOrNull(done.Select(run => run.Accuracy)),
            Rings = done.Count(run => run.Shape == "ring"), Discs = done.Count(run => run.Shape == "disc"),
        };

        Sample? Measured(string name) => SweepFindings.SampleOrNull(done.Select(run => run.Measure(name)));

        int Count(string status) => condition.Runs.Count(run => run.Status == status);

        static IEnumerable<(string Name, string Title)> IntervalMeasures(Condition condition) =>
            condition.TheoryInner > 0 ? [.. SweepFindings.Measures, SweepFindings.Inner] : SweepFindings.Measures;

        static Equivalence? Test(Sample? sample, double? theory) => sample is not null && theory is > 0 and var target
            ? Reports.Equivalence.Of(sample, target, SweepFindings.Margin * target)
            : null;
    }
}

/// <summary>How the outer radius changes with a setting while all others stay: the slope over single networks.</summary>
/// <param name="Against">log2_units or excitatory_fraction: the slope is a change per doubling of N, or for a fraction from 0 to 1.</param>
/// <param name="Measure">outer_radius, outer_radius_published, or inner_radius where theory says ring.</param>
/// <param name="Within">The settings that stay.</param>
/// <param name="From">Smallest value of the setting.</param>
/// <param name="To">Largest value.</param>
/// <param name="Fit">The line.</param>
/// <param name="Change">What the line says of the change from the smallest to the largest value, held against 0 ± 5 % of theory (of the
/// mean where there is none), with the slope's robust error. Null where theory itself changes along the line.</param>
/// <param name="PHolm">The slope's probability, corrected by Holm for all slopes of the report.</param>
public sealed record RadiusTrend(
    string Against, string Measure, string Within, double From, double To, LinearFit Fit, Equivalence? Change, double PHolm)
{
    internal const string Units = "log2_units";

    /// <summary>The slope's interval by the bootstrap of whole seeds.</summary>
    public SeedInterval? Bootstrap { get; init; }

    public bool Significant => PHolm < 0.05;

    internal bool IsAgainstUnits => Against == Units;

    public static IEnumerable<RadiusTrend> Of(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied, string setting,
        string against, Func<ReportRun, double?> position)
    {
        if (!varied.Contains(setting)) yield break;
        foreach (var (measure, _) in SweepFindings.RadiiOfTheory)
            foreach (var within in conditions.GroupBy(condition => condition.LabelWithout(setting)))
            {
                var isInner = measure == SweepFindings.Inner.Name;
                double[] theories =
                    [.. within.Select(condition => isInner ? condition.TheoryInner : condition.TheoryOuter).OfType<double>()];
                if (isInner && !theories.Any(radius => radius > 0)) continue;
                // One network a condition has no spread: nothing tells a slope from the scatter of networks.
                if (!within.Any(condition => condition.Of(run => run.Measure(measure)).Count > 1)) continue;
                (long Seed, double X, double Y)[] points = [.. within.SelectMany(condition => condition.Done)
                    .Where(run => position(run) is not null && run.Measure(measure) is not null)
                    .Select((run, i) => (run["seed"] as long? ?? -1 - i, position(run)!.Value, run.Measure(measure)!.Value))];
                if (LinearFit.Of([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]) is not { } fit) continue;
                double from = points.Min(point => point.X), to = points.Max(point => point.X);
                var margin = SweepFindings.Margin * (theories.FirstOrDefault(radius => radius > 0) is > 0 and var theory ? theory
                    : points.Average(point => point.Y));
                // The error that holds where the spread changes along the line: the edge of a disc spreads less the larger N.
                var error = double.IsNaN(fit.RobustStandardError) ? fit.StandardError : fit.RobustStandardError;
                var change = isInner && theories.Max() - theories.Min() > margin / 10 ? null
                    : Equivalence.Of(fit.Slope * (to - from), error * (to - from), fit.Count - 2, 0, margin);
                yield return new RadiusTrend(against, measure, within.Key, ValueAt(from), ValueAt(to), fit, change, double.NaN)
                {
                    Bootstrap = SeedInterval.OfSlope(points),
                };
            }

        double ValueAt(double x) => against == Units ? Math.Round(Math.Pow(2, x)) : x;
    }

    internal static IReadOnlyList<RadiusTrend> Corrected(IReadOnlyList<RadiusTrend> trends)
    {
        var corrected = Holm.Corrected([.. trends.Select(trend => trend.Fit.P)]);
        return [.. trends.Select((trend, i) => trend with { PHolm = corrected[i] })];
    }
}
#pragma warning restore CS1591
