using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Cells;

namespace EiRnnFast.Kernels;

/// <summary>h (=) the cell's rate at sum + b + Σ_i x_i·W_in[i].</summary>
internal ref struct InputAndState<TLane, TCell> : IEpilogue<TLane> where TLane : struct, ILane<TLane> where TCell : struct, ICell
{
    public ref float X, WIn, Bias, Before, Alpha, Kept, Noise;
    public bool HasNoise;
    public nint Stride, Inputs, Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prepare<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape
    {
        GemmTile<TLane>.Prefetch<TShape>(ref tile, Width);
        if (TCell.HasLeak) GemmTile<TLane>.Prefetch<TShape>(ref Unsafe.Add(ref Kept, row * Width + column), Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape
    {
        nint width = Width, stride = Stride, inputs = Inputs, second = inputs > 1 ? stride : 0;
        var least = TLane.Broadcast(KernelSet.LeastState);
        for (nint lane = 0; lane < TShape.Lanes; lane++, column += TLane.Width)
        {
            // The first two inputs, all that most tasks have, keep their weights in registers.
            var bias = TLane.Load(ref Unsafe.Add(ref Bias, column));
            var w0 = TLane.Load(ref Unsafe.Add(ref WIn, column));
            var w1 = inputs > 1 ? TLane.Load(ref Unsafe.Add(ref WIn, width + column)) : default;
            ref var x = ref Unsafe.Add(ref X, row);
            ref var h = ref Unsafe.Add(ref tile, lane * TLane.Width);
            var leak = TCell.HasLeak ? new Leak<TLane>(TLane.Load(ref Unsafe.Add(ref Alpha, column))) : default;
            ref var before = ref Unsafe.Add(ref Before, row * width + column);
            ref var kept = ref Unsafe.Add(ref Kept, row * width + column);
            for (var r = 0; r < TShape.Rows; r += 2)
            {
                var drive = Pair<TLane>.MultiplyAdd(Pair<TLane>.Broadcast(ref x), Pair<TLane>.Same(w0), Pair<TLane>.Same(bias));
                drive = Pair<TLane>.MultiplyAdd(Pair<TLane>.Broadcast(ref Unsafe.Add(ref x, second)), Pair<TLane>.Same(w1), drive);
                for (nint i = 2; i < inputs; i++)
                    drive = Pair<TLane>.MultiplyAdd(Pair<TLane>.Broadcast(ref Unsafe.Add(ref x, i * stride)),
                        Pair<TLane>.Same(TLane.Load(ref Unsafe.Add(ref WIn, i * width + column))), drive);
                var sum = Pair<TLane>.Load(ref h, width) + drive;
                if (TCell.HasLeak && HasNoise)
                    sum += Pair<TLane>.Load(ref Unsafe.Add(ref Noise, (row + r) * width + column), width);
                var rate = TCell.Rate(sum, Pair<TLane>.Same(least), leak,
                    ref Unsafe.Add(ref before, r * width), ref Unsafe.Add(ref kept, r * width), width);
                Pair<TLane>.Store(rate, ref h, width);
                x = ref Unsafe.Add(ref x, 2);
                h = ref Unsafe.Add(ref h, 2 * width);
            }
        }
    }

    /// <summary>
    /// Finishes columns of C whose sums lie column after column, <see cref="Fringe{TLane}.MostRows"/> floats apart, the rows next to each
    /// other: the batch fills the lanes. For cells without a leak: others read more than their sum.
    /// </summary>
    /// <param name="sums">The sums; overwritten.</param>
    /// <param name="c">The first of the columns of C at the first of the rows.</param>
    /// <param name="row">The first of the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="column">The first of the columns.</param>
    /// <param name="columns">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void FinishColumns(ref float sums, ref float c, nint row, nint rows, nint column, nint columns)
    {
        nint width = Width, stride = Stride, inputs = Inputs;
        var least = Pair<TLane>.Broadcast(KernelSet.LeastState);
        ref var x0 = ref Unsafe.Add(ref X, row);
        for (; columns > 0; columns--, column++, sums = ref Unsafe.Add(ref sums, Fringe<TLane>.MostRows), c = ref Unsafe.Add(ref c, 1))
        {
            var bias = Pair<TLane>.Broadcast(Unsafe.Add(ref Bias, column));
            for (nint r = 0; r < rows; r += 2 * TLane.Width)
            {
                var next = r + TLane.Width < rows ? TLane.Width : 0; // of an odd number of lanes, the last one is its own pair
                ref var sum = ref Unsafe.Add(ref sums, r);
                var drive = bias;
                for (nint i = 0; i < inputs; i++)
                    drive = Pair<TLane>.MultiplyAdd(Pair<TLane>.Load(ref Unsafe.Add(ref x0, i * stride + r), next),
                        Pair<TLane>.Broadcast(Unsafe.Add(ref WIn, i * width + column)), drive);
                var rate = TCell.Rate(Pair<TLane>.Load(ref sum, next) + drive, least, default, ref sum, ref sum, next);
                Pair<TLane>.Store(rate, ref sum, next);
            }
            ref var to = ref c;
            for (nint r = 0; r < rows; r++, to = ref Unsafe.Add(ref to, width)) to = Unsafe.Add(ref sums, r);
        }
    }
}
