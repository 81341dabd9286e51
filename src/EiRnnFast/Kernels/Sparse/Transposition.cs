using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>
/// Row-major matrices turned over, some rows at a time, so that rows become lanes: value (r, u) of a group lies at group[u·G + r],
/// G = <see cref="GroupRows"/>.
/// </summary>
internal static class Transposition<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Rows of a group.</summary>
    public static int GroupRows => SparseMatrix.GroupLanes * TLane.Width;

    /// <summary>Rows and columns that are turned at once.</summary>
    private static int Side => Math.Min(TLane.Width, 8);

    /// <summary>
    /// Group (=) units first … last−1 of rows, both multiples of the lane. Rows from <paramref name="rows"/> on, up to whole
    /// <paramref name="lanes"/>, become 0.
    /// </summary>
    public static void ToLanes(ref float from, int rows, int lanes, nint width, nint first, nint last, ref float group)
    {
        Span<float> scratch = stackalloc float[Side * Side];
        ref var block = ref MemoryMarshal.GetReference(scratch);
        var squares = (last - first) / Side;
        for (nint row = 0; row < lanes * TLane.Width; row += Side)
        {
            var count = Math.Min(Side, rows - row);
            ref var source = ref Unsafe.Add(ref from, row * width + first);
            ref var target = ref Unsafe.Add(ref group, first * GroupRows + row);
            if (count == Side)
            {
                Turn(ref source, width, Side, ref target, GroupRows, Side * GroupRows, squares);
                continue;
            }
            scratch.Clear();
            for (nint square = 0; square < squares; square++)
            {
                for (nint r = 0; r < count; r++)
                    Copy(ref Unsafe.Add(ref source, r * width + square * Side), ref Unsafe.Add(ref block, r * Side));
                Turn(ref block, Side, 0, ref Unsafe.Add(ref target, square * Side * GroupRows), GroupRows, 0, 1);
            }
        }
    }

    /// <summary>The first rows of one lane of units, from a group's part that begins with that lane.</summary>
    public static void ToRows(ref float group, int rows, ref float to, nint width)
    {
        Span<float> scratch = stackalloc float[Side * Side];
        ref var block = ref MemoryMarshal.GetReference(scratch);
        nint squares = TLane.Width / Side;
        for (nint row = 0; row < rows; row += Side)
        {
            var count = Math.Min(Side, rows - row);
            ref var source = ref Unsafe.Add(ref group, row);
            ref var target = ref Unsafe.Add(ref to, row * width);
            if (count == Side)
            {
                Turn(ref source, GroupRows, Side * GroupRows, ref target, width, Side, squares);
                continue;
            }
            for (nint square = 0; square < squares; square++)
            {
                Turn(ref Unsafe.Add(ref source, square * Side * GroupRows), GroupRows, 0, ref block, Side, 0, 1);
                for (nint r = 0; r < count; r++)
                    Copy(ref Unsafe.Add(ref block, r * Side), ref Unsafe.Add(ref target, r * width + square * Side));
            }
        }
    }

    /// <summary>One row of a square.</summary>
    private static void Copy(ref float from, ref float to)
    {
        for (nint i = 0; i < Side; i++) Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
    }

    /// <summary>
    /// Squares of <see cref="Side"/>, one after the other at distances of <paramref name="fromNext"/> and <paramref name="toNext"/>:
    /// to[c·toStep + r] (=) from[r·fromStep + c].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(ref float from, nint fromStep, nint fromNext, ref float to, nint toStep, nint toNext, nint squares)
    {
        for (; squares > 0; squares--, from = ref Unsafe.Add(ref from, fromNext), to = ref Unsafe.Add(ref to, toNext))
            if (Avx.IsSupported && TLane.Width >= 8) Turn8(ref from, fromStep, ref to, toStep);
            else
                for (nint r = 0; r < Side; r++)
                    for (nint c = 0; c < Side; c++) Unsafe.Add(ref to, c * toStep + r) = Unsafe.Add(ref from, r * fromStep + c);
    }

    /// <summary>Halves of rows are loaded into place, so that 16 shuffles within halves are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn8(ref float from, nint fromStep, ref float to, nint toStep)
    {
        Turn4(Halves(ref from, fromStep, 0), Halves(ref from, fromStep, 1), Halves(ref from, fromStep, 2), Halves(ref from, fromStep, 3),
            ref to, toStep);
        ref var right = ref Unsafe.Add(ref from, 4);
        Turn4(Halves(ref right, fromStep, 0), Halves(ref right, fromStep, 1), Halves(ref right, fromStep, 2),
            Halves(ref right, fromStep, 3), ref Unsafe.Add(ref to, 4 * toStep), toStep);
    }

    /// <summary>Four values of a row beside those of the fourth row after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref float from, nint step, nint row) => Vector256.Create(
        Vector128.LoadUnsafe(ref Unsafe.Add(ref from, row * step)), Vector128.LoadUnsafe(ref Unsafe.Add(ref from, (row + 4) * step)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn4(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, ref float to, nint step)
    {
        var (low, high) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
        var (nextLow, nextHigh) = (Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        Avx.Shuffle(low, nextLow, 0b01_00_01_00).StoreUnsafe(ref to);
        Avx.Shuffle(low, nextLow, 0b11_10_11_10).StoreUnsafe(ref Unsafe.Add(ref to, step));
        Avx.Shuffle(high, nextHigh, 0b01_00_01_00).StoreUnsafe(ref Unsafe.Add(ref to, 2 * step));
        Avx.Shuffle(high, nextHigh, 0b11_10_11_10).StoreUnsafe(ref Unsafe.Add(ref to, 3 * step));
    }
}
