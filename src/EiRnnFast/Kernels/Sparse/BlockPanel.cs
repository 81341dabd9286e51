using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>
/// Panels of a product whose matrix has blocks without weights. Lanes of a panel have their weights in the same rows, and only those rows
/// are multiplied. How a sum is taken in parts depends on its lane alone, not on the panel.
/// </summary>
internal static class BlockPanel<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Most rows of the matrix in one part of a sum: a panel of 18 KiB with 256 bits stays in L1.</summary>
    private const int MostTerms = 192;

    /// <summary>Lanes of the next panel, as <see cref="GemmTile{TLane}.PanelLanes"/>, of those that are alike.</summary>
    public static int Lanes(BlockRanges? blocks, int lane, int remaining) =>
        GemmTile<TLane>.PanelLanes(blocks is null ? remaining : blocks.Alike(lane, remaining));

    /// <summary>C (=) A·B of a panel, finished by the epilogue.</summary>
    /// <param name="a">A, [rows×W].</param>
    /// <param name="b">The panel as it is packed.</param>
    /// <param name="c">C, [rows×W].</param>
    /// <param name="runs">The rows of B that have weights.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">W.</param>
    /// <param name="epilogue">What finishes C.</param>
    public static void Multiply<TEpilogue>(ref float a, ref float b, ref float c, ReadOnlySpan<(int First, int End)> runs, nint column,
        int lanes, int rows, nint width, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        if (lanes == 3) Multiply<Tile8x3, Tile4x3, Tile2x3, TEpilogue>(ref a, ref b, ref c, runs, column, rows, width, ref epilogue);
        else if (lanes == 2) Multiply<Tile8x2, Tile4x2, Tile2x2, TEpilogue>(ref a, ref b, ref c, runs, column, rows, width, ref epilogue);
        else Multiply<Tile8x1, Tile4x1, Tile2x1, TEpilogue>(ref a, ref b, ref c, runs, column, rows, width, ref epilogue);
    }

    private static void Multiply<THigh, TMiddle, TLow, TEpilogue>(ref float a, ref float b, ref float c,
        ReadOnlySpan<(int First, int End)> runs, nint column, int rows, nint width, ref TEpilogue epilogue)
        where THigh : struct, ITileShape
        where TMiddle : struct, ITileShape
        where TLow : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        // Four rows of one lane would wait for the latency of their four sums.
        int high = TLane.TileRows == 8 || THigh.Lanes == 1 ? rows / 8 * 8 : 0, middle = rows / 4 * 4;
        ref var to = ref Unsafe.Add(ref c, column);
        if (runs.IsEmpty) Clear<TLow>(ref to, rows, width);
        var isFirst = true;
        foreach (var (first, end) in runs)
        {
            var parts = (end - first + MostTerms - 1) / MostTerms;
            var depth = ((end - first + parts - 1) / parts + 7) / 8 * 8;
            for (nint k = first; k < end; k += depth, isFirst = false)
            {
                ref var left = ref Unsafe.Add(ref a, k);
                ref var from = ref Unsafe.Add(ref b, k * THigh.Lanes * TLane.Width);
                var terms = Math.Min(depth, end - k);
                var (adds, prepares) = (!isFirst, k + depth >= runs[^1].End);
                if (high > 0)
                    Tiles<THigh, TEpilogue>(ref left, ref from, ref to, 0, high, terms, width, column, adds, prepares, ref epilogue);
                if (high < middle)
                    Tiles<TMiddle, TEpilogue>(ref left, ref from, ref to, high, middle, terms, width, column, adds, prepares, ref epilogue);
                if (middle < rows)
                    Tiles<TLow, TEpilogue>(ref left, ref from, ref to, middle, rows, terms, width, column, adds, prepares, ref epilogue);
            }
        }
        // The heights do not depend on the panel, since sums over the rows of a tile do.
        high = TLane.TileRows == 8 ? rows / 8 * 8 : 0;
        Finish<THigh, TEpilogue>(ref to, 0, high, width, column, ref epilogue);
        Finish<TMiddle, TEpilogue>(ref to, high, middle, width, column, ref epilogue);
        Finish<TLow, TEpilogue>(ref to, middle, rows, width, column, ref epilogue);
    }

    /// <summary>One part of the tiles of rows first … last−1; with the last one, what the epilogue will read is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TShape, TEpilogue>(ref float a, ref float b, ref float c, nint first, nint last, nint depth, nint width,
        nint column, bool accumulate, bool prepares, ref TEpilogue epilogue)
        where TShape : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (var row = first; row < last; row += TShape.Rows)
        {
            ref var tile = ref Unsafe.Add(ref c, row * width);
            if (prepares) epilogue.Prepare<TShape>(ref tile, row, column);
            GemmTile<TLane>.Run<TShape>(ref Unsafe.Add(ref a, row * width), width, 1, ref b, TShape.Lanes * TLane.Width, depth, ref tile,
                width, accumulate);
        }
    }

    private static void Clear<TShape>(ref float c, int rows, nint width) where TShape : struct, ITileShape
    {
        for (var row = 0; row < rows; row++)
            for (var lane = 0; lane < TShape.Lanes; lane++) TLane.Store(default, ref Unsafe.Add(ref c, row * width + lane * TLane.Width));
    }

    /// <summary>The epilogue alone, over rows first … last−1.</summary>
    private static void Finish<TShape, TEpilogue>(ref float c, nint first, nint last, nint width, nint column, ref TEpilogue epilogue)
        where TShape : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (var row = first; row < last; row += TShape.Rows)
            epilogue.Finish<TShape>(ref Unsafe.Add(ref c, row * width), row, column);
    }
}
