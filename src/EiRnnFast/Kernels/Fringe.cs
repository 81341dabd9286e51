using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// The last columns of a network whose size is less than half a lane above a multiple of it (50 units: 48 + 2). A lane of their
/// own would be mostly padding; here each is a dot product along rows. Only their epilogue is that of a lane.
/// </summary>
internal static class Fringe<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Columns of the fringe; 0 where whole lanes do as well. At most half a lane.</summary>
    public static int Columns(int units) => units > TLane.Width && units % TLane.Width <= TLane.Width / 2 ? units % TLane.Width : 0;

    /// <summary>Lanes before the fringe.</summary>
    public static int LanesBefore(int units) => Columns(units) > 0 ? units / TLane.Width : Lanes(units);

    /// <summary>Lanes that hold all units.</summary>
    public static int Lanes(int units) => (units + TLane.Width - 1) / TLane.Width;

    /// <summary>The lanes before the fringe that a share has, and whether it has the fringe.</summary>
    public static (int First, int End, bool HasFringe) Of(Columns columns, int units, int width)
    {
        var before = LanesBefore(units);
        if (columns.IsAll) return (0, before, Columns(units) > 0);
        int first = columns.First, end = columns.End(width);
        return (Math.Min(first / TLane.Width, before), Math.Min(end / TLane.Width, before),
            first < end && end > before * TLane.Width && Columns(units) > 0);
    }

    /// <summary>packed (=) the fringe's columns of W, or rows for its transpose, one after the other, [F×W].</summary>
    public static void Pack(ReadOnlySpan<float> w, int units, int width, bool transpose, Span<float> packed)
    {
        var columns = Columns(units);
        for (var f = 0; f < columns; f++)
        {
            var column = units - columns + f;
            var to = packed.Slice(f * width, width);
            if (transpose) w.Slice(column * width, width).CopyTo(to);
            else
            {
                for (var k = 0; k < units; k++) to[k] = w[k * width + column];
                to[units..].Clear();
            }
        }
    }

    /// <summary>Most rows whose columns are finished together: their sums and what they read lie in L1.</summary>
    public const int MostRows = 64;

    /// <summary>
    /// Whether the states of so many rows take fewer lanes when the batch fills them, column after column, two lanes at a time, than
    /// when each row has a lane of which the fringe is a part. Both give the same bits. At 50 units a forward step takes 8 % less time
    /// on AVX-512 lanes and 4 % on AVX2. On the way back, where the edge gradients follow, it took 1 to 2 % more, so it is not used there.
    /// </summary>
    public static bool IsByColumns(int units, nint rows) =>
        Columns(units) * ((rows + 2 * TLane.Width - 1) / (2 * TLane.Width)) * 2 < rows;

    /// <summary>C[r, f] (=) Σ_k a[r, k]·packed[f, k], at c[r·cRow + f·cColumn].</summary>
    public static void Multiply(ref float a, ref float packed, ref float c, nint rows, int units, nint width, nint cRow, nint cColumn) =>
        DotProducts<TLane>.Run(ref a, rows, ref packed, Columns(units), width, Lanes(units), ref c, cRow, cColumn);

    /// <summary>
    /// The fringe's part of <see cref="KernelSet.AccumulateRecurrentGradient"/>: δ's columns times h, then turned over into dW.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RecurrentGradient(ref float h, ref float d, int rows, int units, nint width, ref float g)
    {
        nint columns = Columns(units), first = units - columns, panel;
        Span<float> scratch = stackalloc float[8 * 3 * TLane.Width];
        ref var tile = ref MemoryMarshal.GetReference(scratch);
        for (nint lane = 0; lane < Lanes(units); lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(Lanes(units) - (int)lane);
            nint size = panel * TLane.Width;
            ref var b = ref Unsafe.Add(ref h, lane * TLane.Width);
            ref var a = ref Unsafe.Add(ref d, first);
            if (columns > 4 && panel == 3) Tile<Tile8x3>(ref a, ref b, ref tile, width, rows, size);
            else if (columns > 4 && panel == 2) Tile<Tile8x2>(ref a, ref b, ref tile, width, rows, size);
            else if (columns > 4) Tile<Tile8x1>(ref a, ref b, ref tile, width, rows, size);
            else if (panel == 3) Tile<Tile4x3>(ref a, ref b, ref tile, width, rows, size);
            else if (panel == 2) Tile<Tile4x2>(ref a, ref b, ref tile, width, rows, size);
            else Tile<Tile4x1>(ref a, ref b, ref tile, width, rows, size);
            for (nint i = 0; i < size; i++)
            {
                ref var to = ref Unsafe.Add(ref g, (lane * TLane.Width + i) * width + first);
                for (nint f = 0; f < columns; f++) Unsafe.Add(ref to, f) += Unsafe.Add(ref tile, f * size + i);
            }
        }
    }

    /// <summary>tile (=) aᵀ·b over the rows, one beside the other at a stride of <paramref name="size"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TShape>(ref float a, ref float b, ref float tile, nint width, int rows, nint size)
        where TShape : struct, ITileShape =>
        GemmTile<TLane>.Run<TShape>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
}
