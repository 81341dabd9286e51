using System.Diagnostics;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>What a sweep leaves in its folder, where the process around it sets the rules.</summary>
public sealed class SweepFolderTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("077", "600")]
    [InlineData("002", "664")]
    public void Every_file_is_open_to_whom_the_umask_says(string umask, string expected)
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = 5\ntrials = 120\nepochs = 1\n");
        var program = Path.Combine(AppContext.BaseDirectory, "eirnn.dll");
        var start = new ProcessStartInfo("bash") { WorkingDirectory = _sandbox.Folder, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"umask {umask}; dotnet '{program}' sweep plan.toml --out sweep --quiet >/dev/null && stat -c %a sweep/*");
        using var process = Process.Start(start)!;
        var modes = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(Enumerable.Repeat(expected, 4), modes); // plan, its lock, the store, its lock
    }
}
