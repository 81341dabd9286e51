using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

#pragma warning disable CS1591 // members of JSON objects; docs/inference.md explains each
/// <summary>How many epochs the networks of one condition took to reach a training loss.</summary>
public sealed record CriterionTime(string Label, double Criterion, double? EpochUpdates, SurvivalCurve Curve);

/// <summary>
/// How many epochs it took until the training loss of an epoch was at or below a criterion; networks that never got there are censored at
/// their last epoch.
/// </summary>
/// <param name="Rule"><c>given</c>, or <c>half_of_constant_loss</c>: half of what the best constant answer to the task costs.</param>
/// <param name="WithoutCriterion">Networks without it: the constant's loss is not known, or their losses are not of the task alone
/// (penalties, curricula).</param>
/// <param name="Conditions">Those with networks that have it.</param>
/// <param name="LogRank">Whether the conditions differ; null where nothing tells.</param>
public sealed record TimeToCriterion(string Rule, int WithoutCriterion, IReadOnlyList<CriterionTime> Conditions, LogRankTest? LogRank)
{
    /// <summary>The settings that vary, each with all others equal; none where no two levels can be told apart.</summary>
    public IReadOnlyList<FactorTime> Factors { get; init; } = [];

    /// <summary>How many tests of <see cref="Factors"/> were corrected together.</summary>
    public int FactorTests => Factors.Count;

    public int Networks => Conditions.Sum(condition => condition.Curve.Count);
    public int Reached => Conditions.Sum(condition => condition.Curve.Events);

    /// <summary>Looks for the epochs; null where no network has a criterion.</summary>
    /// <param name="conditions">The runs in their conditions.</param>
    /// <param name="losses">Run id, epoch and loss in the order of epochs, in parts.</param>
    /// <param name="given">The criterion; null is half of the constant's loss.</param>
    internal static TimeToCriterion? Of(
        IReadOnlyList<Condition> conditions, IEnumerable<IReadOnlyList<object?[]>> losses, double? given)
    {
        var criteria = conditions.SelectMany(condition => condition.Done).ToDictionary(run => run.Id, run => given ?? run.ComparedLoss / 2);
        Dictionary<string, (double Time, bool Event)> times = [];
        foreach (var row in losses.SelectMany(part => part))
            if (row is [string id, long epoch, double loss, ..] && criteria.GetValueOrDefault(id) is { } criterion
                && !times.GetValueOrDefault(id).Event)
                times[id] = (epoch, loss <= criterion);
        (Condition Condition, ReportRun First, (double, bool)[] Watched)[] groups =
        [
            .. from condition in conditions
                let watched = condition.Done.Where(run => times.ContainsKey(run.Id)).ToArray()
                where watched.Length > 0
                select (condition, watched[0], watched.Select(run => times[run.Id]).ToArray()),
        ];
        return groups.Length == 0 ? null : new TimeToCriterion(given is null ? "half_of_constant_loss" : "given",
            criteria.Count - times.Count,
            [
                .. groups.Select(group => new CriterionTime(group.Condition.Label, criteria[group.First.Id]!.Value,
                    EpochUpdates(group.First), SurvivalCurve.Of(group.Watched)!)),
            ],
            LogRankTest.Of([.. groups.Select(group => group.Watched)]))
        {
            Factors = FactorTime.Of([.. groups.Select(group => (group.Condition, group.Watched))]),
        };
    }

    /// <summary>Updates of an epoch; null where the record does not have the number of trials.</summary>
    private static double? EpochUpdates(ReportRun run)
    {
        if (run["epoch_updates"] is long updates) return updates;
        if (run["trials"] is not long trials) return null;
        var training = trials - ((long?)run["test_trials"] ?? 0) - ((long?)run["validation_trials"] ?? 0);
        return run["batch"] is long batch ? Math.Ceiling((double)training / batch) : 1;
    }
}
#pragma warning restore CS1591

/// <summary>Times to a criterion as rows and a sentence of the page.</summary>
internal static class CriterionTable
{
    public static IReadOnlyList<string> Headings { get; } =
        ["condition", "criterion", "n", "reached", "median epochs", "95 % CI", "median updates"];

    public static IReadOnlyList<string> Cells(CriterionTime time) =>
    [
        time.Label, Loss(time.Criterion), $"{time.Curve.Count}", $"{time.Curve.Events}",
        Epochs(time.Curve.Median), time.Curve.MedianLow is null ? "–"
            : $"{Epochs(time.Curve.MedianLow)} to {(time.Curve.MedianHigh is null ? "beyond the last" : Epochs(time.Curve.MedianHigh))}",
        Epochs(time.Curve.Median * time.EpochUpdates),
    ];

    public static string Caption(TimeToCriterion times) =>
        $"Epochs until the training loss of an epoch was at or below the criterion ({Rule(times)}), by Kaplan and Meier. "
            + "Networks that never got there are censored at their last epoch. "
            + "A dash: fewer than half got there, or too few for an end of the interval.";

    public static string Sentence(TimeToCriterion times)
    {
        var left = times.WithoutCriterion == 0 ? ""
            : $" {Count(times.WithoutCriterion, "network")} without a criterion are left out (penalties, stages, or no known constant).";
        var test = times.LogRank is not { } rank ? ""
            : $" The {times.Conditions.Count} conditions {(rank.P < 0.05 ? "differ" : "are not shown to differ")} in how long it takes "
                + $"(log-rank test, χ²({rank.DegreesOfFreedom}) = {Number(rank.ChiSquare, "0.00")}, p {P(rank.P)}, one test).";
        return $"The training loss of {times.Reached} of {Count(times.Networks, "network")} reached the criterion ({Rule(times)})."
            + test + FactorTimeTable.Sentence(times) + left;
    }

    private static string Loss(double criterion) => Number(criterion, criterion < 1e-4 ? "0.###e0" : "0.######");

    public static string Rule(TimeToCriterion times) => times.Rule == "given"
        ? $"{Loss(times.Conditions[0].Criterion)}, as given"
        : "half of what the best constant answer costs";

    private static string Epochs(double? epochs) => epochs is { } number ? Number(number, "0.#") : "–";
}
