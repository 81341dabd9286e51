using EiRnnFast.Studies.Sweeps;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>What other programs do to a folder while a sweep is at work in it.</summary>
public sealed class BusyStoreTests : IDisposable
{
    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private string Store(string sweep) => Path.Combine(_sandbox.Folder, sweep, "runs-1-of-1.sqlite");

    [Fact]
    public void A_reader_does_not_end_a_sweep_and_workers_go_on_meanwhile()
    {
        SqliteConnection? reader = null;
        var waiting = 0;
        var folder = _sandbox.Run("read", progress: p =>
        {
            if (p.Recorded == 1 && reader is null)
            {
                reader = SweepSandbox.Connect(Store("read"));
                SweepSandbox.Execute(reader, "BEGIN; SELECT * FROM runs");
            }
            if (p.Unrecorded is not { } unrecorded) return;
            waiting = Math.Max(waiting, unrecorded);
            reader!.Dispose();
        });
        Assert.InRange(waiting, 1, 11);
        Assert.Equal(SweepSandbox.Rows(_sandbox.Run("undisturbed")), SweepSandbox.Rows(folder));
        Assert.Equal(SweepSandbox.Arrays(_sandbox.Run("undisturbed")), SweepSandbox.Arrays(folder));
    }

    [Fact]
    public void A_sweep_waits_for_a_reader_before_its_first_run_too()
    {
        _sandbox.Run("first", SweepSandbox.Tiny.Replace("seeds = 3", "seeds = 1", StringComparison.Ordinal));
        using var reader = SweepSandbox.Connect(Store("first"));
        SweepSandbox.Execute(reader, "BEGIN; SELECT * FROM runs");
        var told = false;
        var folder = _sandbox.Run("first", progress: p =>
        {
            told |= p.Unrecorded == 0;
            reader.Close();
        });
        Assert.True(told);
        Assert.Equal(12, SweepSandbox.Rows(folder).Length);
    }

    [Fact]
    public void A_store_that_is_gone_ends_the_sweep_with_the_number_of_runs_that_were_not_recorded()
    {
        var message = Assert.Throws<ComputationException>(() => _sandbox.Run("gone", options: new SweepOptions { Workers = 1 },
            progress: p =>
        {
            if (p.Recorded == 2) File.Delete(Store("gone"));
        })).Message;
        Assert.Contains("2 runs were recorded in this session, 1 finished run could not be recorded", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_counts_at_the_end_what_its_store_has()
    {
        var message = Assert.Throws<ComputationException>(() => _sandbox.Run("counted", progress: p =>
        {
            if (p.Recorded == 12) SweepSandbox.Change(Store("counted"), "DELETE FROM runs WHERE rowid = 3");
        })).Message;
        Assert.Contains("found 11 of the 12 runs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_that_start_together_in_a_new_folder_all_begin()
    {
        const int shards = 24;
        var plan = SweepPlan.Parse(SweepSandbox.Tiny, "plan");
        var folder = SweepFolder.At(Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "together")).FullName);
        var (claims, failures) = (new List<FileStream>(), new List<Exception>());
        Thread[] threads = [.. Enumerable.Range(1, shards).Select(i => new Thread(() =>
        {
            try
            {
                var claim = folder.Claim(new Shard(i, shards), plan);
                lock (claims) claims.Add(claim);
            }
            catch (InvalidInputException e)
            {
                lock (failures) failures.Add(e);
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Empty(failures);
        Assert.Equal(shards, folder.Active().Count());
        Assert.Equal(SweepSandbox.Tiny, File.ReadAllText(folder.PlanFile));
        foreach (var claim in claims) claim.Dispose();
    }

    [Fact]
    public void A_store_whose_writer_was_cut_off_is_read_as_of_its_last_commit_and_left_as_it_is()
    {
        var whole = _sandbox.Run("whole");
        var cut = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "cut")).FullName;
        File.Copy(whole.PlanFile, Path.Combine(cut, "plan.toml"));
        using (var writer = SweepSandbox.Connect(Store("whole")))
        {
            SweepSandbox.Execute(writer, "PRAGMA cache_size = 1; BEGIN IMMEDIATE");
            SweepSandbox.Execute(writer, "UPDATE runs SET reason = hex(randomblob(3000)); UPDATE runs SET status = 'failed'");
            foreach (var name in new[] { "", "-journal" }) File.Copy(Store("whole") + name, Store("cut") + name);
            SweepSandbox.Execute(writer, "ROLLBACK");
        }
        byte[] store = File.ReadAllBytes(Store("cut")), journal = File.ReadAllBytes(Store("cut") + "-journal");
        Assert.NotEqual(File.ReadAllBytes(Store("whole")), store); // the transaction has reached the file

        var folder = SweepFolder.Existing(cut);
        Assert.Equal(SweepSandbox.Rows(whole), SweepSandbox.Rows(folder));
        Assert.Equal((12, 0), (SweepStatus.Of(folder).Done, SweepStatus.Of(folder).Damaged.Count));
        Assert.Equal(store, File.ReadAllBytes(Store("cut")));
        Assert.Equal(journal, File.ReadAllBytes(Store("cut") + "-journal"));

        _sandbox.Run("cut"); // which puts it in order
        Assert.False(File.Exists(Store("cut") + "-journal"));
        Assert.Equal(SweepSandbox.Rows(whole), SweepSandbox.Rows(folder));
    }
}
