using System.Diagnostics;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Terminals, full disks and folders in the way.</summary>
[Collection(ProgramRuns.Name)]
public sealed class OutputFailureTests : IDisposable
{
    private static readonly string[] s_tiny = ["train", "--units", "8", "--epochs", "2", "--learning-rate", "1e-9"];
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [TerminalFact]
    public void On_a_terminal_one_line_rewrites_itself_with_the_time_left()
    {
        var program = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' "
            + $"'{Path.Combine(AppContext.BaseDirectory, "eirnn.dll")}'";
        var start = new ProcessStartInfo("script", ["-qec", $"{program} {string.Join(' ', s_tiny)} --out terminal", "/dev/null"])
        {
            WorkingDirectory = _sandbox.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var result = ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync()).Succeeded();
        Assert.Contains("\r\u001b[Kepoch 1/2  update ", result.Output, StringComparison.Ordinal);
        Assert.Contains("left 00:0", result.Output, StringComparison.Ordinal);
        Assert.Contains("trained        2 epochs", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_sandbox["terminal/summary.json"]));
    }

    [ScratchMountFact]
    public void A_full_disk_takes_nothing_from_an_older_run_and_leaves_nothing_of_the_new_one()
    {
        using var mount = new ScratchMount(_sandbox["disk"], "size=600k");
        _sandbox.Run([.. s_tiny, "--out", "disk/run", "--quiet"]).Succeeded();
        var older = Directory.GetFiles(_sandbox["disk/run"]).ToDictionary(file => file, File.ReadAllBytes);
        File.WriteAllBytes(_sandbox["disk/filler"],
            new byte[600 * 1024 - older.Values.Sum(bytes => (bytes.Length + 4095) / 4096 * 4096) - 16 * 1024]);
        var result = _sandbox.Run([.. s_tiny, "--kernels", "scalar", "--out", "disk/run", "--quiet"]).RefusedInOneLine();
        Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".eirnn-", result.Error, StringComparison.Ordinal);
        Assert.Equal(older.Keys.Order(), Directory.GetFileSystemEntries(_sandbox["disk/run"]).Order());
        Assert.All(older.Where(file => !file.Key.EndsWith("checkpoint.npz", StringComparison.Ordinal)), // that of the new one goes on
            file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));

        _sandbox.Run([.. s_tiny, "--out", "disk/new", "--quiet"]).RefusedInOneLine();
        Assert.All(_sandbox.Entries.Where(entry => entry.StartsWith("disk/new/", StringComparison.Ordinal)),
            entry => Assert.Equal("disk/new/checkpoint.npz", entry));
    }

    [Fact]
    public void A_folder_in_a_files_place_is_left_alone()
    {
        Directory.CreateDirectory(_sandbox["run/spectrum.csv/kept"]);
        var result = _sandbox.Run([.. s_tiny, "--out", "run", "--quiet"]).RefusedInOneLine();
        Assert.Contains("eirnn train --resume run", result.Error, StringComparison.Ordinal); // what is trained is not lost
        Assert.Equal(["run", "run/checkpoint.npz", "run/spectrum.csv", "run/spectrum.csv/kept"], _sandbox.Entries);
        Directory.Delete(_sandbox["run/spectrum.csv"], recursive: true);
        _sandbox.Run("train", "--resume", "run", "--quiet").Succeeded();
        Assert.True(File.Exists(_sandbox["run/network.npz"]));
    }

    [Fact]
    public void A_folder_in_a_figures_place_is_left_alone_and_the_numbers_are_written()
    {
        Directory.CreateDirectory(_sandbox["run/spectrum.png/kept"]);
        var result = _sandbox.Run([.. s_tiny, "--out", "run", "--quiet"]).RefusedInOneLine();
        Assert.Contains("all numbers are written, the figures are not", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_sandbox["run/network.npz"]));
        Assert.True(Directory.Exists(_sandbox["run/spectrum.png/kept"]));
    }
}

/// <summary>A test on a pseudo-terminal, which the program script of util-linux makes, or says why it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Skip = "needs Linux and /usr/bin/script, which makes a pseudo-terminal";
    }
}
