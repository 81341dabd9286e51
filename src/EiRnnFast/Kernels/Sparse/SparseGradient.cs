using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>
/// dW_rec where a weight exists, and nowhere else: of each entry the product of h and δ over the rows, which lie side by side.
/// </summary>
internal static class SparseGradient<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>The pattern's sums (+=) Σ_r h[r, row]·δ[r, column] of each entry of some columns; dW_rec stays as it is.</summary>
    public static void Accumulate(in RecurrentGradientOperands block, SparseMatrix matrix, int width)
    {
        var group = Transposition<TLane>.GroupRows;
        var units = Fringe<TLane>.Lanes(block.Units) * TLane.Width;
        int first = block.Columns.First, end = Math.Min(block.Columns.End(width), units), size = width * group;
        if (first >= end) return;
        ref var h = ref MemoryMarshal.GetReference(block.Pattern.Scratch);
        ref var d = ref Unsafe.Add(ref h, SparseMatrix.Groups * size);
        for (var row = 0; row < block.Rows; row += SparseMatrix.Groups * group)
        {
            var groups = 0;
            for (var r = row; r < block.Rows && groups < SparseMatrix.Groups; r += group, groups++)
            {
                var rows = Math.Min(group, block.Rows - r);
                ref var hRows = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.HPrevious), r * width);
                ref var dRows = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.D), r * width);
                Transposition<TLane>.ToLanes(ref hRows, rows, 2, width, 0, units, ref Unsafe.Add(ref h, groups * size));
                Transposition<TLane>.ToLanes(ref dRows, rows, 2, width, first, end, ref Unsafe.Add(ref d, groups * size));
            }
            for (var part = 0; part < matrix.Blocks; part++)
                Columns(ref h, ref Unsafe.Add(ref d, first * group), groups, size, ref matrix.First,
                    ref Unsafe.Add(ref matrix.StartsOf(part), first), Math.Min(end, block.Units) - first,
                    ref MemoryMarshal.GetReference(block.Pattern.Sums));
        }
    }

    /// <summary>Four entries of a column at a time, each with two sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(ref float h, ref float d, nint groups, nint size, ref SparseEntry entries, ref int starts, nint columns,
        ref float sums)
    {
        nint w = TLane.Width;
        Span<float> scratch = stackalloc float[SparseMatrix.Step];
        ref var four = ref MemoryMarshal.GetReference(scratch);
        for (; columns > 0; columns--)
        {
            nint start = starts, count = Unsafe.Add(ref starts, 1) - start;
            ref var entry = ref Unsafe.Add(ref entries, start);
            ref var sum = ref Unsafe.Add(ref sums, start);
            for (; count > 0; count -= SparseMatrix.Step)
            {
                TLane a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, e0 = default, e1 = default;
                nint a = entry.Offset, b = Unsafe.Add(ref entry, 1).Offset, c = Unsafe.Add(ref entry, 2).Offset;
                nint e = Unsafe.Add(ref entry, 3).Offset;
                ref var delta = ref d;
                ref var state = ref h;
                for (var g = groups; g > 0; g--)
                {
                    var (d0, d1) = (TLane.Load(ref delta), TLane.Load(ref Unsafe.Add(ref delta, w)));
                    Term(ref Unsafe.AddByteOffset(ref state, a), d0, d1, ref a0, ref a1);
                    Term(ref Unsafe.AddByteOffset(ref state, b), d0, d1, ref b0, ref b1);
                    Term(ref Unsafe.AddByteOffset(ref state, c), d0, d1, ref c0, ref c1);
                    Term(ref Unsafe.AddByteOffset(ref state, e), d0, d1, ref e0, ref e1);
                    delta = ref Unsafe.Add(ref delta, size);
                    state = ref Unsafe.Add(ref state, size);
                }
                TLane.SumEach(a0 + a1, b0 + b1, c0 + c1, e0 + e1, ref four);
                (Vector128.LoadUnsafe(ref sum) + Vector128.LoadUnsafe(ref four)).StoreUnsafe(ref sum);
                entry = ref Unsafe.Add(ref entry, SparseMatrix.Step);
                sum = ref Unsafe.Add(ref sum, SparseMatrix.Step);
            }
            starts = ref Unsafe.Add(ref starts, 1);
            d = ref Unsafe.Add(ref d, Transposition<TLane>.GroupRows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term(ref float state, TLane d0, TLane d1, ref TLane sum0, ref TLane sum1)
    {
        sum0 = TLane.MultiplyAdd(d0, ref state, sum0);
        sum1 = TLane.MultiplyAdd(d1, ref Unsafe.Add(ref state, TLane.Width), sum1);
    }
}
