using System.Diagnostics;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>Stores and folders that somebody else made or changed.</summary>
public sealed class ForeignStoreTests : IDisposable
{
    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private string Place(string sweep, string name = "runs-1-of-1.sqlite") => Path.Combine(_sandbox.Folder, sweep, name);

    [Fact]
    public void A_changed_byte_is_told_or_changes_no_value()
    {
        var folder = _sandbox.Run("bytes", "units = 5\ntrials = 120\nepochs = 1\nseeds = 2", new SweepOptions { KeepWeights = true });
        var whole = File.ReadAllBytes(Place("bytes"));
        var (rows, arrays, told) = (SweepSandbox.Rows(folder), SweepSandbox.Arrays(folder), 0);
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var changed = whole.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Place("bytes"), changed);
            try
            {
                Assert.Equal(rows, SweepSandbox.Rows(folder));
                Assert.Equal(arrays, SweepSandbox.Arrays(folder));
            }
            catch (InvalidInputException)
            {
                told++;
            }
        }
        Assert.InRange(told, 5, 60);
    }

    [Theory]
    [InlineData("UPDATE runs SET final_loss = 0.5 WHERE rowid = 2")]
    [InlineData("UPDATE runs SET reason = 'x' WHERE rowid = 2")]
    [InlineData("UPDATE arrays SET losses = gradient_norms WHERE rowid = 2")]
    public void A_changed_value_does_not_match_its_checksum(string sql)
    {
        var folder = _sandbox.Run("changed");
        SweepSandbox.Change(Place("changed"), sql);
        var message = Assert.Throws<InvalidInputException>(() =>
            SweepSandbox.Rows(folder).Concat(SweepSandbox.Arrays(folder)).Count()).Message;
        Assert.Contains("does not match its checksum", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE runs SET final_loss = 0.5 WHERE rowid = 2", 1)]
    [InlineData("UPDATE runs SET run_id = 'x' WHERE rowid = 2", 1)]
    [InlineData("UPDATE arrays SET losses = gradient_norms WHERE rowid = 2", 1)]
    [InlineData("UPDATE arrays SET run_id = 'x' WHERE rowid = 2", 1)]
    [InlineData("UPDATE networks SET npz = x'00' WHERE rowid IN (1, 3)", 2)]
    [InlineData("UPDATE runs SET run_id = NULL WHERE rowid = 2", 1)]
    public void Damaged_rows_are_taken_out_and_only_their_runs_are_trained_again(string sql, int damaged)
    {
        var options = new SweepOptions { KeepWeights = true };
        var folder = _sandbox.Run("row", options: options);
        var (rows, arrays, id) = (SweepSandbox.Rows(folder), SweepSandbox.Arrays(folder), SweepPlan.Read(folder.PlanFile).Runs[0].Id);
        var network = SweepTable.Network(folder, id).Npz;
        SweepSandbox.Change(Place("row"), sql);
        var plan = SweepPlan.Read(folder.PlanFile);
        var (end, again) = (Sweep.Run(plan, folder, options), Sweep.Run(plan, folder, options));
        Assert.Equal((damaged, damaged, 0, 0), (end.DamagedRows, end.Recorded, again.DamagedRows, again.Recorded));
        Assert.Equal(rows, SweepSandbox.Rows(folder));
        Assert.Equal(arrays, SweepSandbox.Arrays(folder));
        Assert.Equal(network, SweepTable.Network(folder, id).Npz);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_store_is_named()
    {
        Directory.CreateDirectory(Place("folder"));
        Assert.Contains("runs-1-of-1.sqlite: found a folder, expected a file of the sweep itself",
            Assert.Throws<InvalidInputException>(() => _sandbox.Run("folder")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_row_of_a_shard_that_rests_is_taken_out_too()
    {
        var plan = SweepPlan.Parse(SweepSandbox.Tiny, "plan");
        var folder = _sandbox.Run("rests", options: new SweepOptions { Shard = new Shard(1, 2) });
        SweepSandbox.Change(Place("rests", "runs-1-of-2.sqlite"), "UPDATE runs SET final_loss = 0.5 WHERE rowid = 1");
        Assert.Contains("trains only their runs again", Assert.Throws<InvalidInputException>(() => SweepSandbox.Rows(folder)).Message,
            StringComparison.Ordinal);
        var end = Sweep.Run(plan, folder);
        Assert.Equal((1, plan.Runs.Count), (end.DamagedRows, SweepStatus.Of(folder).Done));
        Assert.Equal(plan.Runs.Count, SweepSandbox.Rows(folder).Length);
    }

    [Fact]
    public void A_store_of_an_earlier_version_without_checksums_stays_valid()
    {
        var folder = _sandbox.Run("earlier");
        var rows = SweepSandbox.Rows(folder);
        foreach (var table in new[] { "runs", "arrays", "networks" })
            SweepSandbox.Change(Place("earlier"), $"ALTER TABLE {table} DROP COLUMN checksum");
        Assert.Equal(rows, SweepSandbox.Rows(folder));
        Assert.Equal(12, SweepStatus.Of(folder).WithoutChecksum);
        _sandbox.Run("earlier", SweepSandbox.Tiny.Replace("seeds = 3", "seeds = 4", StringComparison.Ordinal));
        var status = SweepStatus.Of(folder);
        Assert.Equal((16, 12), (status.Done, status.WithoutChecksum));
    }

    [Theory]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END")]
    [InlineData("CREATE VIEW v AS SELECT * FROM runs")]
    [InlineData("ALTER TABLE runs RENAME TO hidden; CREATE VIEW runs AS SELECT * FROM hidden")]
    [InlineData("CREATE TABLE other (a)")]
    [InlineData("CREATE INDEX i ON runs (status)")]
    [InlineData("ALTER TABLE runs ADD COLUMN computed TEXT AS (hex(zeroblob(100)))")]
    [InlineData("ALTER TABLE runs DROP COLUMN final_loss; ALTER TABLE runs ADD COLUMN final_loss TEXT")]
    public void Tables_that_are_not_those_of_a_store_are_refused(string sql)
    {
        var folder = _sandbox.Run("schema");
        SweepSandbox.Change(Place("schema"), sql);
        Assert.Throws<InvalidInputException>(() => SweepSandbox.Rows(folder));
        Assert.Single(SweepStatus.Of(folder).Damaged);
        Assert.Throws<InvalidInputException>(() => _sandbox.Run("schema"));
    }

    [Fact]
    public void A_value_larger_than_a_run_can_have_is_refused_before_it_is_read()
    {
        var folder = _sandbox.Run("large", "units = 5\ntrials = 120\nepochs = 1");
        SweepSandbox.Change(Place("large"), "UPDATE runs SET reason = hex(zeroblob(1000000)), checksum = NULL");
        Assert.Contains("a value that is too large", Assert.Single(SweepStatus.Of(folder).Damaged), StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => SweepSandbox.Rows(folder));
    }

    [Fact]
    public void A_text_with_every_kind_of_character_matches_the_checksum_that_was_written_with_it()
    {
        var folder = _sandbox.Run("text", "units = 5\ntrials = 120\nepochs = 1");
        var run = SweepPlan.Read(folder.PlanFile).Runs[0];
        new RunStore(Place("text"), 1, DateTimeOffset.UnixEpoch).Add(
            RunRecord.Failure(run, "λ = 1 \0 ⟨𝒳⟩", DateTimeOffset.UnixEpoch, TimeSpan.Zero, Backend.Default), DateTimeOffset.UnixEpoch);
        Assert.True(StoreReader.Outcomes(Place("text")).Single().Checked);
    }

    [Fact]
    public void An_id_that_is_a_path_is_refused()
    {
        var folder = _sandbox.Run("paths", "units = 5\ntrials = 120\nepochs = 1", new SweepOptions { KeepWeights = true });
        SweepSandbox.Change(Place("paths"), "UPDATE networks SET run_id = '../../escaped', checksum = NULL");
        Assert.Contains("without an id", Assert.Throws<InvalidInputException>(() => SweepTable.Network(folder, "../")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_of_a_store_do_not_come_out_of_it()
    {
        var folder = _sandbox.Run("control");
        SweepSandbox.Change(Place("control"), "UPDATE sessions SET host = char(27) || '[2Jhost'");
        SweepSandbox.Change(Place("control"),
            "UPDATE runs SET status = 'failed', reason = char(27, 155, 8238, 10) || 'reason', checksum = NULL");
        var status = SweepStatus.Of(folder);
        string[] texts = [status.Shards.Single().Host!, .. status.Failures.Select(failure => failure.Reason), .. SweepSandbox.Rows(folder)];
        Assert.All(texts, text => Assert.DoesNotContain(text, character => char.IsControl(character) || character == '\u202e'));
    }

    [Theory]
    [InlineData("plan.toml")]
    [InlineData("plan.lock")]
    [InlineData("sweep.sbatch")]
    [InlineData("runs-1-of-1.lock")]
    [InlineData("runs-1-of-1.sqlite")]
    [InlineData("runs-1-of-1.sqlite-journal")]
    public void A_link_in_the_folder_is_not_written_through(string name)
    {
        var outside = Path.Combine(_sandbox.Folder, "outside");
        File.WriteAllText(outside, "");
        Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "links"));
        File.CreateSymbolicLink(Place("links", name), outside);
        var message = Assert.Throws<InvalidInputException>(() => _sandbox.Run("links")).Message;
        Assert.Contains($"{name}: found a link", message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(outside).Length);
    }

    [Theory]
    [InlineData("runs-1-of-2.lock")]
    [InlineData("runs-1-of-2.sqlite")]
    public void A_pipe_in_the_folder_is_refused_and_not_waited_for(string name)
    {
        var folder = _sandbox.Run("pipes");
        using (var make = Process.Start("mkfifo", Place("pipes", name))) make.WaitForExit();
        Exception? failure = Record.Exception(() => SweepStatus.Of(folder) is { Damaged: [var damaged] }
            ? throw new InvalidInputException(damaged) : 0);
        Assert.Contains($"{name}: found a pipe", Assert.IsType<InvalidInputException>(failure).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => _sandbox.Run("pipes"));
    }

    [Fact]
    public void A_damaged_network_is_told_by_a_report()
    {
        var folder = _sandbox.Run("network", "units = 5\ntrials = 120\nepochs = 1", new SweepOptions { KeepWeights = true });
        SweepSandbox.Change(Place("network"), "UPDATE networks SET npz = substr(npz, 1, 300) || zeroblob(200), checksum = NULL");
        Assert.Throws<InvalidInputException>(() => SweepReport.Write(folder));
    }

    [Fact]
    public void A_report_goes_where_it_is_told_and_takes_no_folder_with_other_files()
    {
        var folder = _sandbox.Run("report", "units = 5\ntrials = 120\nepochs = 1");
        var elsewhere = Path.Combine(_sandbox.Folder, "elsewhere");
        for (var i = 0; i < 2; i++) // the second time in the folder of the first
            Assert.All(SweepReport.Write(folder, svg: true, elsewhere).Files, file => Assert.StartsWith(elsewhere, file,
                StringComparison.Ordinal));
        Assert.False(Directory.Exists(Place("report", "report")));
        Assert.Contains("other files", Assert.Throws<InvalidInputException>(() => SweepReport.Write(folder,
            output: folder.Path)).Message, StringComparison.Ordinal);
    }
}
