using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>Products of a batch with a few columns, along rows: what the readout is, and the last columns of W_rec.</summary>
internal static class DotProducts<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>
    /// C[r, j] (=) Σ_k A[r, k]·B[j, k]. A of <paramref name="rows"/> rows and B of <paramref name="columns"/> rows are both
    /// <paramref name="width"/> long, of which the first <paramref name="lanes"/> lanes count; C[r, j] lies at c[r·cRow + j·cColumn].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref float a, nint rows, ref float b, nint columns, nint width, nint lanes, ref float c, nint cRow, nint cColumn)
    {
        Span<float> scratch = stackalloc float[8];
        ref var sums = ref MemoryMarshal.GetReference(scratch);
        // Four rows by two columns: eight sums under way, six loads for eight multiply-adds. What is not there is read and not written.
        for (nint j = 0; j < columns; j += 2, b = ref Unsafe.Add(ref b, 2 * width), c = ref Unsafe.Add(ref c, 2 * cColumn))
        {
            var next = j + 1 < columns ? width : 0;
            ref var row = ref a;
            for (nint r = 0; r < rows; r += 4, row = ref Unsafe.Add(ref row, 4 * width))
            {
                TLane c00 = default, c01 = default, c10 = default, c11 = default;
                TLane c20 = default, c21 = default, c30 = default, c31 = default;
                nint second = r + 1 < rows ? width : 0, third = r + 2 < rows ? 2 * width : 0, fourth = r + 3 < rows ? 3 * width : 0;
                for (nint k = 0; k < lanes * TLane.Width; k += TLane.Width)
                {
                    TLane b0 = TLane.Load(ref Unsafe.Add(ref b, k)), b1 = TLane.Load(ref Unsafe.Add(ref b, next + k));
                    TLane a0 = TLane.Load(ref Unsafe.Add(ref row, k)), a1 = TLane.Load(ref Unsafe.Add(ref row, second + k));
                    TLane a2 = TLane.Load(ref Unsafe.Add(ref row, third + k)), a3 = TLane.Load(ref Unsafe.Add(ref row, fourth + k));
                    c00 = TLane.MultiplyAdd(a0, b0, c00);
                    c01 = TLane.MultiplyAdd(a0, b1, c01);
                    c10 = TLane.MultiplyAdd(a1, b0, c10);
                    c11 = TLane.MultiplyAdd(a1, b1, c11);
                    c20 = TLane.MultiplyAdd(a2, b0, c20);
                    c21 = TLane.MultiplyAdd(a2, b1, c21);
                    c30 = TLane.MultiplyAdd(a3, b0, c30);
                    c31 = TLane.MultiplyAdd(a3, b1, c31);
                }
                TLane.SumEach(c00, c10, c20, c30, ref sums);
                TLane.SumEach(c01, c11, c21, c31, ref Unsafe.Add(ref sums, 4));
                ref var to = ref Unsafe.Add(ref c, r * cRow);
                for (nint i = 0; i < 4 && r + i < rows; i++, to = ref Unsafe.Add(ref to, cRow))
                {
                    to = Unsafe.Add(ref sums, i);
                    if (next != 0) Unsafe.Add(ref to, cColumn) = Unsafe.Add(ref sums, 4 + i);
                }
            }
        }
    }
}
