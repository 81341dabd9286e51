using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels;

/// <summary>The size of a register tile, known to the JIT so that unused accumulators vanish.</summary>
internal interface ITileShape
{
    static abstract int Rows { get; }
    static abstract int Lanes { get; }
}

internal readonly struct Tile8x3 : ITileShape { public static int Rows => 8; public static int Lanes => 3; }

internal readonly struct Tile8x2 : ITileShape { public static int Rows => 8; public static int Lanes => 2; }

internal readonly struct Tile8x1 : ITileShape { public static int Rows => 8; public static int Lanes => 1; }

internal readonly struct Tile4x3 : ITileShape { public static int Rows => 4; public static int Lanes => 3; }

internal readonly struct Tile4x2 : ITileShape { public static int Rows => 4; public static int Lanes => 2; }

internal readonly struct Tile4x1 : ITileShape { public static int Rows => 4; public static int Lanes => 1; }

internal readonly struct Tile2x3 : ITileShape { public static int Rows => 2; public static int Lanes => 3; }

internal readonly struct Tile2x2 : ITileShape { public static int Rows => 2; public static int Lanes => 2; }

internal readonly struct Tile2x1 : ITileShape { public static int Rows => 2; public static int Lanes => 1; }

/// <summary>
/// One register tile of a matrix product: C (=) A·B or C (+=) A·B over <c>depth</c> terms, C of Rows × Lanes·Width.
/// Row i, term k of A lies at a[i·aRow + k·aStep]: (aRow, aStep) = (stride, 1) reads A by rows, (1, stride) reads Aᵀ,
/// which is how the weight gradient hᵀδ is formed from two row-major operands. Term k of B lies at b[k·bStep].
/// The sum starts from 0 and C is added last, so that long sums taken in parts lose less to rounding.
/// The caller guarantees whole tiles: rows and columns are padded, there is no tail. Where A is read by rows, the terms of B follow each
/// other without gaps: <see cref="NeonTile"/> relies on it.
/// </summary>
internal static class GemmTile<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Rows of the smallest tile: row counts are padded to a multiple of it.</summary>
    public const int RowMultiple = 2;

    /// <summary>
    /// Lanes of the next panel when <paramref name="remaining"/> lanes of columns are left: threes, and twos so that
    /// no panel of one lane is left over (8×1 is load-bound: 9 loads for 8 multiply-adds).
    /// </summary>
    public static int PanelLanes(int remaining) => remaining is 2 or 4 ? 2 : Math.Min(3, remaining);

    /// <summary>Asks for the lines of a tile, to be there when its product is formed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<TShape>(ref float tile, nint width) where TShape : struct, ITileShape
    {
        for (var r = 0; r < TShape.Rows; r++, tile = ref Unsafe.Add(ref tile, width))
        {
            TLane.Prefetch(ref tile);
            if (TShape.Lanes > 1) TLane.Prefetch(ref Unsafe.Add(ref tile, TLane.Width));
            if (TShape.Lanes > 2) TLane.Prefetch(ref Unsafe.Add(ref tile, 2 * TLane.Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TShape>(ref float a, nint aRow, nint aStep, ref float b, nint bStep, nint depth,
        ref float c, nint cRow, bool accumulate)
        where TShape : struct, ITileShape
    {
        if (NeonTile.Serves<TLane>())
        {
            if (aRow == 1) NeonTile.ByColumns<TShape>(ref a, aStep, ref b, bStep, depth, ref c, cRow, accumulate);
            else NeonTile.ByRows<TShape>(ref a, aRow, ref b, depth, ref c, cRow, accumulate);
            return;
        }
        nint w = TLane.Width;
        TLane c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        TLane c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        TLane c40 = default, c41 = default, c42 = default, c50 = default, c51 = default, c52 = default;
        TLane c60 = default, c61 = default, c62 = default, c70 = default, c71 = default, c72 = default;

        // Rows 0-2, 3-5 and 6-7 are reached from one pointer each by the addressing modes +0, +aRow and +2·aRow:
        // eight pointers would not fit in the integer registers.
        ref var a3 = ref Unsafe.Add(ref a, TShape.Rows > 2 ? 3 * aRow : 0);
        ref var a6 = ref Unsafe.Add(ref a, TShape.Rows > 4 ? 6 * aRow : 0);
        for (; depth > 0; depth--)
        {
            var b0 = TLane.Load(ref b);
            var b1 = TShape.Lanes > 1 ? TLane.Load(ref Unsafe.Add(ref b, w)) : default;
            var b2 = TShape.Lanes > 2 ? TLane.Load(ref Unsafe.Add(ref b, 2 * w)) : default;
            MultiplyRow<TShape>(a, b0, b1, b2, ref c00, ref c01, ref c02);
            MultiplyRow<TShape>(Unsafe.Add(ref a, aRow), b0, b1, b2, ref c10, ref c11, ref c12);
            if (TShape.Rows > 2)
            {
                MultiplyRow<TShape>(Unsafe.Add(ref a, 2 * aRow), b0, b1, b2, ref c20, ref c21, ref c22);
                MultiplyRow<TShape>(a3, b0, b1, b2, ref c30, ref c31, ref c32);
            }
            if (TShape.Rows > 4)
            {
                MultiplyRow<TShape>(Unsafe.Add(ref a3, aRow), b0, b1, b2, ref c40, ref c41, ref c42);
                MultiplyRow<TShape>(Unsafe.Add(ref a3, 2 * aRow), b0, b1, b2, ref c50, ref c51, ref c52);
                MultiplyRow<TShape>(a6, b0, b1, b2, ref c60, ref c61, ref c62);
                MultiplyRow<TShape>(Unsafe.Add(ref a6, aRow), b0, b1, b2, ref c70, ref c71, ref c72);
                a6 = ref Unsafe.Add(ref a6, aStep);
            }
            a = ref Unsafe.Add(ref a, aStep);
            if (TShape.Rows > 2) a3 = ref Unsafe.Add(ref a3, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        StoreRow<TShape>(ref c, c00, c01, c02, accumulate);
        StoreRow<TShape>(ref Unsafe.Add(ref c, cRow), c10, c11, c12, accumulate);
        if (TShape.Rows > 2)
        {
            StoreRow<TShape>(ref Unsafe.Add(ref c, 2 * cRow), c20, c21, c22, accumulate);
            StoreRow<TShape>(ref Unsafe.Add(ref c, 3 * cRow), c30, c31, c32, accumulate);
        }
        if (TShape.Rows > 4)
        {
            StoreRow<TShape>(ref Unsafe.Add(ref c, 4 * cRow), c40, c41, c42, accumulate);
            StoreRow<TShape>(ref Unsafe.Add(ref c, 5 * cRow), c50, c51, c52, accumulate);
            StoreRow<TShape>(ref Unsafe.Add(ref c, 6 * cRow), c60, c61, c62, accumulate);
            StoreRow<TShape>(ref Unsafe.Add(ref c, 7 * cRow), c70, c71, c72, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRow<TShape>(float a, TLane b0, TLane b1, TLane b2, ref TLane c0, ref TLane c1, ref TLane c2)
        where TShape : struct, ITileShape
    {
        var x = TLane.Broadcast(a);
        c0 = TLane.MultiplyAdd(x, b0, c0);
        if (TShape.Lanes > 1) c1 = TLane.MultiplyAdd(x, b1, c1);
        if (TShape.Lanes > 2) c2 = TLane.MultiplyAdd(x, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TShape>(ref float c, TLane c0, TLane c1, TLane c2, bool accumulate) where TShape : struct, ITileShape
    {
        ref var second = ref Unsafe.Add(ref c, TLane.Width);
        ref var third = ref Unsafe.Add(ref c, 2 * TLane.Width);
        if (accumulate)
        {
            c0 += TLane.Load(ref c);
            if (TShape.Lanes > 1) c1 += TLane.Load(ref second);
            if (TShape.Lanes > 2) c2 += TLane.Load(ref third);
        }
        TLane.Store(c0, ref c);
        if (TShape.Lanes > 1) TLane.Store(c1, ref second);
        if (TShape.Lanes > 2) TLane.Store(c2, ref third);
    }
}
