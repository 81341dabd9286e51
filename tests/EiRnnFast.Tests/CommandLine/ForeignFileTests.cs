using EiRnnFast.Tests.Sweeps;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Results never take the place of a file that is read, or of one that no earlier results explain.</summary>
[Collection(ProgramRuns.Name)]
public sealed class ForeignFileTests(TrainedRun trained) : IDisposable
{
    private const string Plan = "units = 5\nepochs = 1\ntrials = 60\ntest_trials = 10\n";

    private static readonly string[] s_quick = ["--trials", "3", "--starts", "2", "--further-starts", "0", "--jacobian-steps", "0"];

    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("learned.csv")]
    [InlineData("states-3.npz")]
    [InlineData("lesions.svg")]
    [InlineData("groups.csv")]
    public void An_analysis_refuses_a_folder_with_such_a_file(string name)
    {
        File.WriteAllText(_sandbox[name], "mine");
        var error = _sandbox.Run(["dynamics", trained.PathOf("network.npz"), .. s_quick, "--out", "."]).RefusedInOneLine().Error;
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Equal(["mine"], Directory.GetFiles(_sandbox.Folder).Select(File.ReadAllText));
    }

    [Fact]
    public void An_analysis_never_replaces_what_it_reads()
    {
        Directory.CreateDirectory(_sandbox["d"]);
        File.Copy(trained.PathOf("network.npz"), _sandbox["network.npz"]);
        _sandbox.Run(["dynamics", "network.npz", .. s_quick, "--out", "d", "--quiet"]).Succeeded();
        File.Copy(trained.PathOf("network.npz"), _sandbox["d/states-1.npz"]);
        File.Copy(trained.PathOf("initial.npz"), _sandbox["d/states-2.npz"]);
        string[][] reading = [["d/states-1.npz"], ["network.npz", "--against", "d/states-1.npz"],
            ["network.npz", "--initial", "d/states-2.npz"]];
        foreach (var files in reading)
        {
            var error = _sandbox.Run(["dynamics", .. files, .. s_quick, "--out", "d"]).RefusedInOneLine().Error;
            Assert.Contains("which is read and would be replaced", error, StringComparison.Ordinal);
        }
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(_sandbox["link"], _sandbox["d"]);
            Directory.CreateSymbolicLink(_sandbox["above"], _sandbox.Folder);
            File.CreateSymbolicLink(_sandbox["other.npz"], _sandbox["d/states-1.npz"]);
            foreach (var (file, folder) in new[] { ("d/states-1.npz", "link"), ("d/states-1.npz", "link/"), ("link/states-1.npz", "d"),
                ("d/states-1.npz", "above/d"), ("other.npz", "d") })
                _sandbox.Run(["dynamics", file, .. s_quick, "--out", folder]).RefusedInOneLine();
        }
        Assert.True(File.Exists(_sandbox["d/states-1.npz"]) && File.Exists(_sandbox["d/states-2.npz"]));
    }

    [Fact]
    public void Nothing_replaces_the_file_that_it_is_made_of()
    {
        File.Copy(trained.PathOf("network.npz"), _sandbox["a.npz"]);
        Assert.Contains("which is read too", _sandbox.Run("run", "a.npz", "--npz", "./a.npz").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(_sandbox["self"], _sandbox["self/x"]); // links in a circle
        File.CreateSymbolicLink(_sandbox["one"], _sandbox["two"]);
        File.CreateSymbolicLink(_sandbox["two"], _sandbox["one"]);
        foreach (var name in (string[])["self/b.npz", "one/b.npz"]) _sandbox.Run("run", "a.npz", "--npz", name).RefusedInOneLine();
    }

    [Fact]
    public void A_report_refuses_a_page_that_is_none_of_its_own()
    {
        File.WriteAllText(_sandbox["p.toml"], Plan);
        _sandbox.Run("sweep", "p.toml", "--out", "s", "--quiet").Succeeded();
        Directory.CreateDirectory(_sandbox["s/report/figures"]);
        File.WriteAllText(_sandbox["s/report/figures/mine.svg"], "mine");
        _sandbox.Run("report", "s", "--quiet").Succeeded();
        Assert.Equal("mine", File.ReadAllText(_sandbox["s/report/figures/mine.svg"]));
        File.Delete(_sandbox["s/report/findings.json"]);
        Assert.Contains("that is none of a report", _sandbox.Run("report", "s").RefusedInOneLine().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("states.npz")]
    [InlineData("network.npz")]
    [InlineData("loss.svg")]
    public void A_training_refuses_a_folder_with_such_a_file(string name)
    {
        File.WriteAllText(_sandbox[name], "mine");
        var error = _sandbox.Run("train", "--epochs", "1", "--units", "5", "--out", ".").RefusedInOneLine().Error;
        Assert.Contains($"({name})", error, StringComparison.Ordinal);
        Assert.Equal(["mine"], Directory.GetFiles(_sandbox.Folder).Select(File.ReadAllText));
    }

    [Fact]
    public void A_sweep_refuses_the_folder_of_a_training_and_a_plan_that_is_not_its_own()
    {
        File.WriteAllText(_sandbox["p.toml"], Plan);
        Directory.CreateDirectory(_sandbox["t"]);
        File.Copy(trained.PathOf("summary.json"), _sandbox["t/summary.json"]);
        Directory.CreateDirectory(_sandbox["o"]);
        File.WriteAllText(_sandbox["o/plan.toml"], "# mine\n" + Plan);
        Directory.CreateDirectory(_sandbox["b"]);
        File.WriteAllText(_sandbox["b/sweep.sbatch"], "#!/bin/bash\necho mine\n");
        foreach (var (folder, told) in new[] { ("t", "which a training writes"), ("o", "no sweep has put there"), ("b", "no sweep has") })
        {
            Assert.Contains(told, _sandbox.Run("sweep", "p.toml", "--out", folder).RefusedInOneLine().Error, StringComparison.Ordinal);
            Assert.Contains(told, _sandbox.Run("slurm", "p.toml", "--out", folder, "--array", "1").RefusedInOneLine().Error,
                StringComparison.Ordinal);
            Assert.Single(Directory.GetFileSystemEntries(_sandbox[folder]));
        }
        _sandbox.Run("sweep", "o/plan.toml", "--out", "o", "--quiet").Succeeded(); // one's own plan in place
        Assert.StartsWith("# mine", File.ReadAllText(_sandbox["o/plan.toml"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_row_is_taken_out_and_told()
    {
        File.WriteAllText(_sandbox["p.toml"], Plan);
        _sandbox.Run("sweep", "p.toml", "--out", "s", "--quiet").Succeeded();
        SweepSandbox.Change(_sandbox["s/runs-1-of-1.sqlite"], "UPDATE runs SET accuracy = 2");
        var told = _sandbox.Run("sweep", "p.toml", "--out", "s").Succeeded().Error;
        Assert.Contains("took out 1 damaged row", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_of_the_same_runs_is_no_other_plan()
    {
        File.WriteAllText(_sandbox["p.toml"], Plan);
        _sandbox.Run("sweep", "p.toml", "--out", "s", "--quiet").Succeeded();
        File.WriteAllText(_sandbox["p.toml"], "# a comment\ntrack_spectrum = 1\n" + Plan);
        var told = _sandbox.Run("sweep", "p.toml", "--out", "s").Succeeded().Error;
        Assert.DoesNotContain("another plan", told, StringComparison.Ordinal);
        Assert.Contains("(track_spectrum)", told, StringComparison.Ordinal); // and nothing that was not asked for
        File.WriteAllText(_sandbox["p.toml"], Plan.Replace("5", "6", StringComparison.Ordinal));
        Assert.Contains("1 run of another plan", _sandbox.Run("sweep", "p.toml", "--out", "s").Succeeded().Error, StringComparison.Ordinal);
        Assert.Contains("--shuffle: found -1",
            _sandbox.Run("sweep", "p.toml", "--out", "s", "--shuffle", "-1").RefusedInOneLine().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_out_of_range_and_missing_options_are_told()
    {
        var network = trained.PathOf("network.npz");
        Assert.Contains("seed: found 4294967296", _sandbox.Run("dynamics", network, "--seed", "4294967296").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        Assert.StartsWith("eirnn: further starts", _sandbox.Run("dynamics", network, "--further-starts", "-1").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        Assert.Contains("--out: found none", _sandbox.Run("slurm", "p.toml").RefusedInOneLine().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", _sandbox.Run("dynamics", network, "--", network, "--starts", "2").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        Assert.StartsWith("eirnn: '':", _sandbox.Run("report", "").RefusedInOneLine().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("[default: and]", _sandbox.Run("dynamics", "--help").Succeeded().Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_sandbox.Folder));
    }

    [Fact]
    public void A_network_that_has_learned_nothing_is_said_to_have()
    {
        var network = trained.PathOf("network.npz");
        var text = _sandbox.Run(["dynamics", network, "--initial", network, .. s_quick, "--quiet"]).Succeeded().Output;
        Assert.Contains("learned    nothing", text, StringComparison.Ordinal);
    }
}
