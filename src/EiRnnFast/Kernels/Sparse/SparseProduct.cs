using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>
/// The product of a batch with a sparse matrix, the batch's rows as lanes: of every column, each entry is multiplied with its row of the
/// transposed batch. Every row of the batch is summed in the same order, wherever it lies.
/// </summary>
internal static class SparseProduct<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>C (=) A·matrix of some columns, each lane of them finished by the epilogue while it is in L1.</summary>
    /// <param name="a">A, [rows×W].</param>
    /// <param name="matrix">The entries.</param>
    /// <param name="c">C, [rows×W].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="units">N.</param>
    /// <param name="width">W.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="scratch">Two groups of W units.</param>
    /// <param name="epilogue">What finishes C.</param>
    public static void Multiply<TEpilogue>(ReadOnlySpan<float> a, SparseMatrix matrix, Span<float> c, int rows, int units, int width,
        Columns columns, Span<float> scratch, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        var group = Transposition<TLane>.GroupRows;
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        ref var turned = ref MemoryMarshal.GetReference(scratch);
        ref var sums = ref Unsafe.Add(ref turned, width * group);
        nint first = columns.First, end = Math.Min(columns.End(width), Fringe<TLane>.Lanes(units) * TLane.Width);
        if (first >= end) return;
        for (nint row = 0; row < rows; row += group)
        {
            var count = (int)Math.Min(group, rows - row);
            var lanes = (count + TLane.Width - 1) / TLane.Width;
            Transposition<TLane>.ToLanes(ref Unsafe.Add(ref a0, row * width), count, lanes, width, 0,
                Fringe<TLane>.Lanes(units) * TLane.Width, ref turned);
            for (var block = 0; block < matrix.Blocks; block++)
                for (var column = first; column < end; column += TLane.Width)
                {
                    ref var starts = ref Unsafe.Add(ref matrix.StartsOf(block), column);
                    ref var lane = ref Unsafe.Add(ref sums, column * group);
                    var there = Math.Min(TLane.Width, units - column);
                    if (lanes == 2) Columns<Tile8x2>(ref turned, ref matrix.First, ref starts, there, ref lane, block > 0);
                    else Columns<Tile8x1>(ref turned, ref matrix.First, ref starts, there, ref lane, block > 0);
                    if (block < matrix.Blocks - 1) continue;
                    ref var to = ref Unsafe.Add(ref c0, row * width + column);
                    Transposition<TLane>.ToRows(ref lane, count, ref to, width);
                    var high = row + count / 8 * 8;
                    for (var r = row; r < high; r += 8)
                        epilogue.Finish<Tile8x1>(ref Unsafe.Add(ref c0, r * width + column), r, column);
                    for (var r = high; r < row + count; r += 2)
                        epilogue.Finish<Tile2x1>(ref Unsafe.Add(ref c0, r * width + column), r, column);
                }
        }
    }

    /// <summary>The sums of up to a lane of columns; those that are not there become 0. Four sums of each row are under way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TShape>(ref float turned, ref SparseEntry entries, ref int starts, nint columns, ref float sums,
        bool accumulate) where TShape : struct, ITileShape
    {
        nint w = TLane.Width;
        for (nint column = 0; column < TLane.Width; column++, sums = ref Unsafe.Add(ref sums, SparseMatrix.GroupLanes * w))
        {
            TLane a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            var count = column < columns ? Unsafe.Add(ref starts, column + 1) - Unsafe.Add(ref starts, column) : 0;
            if (count > 0)
            {
                ref var entry = ref Unsafe.Add(ref entries, Unsafe.Add(ref starts, column));
                for (; count > 0; count -= SparseMatrix.Step, entry = ref Unsafe.Add(ref entry, SparseMatrix.Step))
                {
                    Term<TShape>(ref turned, ref entry, ref a0, ref a1);
                    Term<TShape>(ref turned, ref Unsafe.Add(ref entry, 1), ref b0, ref b1);
                    Term<TShape>(ref turned, ref Unsafe.Add(ref entry, 2), ref c0, ref c1);
                    Term<TShape>(ref turned, ref Unsafe.Add(ref entry, 3), ref d0, ref d1);
                }
            }
            a0 = a0 + b0 + (c0 + d0);
            if (TShape.Lanes > 1) a1 = a1 + b1 + (c1 + d1);
            ref var second = ref Unsafe.Add(ref sums, w);
            if (accumulate)
            {
                a0 += TLane.Load(ref sums);
                if (TShape.Lanes > 1) a1 += TLane.Load(ref second);
            }
            TLane.Store(a0, ref sums);
            if (TShape.Lanes > 1) TLane.Store(a1, ref second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TShape>(ref float turned, ref SparseEntry entry, ref TLane sum0, ref TLane sum1)
        where TShape : struct, ITileShape
    {
        ref var row = ref Unsafe.AddByteOffset(ref turned, (nint)entry.Offset);
        var weight = TLane.Broadcast(entry.Value);
        sum0 = TLane.MultiplyAdd(weight, ref row, sum0);
        if (TShape.Lanes > 1) sum1 = TLane.MultiplyAdd(weight, ref Unsafe.Add(ref row, TLane.Width), sum1);
    }
}
