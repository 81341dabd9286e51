using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// Gradients of the weights into the units, as sums of outer products over the rows (trials) of a few timesteps.
/// Both operands are read row-major as they were written; the caller picks so few timesteps that they stay in L2.
/// </summary>
internal static class WeightGradient<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>See <see cref="KernelSet.AccumulateRecurrentGradient"/>.</summary>
    public static void Recurrent(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, int width, Span<float> dWRec)
    {
        ref var h0 = ref MemoryMarshal.GetReference(hPrevious);
        ref var d0 = ref MemoryMarshal.GetReference(d);
        ref var g0 = ref MemoryMarshal.GetReference(dWRec);
        var lanes = width / TLane.Width;
        for (int lane = 0, panel; lane < lanes; lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(lanes - lane);
            nint column = lane * TLane.Width;
            ref var b = ref Unsafe.Add(ref d0, column);
            ref var g = ref Unsafe.Add(ref g0, column);
            if (TLane.TileRows == 8)
            {
                if (panel == 3) Panel<Tile8x3>(ref h0, ref b, ref g, rows, units, width);
                else if (panel == 2) Panel<Tile8x2>(ref h0, ref b, ref g, rows, units, width);
                else Panel<Tile8x1>(ref h0, ref b, ref g, rows, units, width);
            }
            else
            {
                if (panel == 3) Panel<Tile4x3>(ref h0, ref b, ref g, rows, units, width);
                else if (panel == 2) Panel<Tile4x2>(ref h0, ref b, ref g, rows, units, width);
                else Panel<Tile4x1>(ref h0, ref b, ref g, rows, units, width);
            }
        }
    }

    private static void Panel<TShape>(ref float h, ref float d, ref float g, int rows, int units, int width) where TShape : struct, ITileShape
    {
        for (nint i = 0; i < units; i += TShape.Rows)
            GemmTile<TLane>.Run<TShape>(ref Unsafe.Add(ref h, i), 1, width, ref d, width, rows, ref Unsafe.Add(ref g, i * width), width, accumulate: true);
    }

    /// <summary>See <see cref="KernelSet.AccumulateInputGradient"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> d, int rows, int width, Span<float> dWIn, Span<float> dBias)
    {
        ref var x0 = ref MemoryMarshal.GetReference(x);
        ref var d0 = ref MemoryMarshal.GetReference(d);
        for (nint column = 0; column < width; column += TLane.Width)
        {
            ref var dColumn = ref Unsafe.Add(ref d0, column);
            var sum = TLane.Broadcast(0f);
            for (nint r = 0; r < rows; r++) sum += TLane.Load(ref Unsafe.Add(ref dColumn, r * width));
            Add(dBias, column, sum);
            for (var i = 0; i < inputs; i++)
            {
                sum = TLane.Broadcast(0f);
                for (nint r = 0; r < rows; r++)
                    sum = TLane.MultiplyAdd(TLane.Broadcast(Unsafe.Add(ref x0, r * inputs + i)), TLane.Load(ref Unsafe.Add(ref dColumn, r * width)), sum);
                Add(dWIn, i * width + column, sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Span<float> total, nint at, TLane sum)
    {
        ref var place = ref Unsafe.Add(ref MemoryMarshal.GetReference(total), at);
        TLane.Store(TLane.Load(ref place) + sum, ref place);
    }
}
