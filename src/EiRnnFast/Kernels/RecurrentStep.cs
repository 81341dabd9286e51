using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EiRnnFast.Kernels.Cells;
using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

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
        var epilogue = new InputAndState<TLane, TCell>
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
        {
            Multiply(step.HPrevious, step.Packed, step.H, step.Rows, step.Units, width, terms, step.Columns, step.Pattern.Blocks,
                ref epilogue);
            ForwardFringe(step, width, ref epilogue);
        }
        if (!TCell.IsZeroAtZero && width > step.Units && step.Columns.End(width) == width && step.Columns.First < width)
            for (var row = 0; row < step.Rows; row++) step.H[(row * width + step.Units)..((row + 1) * width)].Clear();
    }

    /// <summary>See <see cref="KernelSet.BackwardStep"/>.</summary>
    public static void Backward(in BackwardOperands step, int width)
    {
        var edge = step.Edge;
        var epilogue = new ReadoutAndSlope<TLane, TCell>
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
        {
            SparseProduct<TLane>.Multiply(step.DNext, sparse, step.D, step.Rows, step.Units, width, step.Columns,
                step.Pattern.Scratch, ref epilogue);
            return;
        }
        Multiply(step.DNext, step.Packed, step.D, step.Rows, step.Units, width, MostTerms, step.Columns, step.Pattern.Back, ref epilogue);
        if (Fringe<TLane>.Of(step.Columns, step.Units, width).HasFringe)
            FringeByRows(step.DNext, step.Packed, step.D, 0, step.Rows, step.Units, width, ref epilogue);
    }

    private static void Multiply<TEpilogue>(ReadOnlySpan<float> a, ReadOnlySpan<float> packed, Span<float> c,
        int rows, int units, int width, int terms, Columns columns, BlockRanges? blocks, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        ref var b0 = ref MemoryMarshal.GetReference(packed);
        var (lane, lanes, _) = Fringe<TLane>.Of(columns, units, width);
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
    }

    /// <summary>
    /// The fringe of the states, where this share has it. Where it takes fewer lanes, the batch fills the lanes of the epilogue.
    /// </summary>
    private static void ForwardFringe(in ForwardOperands step, int width, ref InputAndState<TLane, TCell> epilogue)
    {
        const int most = Fringe<TLane>.MostRows;
        int units = step.Units, columns = Fringe<TLane>.Columns(units), first = units - columns;
        if (!Fringe<TLane>.Of(step.Columns, units, width).HasFringe) return;
        ref var h0 = ref MemoryMarshal.GetReference(step.HPrevious);
        ref var packed = ref Unsafe.Add(ref MemoryMarshal.GetReference(step.Packed), units * first);
        Span<float> scratch = stackalloc float[TLane.Width / 2 * most];
        ref var sums = ref MemoryMarshal.GetReference(scratch);
        for (var row = 0; row < step.Rows; row += most)
        {
            var count = Math.Min(step.Rows - row, most);
            if (TCell.HasLeak || !Fringe<TLane>.IsByColumns(units, count))
            {
                FringeByRows(step.HPrevious, step.Packed, step.H, row, count, units, width, ref epilogue);
                continue;
            }
            Fringe<TLane>.Multiply(ref Unsafe.Add(ref h0, row * width), ref packed, ref sums, count, units, width, 1, most);
            epilogue.FinishColumns(ref sums, ref step.H[row * width + first], row, count, first, columns);
        }
    }

    /// <summary>The fringe of some rows, each in a lane of its own.</summary>
    private static void FringeByRows<TEpilogue>(ReadOnlySpan<float> a, ReadOnlySpan<float> packed, Span<float> c, int row, int count,
        int units, int width, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        var first = units - Fringe<TLane>.Columns(units);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        Fringe<TLane>.Multiply(ref Unsafe.Add(ref MemoryMarshal.GetReference(a), row * width),
            ref Unsafe.Add(ref MemoryMarshal.GetReference(packed), units * first), ref Unsafe.Add(ref c0, row * width + first),
            count, units, width, width, 1);
        var (high, end) = (row + count / 8 * 8, row + count);
        if (high > row) Finish<Tile8x1, TEpilogue>(ref c0, row, high, width, first, ref epilogue);
        if (high < end) Finish<Tile2x1, TEpilogue>(ref c0, high, end, width, first, ref epilogue);
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
}
