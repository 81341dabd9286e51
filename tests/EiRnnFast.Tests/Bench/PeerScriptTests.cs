using System.Diagnostics;
using System.Text.Json;

namespace EiRnnFast.Tests.Bench;

public sealed class PeerScriptTests
{
    [PyTorchTheory]
    [InlineData("reference", "8", 1)]
    [InlineData("leaky", "8", 1)]
    [InlineData("many", "8", 2)]
    public void Alone_it_times_every_workload(string workload, string units, int rows)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pytorch_update.py");
        var (exitCode, output) = Run(script, workload, "--json", "--units", units, "--networks", "1,3", "--updates", "1", "--warm-up", "1");
        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.StartsWith("PyTorch ", json.RootElement.GetProperty("library").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", json.RootElement.GetProperty("date").GetString());
        var timed = json.RootElement.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(rows, timed.Length);
        Assert.All(timed, row => Assert.True(row.GetProperty("ms_per_network").GetDouble() > 0));
    }

    /// <summary>A theory for machines whose Python imports torch.</summary>
    private sealed class PyTorchTheoryAttribute : TheoryAttribute
    {
        public PyTorchTheoryAttribute()
        {
            if (Run("-c", "import torch").ExitCode != 0) Skip = "no python3 that imports torch";
        }
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
