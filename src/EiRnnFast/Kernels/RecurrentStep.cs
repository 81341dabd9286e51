using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EiRnnFast.Kernels.Cells;
using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

/// <summary>What happens to a tile of sums as soon as it is complete, while it is in L1.</summary>
internal interface IEpilogue<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Called before the tile is computed: the time to ask for what <see cref="Finish"/> will read.</summary>
    void Prepare<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape;

    /// <summary>
    /// Finishes, in place, the tile whose first element is row <paramref name="row"/>, column <paramref name="column"/> of C.
    /// </summary>
    void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape;
}

/// <summary>One timestep of a batch, forward and backward: a matrix product by register tiles, each finished by its epilogue.</summary>
internal static class RecurrentStep<TLane, TCell> where TLane : struct, ILane<TLane> where TCell : struct, ICell
{
    /// <summary>Longest run of terms in one sum: a panel of W_rec of that depth stays in L1 for all row tiles.</summary>
    private const int MostTerms = 128;

    /// <summary>
    /// The same of a forward step of more units than that. A trained network of 500 units at the edge of stability turns the
    /// rounding of whole sums into an error of 7e-6 after 200 steps (NumPy: the same), that of sums in parts of 64 into less than 5e-6.
    /// </summary>
    private const int ForwardTerms = 64;

    /// <summary>
    /// packed (=) W or Wᵀ, panel after panel: the panel of columns [c, c+P) holds, for k = 0…N−1, its P values of row k.
    /// The panel starts at packed[N·c], whatever else is packed; the columns of the fringe come last.
    /// </summary>
    public static void Pack(ReadOnlySpan<float> w, int units, int width, bool transpose, Span<float> packed, Columns columns,
        BlockRanges? blocks)
    {
        const int blockRows = 64; // of the packed panel, 12 KiB: stays in L1 while columns are written into it one by one
        var (lane, lanes, hasFringe) = Fringe<TLane>.Of(columns, units, width);
        if (hasFringe) Fringe<TLane>.Pack(w, units, width, transpose, packed[(units * lanes * TLane.Width)..]);
        for (int panel; lane < lanes; lane += panel)
        {
            panel = BlockPanel<TLane>.Lanes(blocks, lane, lanes - lane);
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
    public static void Forward(in ForwardOperands step, int width)
    {
        var epilogue = new InputAndState
        {
            X = ref MemoryMarshal.GetReference(step.X), WIn = ref MemoryMarshal.GetReference(step.WIn),
            Bias = ref MemoryMarshal.GetReference(step.Bias), Before = ref MemoryMarshal.GetReference(step.HPrevious),
            Alpha = ref MemoryMarshal.GetReference(step.Leak.Alpha), Kept = ref MemoryMarshal.GetReference(step.Leak.Kept),
            Noise = ref MemoryMarshal.GetReference(step.Leak.Noise), HasNoise = !step.Leak.Noise.IsEmpty,
            Stride = step.Stride, Inputs = step.WIn.Length / width, Width = width,
        };
        var terms = step.Units > MostTerms ? ForwardTerms : MostTerms;
        if (step.Pattern.Columns is { } sparse)
            SparseProduct<TLane>.Multiply(step.HPrevious, sparse, step.H, step.Rows, step.Units, width, step.Columns,
                step.Pattern.Scratch, ref epilogue);
        else
            Multiply(step.HPrevious, step.Packed, step.H, step.Rows, step.Units, width, terms, step.Columns, step.Pattern.Blocks,
                ref epilogue);
        if (!TCell.IsZeroAtZero && width > step.Units && step.Columns.End(width) == width && step.Columns.First < width)
            for (var row = 0; row < step.Rows; row++) step.H[(row * width + step.Units)..((row + 1) * width)].Clear();
    }

    /// <summary>See <see cref="KernelSet.BackwardStep"/>.</summary>
    public static void Backward(in BackwardOperands step, int width)
    {
        var edge = step.Edge;
        var epilogue = new ReadoutAndSlope
        {
            X = ref MemoryMarshal.GetReference(step.X), Dy = ref MemoryMarshal.GetReference(step.Dy),
            WOut = ref MemoryMarshal.GetReference(step.WOut), H = ref MemoryMarshal.GetReference(step.H),
            DWIn = ref MemoryMarshal.GetReference(edge.WIn), DBias = ref MemoryMarshal.GetReference(edge.Bias),
            DWOut = ref MemoryMarshal.GetReference(edge.WOut), After = ref MemoryMarshal.GetReference(step.DNext),
            Alpha = ref MemoryMarshal.GetReference(step.Leak.Alpha), Kept = ref MemoryMarshal.GetReference(step.Leak.Kept),
            Carry = ref MemoryMarshal.GetReference(step.Leak.Carry),
            RatePull = ref MemoryMarshal.GetReference(step.Leak.RatePull), HasRatePull = !step.Leak.RatePull.IsEmpty,
            RateGradient = ref MemoryMarshal.GetReference(step.Leak.RateGradient), HasRateGradient = !step.Leak.RateGradient.IsEmpty,
            Stride = step.Stride, Inputs = edge.WIn.Length / width, Outputs = edge.WOut.Length / width, Width = width,
        };
        if (step.Pattern.Rows is { } sparse)
            SparseProduct<TLane>.Multiply(step.DNext, sparse, step.D, step.Rows, step.Units, width, step.Columns,
                step.Pattern.Scratch, ref epilogue);
        else
            Multiply(step.DNext, step.Packed, step.D, step.Rows, step.Units, width, MostTerms, step.Columns,
                step.Pattern.Back, ref epilogue);
    }

    private static void Multiply<TEpilogue>(ReadOnlySpan<float> a, ReadOnlySpan<float> packed, Span<float> c,
        int rows, int units, int width, int terms, Columns columns, BlockRanges? blocks, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        ref var b0 = ref MemoryMarshal.GetReference(packed);
        var (lane, lanes, hasFringe) = Fringe<TLane>.Of(columns, units, width);
        for (int panel; lane < lanes; lane += panel)
        {
            panel = BlockPanel<TLane>.Lanes(blocks, lane, lanes - lane);
            nint column = lane * TLane.Width;
            ref var b = ref Unsafe.Add(ref b0, column * units);
            if (blocks is not null)
                BlockPanel<TLane>.Multiply(ref a0, ref b, ref c0, blocks.Of(lane), column, panel, rows, width, ref epilogue);
            else if (panel == 3)
                Panel<Tile8x3, Tile4x3, Tile2x3, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, terms, column, ref epilogue);
            else if (panel == 2)
                Panel<Tile8x2, Tile4x2, Tile2x2, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, terms, column, ref epilogue);
            else
                Panel<Tile8x1, Tile4x1, Tile2x1, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, terms, column, ref epilogue);
        }
        if (!hasFringe) return;
        Fringe<TLane>.Multiply(ref a0, ref Unsafe.Add(ref b0, (nint)units * lanes * TLane.Width), ref c0, rows, units, width);
        var high = rows / 8 * 8;
        if (high > 0) Finish<Tile8x1, TEpilogue>(ref c0, 0, high, width, lanes * TLane.Width, ref epilogue);
        if (high < rows) Finish<Tile2x1, TEpilogue>(ref c0, high, rows, width, lanes * TLane.Width, ref epilogue);
    }

    /// <summary>The epilogue alone, over one lane of rows first … last−1.</summary>
    private static void Finish<TShape, TEpilogue>(ref float c, nint first, nint last, nint width, nint column, ref TEpilogue epilogue)
        where TShape : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (var row = first; row < last; row += TShape.Rows)
            epilogue.Finish<TShape>(ref Unsafe.Add(ref c, row * width + column), row, column);
    }

    private static void Panel<THigh, TMiddle, TLow, TEpilogue>(ref float a, ref float b, ref float c,
        int rows, int units, int width, int terms, nint column, ref TEpilogue epilogue)
        where THigh : struct, ITileShape
        where TMiddle : struct, ITileShape
        where TLow : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        var high = TLane.TileRows == THigh.Rows ? rows / THigh.Rows * THigh.Rows : 0;
        var middle = rows / TMiddle.Rows * TMiddle.Rows;
        for (nint k = 0; k < units; k += terms)
        {
            var depth = Math.Min(units - k, terms);
            if (high > 0) Tiles<THigh, TEpilogue>(ref a, ref b, ref c, 0, high, k, depth, units, width, column, ref epilogue);
            if (high < middle) Tiles<TMiddle, TEpilogue>(ref a, ref b, ref c, high, middle, k, depth, units, width, column, ref epilogue);
            if (middle < rows) Tiles<TLow, TEpilogue>(ref a, ref b, ref c, middle, rows, k, depth, units, width, column, ref epilogue);
        }
    }

    /// <summary>
    /// Terms k … k+depth−1 of the tiles of rows first … last−1. One tile shape a method: two would exceed what the JIT inlines.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TShape, TEpilogue>(ref float a, ref float b, ref float c,
        nint first, nint last, nint k, nint depth, nint units, nint width, nint column, ref TEpilogue epilogue)
        where TShape : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        nint step = TShape.Lanes * TLane.Width;
        ref var b0 = ref Unsafe.Add(ref b, k * step);
        for (var row = first; row < last; row += TShape.Rows)
        {
            ref var tile = ref Unsafe.Add(ref c, row * width + column);
            if (k + depth == units) epilogue.Prepare<TShape>(ref tile, row, column);
            ref var a0 = ref Unsafe.Add(ref a, row * width + k);
            GemmTile<TLane>.Run<TShape>(ref a0, width, 1, ref b0, step, depth, ref tile, width, accumulate: k > 0);
            if (k + depth == units) epilogue.Finish<TShape>(ref tile, row, column);
        }
    }

    /// <summary>h (=) the cell's rate at sum + b + Σ_i x_i·W_in[i].</summary>
    private ref struct InputAndState : IEpilogue<TLane>
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
    }

    /// <summary>
    /// δ (=) (sum + Σ_o dy_o·W_out[o])·slope at h, and what follows from δ and h while they are at hand:
    /// db (+=) Σ_r δ, dW_in[i] (+=) Σ_r x_i·δ, dW_out[o] (+=) Σ_r dy_o·h over the tile's rows.
    /// </summary>
    private ref struct ReadoutAndSlope : IEpilogue<TLane>
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
}
