using System.Diagnostics;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>sweep, status, export and slurm as a user gives them.</summary>
[Collection(ProgramRuns.Name)]
public sealed class SweepCommandTests : IDisposable
{
    private const string Tiny = "seeds = 3\nunits = [5, 8]\ntrials = 120\nepochs = 2\n",
        Long = "seeds = 6\nunits = 8\nepochs = 4\nlearning_rate = 1e-9\n";

    private readonly ProgramSandbox _sandbox = new();

    public SweepCommandTests()
    {
        File.WriteAllText(_sandbox["plan.toml"], Tiny);
        File.WriteAllText(_sandbox["long.toml"], Long);
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_run_of_thousands_of_years_is_listed_as_one_of_thirty()
    {
        File.WriteAllText(_sandbox["huge.toml"],
            "units = 10000\ntrials = 100000\nepochs = 1000000\ntask_options = { gap = 2000 }\n");
        var lines = _sandbox.Run("sweep", "huge.toml", "--dry-run", "--kernels", "scalar").Succeeded().Output.Split('\n');
        Assert.Contains(" 11574d 01:46 ", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("1 run; expected time with", StringComparison.Ordinal));
    }

    [Fact]
    public void From_plan_to_table()
    {
        var listed = _sandbox.Run("sweep", "plan.toml", "--dry-run", "--json").Succeeded().Json;
        Assert.Equal((6, 6), (listed.GetProperty("total").GetInt32(), listed.GetProperty("runs").GetArrayLength()));
        Assert.True(listed.GetProperty("runs")[0].GetProperty("seconds").GetDouble() > 0
            && listed.GetProperty("runs")[0].GetProperty("memory_bytes").GetInt64() > 0);
        Assert.Equal(["long.toml", "plan.toml"], _sandbox.Entries);

        var swept = _sandbox.Run("sweep", "plan.toml", "--out", "out", "--workers", "2", "--keep-weights", "--json").Succeeded();
        Assert.Equal((6, 6, 0), (swept.Json.GetProperty("done").GetInt32(), swept.Json.GetProperty("recorded").GetInt32(),
            swept.Json.GetProperty("pending").GetInt32()));
        Assert.All(swept.ErrorLines, line =>
            Assert.True(line.StartsWith("sweep of 6 runs", StringComparison.Ordinal) || line.StartsWith("done ", StringComparison.Ordinal),
            line));
        Assert.Equal(0, _sandbox.Run("sweep", "plan.toml", "--out", "out", "--json", "--quiet").Succeeded().Json.GetProperty("recorded")
            .GetInt32());

        var status = _sandbox.Run("status", "out", "--json").Succeeded().Json;
        Assert.Equal((6, 6, true), (status.GetProperty("total").GetInt32(), status.GetProperty("done").GetInt32(),
            status.GetProperty("complete").GetBoolean()));
        Assert.Contains("6 of 6 done", _sandbox.Run("status", "out").Succeeded().Output, StringComparison.Ordinal);

        var csv = _sandbox.Run("export", "out", "--csv").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, csv.Length);
        Assert.StartsWith("run_id,status,reason,host,started,finished,", csv[0], StringComparison.Ordinal);
        _sandbox.Run("export", "out", "--csv", "runs.csv", "--parquet", "runs.parquet", "--quiet").Succeeded();
        Assert.Equal(csv, File.ReadAllLines(_sandbox["runs.csv"]));
        var id = csv[1].Split(',')[0];
        _sandbox.Run("export", "out", "--network", id, "--npz", "one.npz").Succeeded();
        Assert.Equal(16, id.Length);
        Assert.Contains("units", _sandbox.Run("spectrum", "one.npz").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(1 + 2 * 3 * (5 + 8),
            _sandbox.Run("export", "out", "--csv", "--eigenvalues")
            .Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(1 + 2 * 6, _sandbox.Run("export", "out", "--csv", "--losses")
            .Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Going_on_with_another_kernel_set_is_told()
    {
        File.WriteAllText(_sandbox["one.toml"], "units = 5\ntrials = 60\nepochs = 1\n");
        var first = _sandbox.Run("sweep", "one.toml", "--out", "sets", "--kernels", "scalar").Succeeded();
        Assert.DoesNotContain("note:", first.Error, StringComparison.Ordinal);
        Assert.StartsWith("sweep of 1 run;", first.Error, StringComparison.Ordinal);
        Assert.Contains("note: the folder holds runs of the kernel set scalar", _sandbox.Run("sweep", "one.toml", "--out",
            "sets").Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal("", _sandbox.Run("sweep", "one.toml", "--out", "sets", "--quiet").Succeeded().Error);
    }

    [Fact]
    public void Runs_without_an_analysis_that_was_added_are_told()
    {
        _sandbox.Run("sweep", "plan.toml", "--out", "out").Succeeded();
        File.WriteAllText(_sandbox["more.toml"], "generalise.gap = [40]\n" + Tiny);
        var again = _sandbox.Run("sweep", "more.toml", "--out", "out", "--json").Succeeded();
        Assert.Equal(6, again.Json.GetProperty("without_analyses").GetInt32());
        Assert.Contains("note: found 6 recorded runs without the analyses asked for", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("without the analyses", _sandbox.Run("sweep", "more.toml", "--out", "new").Succeeded().Error,
            StringComparison.Ordinal);
        Assert.Equal("", _sandbox.Run("sweep", "plan.toml", "--out", "out", "--track-spectrum", "--quiet").Succeeded().Error);
    }

    [Theory]
    [InlineData("sweep")]
    [InlineData("sweep missing.toml --out new")]
    [InlineData("sweep plan.toml --out new --workers 0")]
    [InlineData("sweep plan.toml --out new --workers x")]
    [InlineData("sweep plan.toml --out new --shard 3/2")]
    [InlineData("sweep plan.toml --out new --shard one")]
    [InlineData("sweep plan.toml --out new --memory 5")]
    [InlineData("sweep plan.toml --out new/nested --memory 1M")]
    [InlineData("sweep plan.toml --out plan.toml")]
    [InlineData("status")]
    [InlineData("status .")]
    [InlineData("status missing")]
    [InlineData("export . --csv")]
    [InlineData("export missing --csv")]
    [InlineData("slurm plan.toml --out new")]
    [InlineData("slurm plan.toml --array 4")]
    [InlineData("slurm plan.toml --out new --array 0")]
    [InlineData("slurm plan.toml --out new --array 4 --cpus 0")]
    [InlineData("slurm plan.toml --out new --array 4 --time 1;2")]
    [InlineData("slurm plan.toml --out new --array 4 --memory 50M")]
    [InlineData("slurm plan.toml --out n#w --array 4")]
    [InlineData("slurm missing.toml --out new --array 4")]
    public void Mistakes_are_refused_in_one_line_and_nothing_is_made(string line)
    {
        _sandbox.Run(line.Split(' ')).RefusedInOneLine();
        Assert.Equal(["long.toml", "plan.toml"], _sandbox.Entries);
    }

    [Fact]
    public void An_export_says_what_it_needs()
    {
        _sandbox.Run("sweep", "plan.toml", "--out", "out", "--quiet").Succeeded();
        foreach (var line in (ReadOnlySpan<string>)["export out", "export out --network abc", "export out --npz x.npz",
            "export out --network abc --npz x.npz", "export out --csv --json", "export out --csv --eigenvalues --losses",
            "export out --parquet missing/x.parquet", "export out --csv out/plan.toml", "export out --csv out/runs-1-of-1.sqlite",
            "export out --csv out/runs-1-of-1.lock", "export out --csv x --parquet ./x"]) _sandbox.Run(line.Split(' ')).RefusedInOneLine();
        _sandbox.Run("export", "out", "--network", "", "--npz", "x.npz").RefusedInOneLine();
        Assert.DoesNotContain("x.npz", _sandbox.Entries);
        Assert.Equal(6, _sandbox.Run("status", "out", "--json").Succeeded().Json.GetProperty("done").GetInt32());
    }

    [SignalFact]
    public void An_interrupt_finishes_what_is_under_way_and_the_same_command_goes_on()
    {
        using var process = _sandbox.Start(["sweep", "long.toml", "--out", "out", "--workers", "2", "--json"], []);
        var lines = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (!line.StartsWith("done ", StringComparison.Ordinal)) continue;
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            break;
        }
        var result = ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync());
        Assert.True(result.ExitCode == 130, $"{result.ExitCode}: {result.Error}");
        var (done, pending) = (result.Json.GetProperty("done").GetInt32(), result.Json.GetProperty("pending").GetInt32());
        Assert.InRange(done, 1, 5);
        Assert.Equal(6, done + pending);
        Assert.Contains("eirnn: interrupted; what is recorded stays", result.Error, StringComparison.Ordinal);
        Assert.Equal(pending, _sandbox.Run("sweep", "long.toml", "--out", "out", "--json", "--quiet")
            .Succeeded().Json.GetProperty("recorded").GetInt32());
    }

    [ScratchMountFact]
    public void A_full_disk_ends_the_sweep_with_what_is_recorded()
    {
        using var mount = new ScratchMount(_sandbox["disk"], "size=200k");
        File.WriteAllText(_sandbox["many.toml"], "seeds = 400\nunits = 40\ntrials = 60\nepochs = 1\n");
        var result = _sandbox.Run("sweep", "many.toml", "--out", "disk", "--quiet");
        Assert.True(result.ExitCode == 3, $"{result.ExitCode}: {result.Error}");
        Assert.Contains("a full disk", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        var recorded = _sandbox.Run("status", "disk", "--json").Succeeded().Json.GetProperty("done").GetInt32();
        Assert.InRange(recorded, 1, 399);
        Assert.True(ScratchMount.Remount(_sandbox["disk"], "size=20m"));
        Assert.Equal(400 - recorded, _sandbox.Run("sweep", "many.toml", "--out", "disk", "--quiet", "--json")
            .Succeeded().Json.GetProperty("recorded").GetInt32());
    }

    [ScratchMountFact]
    public void A_folder_made_read_only_while_running_ends_the_sweep_with_what_is_recorded()
    {
        using var mount = new ScratchMount(_sandbox["disk"], "size=20m");
        using var process = _sandbox.Start(["sweep", "long.toml", "--out", "disk", "--workers", "1"], []);
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("done ", StringComparison.Ordinal)) { }
        Assert.True(ScratchMount.Remount(_sandbox["disk"], "ro"));
        var result = ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync());
        Assert.True(result.ExitCode == 3, $"{result.ExitCode}: {result.Error}");
        Assert.StartsWith("eirnn: ", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.InRange(_sandbox.Run("status", "disk", "--json").Succeeded().Json.GetProperty("done").GetInt32(), 1, 5);
        _sandbox.Run("sweep", "long.toml", "--out", "disk").RefusedInOneLine();
        Assert.True(ScratchMount.Remount(_sandbox["disk"], "rw"));
        Assert.Equal(6, _sandbox.Run("sweep", "long.toml", "--out", "disk", "--quiet", "--json").Succeeded().Json.GetProperty("done")
            .GetInt32());
    }

    [LinuxFact]
    public void A_sweep_goes_on_when_nobody_can_read_its_progress()
    {
        var program = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' "
            + $"'{Path.Combine(AppContext.BaseDirectory, "eirnn.dll")}'";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", $"{program} sweep plan.toml --out out --json 2>/dev/full"])
        {
            WorkingDirectory = _sandbox.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var result = ProgramSandbox.Finish(bash, bash.StandardError.ReadToEndAsync()).Succeeded();
        Assert.Equal((6, 0), (result.Json.GetProperty("done").GetInt32(), result.Json.GetProperty("failed").GetInt32()));
    }

    [CompilerFact]
    public void A_computation_that_fails_is_a_row_and_can_be_tried_again()
    {
        File.WriteAllText(_sandbox["failing.c"],
            "void dgeev_(void *a, void *b, void *n, void *m, void *l, void *wr, void *wi, void *vl, void *o, void *vr, void *p, "
            + "double *work, int *size, int *info) { work[0] = 100; *info = *size < 0 ? 0 : 3; }");
        using (var compiler = Process.Start("cc", ["-shared", "-fPIC", "-o", _sandbox["libfailing.so"], _sandbox["failing.c"]]))
            compiler.WaitForExit();
        var failed = _sandbox.Run(["sweep", "plan.toml", "--out", "out", "--quiet", "--json"],
            new() { ["EIRNN_LAPACK"] = _sandbox["libfailing.so"] });
        Assert.Equal((3, 6), (failed.ExitCode, failed.Json.GetProperty("failed").GetInt32()));
        var reason = _sandbox.Run("status", "out", "--json").Succeeded().Json.GetProperty("failures")[0];
        Assert.Equal(("failed", 6), (reason.GetProperty("status").GetString(), reason.GetProperty("count").GetInt32()));
        Assert.Contains("eigenvalue", reason.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(7, _sandbox.Run("export", "out", "--csv")
            .Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, _sandbox.Run("sweep", "plan.toml", "--out", "out", "--quiet", "--json").Json.GetProperty("recorded").GetInt32());
        Assert.Equal(6, _sandbox.Run("sweep", "plan.toml", "--out", "out", "--quiet", "--json", "--retry-failed")
            .Succeeded().Json.GetProperty("done").GetInt32());
        Assert.Equal(0, _sandbox.Run("status", "out", "--json").Succeeded().Json.GetProperty("failed").GetInt32());
    }

    [LinuxFact]
    public void The_batch_script_runs_this_program_on_the_plan()
    {
        var result = _sandbox.Run("slurm", "plan.toml", "--out", "out", "--array", "3", "--cpus", "2", "--partition", "short", "--json")
            .Succeeded().Json;
        var script = File.ReadAllText(result.GetProperty("script").GetString()!);
        Assert.Contains("#SBATCH --array=1-3\n", script, StringComparison.Ordinal);
        foreach (var task in (ReadOnlySpan<string>)["1", "2", "3"])
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", [_sandbox["out/sweep.sbatch"]])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["SLURM_ARRAY_TASK_ID"] = task, ["SLURM_CPUS_PER_TASK"] = "2" },
            })!;
            Assert.Equal(0, ProgramSandbox.Finish(bash, bash.StandardError.ReadToEndAsync()).ExitCode);
        }
        Assert.Equal(6, _sandbox.Run("status", "out", "--json").Succeeded().Json.GetProperty("done").GetInt32());
    }

    [Fact]
    public void A_million_runs_are_listed_and_more_are_refused()
    {
        File.WriteAllText(_sandbox["million.toml"], "units = 8\nseeds = 1000000\n");
        var listed = _sandbox.Run("sweep", "million.toml", "--dry-run").Succeeded().Output;
        var end = listed.IndexOf("\nall with ", StringComparison.Ordinal);
        Assert.Equal(1_000_000, listed.AsSpan(0, end).Count('\n')); // below the heading
        File.WriteAllText(_sandbox["more.toml"], "units = [8, 9]\nseeds = 1000000\n");
        Assert.Contains("2000000 runs, expected at most 1000000", _sandbox.Run("sweep", "more.toml", "--dry-run").RefusedInOneLine().Error,
            StringComparison.Ordinal);
    }

    [LinuxFact]
    public void The_kill_test_passes_in_its_short_form()
    {
        using var script = Process.Start(new ProcessStartInfo("bash",
            [Path.Combine(Repository.Root, "tests/kill/run"), "3", "60", Path.Combine(AppContext.BaseDirectory, "eirnn.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _sandbox.Folder,
        })!;
        var result = ProgramSandbox.Finish(script, script.StandardError.ReadToEndAsync());
        Assert.True(result.ExitCode is 0, result.Output + result.Error);
    }
}

/// <summary>A test that compiles a small C library, or says why it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute()
    {
        if (!OperatingSystem.IsLinux()
            || !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "cc"))))
            Skip = "needs Linux and a C compiler, cc, on the path";
    }
}
