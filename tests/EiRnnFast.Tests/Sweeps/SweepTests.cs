using EiRnnFast.Files;
using EiRnnFast.Kernels;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Sweeps;

public sealed class SweepTests : IDisposable
{
    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Workers_order_and_shards_change_no_bit()
    {
        var plan = File.ReadAllText(Path.Combine(Repository.Root, "tools/studies/smoke.toml"));
        var one = _sandbox.Run("one", plan, new SweepOptions { Workers = 1 });
        var two = _sandbox.Run("two", plan, new SweepOptions { Workers = 2, ShuffleSeed = 4 });
        foreach (var i in new[] { 3, 1, 2 }) _sandbox.Run("shards", plan, new SweepOptions { Workers = 2, Shard = new Shard(i, 3) });
        var shards = SweepFolder.Existing(Path.Combine(_sandbox.Folder, "shards"));
        var expected = SweepSandbox.Rows(one);
        Assert.Equal(24, expected.Length);
        Assert.Equal(expected, SweepSandbox.Rows(two));
        Assert.Equal(expected, SweepSandbox.Rows(shards));
        Assert.Equal(SweepSandbox.Arrays(one), SweepSandbox.Arrays(two));
        Assert.Equal(SweepSandbox.Arrays(one), SweepSandbox.Arrays(shards));
        Assert.Equal(3, shards.Stores().Count);
    }

    [Fact]
    public void Noise_time_constants_and_wiring_are_the_same_for_any_number_of_workers()
    {
        const string plan = "units = [12, 20]\nseeds = 3\nepochs = 2\ntrials = 200\nactivation = \"relu\"\ntau = 4\ntau_max = 9\n"
            + "noise_rec = 0.15\nsign_mode = [\"magnitude\", \"rectified\"]\ndensity = 0.5\nautapses = false\ninit = \"gamma\"\n"
            + "spectral_radius = 0.9\n";
        var one = _sandbox.Run("one", plan, new SweepOptions { Workers = 1 });
        var two = _sandbox.Run("two", plan, new SweepOptions { Workers = 2, ShuffleSeed = 4 });
        Assert.Equal(12, SweepSandbox.Rows(one).Length);
        Assert.Equal(SweepSandbox.Rows(one), SweepSandbox.Rows(two));
        Assert.Equal(SweepSandbox.Arrays(one), SweepSandbox.Arrays(two));
    }

    [Fact]
    public void Runs_that_are_left_under_way_go_on_inside()
    {
        const string plan = "units = [8, 12]\nseeds = 2\nepochs = 40\ntrials = 400\nnoise_rec = 0.05\n";
        var calm = _sandbox.Run("calm", plan, new SweepOptions { Workers = 2 });
        var sessions = 0;
        SweepProgress end;
        do
        {
            using var leave = new CancellationTokenSource();
            var reports = 0;
            end = _sandbox.RunUntil("left", plan, new SweepOptions { Workers = 2, CheckpointInterval = TimeSpan.Zero },
                _ => { if (++reports >= 4) leave.Cancel(); }, leave.Token);
        }
        while (end.Pending > 0 && ++sessions < 200);
        Assert.Equal(0, end.Pending);
        Assert.True(sessions > 0, "nothing was left");
        var left = SweepFolder.Existing(Path.Combine(_sandbox.Folder, "left"));
        Assert.Equal(SweepSandbox.Rows(calm), SweepSandbox.Rows(left));
        Assert.Equal(SweepSandbox.Arrays(calm), SweepSandbox.Arrays(left));
        Assert.Empty(Directory.GetFiles(left.Path, "checkpoint-*"));
    }

    [Fact]
    public void Threads_and_those_of_idle_workers_change_no_bit()
    {
        const string plan = "units = [4, 256]\nepochs = 2\ntrials = 120\n";
        var one = _sandbox.Run("one", plan, new SweepOptions { Workers = 1 });
        var idle = _sandbox.Run("idle", plan, new SweepOptions { Workers = 3 });
        var planned = _sandbox.Run("planned", plan + "threads = 2\n", new SweepOptions { Workers = 2 });
        Assert.Equal(2, SweepSandbox.Rows(one).Length);
        Assert.Equal(SweepSandbox.Rows(one), SweepSandbox.Rows(idle));
        Assert.Equal(SweepSandbox.Rows(one), SweepSandbox.Rows(planned));
        Assert.Equal(SweepSandbox.Arrays(one), SweepSandbox.Arrays(idle));
        Assert.Equal(SweepSandbox.Arrays(one), SweepSandbox.Arrays(planned));
    }

    [Fact]
    public void Threads_of_idle_workers_go_to_large_networks_once_no_run_waits()
    {
        var runs = SweepPlan.Parse("units = [50, 300, 1000]\n", "plan").Runs;
        var shares = new CoreShares(workers: 4, threads: 2, lane: 8);
        var budgets = runs.Select(shares.Begin).ToArray();
        shares.Divide(isNoneWaiting: false);
        Assert.Equal([2, 2, 2], budgets.Select(budget => budget.Threads));
        shares.Divide(isNoneWaiting: true);
        Assert.Equal([2, 3, 3], budgets.Select(budget => budget.Threads));
        shares.End(runs[2]);
        shares.Divide(isNoneWaiting: true);
        Assert.Equal([2, 6], budgets[..2].Select(budget => budget.Threads));
        shares.End(runs[1]);
        shares.Divide(isNoneWaiting: true);
        Assert.Equal(2, budgets[0].Threads);
    }

    [Fact]
    public void Threads_of_a_plan_are_no_setting_of_a_run()
    {
        var (plain, threads) = (SweepPlan.Parse("units = 8\n", "plan"), SweepPlan.Parse("units = 8\nthreads = 3\n", "plan"));
        Assert.Equal(plain.Runs[0].Id, threads.Runs[0].Id);
        Assert.Equal((null, 3), (plain.Threads, threads.Threads));
        Assert.Equal((1, 3, 2), (new SweepOptions().ThreadsFor(plain), new SweepOptions().ThreadsFor(threads),
            new SweepOptions { Threads = 2 }.ThreadsFor(threads)));
        foreach (var wrong in new[] { "0", "4097", "\"2\"", "[1, 2]", "1.5" })
            Assert.Contains("threads: found", Assert.Throws<InvalidInputException>(() =>
                SweepPlan.Parse($"units = 8\nthreads = {wrong}\n", "plan")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new SweepOptions { Threads = 0 }.Validate());
    }

    [Fact]
    public void A_run_of_a_sweep_is_the_run_that_train_makes()
    {
        var run = SweepPlan.Parse(SweepSandbox.Tiny, "plan").Runs[4];
        var trained = Studies.Runs.TrainingRun.Execute(run.Settings);
        var row = SweepTable.Runs(_sandbox.Run("sweep")).Parts.SelectMany(part => part).Single(row => (string)row[0]! == run.Id);
        Assert.Equal(trained.Result.FinalLoss, SweepSandbox.Value(row, "final_loss"));
        Assert.Equal(trained.Spectrum.OuterRadius, SweepSandbox.Value(row, "spectrum_outer_radius"));
        Assert.Equal(trained.Result.Accuracy, SweepSandbox.Value(row, "accuracy"));
        Assert.Equal(trained.Result.KernelSet, SweepSandbox.Value(row, "kernel_set"));
        Assert.Equal(trained.Spectrum.Lapack, SweepSandbox.Value(row, "lapack"));
    }

    [Fact]
    public void An_interrupted_sweep_keeps_what_is_finished_and_goes_on()
    {
        using var stop = new CancellationTokenSource();
        SweepProgress? last = null;
        _sandbox.Run("again", options: new SweepOptions { Workers = 2 }, progress: p =>
        {
            last = p;
            if (p.Recorded == 3) stop.Cancel();
        }, stop: stop.Token);
        Assert.InRange(last!.Recorded, 3, 5); // those under way are finished
        Assert.Equal(12 - last.Recorded, last.Pending);
        var recorded = last.Recorded;
        _sandbox.Run("again", progress: p => last = p);
        Assert.Equal((12 - recorded, 0), (last.Recorded, last.Pending));
        last = null;
        _sandbox.Run("again", progress: p => last = p);
        Assert.Null(last); // nothing is run twice
        Assert.Equal(SweepSandbox.Rows(_sandbox.Run("undisturbed")),
            SweepSandbox.Rows(SweepFolder.Existing(Path.Combine(_sandbox.Folder, "again"))));
    }

    [Fact]
    public void An_edited_plan_adds_only_what_is_new_and_another_division_repeats_nothing()
    {
        _sandbox.Run("edited", options: new SweepOptions { Shard = new Shard(1, 2) });
        var recorded = 0;
        var folder = _sandbox.Run("edited", progress: p => recorded = p.Recorded);
        Assert.Equal(6, recorded);
        _sandbox.Run("edited", SweepSandbox.Tiny.Replace("seeds = 3", "seeds = 4", StringComparison.Ordinal),
            progress: p => recorded = p.Recorded);
        Assert.Equal(4, recorded);
        var status = SweepStatus.Of(folder);
        Assert.Equal((16, 16, 0, true), (status.Total, status.Done, status.BesidePlan, status.Complete));
        _sandbox.Run("edited", SweepSandbox.Tiny.Replace("[5, 8]", "5", StringComparison.Ordinal));
        status = SweepStatus.Of(folder);
        Assert.Equal((6, 6, 10), (status.Total, status.Done, status.BesidePlan));
    }

    [Fact]
    public void A_run_that_diverges_is_a_row_with_the_reason()
    {
        var folder = _sandbox.Run("diverged", "units = 6\nseeds = 2\nlearning_rate = [1e-4, 1e30]\ntrials = 120\nepochs = 2");
        var rows = SweepTable.Runs(folder).Parts.SelectMany(part => part).ToArray();
        Assert.Equal(["diverged", "diverged", "done", "done"], rows.Select(row => (string)row[1]!).Order());
        Assert.All(rows.Where(row => row[1] is "diverged"), row => Assert.Contains("update", (string)row[2]!, StringComparison.Ordinal));
        Assert.All(rows.Where(row => row[1] is "diverged"), row => Assert.NotNull(SweepSandbox.Value(row, "diverged_at_update")));
        var failure = Assert.Single(SweepStatus.Of(folder).Failures);
        Assert.Equal(("diverged", 2), (failure.Status, failure.Count));
    }

    [Fact]
    public void Kept_networks_come_back_bit_for_bit()
    {
        var folder = _sandbox.Run("kept", "units = 6\ntrials = 120\nepochs = 2", new SweepOptions { KeepWeights = true });
        var run = SweepPlan.Parse("units = 6\ntrials = 120\nepochs = 2", "plan").Runs.Single();
        var (id, npz) = SweepTable.Network(folder, run.Id[..6]);
        Assert.Equal(run.Id, id);
        var file = Path.Combine(_sandbox.Folder, "network.npz");
        File.WriteAllBytes(file, npz);
        var network = NetworkFile.Read(file);
        Assert.Equal(Studies.Runs.TrainingRun.Execute(run.Settings).Network.RecurrentWeights, network.RecurrentWeights);
        Assert.Equal(run.Settings.Seed, network.Seed);
        Assert.Throws<InvalidInputException>(() => SweepTable.Network(folder, "zz"));
    }

    [Fact]
    public void Two_processes_on_one_shard_or_two_divisions_at_once_are_refused()
    {
        string? same = null, other = null;
        var asked = false;
        _sandbox.Run("busy", options: new SweepOptions { Workers = 1 }, progress: _ =>
        {
            if (asked) return;
            asked = true;
            same = Assert.Throws<InvalidInputException>(() => _sandbox.Run("busy")).Message;
            other = Assert.Throws<InvalidInputException>(() =>
                _sandbox.Run("busy", options: new SweepOptions { Shard = new Shard(1, 2) })).Message;
            Assert.True(SweepStatus.Of(SweepFolder.Existing(Path.Combine(_sandbox.Folder, "busy"))).Shards.Single().Active);
        });
        Assert.Contains("another process at work on shard 1/1", same, StringComparison.Ordinal);
        Assert.Contains("a process at work on shard 1/1", other, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_set_back_disturbs_nothing()
    {
        var folder = _sandbox.Run("clock", options: new SweepOptions { Workers = 1, Clock = new BackwardClock() });
        Assert.Equal(SweepSandbox.Rows(_sandbox.Run("undisturbed")), SweepSandbox.Rows(folder));
        Assert.All(SweepTable.Runs(folder).Parts.SelectMany(part => part),
            row => Assert.True(string.CompareOrdinal((string)SweepSandbox.Value(row, "started")!,
                (string)SweepSandbox.Value(row, "finished")!) <= 0));
        Assert.True(SweepStatus.Of(folder).Complete);
    }

    [Fact]
    public void Memory_is_kept_to_and_a_run_beyond_it_is_refused_before_any_work()
    {
        var needs = SweepPlan.Parse(SweepSandbox.Tiny, "plan").Runs.Max(run => CostModel.Bytes(run.Settings, KernelSet.Current));
        var most = 0;
        // One data set and one run at a time beside the runtime: two workers take turns, and data sets make room for one another.
        var budget = (100L << 20) + needs + 120 * 290 * 4 * sizeof(float) + 1000;
        var folder = _sandbox.Run("small", options: new SweepOptions { Workers = 2, MemoryBytes = budget },
            progress: p => most = Math.Max(most, p.Running));
        Assert.Equal(1, Math.Max(1, most));
        Assert.Equal(12, SweepSandbox.Rows(folder).Length);
        Assert.Contains("memory for", Assert.Throws<InvalidInputException>(() =>
            _sandbox.Run("refused", options: new SweepOptions { MemoryBytes = 1 << 20 })).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_sandbox.Folder, "refused/runs-1-of-1.sqlite")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void A_damaged_store_is_told_and_nothing_else_is_lost(int offset)
    {
        foreach (var i in new[] { 1, 2 }) _sandbox.Run("damaged", options: new SweepOptions { Shard = new Shard(i, 2) });
        var folder = SweepFolder.Existing(Path.Combine(_sandbox.Folder, "damaged"));
        var store = folder.StoreOf(new Shard(2, 2));
        var bytes = File.ReadAllBytes(store);
        new Random(1).NextBytes(bytes.AsSpan(offset));
        File.WriteAllBytes(store, bytes);
        Assert.Contains("damaged", Assert.Throws<InvalidInputException>(() =>
            _sandbox.Run("damaged", options: new SweepOptions { Shard = new Shard(2, 2) })).Message, StringComparison.Ordinal);
        Assert.Contains(store, Assert.Throws<InvalidInputException>(() => SweepSandbox.Rows(folder)).Message, StringComparison.Ordinal);
        var status = SweepStatus.Of(folder);
        Assert.Contains(store, Assert.Single(status.Damaged), StringComparison.Ordinal);
        Assert.Equal(6, status.Done);

        File.Move(store, store + ".damaged"); // what the message says
        _sandbox.Run("damaged", options: new SweepOptions { Shard = new Shard(2, 2) });
        Assert.Equal(SweepSandbox.Rows(_sandbox.Run("undisturbed")), SweepSandbox.Rows(folder));
    }

    [Fact]
    public void A_second_plan_in_a_folder_at_work_is_refused()
    {
        string? message = null;
        var asked = false;
        _sandbox.Run("plans", options: new SweepOptions { Workers = 1, Shard = new Shard(1, 2) }, progress: _ =>
        {
            if (asked) return;
            asked = true;
            message = Assert.Throws<InvalidInputException>(() =>
                _sandbox.Run("plans", SweepSandbox.Tiny + "\ngain = 2", new SweepOptions { Shard = new Shard(2, 2) })).Message;
        });
        Assert.Contains("another plan", message, StringComparison.Ordinal);
        Assert.Equal(SweepSandbox.Tiny, File.ReadAllText(Path.Combine(_sandbox.Folder, "plans/plan.toml")));
    }

    [Theory]
    [InlineData("UPDATE runs SET run_id = NULL WHERE rowid = 1")]
    [InlineData("UPDATE runs SET status = NULL")]
    [InlineData("UPDATE runs SET units = 'abc'")]
    [InlineData("UPDATE sessions SET host = NULL")]
    [InlineData("UPDATE sessions SET started = 'x'")]
    [InlineData("UPDATE arrays SET gradient_norms = x''")]
    [InlineData("PRAGMA application_id = 7")]
    public void Foreign_values_in_a_store_are_told(string sql)
    {
        var folder = _sandbox.Run("foreign");
        SweepSandbox.Change(folder.Stores().Single().Path, sql);
        Action[] reads = [() => SweepSandbox.Rows(folder), () => SweepSandbox.Arrays(folder),
            () => { if (SweepStatus.Of(folder).Damaged is [var damaged]) throw new InvalidInputException(damaged); }];
        Assert.Contains(reads, read => Record.Exception(read) is InvalidInputException);
        Assert.All(reads, read => Assert.True(Record.Exception(read) is null or InvalidInputException));
    }

    [Fact]
    public void A_caller_that_fails_loses_no_run_and_is_told_at_the_end()
    {
        var message = Assert.Throws<ComputationException>(() => _sandbox.Run("caller", progress: _ =>
            throw new InvalidOperationException("mine"))).Message;
        Assert.Contains("mine", message, StringComparison.Ordinal);
        Assert.Contains("12 runs were recorded", message, StringComparison.Ordinal);
        Assert.Equal(12, SweepStatus.Of(SweepFolder.Existing(Path.Combine(_sandbox.Folder, "caller"))).Done);
    }

    [Fact]
    public void Every_store_passes_its_integrity_check()
    {
        var folder = _sandbox.Run("sound");
        using var connection = SweepSandbox.Connect(folder.Stores().Single().Path);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("delete", command.ExecuteScalar());
    }

    /// <summary>An hour earlier every time it is asked.</summary>
    private sealed class BackwardClock : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) - TimeSpan.FromHours(Interlocked.Increment(ref _asked));
    }
}
