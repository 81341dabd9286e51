using EiRnnFast.Studies.Statistics;
using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

#pragma warning disable CS1591 // members of JSON objects; docs/inference.md explains each
/// <summary>The networks of one level of a setting: how many reached the criterion, and how many would if all levels were alike.</summary>
public sealed record LevelTime(object? Level, int Networks, int Events, double Expected);

/// <summary>
/// Whether the levels of one setting differ in how long it takes to reach the criterion, all other settings equal: a log-rank test
/// stratified by all others.
/// </summary>
/// <param name="Factor">The setting.</param>
/// <param name="Strata">Combinations of the other settings with networks of two levels or more.</param>
/// <param name="Levels">Levels in these strata.</param>
/// <param name="ChiSquare">The statistic.</param>
/// <param name="DegreesOfFreedom">Levels − 1; fewer where not all levels can be held against each other.</param>
/// <param name="P">Its probability if the levels do not differ.</param>
/// <param name="PHolm">The same, corrected by Holm for all settings of the report.</param>
public sealed record FactorTime(string Factor, int Strata, IReadOnlyList<LevelTime> Levels, double ChiSquare, int DegreesOfFreedom,
    double P, double PHolm)
{
    public bool Significant => PHolm < 0.05;

    /// <summary>Tests every setting that varies; those whose levels cannot be told apart are left out.</summary>
    /// <param name="watched">Conditions with the epochs of their networks, and whether the criterion was reached then.</param>
    internal static IReadOnlyList<FactorTime> Of(IReadOnlyList<(Condition Condition, (double Time, bool Event)[] Times)> watched)
    {
        FactorTime[] tests = [.. watched[0].Condition.Settings.Select(setting => Of(setting.Key, watched)).OfType<FactorTime>()];
        var corrected = Holm.Corrected([.. tests.Select(test => test.P)]);
        return [.. tests.Select((test, i) => test with { PHolm = corrected[i] })];
    }

    private static FactorTime? Of(string factor, IReadOnlyList<(Condition Condition, (double Time, bool Event)[] Times)> watched)
    {
        var strata = watched.GroupBy(one => one.Condition.LabelWithout(factor)).Select(stratum => stratum.ToArray())
            .Where(stratum => stratum.Length > 1).ToArray();
        Condition[] conditions = [.. strata.SelectMany(stratum => stratum).Select(one => one.Condition)];
        object?[] levels = [.. conditions.Select(condition => condition.Value(factor)).Distinct()];
        if (FactorRoles.IsNumber(conditions, factor)) levels = [.. levels.Order()];
        (double, bool)[][][] groups = [.. strata.Select(stratum => levels.Select(level => stratum
            .Where(one => Equals(one.Condition.Value(factor), level)).SelectMany(one => one.Times).ToArray()).ToArray())];
        return StratifiedLogRankTest.Of(groups) is not { } found ? null : new FactorTime(factor, strata.Length,
            [.. levels.Select((level, i) =>
                new LevelTime(level, groups.Sum(group => group[i].Length), found.Events[i], found.Expected[i]))],
            found.Test.ChiSquare, found.Test.DegreesOfFreedom, found.Test.P, double.NaN);
    }
}
#pragma warning restore CS1591

/// <summary>Times to a criterion by setting as rows and a sentence of the page.</summary>
internal static class FactorTimeTable
{
    public static IReadOnlyList<string> Headings { get; } = ["setting", "level: reached (expected)", "strata", "χ² (df)", "p", "p (Holm)"];

    public static IReadOnlyList<string> Cells(FactorTime time) =>
    [
        Condition.Name(time.Factor), string.Join("; ", time.Levels.Select(level =>
            $"{Condition.Spelled(time.Factor, level.Level)}: {level.Events} ({Number(level.Expected, "0.0")})")), $"{time.Strata}",
        $"{Number(time.ChiSquare, "0.00")} ({time.DegreesOfFreedom})", EffectTable.Probability(time.P),
        EffectTable.Probability(time.PHolm),
    ];

    public static string Caption(TimeToCriterion times) =>
        "Epochs to the criterion by setting: log-rank tests, each stratified by all other settings. "
            + "A level that reached it more often than expected got there earlier. "
            + $"p (Holm) is corrected for all {Count(times.FactorTests, "test")} of this table.";

    /// <summary>Which settings matter; nothing without a test.</summary>
    public static string Sentence(TimeToCriterion times) => times.Factors.Count == 0 ? ""
        : " By setting, all else equal: " + string.Join("; ", times.Factors.Select(factor =>
            $"{Condition.Name(factor.Factor)} {(factor.Significant ? "differs" : "is not shown to differ")}"))
            + $" (stratified log-rank tests, corrected by Holm for {Count(times.FactorTests, "test")}).";
}
