using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// dW_rec as a sum of outer products over the rows (trials) of a few timesteps. Both operands are read row-major as they
/// were written; the caller picks so few timesteps that they stay in L2.
/// </summary>
internal static class WeightGradient<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>See <see cref="KernelSet.AccumulateRecurrentGradient"/>.</summary>
    public static void Recurrent(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, int width, Span<float> dWRec)
    {
        ref var h0 = ref MemoryMarshal.GetReference(hPrevious);
        ref var d0 = ref MemoryMarshal.GetReference(d);
        ref var g0 = ref MemoryMarshal.GetReference(dWRec);
        var lanes = Fringe<TLane>.LanesBefore(units);
        for (int lane = 0, panel; lane < lanes; lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(lanes - lane);
            nint column = lane * TLane.Width;
            ref var b = ref Unsafe.Add(ref d0, column);
            ref var g = ref Unsafe.Add(ref g0, column);
            if (panel == 3) Panel<Tile8x3, Tile4x3>(ref h0, ref b, ref g, rows, units, width);
            else if (panel == 2) Panel<Tile8x2, Tile4x2>(ref h0, ref b, ref g, rows, units, width);
            else Panel<Tile8x1, Tile4x1>(ref h0, ref b, ref g, rows, units, width);
        }
        if (Fringe<TLane>.Columns(units) > 0) Fringe<TLane>.RecurrentGradient(ref h0, ref d0, rows, units, width, ref g0);
    }

    private static void Panel<THigh, TLow>(ref float h, ref float d, ref float g, int rows, int units, int width)
        where THigh : struct, ITileShape
        where TLow : struct, ITileShape
    {
        var high = TLane.TileRows == THigh.Rows ? units / THigh.Rows * THigh.Rows : 0;
        if (high > 0) Tiles<THigh>(ref h, ref d, ref g, 0, high, rows, width);
        if (high < units) Tiles<TLow>(ref h, ref d, ref g, high, units, rows, width);
    }

    /// <summary>Tiles of units first … last−1. One tile shape a method: two would exceed what the JIT inlines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TShape>(ref float h, ref float d, ref float g, nint first, nint last, int rows, int width) where TShape : struct, ITileShape
    {
        for (var i = first; i < last; i += TShape.Rows)
            GemmTile<TLane>.Run<TShape>(ref Unsafe.Add(ref h, i), 1, width, ref d, width, rows, ref Unsafe.Add(ref g, i * width), width, accumulate: true);
    }

    /// <summary>See <see cref="KernelSet.Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> values, Span<float> total)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(total);
        for (nint i = 0; i < total.Length; i += TLane.Width)
            TLane.Store(TLane.Load(ref Unsafe.Add(ref to, i)) + TLane.Load(ref Unsafe.Add(ref from, i)), ref Unsafe.Add(ref to, i));
    }
}
