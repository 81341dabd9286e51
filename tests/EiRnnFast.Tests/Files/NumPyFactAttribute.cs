using System.Diagnostics;

namespace EiRnnFast.Tests.Files;

/// <summary>A test that needs a Python with NumPy on the PATH; skipped without.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NumPyFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Python = new(Find);

    public NumPyFactAttribute()
    {
        if (Python.Value is null) Skip = "no python with numpy on the PATH";
    }

    /// <summary>Runs a script with arguments and returns what it prints.</summary>
    public static string Run(string script, params string[] arguments)
    {
        var (code, output, error) = Start(Python.Value!, ["-c", script, .. arguments]);
        Assert.True(code == 0, error);
        return output.ReplaceLineEndings("\n").TrimEnd();
    }

    private static string? Find()
    {
        string[] names = OperatingSystem.IsWindows() ? ["python.exe", "python3.exe"] : ["python3", "python"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(path => File.Exists(path) && HasNumPy(path));
    }

    private static bool HasNumPy(string python)
    {
        try
        {
            return Start(python, ["-c", "import numpy"]).Code == 0;
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
