using System.Diagnostics;
using System.Text.RegularExpressions;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Terminals, pipes, limits and signals, as a shell sets them up.</summary>
[Collection(ProgramRuns.Name)]
public sealed class ShellTests : IDisposable
{
    private const string Tiny = "train --units 8 --epochs 1 --trials 70 --out run";
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [TerminalFact]
    public void On_a_narrow_terminal_progress_stays_in_one_row()
    {
        var shown = Regex.Matches(OnTerminal("stty cols 20"),
            "\\r\\u001b\\[K([^\\r\\n]+)(?=\\r\\u001b)").Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(shown);
        Assert.All(shown, text => Assert.InRange(text.Length, 1, 19));
        Assert.Contains(shown, text => text.EndsWith('…'));
    }

    [TerminalFact]
    public void A_terminal_that_knows_no_escape_codes_gets_plain_lines()
    {
        var shown = OnTerminal("export TERM=dumb");
        Assert.DoesNotContain('\u001b', shown);
        Assert.Contains("epoch 1/1", shown, StringComparison.Ordinal);
    }

    [UnixFact]
    public void What_a_shell_appends_to_stays_before_what_is_written()
    {
        _sandbox.Shell("echo before > log && eirnn tasks and --npz /dev/stdout --trials 20 --quiet >> log").Succeeded();
        var log = File.ReadAllBytes(_sandbox["log"]);
        Assert.Equal("before\nPK"u8, log.AsSpan(0, 9));
        File.WriteAllBytes(_sandbox["data.npz"], log[7..]);
        Assert.Equal(20, FileTask.Read(_sandbox["data.npz"]).DefaultTrials);
    }

    [UnixFact]
    public void A_pipe_with_a_name_takes_the_file_and_stays_a_pipe()
    {
        _sandbox.Shell("mkfifo pipe && " +
            "{ cat pipe > data.npz & } && eirnn tasks and --npz pipe --trials 20 --quiet && wait && test -p pipe").Succeeded();
        Assert.Equal(20, FileTask.Read(_sandbox["data.npz"]).DefaultTrials);
    }

    [UnixFact]
    public void A_folder_whose_name_looks_like_an_address_is_a_folder()
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = 5\ntrials = 120\nepochs = 1\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "file:x", "--quiet").Succeeded();
        Assert.Contains(_sandbox.Entries, entry =>
            entry.StartsWith("file:x/", StringComparison.Ordinal) && entry.EndsWith(".sqlite", StringComparison.Ordinal));
        Assert.All(_sandbox.Entries, entry => Assert.Matches("^(file:x|plan\\.toml)", entry));
        Assert.Equal(1, _sandbox.Run("status", "file:x", "--json").Succeeded().Json.GetProperty("done").GetInt32());
    }

    [UnixFact]
    public void A_termination_while_a_file_is_written_ends_with_130_and_leaves_nothing()
    {
        using (var mkfifo = Process.Start("mkfifo", [_sandbox["pipe"]])) mkfifo.WaitForExit();
        using var process = _sandbox.Start(["tasks", "and", "--npz", "pipe", "--trials", "20000", "--quiet"], []);
        using var reader = File.OpenRead(_sandbox["pipe"]); // opens when the program does, which then waits for somebody to read
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        var result = ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync());
        Assert.Equal(130, result.ExitCode);
        Assert.StartsWith("eirnn: interrupted", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["pipe"], _sandbox.Entries);
    }

    [UnixFact]
    public void An_interruption_at_any_moment_of_the_first_epoch_takes_back_the_folders_of_a_training()
    {
        _sandbox.Shell("for delay in 0.2 0.3 0.4 0.5 0.7; do eval exec $program train --units 500 --epochs 600 --out a/b --quiet & "
            + "sleep $delay; kill -TERM $!; wait $!; done; true");
        Assert.Empty(_sandbox.Entries);
    }

    [UnixFact]
    public void A_pipe_is_no_input_and_nobody_waits_for_it() =>
        Assert.Contains("found a pipe or device", _sandbox.Shell("mkfifo pipe; eirnn spectrum pipe").RefusedInOneLine().Error,
            StringComparison.Ordinal);

    [UnixFact]
    public void A_limit_of_open_files_is_told_before_any_work()
    {
        var result = _sandbox.Shell($"ulimit -n 90; eirnn {Tiny} --quiet").RefusedInOneLine();
        Assert.Contains("open files: found a limit", result.Error, StringComparison.Ordinal);
        Assert.Empty(_sandbox.Entries);
    }

    [TracingFact]
    public void A_disk_that_refuses_to_keep_a_file_leaves_the_old_one()
    {
        File.WriteAllText(_sandbox["a.npz"], "old");
        var result = _sandbox.Shell("eval strace -f -qq -o /dev/null -e inject=fsync:error=EIO $program " +
            "tasks and --npz a.npz --trials 20 --quiet").RefusedInOneLine();
        Assert.Contains("a write that failed (Input/output error)", result.Error, StringComparison.Ordinal);
        Assert.Equal(["a.npz"], _sandbox.Entries);
        Assert.Equal("old", File.ReadAllText(_sandbox["a.npz"]));
    }

    [UnixFact]
    public void A_message_is_one_line_of_bounded_length()
    {
        var message = _sandbox.Run("train", "--units", $"\u001b[2J{new string('9', 5000)}").RefusedInOneLine().Error;
        Assert.DoesNotContain('\u001b', message);
        Assert.InRange(message.Length, 100, 820);
        Assert.EndsWith("(see: eirnn train --help)", message.TrimEnd(), StringComparison.Ordinal);
    }

    private string OnTerminal(string before) =>
        _sandbox.Shell($"SHELL=/bin/sh script -qec \"{before}; $program {Tiny}\" /dev/null").Succeeded().Output;
}

/// <summary>A test with the means of Unix: its shell, and links that need no privilege.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "needs a Unix shell and links without a privilege";
    }
}

/// <summary>A test that makes system calls fail by strace, or says why it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TracingFactAttribute : FactAttribute
{
    public TracingFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/strace") || !Traces())
            Skip = "needs Linux, strace and the permission to trace";
    }

    private static bool Traces()
    {
        using var process = Process.Start("strace", ["-qq", "-o", "/dev/null", "true"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
