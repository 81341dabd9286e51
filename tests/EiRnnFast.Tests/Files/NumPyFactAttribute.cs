using System.Collections.Concurrent;
using System.Diagnostics;

namespace EiRnnFast.Tests.Files;

/// <summary>A test that needs a Python with NumPy on the PATH; skipped without.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NumPyFactAttribute : FactAttribute
{
    private const string Module = "numpy";

    public NumPyFactAttribute() => Skip = PythonWith.Missing(Module);

    /// <summary>Runs a script with arguments and returns what it prints.</summary>
    public static string Run(string script, params string[] arguments) => PythonWith.Run(Module, ["-c", script, .. arguments]);
}

/// <summary>A test that needs a Python with statsmodels (and so SciPy and pandas) on the PATH; skipped without.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StatsmodelsFactAttribute : FactAttribute
{
    private const string Module = "statsmodels.api";

    public StatsmodelsFactAttribute() => Skip = PythonWith.Missing(Module);

    /// <summary>Runs a file with arguments and returns what it prints.</summary>
    public static string RunFile(string file, params string[] arguments) => PythonWith.Run(Module, [file, .. arguments]);
}

/// <summary>The first Python on the PATH that has a module.</summary>
internal static class PythonWith
{
    private static readonly ConcurrentDictionary<string, string?> Found = new();

    /// <summary>Why a test that needs the module is skipped; null where it is there.</summary>
    public static string? Missing(string module) => Found.GetOrAdd(module, Find) is null ? $"no python with {module} on the PATH" : null;

    public static string Run(string module, string[] arguments)
    {
        var (code, output, error) = Start(Found.GetOrAdd(module, Find)!, arguments);
        Assert.True(code == 0, error);
        return output.ReplaceLineEndings("\n").TrimEnd();
    }

    private static string? Find(string module)
    {
        string[] names = OperatingSystem.IsWindows() ? ["python.exe", "python3.exe"] : ["python3", "python"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(path => File.Exists(path) && Has(path, module));
    }

    private static bool Has(string python, string module)
    {
        try
        {
            return Start(python, ["-c", $"import {module}"]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output, string Error) Start(string python, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(python, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
