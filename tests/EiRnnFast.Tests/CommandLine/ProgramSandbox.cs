using System.Diagnostics;
using System.Text.Json;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>What one run of the program left behind.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output as its one JSON object; anything before or after it fails.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            return document.RootElement.Clone();
        }
    }

    public ProgramResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return this;
    }

    /// <summary>Bad input: code 2, one line on standard error, nothing on standard output.</summary>
    public ProgramResult RefusedInOneLine()
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Error}");
        Assert.StartsWith("eirnn: ", Assert.Single(ErrorLines), StringComparison.Ordinal);
        Assert.Matches(": found .+, expected .+; .+", Error);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.Empty(Output);
        return this;
    }
}

/// <summary>A fresh folder in which the real program runs as a process of its own.</summary>
public sealed class ProgramSandbox : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public string Folder { get; } = Directory.CreateTempSubdirectory("eirnn-tests-").FullName;

    /// <summary>Everything in the folder, sorted, relative to it.</summary>
    public string[] Entries => [.. Directory.EnumerateFileSystemEntries(Folder, "*",
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(entry => Path.GetRelativePath(Folder, entry).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public string this[string relative] => Path.Combine(Folder, relative);

    public ProgramResult Run(params string[] arguments) => Run(arguments, []);

    public ProgramResult Run(string[] arguments, Dictionary<string, string> environment)
    {
        using var process = Start(arguments, environment);
        return Finish(process, process.StandardError.ReadToEndAsync());
    }

    /// <summary>Runs a script of the shell in the folder; <c>eirnn</c> is the program there, <c>$program</c> its quoted command
    /// line.</summary>
    public ProgramResult Shell(string script)
    {
        var program = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' "
            + $"'{Path.Combine(AppContext.BaseDirectory, "eirnn.dll")}'";
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c",
            $"eirnn() {{ {program} \"$@\"; }}; program=\"{program}\"; {script}"])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        return Finish(process, process.StandardError.ReadToEndAsync());
    }

    public Process Start(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "eirnn.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        ReadOnlySpan<string> inherited = ["EIRNN_KERNELS", "EIRNN_LAPACK", "EIRNN_RECURRENT"];
        foreach (var variable in inherited) start.Environment.Remove(variable);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for the end; a program that hangs is ended and fails the test.</summary>
    public static ProgramResult Finish(Process process, Task<string> error)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"eirnn still ran after {s_limit}");
        }
        return new ProgramResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
