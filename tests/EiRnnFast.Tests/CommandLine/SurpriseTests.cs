namespace EiRnnFast.Tests.CommandLine;

/// <summary>What would surprise a user hours later is told at once.</summary>
public sealed class SurpriseTests : IDisposable
{
    private const string Plan = "units = [4, 5]\nepochs = 1\ntrials = 60\ntest_trials = 10\n";

    private const string Other = "units = [6]\nepochs = 1\ntrials = 60\n";

    private readonly ProgramSandbox _sandbox = new();

    public SurpriseTests()
    {
        File.WriteAllText(_sandbox["plan.toml"], Plan);
        File.WriteAllText(_sandbox["other.toml"], Other + "test_trials = 10\n");
    }

    public void Dispose() => _sandbox.Dispose();

    [LinuxFact]
    public void An_array_that_waited_does_not_run_another_plan()
    {
        var first = _sandbox.Run("slurm", "plan.toml", "--out", "s", "--array", "2").Succeeded();
        Assert.DoesNotContain("note:", first.Error, StringComparison.Ordinal);
        var waiting = File.ReadAllText(_sandbox["s/sweep.sbatch"]);
        Assert.Equal(0, Task(waiting, 1).ExitCode);
        var second = _sandbox.Run("slurm", "other.toml", "--out", "s", "--array", "1").Succeeded();
        Assert.Contains("had another plan", second.Error, StringComparison.Ordinal);
        var refused = Task(waiting, 2);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("found another one than this array was submitted for", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, Task(File.ReadAllText(_sandbox["s/sweep.sbatch"]), 1).ExitCode);

        ProgramResult Task(string script, int task)
        {
            File.WriteAllText(_sandbox["task.sh"], script);
            return _sandbox.Shell(
                $"SLURM_ARRAY_TASK_ID={task} SLURM_CPUS_PER_TASK=1 bash task.sh >out 2>err; code=$?; cat err >&2; exit $code");
        }
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0:30", true)]
    [InlineData("2-0", false)]
    [InlineData("48:00:00", false)]
    [InlineData("UNLIMITED", false)]
    public void A_time_limit_below_the_expected_time_is_told(string time, bool isShort)
    {
        File.WriteAllText(_sandbox["long.toml"], "units = [500]\nepochs = 100\n");
        var told = _sandbox.Run("slurm", "long.toml", "--out", "s", "--array", "1", "--time", time).Succeeded().Error;
        Assert.Equal(isShort, told.Contains("is expected to take", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_of_sbatch_keep_their_spaces_and_empty_tasks_are_told()
    {
        var told = _sandbox.Run("slurm", "plan.toml", "--out", "s", "--array", "5", "--sbatch=--comment=my sweep").Succeeded().Error;
        Assert.Contains("3 tasks will be empty", told, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --comment=\"my sweep\"\n", File.ReadAllText(_sandbox["s/sweep.sbatch"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_emptied_store_and_missing_or_foreign_runs_are_told()
    {
        _sandbox.Run("sweep", "plan.toml", "--out", "s", "--shard", "1/2", "--quiet").Succeeded();
        Assert.Contains("1 of the 2 runs of the plan is not recorded",
            _sandbox.Run("export", "s", "--csv", "t.csv").Succeeded().Error, StringComparison.Ordinal);
        Assert.Contains("note: the folder holds 1 run of another plan",
            _sandbox.Run("sweep", "other.toml", "--out", "s").Succeeded().Error, StringComparison.Ordinal);
        Assert.Contains("1 more run is recorded that the plan no longer holds",
            _sandbox.Run("export", "s", "--csv", "t.csv").Succeeded().Error, StringComparison.Ordinal);
        _sandbox.Run("report", "s").Succeeded();
        Assert.Contains("Runs of an earlier plan, which the present one does not hold: 1.",
            File.ReadAllText(_sandbox["s/report/index.html"]), StringComparison.Ordinal);
        File.WriteAllBytes(_sandbox["s/runs-1-of-2.sqlite"], []);
        var status = _sandbox.Run("status", "s");
        Assert.Equal(2, status.ExitCode);
        Assert.Contains("found an empty file, expected a store of runs", status.Error, StringComparison.Ordinal);
        Assert.Contains("found an empty file", _sandbox.Run("export", "s", "--csv", "t.csv").Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_under_way_on_another_kernel_set_is_told_before_it_begins_anew()
    {
        File.WriteAllText(_sandbox["long.toml"], "units = [8]\nepochs = 300\ntrials = 300\n");
        using (var process = _sandbox.Start(["sweep", "long.toml", "--out", "s", "--checkpoint-every", "0", "--kernels", "scalar"], []))
        {
            var error = process.StandardError.ReadToEndAsync();
            bool Kept() => Directory.GetFiles(_sandbox.Folder, "checkpoint-*", SearchOption.AllDirectories).Length > 0;
            for (var wait = 0; wait < 600 && !Kept(); wait++) Thread.Sleep(50);
            process.Kill();
            ProgramSandbox.Finish(process, error);
        }
        var told = _sandbox.Run("sweep", "long.toml", "--out", "s", "--kernels", "vector").Error;
        Assert.Contains("1 run under way is of the kernel set scalar and must begin anew", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_results_is_not_written_into()
    {
        string[] train = ["train", "--units", "4", "--epochs", "1", "--trials", "60", "--test-trials", "10", "--quiet", "--out"];
        _sandbox.Run([.. train, "net"]).Succeeded();
        _sandbox.Run([.. train, "net"]).Succeeded(); // the same training replaces itself
        var network = File.ReadAllBytes(_sandbox["net/network.npz"]);
        _sandbox.Run([.. train, "net", "--seed", "2"]).RefusedInOneLine();
        Assert.Equal(network, File.ReadAllBytes(_sandbox["net/network.npz"]));
        _sandbox.Run("sweep", "plan.toml", "--out", "s", "--quiet").Succeeded();
        _sandbox.Run([.. train, "s"]).RefusedInOneLine();
        Assert.False(File.Exists(_sandbox["s/network.npz"]));
    }
}
