using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace EiRnnFast.Native;

/// <summary>
/// The only P/Invoke: the Fortran ABI of <c>dgeev_</c> and <c>dgees_</c> with 32-bit integers, which MKL, OpenBLAS and reference
/// LAPACK all export. The library is found at run time, so that none is required; each is pinned to one thread.
/// </summary>
internal sealed unsafe class Lapack
{
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, double*, int*, double*, int*, double*,
        int*, int*, nint, nint, void> _dgeev;

    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, nint, int*, double*, int*, int*, double*, double*, double*, int*, double*,
        int*, int*, int*, nint, nint, void> _dgees;

    private readonly delegate* unmanaged[Cdecl]<int, int> _mklSetNumThreadsLocal;

    private Lapack(nint handle, nint dgeev, string file)
    {
        _dgeev = (delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, double*, int*, double*, int*, double*,
            int*, int*, nint, nint, void>)dgeev;
        if (NativeLibrary.TryGetExport(handle, "dgees_", out var dgees) || NativeLibrary.TryGetExport(handle, "dgees", out dgees))
            _dgees = (delegate* unmanaged[Cdecl]<byte*, byte*, nint, int*, double*, int*, int*, double*, double*, double*, int*, double*,
                int*, int*, int*, nint, nint, void>)dgees;
        // MKL linked into another library (libtorch) exports only the setting per thread, so it is made before every call.
        if (NativeLibrary.TryGetExport(handle, "MKL_Set_Num_Threads_Local", out var threads))
            _mklSetNumThreadsLocal = (delegate* unmanaged[Cdecl]<int, int>)threads;
        Description = $"{Identify(handle)} ({file})";
    }

    /// <summary>Name, version and file of the library.</summary>
    public string Description { get; }

    /// <summary>The first library of the chain that loads: MKL beside the program, MKL installed, OpenBLAS, reference LAPACK.</summary>
    public static Lapack? Find() =>
        Candidates().Select(file => TryLoad(file, out var lapack) ? lapack : null).FirstOrDefault(lapack => lapack is not null);

    /// <summary>Loads one library by path or name.</summary>
    public static bool TryLoad(string file, [NotNullWhen(true)] out Lapack? lapack)
    {
        lapack = null;
        if (!NativeLibrary.TryLoad(file, out var handle)) return false;
        if (!NativeLibrary.TryGetExport(handle, "dgeev_", out var dgeev) && !NativeLibrary.TryGetExport(handle, "dgeev", out dgeev))
            return false;
        lapack = new Lapack(handle, dgeev, Path.GetFileName(file));
        return true;
    }

    /// <summary>
    /// Eigenvalues of a general real matrix. a: column-major [n×n]; wr, wi: real and imaginary parts [n].
    /// Returns LAPACK's info: 0, or i when the QR iteration found only the eigenvalues after the i-th.
    /// </summary>
    public int Geev(ReadOnlySpan<double> a, int n, Span<double> wr, Span<double> wi)
    {
        if (_mklSetNumThreadsLocal is not null) _mklSetNumThreadsLocal(1);
        byte none = (byte)'N';
        int info = 0, one = 1, size = -1;
        double unused = 0, best = 0;
        _dgeev(&none, &none, &n, &unused, &n, &unused, &unused, &unused, &one, &unused, &one, &best, &size, &info, 1, 1);
        size = Math.Max((int)best, 3 * n);
        // Kernels sum in an order that depends on the alignment (OpenBLAS: other last bits from call to call), so it is always the same.
        const nuint alignment = 64;
        var memory = (double*)NativeMemory.AlignedAlloc(((nuint)a.Length + 2 * (nuint)n + (nuint)size) * sizeof(double), alignment);
        try
        {
            double* re = memory + a.Length, im = re + n, work = im + n;
            a.CopyTo(new Span<double>(memory, a.Length));
            _dgeev(&none, &none, &n, memory, &n, re, im, &unused, &one, &unused, &one, work, &size, &info, 1, 1);
            new Span<double>(re, n).CopyTo(wr);
            new Span<double>(im, n).CopyTo(wi);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
        return info;
    }

    /// <summary>Whether the library has dgees.</summary>
    public bool HasGees => _dgees is not null;

    /// <summary>
    /// The real Schur form of a general matrix. a: column-major [n×n], overwritten with T;
    /// below its 2×2 blocks LAPACK leaves what it needed. Returns LAPACK's info: 0, or above 0 when the QR iteration did not end.
    /// </summary>
    public int Gees(Span<double> a, int n)
    {
        if (_mklSetNumThreadsLocal is not null) _mklSetNumThreadsLocal(1);
        byte none = (byte)'N';
        int info = 0, one = 1, size = -1, selected = 0;
        double unused = 0, best = 0;
        _dgees(&none, &none, 0, &n, &unused, &n, &selected, &unused, &unused, &unused, &one, &best, &size, &selected, &info, 1, 1);
        size = Math.Max((int)best, 3 * n);
        const nuint alignment = 64; // as for geev
        var memory = (double*)NativeMemory.AlignedAlloc(((nuint)a.Length + 2 * (nuint)n + (nuint)size) * sizeof(double), alignment);
        try
        {
            double* re = memory + a.Length, im = re + n, work = im + n;
            a.CopyTo(new Span<double>(memory, a.Length));
            _dgees(&none, &none, 0, &n, memory, &n, &selected, re, im, &unused, &one, work, &size, &selected, &info, 1, 1);
            new Span<double>(memory, a.Length).CopyTo(a);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
        return info;
    }

    private static IEnumerable<string> Candidates()
    {
        string[] mkl = OperatingSystem.IsWindows() ? ["mkl_rt.2.dll", "mkl_rt.1.dll", "mkl_rt.dll"]
            : ["libmkl_rt.so.2", "libmkl_rt.so.1", "libmkl_rt.so"];
        string[] openBlas = OperatingSystem.IsWindows() ? ["libopenblas.dll", "openblas.dll"]
            : OperatingSystem.IsMacOS() ? ["libopenblas.0.dylib", "libopenblas.dylib"] : ["libopenblas.so.0", "libopenblas.so"];
        string[] reference = OperatingSystem.IsWindows()
            ? ["liblapack.dll"]
            : OperatingSystem.IsMacOS()
            ? ["liblapack.3.dylib"]
            : ["liblapack.so.3"];
        // The runtime knows the folders of native files: the program's, their package's, or where a single file unpacked them.
        var known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var beside = known.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(AppContext.BaseDirectory)
            .SelectMany(folder => mkl.Select(name => Path.Combine(folder, name))).Where(File.Exists);
        return [.. beside, .. mkl, .. openBlas, .. reference];
    }

    private static string Identify(nint handle)
    {
        if (NativeLibrary.TryGetExport(handle, "MKL_Get_Version_String", out var version))
        {
            // The run-time dispatcher asks for an OpenMP library unless told to be sequential before its first call.
            if (NativeLibrary.TryGetExport(handle, "MKL_Set_Interface_Layer", out var interfaceLayer))
                ((delegate* unmanaged[Cdecl]<int, int>)interfaceLayer)(0); // LP64: 32-bit integers
            if (NativeLibrary.TryGetExport(handle, "MKL_Set_Threading_Layer", out var threadingLayer))
                ((delegate* unmanaged[Cdecl]<int, int>)threadingLayer)(1); // sequential
            if (NativeLibrary.TryGetExport(handle, "MKL_Set_Num_Threads", out var mklThreads))
                ((delegate* unmanaged[Cdecl]<int, void>)mklThreads)(1);
            const int length = 256;
            var text = stackalloc byte[length];
            ((delegate* unmanaged[Cdecl]<byte*, int, void>)version)(text, length);
            return Encoding.ASCII.GetString(text, length).TrimEnd('\0', ' ');
        }
        if (NativeLibrary.TryGetExport(handle, "openblas_set_num_threads", out var threads))
            ((delegate* unmanaged[Cdecl]<int, void>)threads)(1);
        if (NativeLibrary.TryGetExport(handle, "openblas_get_config", out var config))
            return Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)config)())!.Trim();
        if (NativeLibrary.TryGetExport(handle, "ilaver_", out var ilaver))
        {
            int major, minor, patch;
            ((delegate* unmanaged[Cdecl]<int*, int*, int*, void>)ilaver)(&major, &minor, &patch);
            return FormattableString.Invariant($"LAPACK {major}.{minor}.{patch}");
        }
        return "LAPACK of unknown version";
    }
}
