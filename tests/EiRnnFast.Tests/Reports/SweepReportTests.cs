using EiRnnFast.Reports;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Sweeps;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Tests.Reports;

public sealed class SweepReportTests : IDisposable
{
    private const string Crossed = """
        seeds = 3
        task = "and"
        units = [8, 12, 16]
        init = ["orthogonal", "normal"]
        trials = 120
        epochs = 2

        [[include]]
        units = 16
        init = "orthogonal"
        excitatory = [0.6, 0.7, 0.8]
        balanced = [false, true]

        [[include]]
        units = 8
        learning_rate = 1e30
        """;

    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_sweep_becomes_a_page_with_tables_beside_it()
    {
        var folder = _sandbox.Run("crossed", Crossed);
        var (findings, files) = SweepReport.Write(folder);
        Assert.Equal(["runs.csv", "conditions.csv", "findings.json", "index.html"], files.Select(file => Path.GetFileName(file)));
        Assert.Equal(4, Directory.GetFileSystemEntries(Path.Combine(folder.Path, "report")).Length);
        Assert.Equal((39, 0, 0), (findings.Recorded, findings.Failed, findings.Pending));
        Assert.InRange(findings.Diverged, 3, 9); // tiny normal networks may explode before the first projection
        Assert.Equal(39, findings.Done + findings.Diverged);
        Assert.Equal(["init", "balanced", "units", "excitatory", "learning_rate"], findings.Varied);
        Assert.Equal(13, findings.Conditions.Count);

        var page = new Page(files[^1]);
        Assert.Contains($"39 runs recorded: {findings.Done} done, {findings.Diverged} diverged, 0 failed; the plan is complete", page.Text,
            StringComparison.Ordinal);
        Assert.Contains("most networks did not learn", page.Text, StringComparison.Ordinal);
        Assert.Contains($"Left out as diverged: {findings.Excluded[0].Runs} runs", page.Text, StringComparison.Ordinal);
        Assert.Equal(13, page.Rows(0).Length);
        Assert.Equal(findings.EffectTests, page.Rows(1).Length);
        Assert.Equal(findings.ComparisonTests, page.Rows(2).Length);
        Assert.Equal(findings.Trends.Count, page.Rows(3).Length);
        Assert.Equal(findings.Conditions.Sum(condition => condition.Intervals.Count), page.Rows(4).Length);
        Assert.Contains(folder.Path, page.Elements("pre").First().Value, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(folder.PlanFile).Trim(), page.Elements("pre").Last().Value.Trim());
        Assert.InRange(page.Length, 100_000, 10_000_000);
        Assert.InRange(page.Figures, 8, 12);
        Assert.Equal(1 + 39, File.ReadLines(files[0]).Count());
        Assert.Equal(1 + 13, File.ReadLines(files[1]).Count());
    }

    [Fact]
    public void Slopes_are_those_of_the_stored_radii_with_all_else_equal()
    {
        var folder = _sandbox.Run("crossed", Crossed);
        var (findings, _) = SweepReport.Write(folder);
        var rows = SweepTable.Runs(folder).Parts.SelectMany(part => part).ToArray();
        object?[][] normal = [.. rows.Where(row => SweepSandbox.Value(row, "init") is "normal"
            && SweepSandbox.Value(row, "status") is "done")];
        var expected = LinearFit.Of([.. normal.Select(row => Math.Log2((long)SweepSandbox.Value(row, "units")!))],
            [.. normal.Select(row => (double)SweepSandbox.Value(row, "spectrum_outer_radius")!)])!;
        var trend = findings.Trends.Single(trend => trend is { Against: "log2_units", Measure: "outer_radius" }
            && trend.Within.StartsWith("normal", StringComparison.Ordinal));
        Assert.Equal((expected.Slope, normal.Length, 8.0, 16.0), (trend.Fit.Slope, trend.Fit.Count, trend.From, trend.To));
        Assert.Contains(findings.Trends,
            trend => trend.Against == "excitatory_fraction" && trend.Within.Contains("balanced", StringComparison.Ordinal));
        Assert.DoesNotContain(findings.Trends, trend => trend.Fit.Count < 3);
    }

    [Fact]
    public void What_does_not_vary_is_not_drawn_against()
    {
        var folder = _sandbox.Run("seeds", "seeds = 5\nunits = 8\ntrials = 120\nepochs = 2");
        var (findings, files) = SweepReport.Write(folder);
        Assert.Empty(findings.Varied);
        Assert.Empty(findings.Trends);
        Assert.Equal("all networks", Assert.Single(findings.Conditions).Label);
        var page = new Page(files[^1]);
        Assert.Equal(3, page.Figures); // histograms, densities, losses
        Assert.DoesNotContain("What the settings change", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_with_no_other_beside_it_is_no_curve()
    {
        var page = new Page(SweepReport.Write(_sandbox.Run("crossed", Crossed)).Files[^1]);
        string[] curves = [.. page.Elements("figcaption").Select(caption => caption.Value)
            .Where(caption => caption.StartsWith("Outer edge of the bulk against", StringComparison.Ordinal))];
        Assert.Equal(2, curves.Length);
        Assert.StartsWith("Outer edge of the bulk against N, by initialisation.", curves[0], StringComparison.Ordinal);
        Assert.EndsWith(" Here plain, 50 % E, learning rate 0.0001.", curves[0], StringComparison.Ordinal);
        Assert.StartsWith("Outer edge of the bulk against excitatory fraction, by balance.", curves[1], StringComparison.Ordinal);
        Assert.EndsWith(" Here orthogonal, N = 16, learning rate 0.0001.", curves[1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_is_enough_and_one_that_diverged_too()
    {
        var (findings, files) = SweepReport.Write(_sandbox.Run("one", "seeds = 1\nunits = 8\ntrials = 120\nepochs = 1"));
        Assert.Equal((1, 1), (findings.Done, findings.Conditions[0].OuterRadius!.Count));
        Assert.Null(findings.Conditions[0].Equivalence);
        Assert.Contains("1 run recorded", new Page(files[^1]).Text, StringComparison.Ordinal);

        (findings, files) = SweepReport.Write(_sandbox.Run("none", "seeds = 1\nunits = 8\ntrials = 120\nepochs = 1\nlearning_rate = 1e30"));
        Assert.Equal((0, 1, null), (findings.Done, findings.Diverged, findings.SuccessRate));
        var page = new Page(files[^1]);
        Assert.Equal(0, page.Figures);
        Assert.Contains("0 done, 1 diverged", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_may_be_crossed()
    {
        var (findings, files) = SweepReport.Write(_sandbox.Run("wild", """
            seeds = 2
            task = ["and", "flip-flop"]
            units = [7, 9]
            sign = ["presynaptic", "postsynaptic"]
            init = ["orthogonal", "identity", "two-gaussian"]
            gain = [1, 1.7]
            trials = 60
            epochs = 1
            data_seed = "network"
            """));
        // neither μ, which follows from the initialisation, nor the data seed
        Assert.Equal(["task", "sign_axis", "init", "gain", "units"], findings.Varied);
        Assert.Equal(48, findings.Conditions.Count);
        Assert.Equal(96, new Page(files[^1]).Rows(0).Length * 2);
    }

    [Fact]
    public void Success_asks_for_accuracy_and_for_half_of_the_loss_of_a_constant()
    {
        var values = new object?[RunColumns.All.Count];
        void Set(string name, object? value) => values[RunColumns.All.ToList().FindIndex(column => column.Name == name)] = value;
        bool Successful(double accuracy, double loss, double? constant, string status = RunStatus.Done)
        {
            Set("accuracy", accuracy);
            Set("final_loss", loss);
            Set("status", status);
            return new ReportRun(values, constant).Successful;
        }
        Assert.True(Successful(1, 0.06, 0.122));
        Assert.True(Successful(0.99, 0.06, 0.122));
        Assert.False(Successful(0.98, 0.06, 0.122));
        Assert.False(Successful(1, 0.062, 0.122));
        Assert.True(Successful(1, 0.5, null));
        Assert.False(Successful(1, 0.01, 0.122, RunStatus.Diverged));
        Set("patience", 20L);
        Set("validation_loss", 0.01);
        Assert.True(Successful(1, 0.1, 0.122)); // the kept epoch's network, not the last one's
    }

    [Fact]
    public void A_constant_answer_costs_the_variance_of_the_targets()
    {
        Assert.Equal(0.122, ConstantLoss.Of("and", null, isFile: false)!.Value, 0.003);
        Assert.Null(ConstantLoss.Of("and", null, isFile: true));
        Assert.Null(ConstantLoss.Of("no-such-task", null, isFile: false));
        Assert.Null(ConstantLoss.Of("and", "no_such_option=1", isFile: false));
        Assert.NotNull(ConstantLoss.Of("and", "gap=40", isFile: false));
        float[] y = [1, 0, 3, 0, 100, 0], mask = [1, 1, 1, 1, 0, 0];
        // (1 + 1 + 0 + 0)/4
        Assert.Equal(0.5, ConstantAnswer.Loss(new TrialBatch
        {
            Count = 1, Steps = 3, Inputs = 1, Outputs = 2, X = new float[3], Y = y,
            Mask = mask
        }));
    }

    [Fact]
    public void A_plan_that_is_gone_or_broken_is_said_so()
    {
        var folder = _sandbox.Run("gone", "seeds = 2\nunits = 6\ntrials = 120\nepochs = 1");
        File.WriteAllText(folder.PlanFile, "task_file = 'gone.npz' # <&>");
        var (findings, files) = SweepReport.Write(folder);
        Assert.Null(findings.Pending);
        Assert.Contains("It cannot be read: ", new Page(files[^1]).Text, StringComparison.Ordinal);
        Assert.Equal("task_file = 'gone.npz' # <&>", new Page(files[^1]).Elements("pre").Last().Value);
        File.Delete(folder.PlanFile);
        Assert.Contains("no plan.toml", new Page(SweepReport.Write(folder).Files[^1]).Elements("pre").Last().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_that_has_recorded_nothing_or_is_damaged_is_refused()
    {
        var folder = _sandbox.Run("empty", "seeds = 1\nunits = 6\ntrials = 120\nepochs = 1");
        using (var connection = new SqliteConnection($"Data Source={folder.Stores()[0].Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM runs";
            command.ExecuteNonQuery();
        }
        Assert.Contains("no recorded run yet", Assert.Throws<InvalidInputException>(() => SweepReport.Write(folder)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(folder.Stores()[0].Path, "no store");
        Assert.Throws<InvalidInputException>(() => SweepReport.Write(folder));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "report")));
    }

    [Fact]
    public void The_same_sweep_gives_the_same_page_and_an_old_one_is_replaced()
    {
        var folder = _sandbox.Run("same", "seeds = 2\nunits = 6\ntrials = 120\nepochs = 1");
        var first = File.ReadAllText(SweepReport.Write(folder).Files[^1]);
        File.WriteAllText(Path.Combine(folder.Path, "report", "index.html"), "old");
        Assert.Equal(first, File.ReadAllText(SweepReport.Write(folder).Files[^1]));
    }
}
