using System.Diagnostics;
using System.Globalization;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class InterruptionTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [SignalFact]
    public void A_training_interrupted_in_its_first_epoch_takes_its_new_folders_back()
    {
        InterruptTrainingInto("deep/er");
        Assert.Empty(_sandbox.Entries);
    }

    [SignalFact]
    public void A_training_interrupted_in_its_first_epoch_leaves_an_existing_folder_as_it_was()
    {
        Directory.CreateDirectory(_sandbox["kept"]);
        File.WriteAllText(_sandbox["kept/notes.txt"], "mine");
        InterruptTrainingInto("kept");
        Assert.Equal(["kept", "kept/notes.txt"], _sandbox.Entries);
        Assert.Equal("mine", File.ReadAllText(_sandbox["kept/notes.txt"]));
    }

    private void InterruptTrainingInto(string folder)
    {
        using var process = _sandbox.Start(["train", "--units", "300", "--epochs", "100000", "--learning-rate", "1e-9", "--json", "--out",
            folder], []);
        Assert.StartsWith("training ", process.StandardError.ReadLine(), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        var result = ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync());
        Assert.Equal(130, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("eirnn: interrupted", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.All(result.ErrorLines[..^1], line => Assert.StartsWith("interrupted: ", line, StringComparison.Ordinal));
    }
}

/// <summary>A test that sends SIGINT, or says why it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalFactAttribute : FactAttribute
{
    private const ulong InterruptBit = 1 << 1;

    public SignalFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Windows cannot send SIGINT to one process";
        else if (OperatingSystem.IsLinux() && (IgnoredSignals() & InterruptBit) != 0)
            Skip = "the tests run in the background of a shell, which makes every process ignore SIGINT";
    }

    private static ulong IgnoredSignals() =>
        ulong.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            .AsSpan("SigIgn:".Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
