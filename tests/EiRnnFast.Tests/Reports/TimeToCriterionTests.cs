using EiRnnFast.Reports;
using EiRnnFast.Studies.Statistics;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.Sweeps;

namespace EiRnnFast.Tests.Reports;

/// <summary>Epochs until a loss. The estimators are held to statsmodels in <see cref="SurvivalCurveTests"/>.</summary>
public sealed class TimeToCriterionTests : IDisposable
{
    private static readonly Dictionary<string, int> s_columns =
        RunColumns.All.Select((column, i) => (column.Name, i)).ToDictionary();

    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void The_first_epoch_at_the_criterion_counts_and_the_others_are_censored_at_their_last()
    {
        var (varied, conditions) = Condition.Group(
        [
            Run("a", "normal"), Run("b", "normal"), Run("c", "normal"), Run("penalty", "normal", ("final_task_loss", 0.01)),
            Run("diverged", "normal", ("status", RunStatus.Diverged)), Run("d", "orthogonal"), Run("e", "orthogonal"),
        ]);
        Assert.Equal(["init"], varied);
        object?[][] losses =
        [
            .. Epochs("a", 0.3, 0.05, 0.2, 0.01), .. Epochs("b", 0.3, 0.2, 0.061), .. Epochs("c", 0.3, 0.3, 0.07, 0.3, 0.2),
            .. Epochs("d", 0.06), .. Epochs("e", 0.3, 0.06), .. Epochs("diverged", 0.01), .. Epochs("penalty", 0.01, 0.01),
        ];
        var times = TimeToCriterion.Of(conditions, losses.Chunk(4), null)!;
        Assert.Equal(("half_of_constant_loss", 5, 4, 1), (times.Rule, times.Networks, times.Reached, times.WithoutCriterion));
        Assert.Equal(["normal", "orthogonal"], times.Conditions.Select(time => time.Label));
        Assert.Equal([2.0, 3.0], times.Conditions[0].Curve.Points.Select(point => point.Time));
        var (criterion, curve) = (times.Conditions[0].Criterion, times.Conditions[0].Curve);
        Assert.Equal((0.061, 3.0, 5.0), (criterion, curve.Median, curve.LastTime));
        Assert.Equal(LogRankTest.Of([[(2, true), (3, true), (5, false)], [(1, true), (2, true)]]), times.LogRank);
        Assert.Equal(8, times.Conditions[0].EpochUpdates); // 120 − 40 trials by 10
        Assert.Contains("1 network without a criterion", CriterionTable.Sentence(times), StringComparison.Ordinal);
        Assert.Equal(CriterionTable.Headings.Count, CriterionTable.Cells(times.Conditions[0]).Count);

        times = TimeToCriterion.Of(conditions, losses.Chunk(4), 0.02)!;
        Assert.Equal(("given", 6, 2, 0), (times.Rule, times.Networks, times.Reached, times.WithoutCriterion));
        Assert.Null(TimeToCriterion.Of(Condition.Group([Run("penalty", "normal", ("final_task_loss", 0.01))]).Conditions, [losses], null));
    }

    [Fact]
    public void Each_setting_is_tested_with_all_others_equal_and_corrected_for_all()
    {
        // Size slows learning by far, the initialisation a little: without strata sizes would hide it. "lone" has no partner of its size.
        List<ReportRun> runs = [];
        List<object?[]> losses = [];
        foreach (var (units, init, first) in new[] { (20, "normal", 2), (20, "orthogonal", 3), (80, "normal", 12), (80, "orthogonal", 14),
            (160, "normal", 5) })
            for (var seed = 0; seed < 6; seed++)
            {
                var id = $"{units} {init} {seed}";
                runs.Add(Run(id, init, ("units", (long)units)));
                losses.AddRange(Epochs(id, [.. Enumerable.Repeat(0.3, first + seed % 3), 0.01]));
            }
        var (varied, conditions) = Condition.Group(runs);
        var times = TimeToCriterion.Of(conditions, losses.Chunk(50), 0.02)!;
        Assert.Equal(varied, times.Factors.Select(factor => factor.Factor));
        Assert.Equal((2, 2), (times.FactorTests, times.Factors.Count));
        var size = times.Factors.Single(factor => factor.Factor == "units");
        var start = times.Factors.Single(factor => factor.Factor == "init");
        (double, bool)[] At(int first) => [.. Enumerable.Range(0, 6).Select(seed => (first + seed % 3 + 1.0, true))];
        var expected = StratifiedLogRankTest.Of([[At(2), At(3)], [At(12), At(14)]])!;
        Assert.Equal((expected.Test.ChiSquare, expected.Test.P, 2, 1), (start.ChiSquare, start.P, start.Strata, start.DegreesOfFreedom));
        Assert.Equal([12, 12], start.Levels.Select(level => level.Events));
        Assert.Equal(expected.Expected, start.Levels.Select(level => level.Expected));
        Assert.Equal([20L, 80L, 160L], size.Levels.Select(level => level.Level)); // 160 has a partner of its initialisation
        Assert.Equal((2, 2), (size.Strata, size.DegreesOfFreedom));
        Assert.True(start.Levels[0].Expected < 12 && start.P < LogRankTest.Of([[.. At(2), .. At(12)], [.. At(3), .. At(14)]])!.P);
        Assert.Equal(Holm.Corrected([.. times.Factors.Select(factor => factor.P)]), times.Factors.Select(factor => factor.PHolm));
        Assert.Contains("corrected by Holm for 2 tests", CriterionTable.Sentence(times), StringComparison.Ordinal);
        Assert.Contains("corrected for all 2 tests", FactorTimeTable.Caption(times), StringComparison.Ordinal);
        Assert.All(times.Factors, factor => Assert.Equal(FactorTimeTable.Headings.Count, FactorTimeTable.Cells(factor).Count));

        // The other initialisation has one size alone: it has no partner with all else equal.
        runs = [Run("a", "normal", ("units", 20L)), Run("b", "normal", ("units", 40L)), Run("c", "orthogonal", ("units", 80L))];
        var few = TimeToCriterion.Of(Condition.Group(runs).Conditions,
            [[.. Epochs("a", 0.01), .. Epochs("b", 0.3, 0.01), .. Epochs("c", 0.3, 0.3, 0.01)]], 0.02)!;
        var only = Assert.Single(few.Factors);
        Assert.Equal("units", only.Factor);
        Assert.Equal([20L, 40L], only.Levels.Select(level => level.Level));
        var one = TimeToCriterion.Of(Condition.Group(runs[..1]).Conditions, [[.. Epochs("a", 0.01)]], 0.02)!;
        Assert.Empty(one.Factors);
        Assert.DoesNotContain("By setting", CriterionTable.Sentence(one), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_has_the_times_of_its_sweep()
    {
        var folder = _sandbox.Run("times", "seeds = 4\ntask = \"and\"\nunits = [6, 10]\ntrials = 120\nepochs = 3");
        var curves = SweepTable.Losses(folder).Parts.SelectMany(part => part)
            .GroupBy(row => (string)row[0]!, row => (double)row[2]!).ToDictionary(run => run.Key, run => run.ToArray());
        var criterion = curves.Values.Select(curve => curve.Min()).Order().ElementAt(4);
        var (findings, files) = SweepReport.Write(folder, criterion: criterion);
        var times = findings.TimeToCriterion!;
        Assert.Equal((8, 5, "given"), (times.Networks, times.Reached, times.Rule));
        var reached = times.Conditions.SelectMany(time => time.Curve.Points)
            .SelectMany(point => Enumerable.Repeat(point.Time, point.Events)).Order();
        var expected = curves.Values.Select(curve => Array.FindIndex(curve, loss => loss <= criterion) + 1.0);
        Assert.Equal(expected.Where(epoch => epoch > 0).Order(), reached);
        var page = new Page(files[^1]);
        Assert.Contains("The training loss of 5 of 8 networks reached the criterion", page.Text, StringComparison.Ordinal);
        Assert.Equal(2, page.Rows(5).Length);
        var factor = Assert.Single(times.Factors); // one setting: one stratum, the test of conditions
        Assert.Equal((times.LogRank!.ChiSquare, times.LogRank.P, "units", 1, times.LogRank.P),
            (factor.ChiSquare, factor.P, factor.Factor, factor.Strata, factor.PHolm));
        Assert.Single(page.Rows(6));
        Assert.Contains("\"factor_tests\": 1", File.ReadAllText(files[^2]), StringComparison.Ordinal);
        Assert.Contains("\"time_to_criterion\":", File.ReadAllText(files[^2]), StringComparison.Ordinal);
        Assert.Contains(page.Elements("figcaption"),
            caption => caption.Value.StartsWith("Share of networks whose training loss", StringComparison.Ordinal));
        foreach (var bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Throws<InvalidInputException>(() => SweepReport.Write(folder, criterion: bad));
    }

    private static IEnumerable<object?[]> Epochs(string id, params double[] losses) =>
        losses.Select((loss, i) => new object?[] { id, i + 1L, loss, 1.0 });

    private static ReportRun Run(string id, string init, params (string, object)[] further)
    {
        var row = new object?[RunColumns.All.Count];
        foreach (var (name, cell) in new (string, object)[] { ("run_id", id), ("status", RunStatus.Done), ("init", init), ("trials", 120L),
            ("test_trials", 40L), ("batch", 10L) }.Concat(further))
            row[s_columns[name]] = cell;
        return new ReportRun(row, 0.122);
    }
}
