using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

/// <summary>
/// Intel's MKL behind the engine's binding. CI takes it from libtorch, which is linked with it and exports it: the build
/// downloads that package and leaves the path in the assembly's metadata.
/// </summary>
public sealed class MklTests
{
    [CIFact]
    public void MKL_agrees_with_the_other_solvers()
    {
        var mkl = EigenSolver.FromLibrary(LibraryPath());
        Assert.StartsWith("Intel(R) oneAPI Math Kernel Library Version", mkl.Name, StringComparison.Ordinal);
        Assert.EndsWith("(libtorch_cpu.so)", mkl.Name, StringComparison.Ordinal);
        EigenSolver[] others = [EigenSolver.Own, .. EigenSolver.Current.IsNative ? [EigenSolver.Current] : Array.Empty<EigenSolver>()];
        foreach (var (name, matrix, n) in Matrices.WellConditioned())
        {
            var actual = mkl.Eigenvalues(matrix, n);
            Matrices.AssertOrdered(actual);
            foreach (var other in others)
            {
                Complex[] expected = other.Eigenvalues(matrix, n);
                Assert.True(Matrices.Distance(expected, actual) < 1e-10, $"{name}, {other.Name}: {Matrices.Distance(expected, actual)}");
            }
        }
    }

    [CIFact]
    public void MKL_works_on_one_thread()
    {
        var mkl = EigenSolver.FromLibrary(LibraryPath());
        var threads = Marshal.GetDelegateForFunctionPointer<MaxThreads>(NativeLibrary.GetExport(NativeLibrary.Load(LibraryPath()),
            "MKL_Get_Max_Threads"));
        var after = 0;
        var thread = new Thread(() =>
        {
            mkl.Eigenvalues(Matrices.Gaussian(20, 1), 20);
            after = threads();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(1, after);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MaxThreads();

    private static string LibraryPath()
    {
        var path = typeof(MklTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(data => data.Key == "MklLibrary")?.Value;
        Assert.True(File.Exists(path), $"'{path}' is not there: build with CI=true, which downloads it");
        return path;
    }
}

/// <summary>A test that only CI runs, where what it needs was downloaded; there it fails if that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CIFactAttribute : FactAttribute
{
    public CIFactAttribute()
    {
        if (!string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Skip = "only CI downloads the library with MKL (build and test with CI=true)";
        else if (!(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64))
            Skip = "the library with MKL is for x64 Linux";
    }
}
