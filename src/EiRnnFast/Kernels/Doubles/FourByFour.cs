using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels.Doubles;

/// <summary>Four rows of four doubles, turned over: A holds what was the first column. For machines with AVX.</summary>
internal readonly unsafe struct FourByFour
{
    /// <summary>Four registers as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FourByFour(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d) => (A, B, C, D) = (a, b, c, d);

    /// <summary>Reads four rows and turns them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FourByFour(double* rows, nint row) => Turn(Vector256.Load(rows), Vector256.Load(rows + row), Vector256.Load(rows + 2 * row),
        Vector256.Load(rows + 3 * row), out A, out B, out C, out D);

    public readonly Vector256<double> A, B, C, D;

    /// <summary>Turns back and writes four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* rows, nint row)
    {
        Turn(A, B, C, D, out var first, out var second, out var third, out var fourth);
        first.Store(rows);
        second.Store(rows + row);
        third.Store(rows + 2 * row);
        fourth.Store(rows + 3 * row);
    }

    /// <summary>Writes the columns as rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreTurned(double* rows, nint row)
    {
        A.Store(rows);
        B.Store(rows + row);
        C.Store(rows + 2 * row);
        D.Store(rows + 3 * row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d,
        out Vector256<double> first, out Vector256<double> second, out Vector256<double> third, out Vector256<double> fourth)
    {
        Vector256<double> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b), cd0 = Avx.UnpackLow(c, d), cd1 = Avx.UnpackHigh(c, d);
        first = Avx.Permute2x128(ab0, cd0, 0x20);
        second = Avx.Permute2x128(ab1, cd1, 0x20);
        third = Avx.Permute2x128(ab0, cd0, 0x31);
        fourth = Avx.Permute2x128(ab1, cd1, 0x31);
    }
}
