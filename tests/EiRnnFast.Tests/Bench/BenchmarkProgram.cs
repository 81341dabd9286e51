using System.Diagnostics;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Bench;

/// <summary>The benchmarks' program as a process of its own.</summary>
internal static class BenchmarkProgram
{
    public static ProgramResult Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "EiRnnFast.Benchmarks.dll"), .. arguments])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        return ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync());
    }
}
