using System.Globalization;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Reports;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.House;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>Tracked epochs and tests on other values: analyses of a sweep, which are no part of its runs.</summary>
public sealed class AnalysisTests : IDisposable
{
    private const string Runs = "seeds = 2\nunits = [6, 9]\nepochs = 5\ntrials = 300\n";
    private const string Analyses = "track_spectrum = 2\ngeneralise = { gap = [40, 300], noise_rec = [0.3] }\n";

    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Runs_keep_their_ids_and_their_bits_and_are_not_run_again()
    {
        var (plain, asked) = (SweepPlan.Parse(Runs, "plan"), SweepPlan.Parse(Analyses + Runs, "plan"));
        Assert.Equal(plain.Runs.Select(run => (run.Id, run.Settings.Seed, run.Cost)),
            asked.Runs.Select(run => (run.Id, run.Settings.Seed, run.Cost)));
        var (without, with) = (_sandbox.Run("without", Runs), _sandbox.Run("with", Analyses + Runs));
        Assert.Equal(SweepSandbox.Rows(without), SweepSandbox.Rows(with));
        Assert.Equal(SweepSandbox.Arrays(without), SweepSandbox.Arrays(with));
        Assert.Empty(Lines(SweepTable.Epochs(without)));
        Assert.Empty(Lines(SweepTable.Generalisation(without)));
        Assert.Equal(0, Sweep.Run(asked, without, new SweepOptions { Workers = 1 }).Recorded);
    }

    [Theory]
    [InlineData("", Analyses, 4)]
    [InlineData("", "track_spectrum = 6\n", 4)]
    [InlineData(Analyses, Analyses, 0)]
    [InlineData(Analyses, "", 0)]
    [InlineData(Analyses, "track_spectrum = 1\n", 4)]
    [InlineData(Analyses, "track_spectrum = 4\n", 0)]
    [InlineData(Analyses, "generalise = { gap = [40] }\n", 0)]
    [InlineData(Analyses, "generalise = { gap = [40, 80] }\n", 4)]
    [InlineData(Analyses, "generalise = { noise_in = [0.1] }\n", 4)]
    public void Recorded_runs_that_lack_an_analysis_are_counted(string before, string now, int lacking)
    {
        var folder = _sandbox.Run("sweep", before + Runs);
        List<int> told = [];
        var end = Sweep.Run(SweepPlan.Parse(now + Runs.Replace("[6, 9]", "[6, 9, 5]", StringComparison.Ordinal), "plan"), folder,
            new SweepOptions { Workers = 1 }, progress => told.Add(progress.WithoutAnalyses));
        Assert.Equal((lacking, 2, 6), (end.WithoutAnalyses, end.Recorded, end.Done));
        Assert.All(told, count => Assert.Equal(lacking, count));
    }

    [Fact]
    public void Damaged_rows_of_another_shard_are_not_counted_and_refuse_nothing()
    {
        _sandbox.Run("sweep", Runs, new SweepOptions { Workers = 1, Shard = new Shard(2, 2) });
        var folder = _sandbox.Run("sweep", Runs, new SweepOptions { Workers = 1, Shard = new Shard(1, 2) });
        var asked = SweepPlan.Parse(Analyses + Runs, "plan");
        var first = new SweepOptions { Workers = 1, Shard = new Shard(1, 2) };
        Assert.Equal(2, Sweep.Run(asked, folder, first).WithoutAnalyses);
        SweepSandbox.Change(Path.Combine(folder.Path, "runs-2-of-2.sqlite"),
            "UPDATE arrays SET generalisation = 'gap,x', checksum = NULL WHERE rowid = 1");
        Assert.Equal((0, 0, 0), (Sweep.Run(asked, folder, first) is var end ? end.WithoutAnalyses : -1, end.Recorded, end.DamagedRows));
    }

    [Fact]
    public void A_curriculum_s_epochs_are_those_of_one_run()
    {
        const string plan = "track_spectrum = 2\nunits = 6\nepochs = 3\ntrials = 300\nvalidation_trials = 20\n"
            + "curriculum = [[\"gap=10 until accuracy=0.01\"]]\n";
        var folder = _sandbox.Run("sweep", plan);
        Assert.Equal(0, Sweep.Run(SweepPlan.Parse(plan, "plan"), folder, new SweepOptions { Workers = 1 }).WithoutAnalyses);
    }

    [Fact]
    public void A_tracked_epoch_is_what_the_network_then_was()
    {
        var folder = _sandbox.Run("sweep", "track_spectrum = 4\nunits = 7\nepochs = 8\ntrials = 300\n",
            new SweepOptions { Workers = 1, KeepWeights = true });
        var rows = SweepTable.Epochs(folder).Parts.SelectMany(part => part).ToArray();
        Assert.Equal([0L, 4L, 8L], rows.Select(row => (long)row[1]!));
        var run = Assert.Single(SweepTable.Runs(folder).Parts.SelectMany(part => part));
        object?[] last = rows[^1][2..], first = rows[0][2..];
        string[] measures = ["outer_radius", "inner_radius", "spectral_radius", "outlier_count", "henrici"];
        Assert.Equal(measures.Select(name => SweepSandbox.Value(run, $"spectrum_{name}")), last[..5]);
        Assert.Equal(measures.Select(name => SweepSandbox.Value(run, $"spectrum_initial_{name}")), first[..5]);
        Assert.Equal([SweepSandbox.Value(run, "final_loss"), SweepSandbox.Value(run, "test_loss"), SweepSandbox.Value(run, "accuracy")],
            last[6..]);
        Assert.Null(first[6]);
        var losses = SweepTable.Losses(folder).Parts.SelectMany(part => part).ToArray();
        Assert.Equal(losses[3][2], rows[1][8]);

        // Silent units by the definition of the analysis of dynamics.
        var settings = SweepPlan.Parse("units = 7\nepochs = 8\ntrials = 300\n", "plan").Runs[0].Settings;
        var test = settings.Task.Generate(300, settings.Task.DefaultDataSeed).Slice(0, settings.Training.TestTrials);
        var (network, created) = (SweepTable.Kept(folder, (string)run[0]!)!, settings.CreateNetwork());
        Assert.Equal([(long)Silent(created), (long)Silent(network)], [(long)first[5]!, (long)last[5]!]);

        // What is silent by its weights is counted.
        for (var i = 0; i < 7; i++)
            network.TrainedRecurrentWeights[i * 7 + 3] = network.TrainedRecurrentWeights[i * 7 + 5] = 0;
        for (var c = 0; c < network.Inputs; c++) network.InputWeights[c * 7 + 3] = network.InputWeights[c * 7 + 5] = 0;
        (network.Bias[3], network.Bias[5]) = (0, 0.009f);
        network.FormEffectiveWeights();
        Assert.Equal(2 + Silent(network, without: [3, 5]), TrialTest.WithSilentUnits(network, settings.Task, test, LossFunction.MeanSquare)
            .SilentUnits);

        int Silent(EiRnn one, params int[] without) => UnitActivity.Of(one.Run(test.X, test.Count).States, test.Count, 7, 1).SilentUnits
            .Except(without).Count();
    }

    [Fact]
    public void Workers_threads_and_interruptions_change_no_bit()
    {
        const string plan = "track_spectrum = 3\ngeneralise.gap = [40]\nunits = [8, 12]\nseeds = 2\nepochs = 40\ntrials = 400\n";
        var calm = _sandbox.Run("calm", plan, new SweepOptions { Workers = 1 });
        var sessions = 0;
        SweepProgress end;
        do
        {
            using var leave = new CancellationTokenSource();
            var reports = 0;
            end = _sandbox.RunUntil("left", plan, new SweepOptions { Workers = 2, Threads = 2, CheckpointInterval = TimeSpan.Zero },
                _ => { if (++reports >= 4) leave.Cancel(); }, leave.Token);
        }
        while (end.Pending > 0 && ++sessions < 200);
        Assert.True(sessions > 0, "nothing was left");
        var left = SweepFolder.Existing(Path.Combine(_sandbox.Folder, "left"));
        Assert.Equal(4 * 14, Lines(SweepTable.Epochs(left)).Length);
        Assert.Equal(Lines(SweepTable.Epochs(calm)), Lines(SweepTable.Epochs(left)));
        Assert.Equal(Lines(SweepTable.Generalisation(calm)), Lines(SweepTable.Generalisation(left)));
        Assert.Equal(SweepSandbox.Rows(calm), SweepSandbox.Rows(left));
    }

    [Fact]
    public void A_run_begun_without_the_tracked_epochs_begins_anew()
    {
        const string plan = "units = 8\nepochs = 60\ntrials = 400\n";
        using var leave = new CancellationTokenSource();
        var begun = _sandbox.RunUntil("begun", plan, new SweepOptions { Workers = 1, CheckpointInterval = TimeSpan.Zero },
            _ => leave.Cancel(), leave.Token);
        Assert.Equal(1, begun.Pending);
        var folder = _sandbox.Run("begun", plan, new SweepOptions { Workers = 1, Tracking = new SpectrumTracking(20) });
        Assert.Equal([0L, 20L, 40L, 60L], SweepTable.Epochs(folder).Parts.SelectMany(part => part).Select(row => (long)row[1]!));
    }

    [Fact]
    public void Tests_on_other_values_are_those_of_the_network_on_such_trials()
    {
        var folder = _sandbox.Run("sweep", Analyses + Runs, new SweepOptions { Workers = 1, KeepWeights = true });
        var plan = SweepPlan.Parse(Runs, "plan");
        var rows = SweepTable.Generalisation(folder).Parts.SelectMany(part => part).ToLookup(row => (string)row[0]!);
        const uint seed = 3 ^ 0x9E3779B9;
        foreach (var run in plan.Runs)
        {
            var network = SweepTable.Kept(folder, run.Id)!;
            Assert.Equal([("gap", 20.0, true), ("gap", 40.0, false), ("gap", 300.0, false), ("noise_rec", 0.0, true),
                ("noise_rec", 0.3, false)], rows[run.Id].Select(row => ((string)row[1]!, (double)row[2]!, (bool)row[3]!)));
            foreach (var row in rows[run.Id].Take(3))
            {
                var task = TaskCatalog.Get("and", new Dictionary<string, double> { ["gap"] = (double)row[2]! });
                var trials = task.Generate(50, seed);
                var outputs = network.Run(trials.X, 50).Outputs;
                Assert.Equal([50L, (long)seed, task.Accuracy(trials, outputs), ConstantAnswer.Accuracy(task, trials),
                    trials.WeightedLossOf(outputs)], row[4..]);
            }
            var noisy = EiRnn.FromWeights(network.Spec with { Cell = network.Spec.Cell with { Noise = 0.3 } }, network.InputWeights,
                network.TrainedRecurrentWeights, network.Bias, network.OutputWeights, network.OutputBias);
            var own = TaskCatalog.Get("and").Generate(50, seed);
            var answers = noisy.Run(own.X, 50, noiseSeed: run.Settings.Seed).Outputs;
            Assert.Equal(own.WeightedLossOf(answers), rows[run.Id].Last()[^1]);
        }
    }

    [Fact]
    public void An_old_store_is_resumed_and_read()
    {
        var place = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "begun")).FullName;
        File.Copy(Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/Sweeps/Cases/store-0.1.0.sqlite"),
            Path.Combine(place, "runs-1-of-1.sqlite"));
        var begun = SweepFolder.At(place);
        Assert.Empty(Lines(SweepTable.Epochs(begun)));
        Assert.Empty(Lines(SweepTable.Generalisation(begun)));
        // Flip-flops have no delay_span: they are tested on the noise alone.
        var plan = SweepPlan.Parse("track_spectrum = 2\ngeneralise = { delay_span = [0, 80], noise_rec = [0.3] }\nseeds = 2\n"
            + "task = [\"and\", \"flip-flop\"]\nunits = 5\ntrials = 120\nepochs = 2\nsign = \"postsynaptic\"\n"
            + "clipping = [\"none\", \"global\"]\n", "plan");
        var end = Sweep.Run(plan, begun, new SweepOptions { Workers = 1 });
        Assert.Equal((8, 4, 0), (end.Done, end.Recorded, end.DamagedRows));
        Assert.Equal(4 * 2, Lines(SweepTable.Epochs(begun)).Length);
        var tested = SweepTable.Generalisation(begun).Parts.SelectMany(part => part).ToLookup(row => (string)row[0]!);
        Assert.Equal(4, tested.Count);
        foreach (var run in SweepTable.Runs(begun).Parts.SelectMany(part => part).Where(run => tested.Contains((string)run[0]!)))
            Assert.Equal(SweepSandbox.Value(run, "task") is "and" ? 5 : 2, tested[(string)run[0]!].Count());
        var columns = SweepTable.Epochs(begun).Columns;
        using var parquet = new MemoryStream();
        ParquetTable.Write(SweepTable.Epochs(begun), parquet);
        ParquetTable.Write(SweepTable.Generalisation(begun), parquet);
        Assert.True(parquet.Length > 0 && columns.Count == 11);
    }

    [Fact]
    public void A_damaged_value_is_refused()
    {
        var folder = _sandbox.Run("sweep", Analyses + "units = 5\nepochs = 2\ntrials = 120\n");
        var store = Path.Combine(folder.Path, "runs-1-of-1.sqlite");
        foreach (var change in new[] { "epochs = x'00000000000000400000000000000040'", "generalisation = 'gap,1;'",
            "generalisation = 'gap,x,0,1,1,1,1,1;'", "epochs = 'text'" })
        {
            SweepSandbox.Change(store, $"UPDATE arrays SET {change}, checksum = NULL");
            Assert.Throws<InvalidInputException>(() => Lines(change[0] == 'e' ? SweepTable.Epochs(folder)
                : SweepTable.Generalisation(folder)));
        }
    }

    [Theory]
    [InlineData("track_spectrum = 0", "track_spectrum")]
    [InlineData("track_spectrum = \"5u\"", "5u")]
    [InlineData("track_spectrum = [1, 2]", "track_spectrum")]
    [InlineData("generalise = 3", "generalise")]
    [InlineData("generalise = {}", "generalise")]
    [InlineData("generalise.gap = []", "no value")]
    [InlineData("generalise.gap = [\"x\"]", "generalise.gap")]
    [InlineData("generalise.gap = [10, 10]", "10 twice")]
    [InlineData("generalise.gap = [-1]", "option gap")]
    [InlineData("generalise.gap = [1e9]", "option gap")]
    [InlineData("generalise.gapp = [10]", "did you mean 'gap'?")]
    [InlineData("generalise.noise_rec = [-1]", "noise_rec")]
    [InlineData("generalise.units = [10]", "'units'")]
    [InlineData("task = \"flip-flop\"\ngeneralise.bits = [2]", "2 inputs and 2 outputs")]
    [InlineData("task = [\"flip-flop\", \"and\"]\n[generalise]\nnothing = [2]", "'nothing'")]
    public void A_plan_with_a_bad_analysis_is_refused(string plan, string told)
    {
        var message = Assert.Throws<InvalidInputException>(() => SweepPlan.Parse(plan, "plan")).Message;
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.StartsWith("plan", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_report_has_the_epochs_and_the_values()
    {
        var folder = _sandbox.Run("sweep", Analyses + Runs);
        var (findings, _) = SweepReport.Write(folder);
        Assert.Equal(2 * 3, findings.Epochs.Count);
        Assert.Equal(2 * 5, findings.Generalisation.Count);
        var rows = SweepTable.Epochs(folder).Parts.SelectMany(part => part).ToArray();
        var small = SweepTable.Runs(folder).Parts.SelectMany(part => part).Where(run => SweepSandbox.Value(run, "units") is 6L)
            .Select(run => (string)run[0]!).ToArray();
        double[] edges = [.. rows.Where(row => small.Contains((string)row[0]!) && row[1] is 4L).Select(row => (double)row[2]!)];
        var finding = findings.Epochs.Single(one => one is { Condition: "N = 6", Epoch: 4 }).OuterRadius!;
        Assert.Equal(2, finding.Count);
        Assert.Equal(edges.Average(), finding.Mean, 1e-12);
        Assert.Equal(Math.Abs(edges[0] - edges[1]) / Math.Sqrt(2), finding.Sd, 1e-12);
        Assert.Null(findings.Epochs[0].Loss);
        var page = File.ReadAllText(Path.Combine(folder.Path, "report/index.html"));
        foreach (var text in new[] { "Outer edge of the bulk by epoch", "Silent units by epoch", "Outliers by epoch", "Accuracy by gap",
            "Accuracy by noise rec", "trained value" })
            Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Contains("\"generalisation\": [", File.ReadAllText(Path.Combine(folder.Path, "report/findings.json")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Given_trials_are_tested_on_noise_alone()
    {
        var drawn = TaskCatalog.Get("and").Generate(120, 3);
        var settings = new RunSettings
        {
            Task = new ArrayTask("own", drawn), Units = 6, Training = new TrainingOptions { Epochs = 1, TestTrials = 20 },
        };
        var run = TrainingRun.Execute(settings, generalise: Generalisation.Parse(["noise_in=0.2"]));
        Assert.Equal([(0.0, 20, null), (0.2, 20, (uint?)null)], run.Generalisation!.Select(one => (one.Value, one.Trials, one.DataSeed)));
        Assert.Equal(run.Result.TestLoss, run.Generalisation![0].Loss);
        Assert.NotEqual(run.Result.TestLoss, run.Generalisation![1].Loss);
        Assert.Throws<InvalidInputException>(() => TrainingRun.Execute(settings, generalise: Generalisation.Parse(["gap=40"])));
    }

    private static string[] Lines(SweepTable table) => [.. table.Parts.SelectMany(part => part).Select(row =>
        string.Join(' ', row.Select(value => value is double number ? number.ToString("R", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture))))];
}
