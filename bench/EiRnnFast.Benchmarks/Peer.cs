using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Benchmarks;

/// <summary>The same update in PyTorch, in a Python process that waits between its turns (bench/peers/pytorch_update.py).</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(Process process, string name) => (_process, Name) = (process, name);

    /// <summary>What marks the answer of an interpreter that has what the peer needs.</summary>
    private const string Ready = "torch is there";

    /// <summary>Library and version.</summary>
    public string Name { get; }

    /// <summary>
    /// Starts it with the interpreter that <c>EIRNN_PYTHON</c> names,
    /// else the first python3 on the path or of the system that imports torch.
    /// </summary>
    /// <param name="workload">Name of the workload.</param>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static Peer Start(string workload)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pytorch_update.py");
        var process = Process.Start(Describe(Interpreter(), script, workload, "--serve"))!;
        try
        {
            return new Peer(process, process.StandardOutput.ReadLine()?.Trim() ?? throw Failed());
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Times, in milliseconds, of updates of the network of that size, one after the other.</summary>
    /// <exception cref="ComputationException">The peer ended.</exception>
    public double[] Update(int units, int count)
    {
        try
        {
            _process.StandardInput.WriteLine($"{units} {count}");
            _process.StandardInput.Flush();
            var line = _process.StandardOutput.ReadLine() ?? throw Failed();
            return [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            throw Failed();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static string Interpreter()
    {
        if (Environment.GetEnvironmentVariable("EIRNN_PYTHON") is { Length: > 0 } named)
            return ImportsTorch(named) ? named
                : throw InvalidInputException.Of("EIRNN_PYTHON", $"'{named}'", "a Python that imports torch",
                "name another or install PyTorch for it");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Append("/usr/bin").Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "python.exe" : "python3"))
                .Distinct().Where(File.Exists).FirstOrDefault(ImportsTorch)
            ?? throw InvalidInputException.Of("Python", "no python3 that imports torch on the path or in /usr/bin",
                "one with PyTorch 1.13 or later", "install it (Debian: apt-get install python3-torch) or name one in EIRNN_PYTHON");
    }

    private static bool ImportsTorch(string python)
    {
        try
        {
            using var process = Process.Start(Describe(python, "-c", $"import torch; print('{Ready}')"))!;
            process.StandardInput.Close();
            return process.StandardOutput.ReadToEnd().TrimEnd().EndsWith(Ready, StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static ProcessStartInfo Describe(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var variable in new[] { "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS" }) start.Environment[variable] = "1";
        // An OpenBLAS older than the processor takes it for one of 2004 and is three times slower. A rival is measured at its best.
        if (Vector512.IsHardwareAccelerated) start.Environment.TryAdd("OPENBLAS_CORETYPE", "SkylakeX");
        return start;
    }

    /// <summary>What it had to say went to standard error, which it shares.</summary>
    private static ComputationException Failed() =>
        new("peer: found that Python ended, expected times; what it said is above; try bench/peers/pytorch_update.py by hand");
}
