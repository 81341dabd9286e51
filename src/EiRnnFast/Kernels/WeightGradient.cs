using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

/// <summary>
/// dW_rec as a sum of outer products over the rows (trials) of a few timesteps. Both operands are read row-major as they
/// were written; the caller picks so few timesteps that they stay in L2.
/// </summary>
internal static class WeightGradient<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>
    /// From this width on, both are copied before use. A tile reads a little of every row of h and δ; rows this long lie on
    /// pages of their own, more than the first level of address translation holds (96 on this kind of core).
    /// </summary>
    private const int LongRows = 256;

    /// <summary>Rows at a time then: with more, at 500 units, dW_rec and the copies no longer fit L2 together.</summary>
    private const int CopiedRows = 128;

    /// <summary>Columns of h that are copied side by side: one cache line of each row, two tiles' worth.</summary>
    private const int Group = 16;

    /// <summary>Floats of scratch memory for rows of a width: h, and one panel of δ.</summary>
    public static int ScratchLength(int width) => width < LongRows ? 0 : CopiedRows * (width + Group + 3 * TLane.Width);

    /// <summary>Floats of scratch memory for one panel of δ.</summary>
    public static int PanelLength(int width) => width < LongRows ? 0 : CopiedRows * 3 * TLane.Width;

    /// <summary>Most rows of h that lie in scratch memory at a time; 0 where they are read as they are.</summary>
    public static int CopiedAtATime(int width) => width < LongRows ? 0 : CopiedRows;

    /// <summary>See <see cref="KernelSet.AccumulateRecurrentGradient"/>.</summary>
    public static void Recurrent(in RecurrentGradientOperands block, int width)
    {
        if (block.Pattern.Columns is { } sparse) SparseGradient<TLane>.Accumulate(block, sparse, width);
        else if (width < LongRows) InPlace(block, width);
        else if (block.IsCopied) OfCopies(block, width, 0, block.Rows);
        else
            for (var row = 0; row < block.Rows; row += CopiedRows)
            {
                var count = Math.Min(CopiedRows, block.Rows - row);
                CopyStates(block, width, row, count);
                OfCopies(block, width, row, count);
            }
    }

    /// <summary>See <see cref="KernelSet.CopyStates"/>: the groups that begin in the share.</summary>
    public static void CopyStates(in RecurrentGradientOperands block, int width, int row, int count)
    {
        ref var groups = ref MemoryMarshal.GetReference(block.Scratch);
        ref var h0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.HPrevious), row * width);
        var end = Math.Min(block.Units, block.Columns.End(width));
        for (nint i = (block.Columns.First + Group - 1) / Group * Group; i < end; i += Group)
            Copy(ref Unsafe.Add(ref h0, i), count, width, ref Unsafe.Add(ref groups, i * CopiedRows), Group);
    }

    private static void InPlace(in RecurrentGradientOperands block, int width)
    {
        var (rows, units) = (block.Rows, block.Units);
        ref var g0 = ref MemoryMarshal.GetReference(block.DWRec);
        ref var h0 = ref MemoryMarshal.GetReference(block.HPrevious);
        ref var d0 = ref MemoryMarshal.GetReference(block.D);
        var h = new Groups(ref h0, Group, width);
        var (lane, lanes, hasFringe) = Fringe<TLane>.Of(block.Columns, units, width);
        for (int panel; lane < lanes; lane += panel)
        {
            panel = BlockPanel<TLane>.Lanes(block.Pattern.Blocks, lane, lanes - lane);
            var column = lane * TLane.Width;
            Panel(block.Pattern.Blocks, lane, panel, h, ref Unsafe.Add(ref d0, column), width, ref Unsafe.Add(ref g0, column), rows,
                units, width);
        }
        if (hasFringe) Fringe<TLane>.RecurrentGradient(ref h0, ref d0, rows, units, width, ref g0);
    }

    /// <summary>The share of rows row … row+count−1, whose h lies in scratch memory by groups.</summary>
    private static void OfCopies(in RecurrentGradientOperands block, int width, int row, int count)
    {
        var units = block.Units;
        ref var g0 = ref MemoryMarshal.GetReference(block.DWRec);
        ref var groups = ref MemoryMarshal.GetReference(block.Scratch);
        ref var b = ref block.Panel.IsEmpty ? ref Unsafe.Add(ref groups, CopiedRows * (width + Group))
            : ref MemoryMarshal.GetReference(block.Panel);
        ref var h0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.HPrevious), row * width);
        ref var d0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.D), row * width);
        var h = new Groups(ref groups, Group * CopiedRows, Group);
        var (lane, lanes, hasFringe) = Fringe<TLane>.Of(block.Columns, units, width);
        for (int panel; lane < lanes; lane += panel)
        {
            panel = BlockPanel<TLane>.Lanes(block.Pattern.Blocks, lane, lanes - lane);
            var (column, columns) = (lane * TLane.Width, panel * TLane.Width);
            Copy(ref Unsafe.Add(ref d0, column), count, width, ref b, columns);
            Panel(block.Pattern.Blocks, lane, panel, h, ref b, columns, ref Unsafe.Add(ref g0, column), count, units, width);
        }
        if (hasFringe) Fringe<TLane>.RecurrentGradient(ref h0, ref d0, count, units, width, ref g0);
    }

    /// <summary>h by groups of columns: row r, column i lies at first[i / Group · next + i % Group + r · step].</summary>
    private readonly ref struct Groups(ref float first, nint next, nint step)
    {
        public readonly ref float First = ref first;
        public nint Next { get; } = next;
        public nint Step { get; } = step;
    }

    /// <summary>A panel of dW_rec: all of it, or only the rows that have weights.</summary>
    private static void Panel(BlockRanges? blocks, int lane, int lanes, Groups h, ref float d, nint stride, ref float g, int rows,
        int units, int width)
    {
        if (blocks is null) Panel(lanes, h, ref d, stride, ref g, rows, 0, units, width);
        else
            foreach (var (first, end) in blocks.Of(lane)) Panel(lanes, h, ref d, stride, ref g, rows, first, end, width);
    }

    private static void Panel(int lanes, Groups h, ref float d, nint stride, ref float g, int rows, int first, int end, int width)
    {
        if (lanes == 3) Panel<Tile8x3, Tile4x3, Tile2x3>(h, ref d, stride, ref g, rows, first, end, width);
        else if (lanes == 2) Panel<Tile8x2, Tile4x2, Tile2x2>(h, ref d, stride, ref g, rows, first, end, width);
        else Panel<Tile8x1, Tile4x1, Tile2x1>(h, ref d, stride, ref g, rows, first, end, width);
    }

    /// <summary>Of units first … end−1.</summary>
    private static void Panel<THigh, TMiddle, TLow>(Groups h, ref float d, nint stride, ref float g, int rows, int first, int end,
        int width)
        where THigh : struct, ITileShape
        where TMiddle : struct, ITileShape
        where TLow : struct, ITileShape
    {
        var high = first + (TLane.TileRows == THigh.Rows || THigh.Lanes == 1 ? (end - first) / THigh.Rows * THigh.Rows : 0);
        var middle = first + (end - first) / TMiddle.Rows * TMiddle.Rows;
        if (first < high) Tiles<THigh>(h, ref d, stride, ref g, first, high, rows, width);
        if (high < middle) Tiles<TMiddle>(h, ref d, stride, ref g, high, middle, rows, width);
        if (middle < end) Tiles<TLow>(h, ref d, stride, ref g, middle, end, rows, width);
    }

    /// <summary>Tiles of units first … last−1. One tile shape a method: two would exceed what the JIT inlines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TShape>(Groups h, ref float d, nint stride, ref float g, nint first, nint last, int rows, int width)
        where TShape : struct, ITileShape
    {
        for (var i = first; i < last; i += TShape.Rows)
        {
            ref var tile = ref Unsafe.Add(ref g, i * width);
            GemmTile<TLane>.Prefetch<TShape>(ref tile, width);
            ref var a = ref Unsafe.Add(ref h.First, i / Group * h.Next + i % Group);
            GemmTile<TLane>.Run<TShape>(ref a, 1, h.Step, ref d, stride, rows, ref tile, width, accumulate: true);
        }
    }

    /// <summary>Some columns of row after row, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ref float from, nint rows, nint width, ref float to, nint columns)
    {
        for (; rows > 0; rows--)
        {
            for (nint k = 0; k < columns; k += TLane.Width)
                TLane.Store(TLane.Load(ref Unsafe.Add(ref from, k)), ref Unsafe.Add(ref to, k));
            from = ref Unsafe.Add(ref from, width);
            to = ref Unsafe.Add(ref to, columns);
        }
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
