using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>What happens to a tile of sums as soon as it is complete, while it is in L1.</summary>
internal interface IEpilogue<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Finishes, in place, the tile whose first element is row <paramref name="row"/>, column <paramref name="column"/> of C.</summary>
    void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape;
}

/// <summary>One timestep of a batch, forward and backward: a matrix product by register tiles, each finished by its epilogue.</summary>
internal static class RecurrentStep<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>
    /// Longest run of terms in one sum. A trained network of 500 units at the edge of stability turns the rounding of whole
    /// sums into an error of 7e-6 after 200 steps (NumPy: the same), that of sums in parts of 128 into 3e-6. It is also the
    /// depth at which a panel of W_rec, 24 KiB, stays in L1 for all row tiles.
    /// </summary>
    private const int TermsPerSum = 128;

    /// <summary>
    /// packed (=) W or Wᵀ, panel after panel: the panel of columns [c, c+P) holds, for k = 0…N−1, its P values of row k.
    /// The panel starts at packed[N·c].
    /// </summary>
    public static void Pack(ReadOnlySpan<float> w, int units, int width, bool transpose, Span<float> packed)
    {
        const int blockRows = 64; // of the packed panel, 12 KiB: stays in L1 while columns are written into it one by one
        var lanes = width / TLane.Width;
        for (int lane = 0, panel; lane < lanes; lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(lanes - lane);
            int first = lane * TLane.Width, count = panel * TLane.Width;
            var to = packed.Slice(units * first, units * count);
            if (!transpose)
            {
                for (var k = 0; k < units; k++) w.Slice(k * width + first, count).CopyTo(to[(k * count)..]);
                continue;
            }
            for (var block = 0; block < units; block += blockRows)
            {
                var rows = Math.Min(blockRows, units - block);
                for (var j = 0; j < count; j++)
                {
                    ref var target = ref to[block * count + j];
                    if (first + j >= units)
                        for (var k = 0; k < rows; k++) Unsafe.Add(ref target, k * count) = 0;
                    else
                    {
                        var source = w.Slice((first + j) * width + block, rows);
                        for (var k = 0; k < source.Length; k++) Unsafe.Add(ref target, k * count) = source[k];
                    }
                }
            }
        }
    }

    /// <summary>See <see cref="KernelSet.ForwardStep"/>.</summary>
    public static void Forward(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, TimeSlice x,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units, int width)
    {
        var epilogue = new InputAndTanh
        {
            X = ref MemoryMarshal.GetReference(x.Values), RowStride = x.RowStride, Inputs = x.Channels,
            WIn = ref MemoryMarshal.GetReference(wIn), Bias = ref MemoryMarshal.GetReference(bias), Width = width,
        };
        Multiply(hPrevious, packed, h, rows, units, width, ref epilogue);
    }

    /// <summary>See <see cref="KernelSet.BackwardStep"/>.</summary>
    public static void Backward(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, TimeSlice x, TimeSlice dy, ReadOnlySpan<float> wOut,
        ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units, int width)
    {
        var epilogue = new ReadoutAndSlope
        {
            X = ref MemoryMarshal.GetReference(x.Values), XStride = x.RowStride, Inputs = x.Channels,
            Dy = ref MemoryMarshal.GetReference(dy.Values), DyStride = dy.RowStride, Outputs = dy.Channels,
            WOut = ref MemoryMarshal.GetReference(wOut), H = ref MemoryMarshal.GetReference(h),
            DWIn = ref MemoryMarshal.GetReference(edge.WIn), DBias = ref MemoryMarshal.GetReference(edge.Bias),
            DWOut = ref MemoryMarshal.GetReference(edge.WOut), Width = width,
        };
        Multiply(dNext, packed, d, rows, units, width, ref epilogue);
    }

    private static void Multiply<TEpilogue>(ReadOnlySpan<float> a, ReadOnlySpan<float> packed, Span<float> c, int rows, int units, int width,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        ref var b0 = ref MemoryMarshal.GetReference(packed);
        var lanes = width / TLane.Width;
        for (int lane = 0, panel; lane < lanes; lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(lanes - lane);
            nint column = lane * TLane.Width;
            ref var b = ref Unsafe.Add(ref b0, column * units);
            if (panel == 3) Panel<Tile8x3, Tile4x3, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
            else if (panel == 2) Panel<Tile8x2, Tile4x2, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
            else Panel<Tile8x1, Tile4x1, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<THigh, TLow, TEpilogue>(ref float a, ref float b, ref float c, int rows, int units, int width, nint column,
        ref TEpilogue epilogue)
        where THigh : struct, ITileShape
        where TLow : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (nint k = 0; k < units; k += TermsPerSum)
        {
            var depth = Math.Min(units - k, TermsPerSum);
            var last = k + depth == units;
            ref var part = ref Unsafe.Add(ref b, k * THigh.Lanes * TLane.Width);
            nint row = 0;
            if (TLane.TileRows == THigh.Rows)
                for (; row + THigh.Rows <= rows; row += THigh.Rows)
                {
                    ref var tile = ref Unsafe.Add(ref c, row * width + column);
                    GemmTile<TLane>.Run<THigh>(ref Unsafe.Add(ref a, row * width + k), width, 1, ref part, THigh.Lanes * TLane.Width, depth,
                        ref tile, width, accumulate: k > 0);
                    if (last) epilogue.Finish<THigh>(ref tile, row, column);
                }
            for (; row < rows; row += TLow.Rows)
            {
                ref var tile = ref Unsafe.Add(ref c, row * width + column);
                GemmTile<TLane>.Run<TLow>(ref Unsafe.Add(ref a, row * width + k), width, 1, ref part, TLow.Lanes * TLane.Width, depth,
                    ref tile, width, accumulate: k > 0);
                if (last) epilogue.Finish<TLow>(ref tile, row, column);
            }
        }
    }

    /// <summary>h (=) tanh(sum + b + Σ_i x_i·W_in[i]).</summary>
    private ref struct InputAndTanh : IEpilogue<TLane>
    {
        public ref float X, WIn, Bias;
        public nint RowStride, Inputs, Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape
        {
            for (nint lane = 0; lane < TShape.Lanes; lane++, column += TLane.Width)
            {
                var bias = TLane.Load(ref Unsafe.Add(ref Bias, column));
                ref var x = ref Unsafe.Add(ref X, row * RowStride);
                ref var h = ref Unsafe.Add(ref tile, lane * TLane.Width);
                for (var r = 0; r < TShape.Rows; r++, x = ref Unsafe.Add(ref x, RowStride), h = ref Unsafe.Add(ref h, Width))
                {
                    var sum = TLane.Load(ref h) + bias;
                    ref var w = ref Unsafe.Add(ref WIn, column);
                    for (nint i = 0; i < Inputs; i++, w = ref Unsafe.Add(ref w, Width))
                        sum = TLane.MultiplyAdd(TLane.Broadcast(Unsafe.Add(ref x, i)), TLane.Load(ref w), sum);
                    TLane.Store(Tanh.Of(sum), ref h);
                }
            }
        }
    }

    /// <summary>
    /// δ (=) (sum + Σ_o dy_o·W_out[o])·(1 − h²), and what follows from δ and h while they are at hand:
    /// db (+=) Σ_r δ, dW_in[i] (+=) Σ_r x_i·δ, dW_out[o] (+=) Σ_r dy_o·h over the tile's rows.
    /// </summary>
    private ref struct ReadoutAndSlope : IEpilogue<TLane>
    {
        public ref float X, Dy, WOut, H, DWIn, DBias, DWOut;
        public nint XStride, Inputs, DyStride, Outputs, Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape
        {
            ref var x0 = ref Unsafe.Add(ref X, row * XStride);
            ref var dy0 = ref Unsafe.Add(ref Dy, row * DyStride);
            for (nint lane = 0; lane < TShape.Lanes; lane++, column += TLane.Width)
            {
                ref var d0 = ref Unsafe.Add(ref tile, lane * TLane.Width);
                ref var h0 = ref Unsafe.Add(ref H, row * Width + column);
                TLane one = TLane.Broadcast(1f), total = default;
                ref var dy = ref dy0;
                ref var d = ref d0;
                ref var h = ref h0;
                for (var r = 0; r < TShape.Rows; r++, dy = ref Unsafe.Add(ref dy, DyStride), d = ref Unsafe.Add(ref d, Width), h = ref Unsafe.Add(ref h, Width))
                {
                    var sum = TLane.Load(ref d);
                    ref var w = ref Unsafe.Add(ref WOut, column);
                    for (nint o = 0; o < Outputs; o++, w = ref Unsafe.Add(ref w, Width))
                        sum = TLane.MultiplyAdd(TLane.Broadcast(Unsafe.Add(ref dy, o)), TLane.Load(ref w), sum);
                    var state = TLane.Load(ref h);
                    sum *= one - state * state;
                    TLane.Store(sum, ref d);
                    total += sum;
                }
                Add(ref Unsafe.Add(ref DBias, column), total);
                for (nint i = 0; i < Inputs; i++)
                    Add(ref Unsafe.Add(ref DWIn, i * Width + column), Weighted<TShape>(ref Unsafe.Add(ref x0, i), XStride, ref d0));
                for (nint o = 0; o < Outputs; o++)
                    Add(ref Unsafe.Add(ref DWOut, o * Width + column), Weighted<TShape>(ref Unsafe.Add(ref dy0, o), DyStride, ref h0));
            }
        }

        /// <summary>Σ_r weight_r·value_r over the tile's rows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly TLane Weighted<TShape>(ref float weight, nint stride, ref float value) where TShape : struct, ITileShape
        {
            TLane sum = default;
            for (var r = 0; r < TShape.Rows; r++, weight = ref Unsafe.Add(ref weight, stride), value = ref Unsafe.Add(ref value, Width))
                sum = TLane.MultiplyAdd(TLane.Broadcast(weight), TLane.Load(ref value), sum);
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(ref float place, TLane sum) => TLane.Store(TLane.Load(ref place) + sum, ref place);
    }
}
