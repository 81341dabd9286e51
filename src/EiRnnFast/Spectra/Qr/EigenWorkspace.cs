using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>
/// Memory of the eigenvalue solver, one allocation with named ranges; reusable, by one thread at a time. L is the length of a row of H.
/// </summary>
internal sealed unsafe class EigenWorkspace
{
    /// <summary>Most bulges of a sweep, steps of a window, and units of a deflation window.</summary>
    public const int MostBulges = 32, MostSteps = 64, MostWindow = 128;

    /// <summary>Most reflectors of a block of the Hessenberg reduction.</summary>
    public const int MostBlock = 32;

    /// <summary>Length of a row of a deflation window's matrices.</summary>
    public const int WindowRow = MostWindow + 8;

    /// <summary>Rows after the matrix: a path's last reflector reads one.</summary>
    public const int SpareRows = 8;

    private const int Line = 8; // doubles of a cache line
    private const int MostKept = 1024; // units; about 10 MB

    [ThreadStatic]
    private static EigenWorkspace? s_last;

    private readonly double[] _storage;
    private double* _next;

    private EigenWorkspace(int size)
    {
        Capacity = size;
        _storage = GC.AllocateArray<double>(checked((int)Doubles(size)) + Line, pinned: true);
        var first = (nuint)Unsafe.AsPointer(ref _storage[0]);
        _next = (double*)((first + 63) / 64 * 64);
        var row = RowOf(size);
        H = Take((size + SpareRows) * row);
        V = Take(MostBlock * row);
        VColumns = Take(row * MostBlock);
        Y = Take(MostBlock * row);
        YTop = Take(row * MostBlock);
        T = Take(MostBlock * MostBlock);
        TTransposed = Take(MostBlock * MostBlock);
        Small = Take(Math.Max(4 * row, 2 * WindowRow));
        Slab = Take(HessenbergReduction.Slab * WindowRow);
        Window = Take((MostWindow + SpareRows) * WindowRow);
        Basis = Take((MostWindow + SpareRows) * WindowRow);
        Reflectors = Take(MostBulges * MostSteps * BulgePaths.Length);
        Turned = Take((3 * MostBulges + MostSteps + 24) * 2 * Lane512.Width);
        Re = Take(row);
        Im = Take(row);
        ShiftRe = Take(MostWindow);
        ShiftIm = Take(MostWindow);
    }

    /// <summary>Most units.</summary>
    public int Capacity { get; }

    /// <summary>The matrix, row-major; rows of <see cref="RowOf"/> doubles and some spare rows, all padding 0.</summary>
    public double* H { get; }

    /// <summary>Reflectors of a block, by rows [block×L] and by columns [L×block]; what the matrix makes of them, likewise.</summary>
    public double* V { get; }
    public double* VColumns { get; }
    public double* Y { get; }
    public double* YTop { get; }

    /// <summary>The block's triangle and its transpose, [block×block]; a few vectors, [4×L]; products.</summary>
    public double* T { get; }
    public double* TTransposed { get; }
    public double* Small { get; }
    public double* Slab { get; }

    /// <summary>A deflation window's Schur form, and its basis transposed, [window×<see cref="WindowRow"/>].</summary>
    public double* Window { get; }
    public double* Basis { get; }

    /// <summary>Reflectors of a window's bulges; rows turned over; eigenvalues; shifts.</summary>
    public double* Reflectors { get; }
    public double* Turned { get; }
    public double* Re { get; }
    public double* Im { get; }
    public double* ShiftRe { get; }
    public double* ShiftIm { get; }

    /// <summary>
    /// Doubles of a row, two cache lines more than units at least: an odd number of lines, so that a column falls on all sets of a cache.
    /// </summary>
    public static int RowOf(int size) => ((size + 3 * Line) / Line | 1) * Line;

    /// <summary>This thread's workspace, grown where it is too small; one of its own for a matrix so large that memory counts.</summary>
    /// <exception cref="InvalidInputException">More units than memory can be addressed for.</exception>
    public static EigenWorkspace For(int size)
    {
        if (Doubles(size) > Array.MaxLength - Line)
            throw InvalidInputException.Of("matrix", $"{size} units", "at most 46000 for the own solver", "use fewer units");
        if (size > MostKept) return new EigenWorkspace(size);
        return s_last is { } last && last.Capacity >= size ? last : s_last = new EigenWorkspace(size);
    }

    private static long Doubles(int size)
    {
        long row = RowOf(size), window = (MostWindow + SpareRows) * WindowRow;
        return (size + SpareRows) * row + 4 * MostBlock * row + 2 * MostBlock * MostBlock + 2 * row + Math.Max(4 * row, 2 * WindowRow)
            + HessenbergReduction.Slab * WindowRow + 2 * window
            + MostBulges * MostSteps * BulgePaths.Length + (3 * MostBulges + MostSteps + 24) * 2 * Lane512.Width
            + 2 * MostWindow + 32 * Line;
    }

    private double* Take(int length)
    {
        var place = _next;
        _next += (length + Line - 1) / Line * Line;
        return place;
    }
}
