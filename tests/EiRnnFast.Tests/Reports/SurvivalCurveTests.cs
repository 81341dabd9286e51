using System.Text.Json;
using EiRnnFast.Reports;
using EiRnnFast.Tests.Files;
using static EiRnnFast.Tests.Reports.Reference;

namespace EiRnnFast.Tests.Reports;

/// <summary>Curves of Kaplan and Meier and the log-rank test against statsmodels 0.13.5: committed numbers, and the library itself where it
/// is installed. Both come from survival.py.</summary>
public sealed class SurvivalCurveTests
{
    public static TheoryData<string> Cases => Reference.Cases("survival.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_number_is_that_of_statsmodels(string name) => Same(Read("survival.json").GetProperty(name));

    [StatsmodelsFact]
    public void The_committed_numbers_are_what_statsmodels_gives_here()
    {
        using var reference = JsonDocument.Parse(StatsmodelsFactAttribute.RunFile("-W", "ignore", PathOf("survival.py")));
        foreach (var one in reference.RootElement.EnumerateObject()) Same(one.Value);
    }

    [Fact]
    public void Without_events_nothing_is_told()
    {
        (double, bool)[] never = [(5, false), (7, false)];
        var curve = SurvivalCurve.Of(never)!;
        Assert.Equal((2, 0, 0, null), (curve.Count, curve.Events, curve.Points.Count, curve.Median));
        Assert.Null(SurvivalCurve.Of([]));
        Assert.Null(LogRankTest.Of([never, never]));
        Assert.Null(LogRankTest.Of([never]));
        Assert.Null(LogRankTest.Of([[(1, true)], [(2, true)], []]));
        // Every stratum has one group alone: nothing is held against anything.
        Assert.Null(StratifiedLogRankTest.Of([[[(1, true)], []], [[], [(2, true)]]]));
        Assert.Null(StratifiedLogRankTest.Of([]));
        // One group ended before the first event of the others: it says nothing.
        Assert.Null(LogRankTest.Of([[(1, false), (1, false)], [(2, true), (3, true)], [(2, true), (4, true)]]));
    }

    [Fact]
    public void Groups_that_cannot_be_held_against_each_other_leave_a_test_of_the_others()
    {
        (double, bool)[] nobody = [], early = [(1, true), (2, true), (4, false)], late = [(3, true), (5, true), (6, true)];
        var two = LogRankTest.Of([early, late])!;
        // A third group lies only where nothing happens.
        var third = StratifiedLogRankTest.Of([[early, late, nobody], [nobody, [(5, false)], [(5, false)]]])!.Test;
        Assert.Equal(1, third.DegreesOfFreedom);
        Assert.Equal(two.ChiSquare, third.ChiSquare, 1e-12);
        // Two pairs that nothing connects: their statistics add up.
        var apart = StratifiedLogRankTest.Of([[early, late, nobody, nobody], [nobody, nobody, late, early]])!.Test;
        Assert.Equal(2, apart.DegreesOfFreedom);
        Assert.Equal(2 * two.ChiSquare, apart.ChiSquare, 1e-12);
    }

    private static void Same(JsonElement expected)
    {
        if (expected.TryGetProperty("strata", out var strata))
        {
            var stratified = StratifiedLogRankTest.Of([.. strata.EnumerateArray().Select(stratum => stratum.EnumerateArray()
                .Select(Watched).ToArray())])!;
            Close(Numbers(expected, "log_rank"), [stratified.Test.ChiSquare, stratified.Test.P]);
            Assert.Equal(stratified.Events.Sum(), stratified.Expected.Sum(), 9);
            return;
        }
        (double, bool)[][] groups =
            [.. expected.GetProperty("groups").EnumerateArray().Select(group => Watched(group.GetProperty("watched")))];
        foreach (var (watched, reference) in groups.Zip(expected.GetProperty("groups").EnumerateArray()))
        {
            var curve = SurvivalCurve.Of(watched)!;
            Close(Numbers(reference, "times"), [.. curve.Points.Select(point => point.Time)]);
            Close(Numbers(reference, "at_risk"), [.. curve.Points.Select(point => (double)point.AtRisk)]);
            Close(Numbers(reference, "events"), [.. curve.Points.Select(point => (double)point.Events)]);
            Close(Numbers(reference, "probability"), [.. curve.Points.Select(point => point.Probability)]);
            Close(Numbers(reference, "error"), [.. curve.Points.Select(point => point.StandardError)]);
            Close(Numbers(reference, "low"), [.. curve.Points.Select(point => point.Low)]);
            Close(Numbers(reference, "high"), [.. curve.Points.Select(point => point.High)]);
            Close(Numbers(reference, "median"),
                [curve.Median ?? double.NaN, curve.MedianLow ?? double.NaN, curve.MedianHigh ?? double.NaN]);
            Assert.Equal((watched.Length, watched.Count(one => one.Item2)), (curve.Count, curve.Events));
        }
        if (!expected.TryGetProperty("log_rank", out _)) return;
        var test = LogRankTest.Of(groups)!;
        Close(Numbers(expected, "log_rank"), [test.ChiSquare, test.P]);
        Assert.Equal(groups.Length - 1, test.DegreesOfFreedom);

        static (double, bool)[] Watched(JsonElement group) =>
            [.. group.EnumerateArray().Select(one => (one[0].GetDouble(), one[1].GetDouble() == 1))];
    }
}
