using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>
/// A panel of a product whose matrix has blocks without weights: only the other rows of the matrix are multiplied. Sums are taken in the
/// same parts and order as where all blocks are multiplied, so that they have the same bits.
/// </summary>
internal static class BlockPanel<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>C (=) A·B of a panel, finished by the epilogue.</summary>
    /// <param name="a">A, [rows×W].</param>
    /// <param name="b">The panel as it is packed.</param>
    /// <param name="c">C, [rows×W].</param>
    /// <param name="blocks">Where weights are.</param>
    /// <param name="lane">The panel's first lane.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="units">N.</param>
    /// <param name="width">W.</param>
    /// <param name="terms">Terms of one part of a sum.</param>
    /// <param name="epilogue">What finishes C.</param>
    public static void Multiply<TEpilogue>(ref float a, ref float b, ref float c, BlockRanges blocks, int lane, int lanes, int rows,
        int units, int width, int terms, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        var column = lane * TLane.Width;
        Begin(ref c, lanes, rows, width, column, ref epilogue);
        for (var k = 0; k < units; k += terms)
            for (int part = 0, alike; part < lanes; part += alike)
            {
                alike = blocks.Alike(lane + part, lanes - part, k, terms);
                var runs = blocks.Of(lane + part, 1, k, terms);
                while (runs.Next(out var first, out var end))
                {
                    var depth = Math.Min(end, units) - first;
                    ref var from = ref Unsafe.Add(ref b, (first * lanes + part) * TLane.Width);
                    ref var to = ref Unsafe.Add(ref c, column + part * TLane.Width);
                    ref var left = ref Unsafe.Add(ref a, first);
                    if (alike == 3) Rows<Tile8x3, Tile4x3, Tile2x3>(ref left, ref from, ref to, rows, depth, width, lanes);
                    else if (alike == 2) Rows<Tile8x2, Tile4x2, Tile2x2>(ref left, ref from, ref to, rows, depth, width, lanes);
                    else Rows<Tile8x1, Tile4x1, Tile2x1>(ref left, ref from, ref to, rows, depth, width, lanes);
                }
            }
        if (lanes == 3) Finish<Tile8x3, Tile4x3, Tile2x3, TEpilogue>(ref c, rows, width, column, ref epilogue);
        else if (lanes == 2) Finish<Tile8x2, Tile4x2, Tile2x2, TEpilogue>(ref c, rows, width, column, ref epilogue);
        else Finish<Tile8x1, Tile4x1, Tile2x1, TEpilogue>(ref c, rows, width, column, ref epilogue);
    }

    /// <summary>C (=) 0, and what the epilogue reads is asked for.</summary>
    private static void Begin<TEpilogue>(ref float c, int lanes, int rows, nint width, nint column, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (nint row = 0; row < rows; row += 2)
        {
            ref var tile = ref Unsafe.Add(ref c, row * width + column);
            if (lanes == 3) epilogue.Prepare<Tile2x3>(ref tile, row, column);
            else epilogue.Prepare<Tile2x2>(ref tile, row, column);
            for (nint i = 0; i < lanes * TLane.Width; i += TLane.Width)
            {
                TLane.Store(default, ref Unsafe.Add(ref tile, i));
                TLane.Store(default, ref Unsafe.Add(ref tile, width + i));
            }
        }
    }

    private static void Rows<THigh, TMiddle, TLow>(ref float a, ref float b, ref float c, int rows, int depth, int width, int lanes)
        where THigh : struct, ITileShape
        where TMiddle : struct, ITileShape
        where TLow : struct, ITileShape
    {
        var (high, middle) = Heights<THigh, TMiddle>(rows);
        if (high > 0) Tiles<THigh>(ref a, ref b, ref c, 0, high, depth, width, lanes);
        if (high < middle) Tiles<TMiddle>(ref a, ref b, ref c, high, middle, depth, width, lanes);
        if (middle < rows) Tiles<TLow>(ref a, ref b, ref c, middle, rows, depth, width, lanes);
    }

    /// <summary>Rows up to where tiles of the highest and of the middle shape reach.</summary>
    private static (int High, int Middle) Heights<THigh, TMiddle>(int rows)
        where THigh : struct, ITileShape
        where TMiddle : struct, ITileShape =>
        (TLane.TileRows == THigh.Rows ? rows / THigh.Rows * THigh.Rows : 0, rows / TMiddle.Rows * TMiddle.Rows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TShape>(ref float a, ref float b, ref float c, nint first, nint last, nint depth, nint width, nint lanes)
        where TShape : struct, ITileShape
    {
        for (var row = first; row < last; row += TShape.Rows)
            GemmTile<TLane>.Run<TShape>(ref Unsafe.Add(ref a, row * width), width, 1, ref b, lanes * TLane.Width, depth,
                ref Unsafe.Add(ref c, row * width), width, accumulate: true);
    }

    private static void Finish<THigh, TMiddle, TLow, TEpilogue>(ref float c, int rows, nint width, nint column, ref TEpilogue epilogue)
        where THigh : struct, ITileShape
        where TMiddle : struct, ITileShape
        where TLow : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        var (high, middle) = Heights<THigh, TMiddle>(rows);
        Finish<THigh, TEpilogue>(ref c, 0, high, width, column, ref epilogue);
        Finish<TMiddle, TEpilogue>(ref c, high, middle, width, column, ref epilogue);
        Finish<TLow, TEpilogue>(ref c, middle, rows, width, column, ref epilogue);
    }

    /// <summary>The epilogue alone, over rows first … last−1.</summary>
    private static void Finish<TShape, TEpilogue>(ref float c, nint first, nint last, nint width, nint column, ref TEpilogue epilogue)
        where TShape : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (var row = first; row < last; row += TShape.Rows)
            epilogue.Finish<TShape>(ref Unsafe.Add(ref c, row * width + column), row, column);
    }
}
