using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Cells;

namespace EiRnnFast.Kernels;

/// <summary>
/// δ (=) (sum + Σ_o dy_o·W_out[o])·slope at h, and what follows from δ and h while they are at hand:
/// db (+=) Σ_r δ, dW_in[i] (+=) Σ_r x_i·δ, dW_out[o] (+=) Σ_r dy_o·h over the tile's rows.
/// </summary>
internal ref struct ReadoutAndSlope<TLane, TCell> : IEpilogue<TLane> where TLane : struct, ILane<TLane> where TCell : struct, ICell
{
    public ref float X, Dy, WOut, H, DWIn, DBias, DWOut, After, Alpha, Kept, Carry, RatePull, RateGradient;
    public bool HasRatePull, HasRateGradient;
    public nint Stride, Inputs, Outputs, Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prepare<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape
    {
        GemmTile<TLane>.Prefetch<TShape>(ref tile, Width);
        GemmTile<TLane>.Prefetch<TShape>(ref Unsafe.Add(ref H, row * Width + column), Width);
        if (TCell.HasLeak) GemmTile<TLane>.Prefetch<TShape>(ref Unsafe.Add(ref Kept, row * Width + column), Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape
    {
        nint width = Width, stride = Stride, inputs = Inputs, outputs = Outputs, second = inputs > 1 ? stride : 0;
        ref var x0 = ref Unsafe.Add(ref X, row);
        ref var dy0 = ref Unsafe.Add(ref Dy, row);
        var least = TLane.Broadcast(KernelSet.LeastDelta);
        for (nint lane = 0; lane < TShape.Lanes; lane++, column += TLane.Width)
        {
            // The first output and the first two inputs, all that most tasks have, keep their sums in registers.
            TLane dBias = default, dIn0 = default, dIn1 = default, dOut = default;
            var w0 = TLane.Load(ref Unsafe.Add(ref WOut, column));
            ref var d = ref Unsafe.Add(ref tile, lane * TLane.Width);
            ref var h = ref Unsafe.Add(ref H, row * width + column);
            ref var x = ref x0;
            ref var dy = ref dy0;
            var leak = TCell.HasLeak ? new Leak<TLane>(TLane.Load(ref Unsafe.Add(ref Alpha, column))) : default;
            ref var after = ref Unsafe.Add(ref After, row * width + column);
            ref var kept = ref Unsafe.Add(ref Kept, row * width + column);
            ref var carry = ref Unsafe.Add(ref Carry, row * width + column);
            for (var r = 0; r < TShape.Rows; r += 2)
            {
                var pull = Pair<TLane>.Broadcast(ref dy);
                var sum = Pair<TLane>.MultiplyAdd(pull, Pair<TLane>.Same(w0), Pair<TLane>.Load(ref d, width));
                for (nint o = 1; o < outputs; o++)
                    sum = Pair<TLane>.MultiplyAdd(Pair<TLane>.Broadcast(ref Unsafe.Add(ref dy, o * stride)),
                        Pair<TLane>.Same(TLane.Load(ref Unsafe.Add(ref WOut, o * width + column))), sum);
                var state = Pair<TLane>.Load(ref h, width);
                dOut = Pair<TLane>.Dot(pull, state, dOut);
                if (TCell.HasLeak && HasRatePull)
                    sum = Pair<TLane>.MultiplyAdd(Pair<TLane>.Broadcast(ref Unsafe.Add(ref RatePull, row + r)), state, sum);
                if (TCell.HasLeak && HasRateGradient)
                    sum += Pair<TLane>.Load(ref Unsafe.Add(ref RateGradient, (row + r) * width + column), width);
                sum = TCell.Delta(sum, state, leak, ref Unsafe.Add(ref after, r * width), ref Unsafe.Add(ref kept, r * width),
                    ref Unsafe.Add(ref carry, r * width), width);
                sum = Pair<TLane>.Flush(sum, sum, Pair<TLane>.Same(least));
                Pair<TLane>.Store(sum, ref d, width);
                dBias += Pair<TLane>.SumOfRows(sum);
                dIn0 = Pair<TLane>.Dot(Pair<TLane>.Broadcast(ref x), sum, dIn0);
                dIn1 = Pair<TLane>.Dot(Pair<TLane>.Broadcast(ref Unsafe.Add(ref x, second)), sum, dIn1);
                x = ref Unsafe.Add(ref x, 2);
                dy = ref Unsafe.Add(ref dy, 2);
                d = ref Unsafe.Add(ref d, 2 * width);
                h = ref Unsafe.Add(ref h, 2 * width);
            }
            Add(ref Unsafe.Add(ref DBias, column), dBias);
            Add(ref Unsafe.Add(ref DWIn, column), dIn0);
            if (inputs > 1) Add(ref Unsafe.Add(ref DWIn, width + column), dIn1);
            Add(ref Unsafe.Add(ref DWOut, column), dOut);
            ref var dColumn = ref Unsafe.Add(ref tile, lane * TLane.Width);
            ref var hColumn = ref Unsafe.Add(ref H, row * width + column);
            for (nint i = 2; i < inputs; i++)
                Add(ref Unsafe.Add(ref DWIn, i * width + column), Weighted<TShape>(ref Unsafe.Add(ref x0, i * stride), ref dColumn));
            for (nint o = 1; o < outputs; o++)
                Add(ref Unsafe.Add(ref DWOut, o * width + column), Weighted<TShape>(ref Unsafe.Add(ref dy0, o * stride), ref hColumn));
        }
    }

    /// <summary>Σ_r weight_r·value_r over the tile's rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TLane Weighted<TShape>(ref float weight, ref float value) where TShape : struct, ITileShape
    {
        TLane sum = default;
        for (var r = 0; r < TShape.Rows; r++)
        {
            sum = TLane.MultiplyAdd(TLane.Broadcast(weight), TLane.Load(ref value), sum);
            weight = ref Unsafe.Add(ref weight, 1);
            value = ref Unsafe.Add(ref value, Width);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref float place, TLane sum) => TLane.Store(TLane.Load(ref place) + sum, ref place);
}
