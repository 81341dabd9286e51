using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Four = System.Runtime.Intrinsics.Vector128<float>;

namespace EiRnnFast.Kernels;

/// <summary>
/// The register tile of <see cref="GemmTile{TLane}"/> on Arm. A multiply-add takes its factor from any element of a register there, so
/// that one load brings four elements of A and none is spread over a lane. Every sum has the same terms in the same order. What it was
/// chosen by, instructions for each multiply-add, is in docs/performance.md.
/// </summary>
internal static class NeonTile
{
    /// <summary>Whether the lanes are those of NEON: 32 registers of four floats.</summary>
    public static bool Serves<TLane>() where TLane : struct, ILane<TLane> => AdvSimd.Arm64.IsSupported && TLane.Width == 4;

    /// <summary>
    /// A by rows, four terms at a time; the terms of B follow each other. Rows 4-7 read B once more: 24 sums, four registers of A and
    /// three of B are 31 of 32. They do so through a pointer of their own, or the JIT would keep what it has read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByRows<TShape>(ref float a, nint aRow, ref float b, nint depth, ref float c, nint cRow, bool accumulate)
        where TShape : struct, ITileShape
    {
        Sums c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        ref var a1 = ref Unsafe.Add(ref a, aRow);
        ref var a2 = ref Unsafe.Add(ref a1, aRow);
        ref var a3 = ref Unsafe.Add(ref a2, aRow);
        ref var a4 = ref Unsafe.Add(ref a3, aRow);
        ref var a5 = ref Unsafe.Add(ref a4, aRow);
        ref var a6 = ref Unsafe.Add(ref a5, aRow);
        ref var a7 = ref Unsafe.Add(ref a6, aRow);
        ref var again = ref b;
        nint k = 0, end = depth * sizeof(float); // in bytes, as addresses are
        for (; k < end - 12; k += 16)
        {
            if (TShape.Rows == 2)
                FourTerms<TShape>(Load(ref a, k), Load(ref a1, k), default, default, ref b, ref c0, ref c1, ref c2, ref c3);
            else
                FourTerms<TShape>(Load(ref a, k), Load(ref a1, k), Load(ref a2, k), Load(ref a3, k), ref b,
                    ref c0, ref c1, ref c2, ref c3);
            b = ref Unsafe.Add(ref b, 16 * TShape.Lanes);
            if (TShape.Rows <= 4) continue;
            FourTerms<TShape>(Load(ref a4, k), Load(ref a5, k), Load(ref a6, k), Load(ref a7, k), ref again,
                ref c4, ref c5, ref c6, ref c7);
            again = ref Unsafe.Add(ref again, 16 * TShape.Lanes);
        }
        for (; k < end; k += 4, b = ref Unsafe.Add(ref b, 4 * TShape.Lanes))
        {
            if (TShape.Rows == 2)
                Term<TShape>(One(ref a, k), One(ref a1, k), default, default, 0, ref b, ref c0, ref c1, ref c2, ref c3);
            else
                Term<TShape>(One(ref a, k), One(ref a1, k), One(ref a2, k), One(ref a3, k), 0, ref b,
                    ref c0, ref c1, ref c2, ref c3);
            if (TShape.Rows > 4)
                Term<TShape>(One(ref a4, k), One(ref a5, k), One(ref a6, k), One(ref a7, k), 0, ref b,
                    ref c4, ref c5, ref c6, ref c7);
        }
        Finish<TShape>(ref c, cRow, accumulate, ref c0, ref c1, ref c2, ref c3);
        if (TShape.Rows > 4) Finish<TShape>(ref Unsafe.Add(ref c, 4 * cRow), cRow, accumulate, ref c4, ref c5, ref c6, ref c7);
    }

    /// <summary>A by columns: the elements of a term lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByColumns<TShape>(ref float a, nint aStep, ref float b, nint bStep, nint depth,
        ref float c, nint cRow, bool accumulate)
        where TShape : struct, ITileShape
    {
        Sums c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        nint aBytes = aStep * sizeof(float), bBytes = bStep * sizeof(float);
        for (; depth != 0; depth--)
        {
            var x = TShape.Rows == 2 ? Vector64.LoadUnsafe(ref a).ToVector128Unsafe() : Vector128.LoadUnsafe(ref a);
            var y = TShape.Rows > 4 ? Vector128.LoadUnsafe(ref a, 4) : default;
            var b0 = Vector128.LoadUnsafe(ref b);
            var b1 = TShape.Lanes > 1 ? Vector128.LoadUnsafe(ref b, 4) : default;
            var b2 = TShape.Lanes > 2 ? Vector128.LoadUnsafe(ref b, 8) : default;
            c0.Add<TShape>(x, 0, b0, b1, b2);
            c1.Add<TShape>(x, 1, b0, b1, b2);
            if (TShape.Rows > 2)
            {
                c2.Add<TShape>(x, 2, b0, b1, b2);
                c3.Add<TShape>(x, 3, b0, b1, b2);
            }
            if (TShape.Rows > 4)
            {
                c4.Add<TShape>(y, 0, b0, b1, b2);
                c5.Add<TShape>(y, 1, b0, b1, b2);
                c6.Add<TShape>(y, 2, b0, b1, b2);
                c7.Add<TShape>(y, 3, b0, b1, b2);
            }
            a = ref Unsafe.AddByteOffset(ref a, aBytes);
            b = ref Unsafe.AddByteOffset(ref b, bBytes);
        }
        Finish<TShape>(ref c, cRow, accumulate, ref c0, ref c1, ref c2, ref c3);
        if (TShape.Rows > 4) Finish<TShape>(ref Unsafe.Add(ref c, 4 * cRow), cRow, accumulate, ref c4, ref c5, ref c6, ref c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four Load(ref float row, nint bytes) => Vector128.LoadUnsafe(ref Unsafe.AddByteOffset(ref row, bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four One(ref float row, nint bytes) => Vector128.CreateScalarUnsafe(Unsafe.AddByteOffset(ref row, bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourTerms<TShape>(Four a0, Four a1, Four a2, Four a3, ref float b,
        ref Sums c0, ref Sums c1, ref Sums c2, ref Sums c3) where TShape : struct, ITileShape
    {
        Term<TShape>(a0, a1, a2, a3, 0, ref b, ref c0, ref c1, ref c2, ref c3);
        Term<TShape>(a0, a1, a2, a3, 1, ref b, ref c0, ref c1, ref c2, ref c3);
        Term<TShape>(a0, a1, a2, a3, 2, ref b, ref c0, ref c1, ref c2, ref c3);
        Term<TShape>(a0, a1, a2, a3, 3, ref b, ref c0, ref c1, ref c2, ref c3);
    }

    /// <summary>A term of up to four rows, whose factors of A are one element of a register each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TShape>(Four a0, Four a1, Four a2, Four a3, [ConstantExpected(Max = (byte)3)] byte element, ref float b,
        ref Sums c0, ref Sums c1, ref Sums c2, ref Sums c3) where TShape : struct, ITileShape
    {
        var b0 = Vector128.LoadUnsafe(ref b, (nuint)(4 * TShape.Lanes * element));
        var b1 = TShape.Lanes > 1 ? Vector128.LoadUnsafe(ref b, (nuint)(4 * TShape.Lanes * element + 4)) : default;
        var b2 = TShape.Lanes > 2 ? Vector128.LoadUnsafe(ref b, (nuint)(4 * TShape.Lanes * element + 8)) : default;
        c0.Add<TShape>(a0, element, b0, b1, b2);
        c1.Add<TShape>(a1, element, b0, b1, b2);
        if (TShape.Rows == 2) return;
        c2.Add<TShape>(a2, element, b0, b1, b2);
        c3.Add<TShape>(a3, element, b0, b1, b2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TShape>(ref float c, nint cRow, bool accumulate, ref Sums c0, ref Sums c1, ref Sums c2, ref Sums c3)
        where TShape : struct, ITileShape
    {
        c0.Finish<TShape>(ref c, accumulate);
        c1.Finish<TShape>(ref Unsafe.Add(ref c, cRow), accumulate);
        if (TShape.Rows == 2) return;
        c2.Finish<TShape>(ref Unsafe.Add(ref c, 2 * cRow), accumulate);
        c3.Finish<TShape>(ref Unsafe.Add(ref c, 3 * cRow), accumulate);
    }

    /// <summary>The sums of a row.</summary>
    private struct Sums
    {
        private Four _0, _1, _2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add<TShape>(Four a, [ConstantExpected(Max = (byte)3)] byte element, Four b0, Four b1, Four b2)
            where TShape : struct, ITileShape
        {
            _0 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(_0, b0, a, element);
            if (TShape.Lanes > 1) _1 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(_1, b1, a, element);
            if (TShape.Lanes > 2) _2 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(_2, b2, a, element);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish<TShape>(ref float c, bool accumulate) where TShape : struct, ITileShape
        {
            if (accumulate)
            {
                _0 += Vector128.LoadUnsafe(ref c);
                if (TShape.Lanes > 1) _1 += Vector128.LoadUnsafe(ref c, 4);
                if (TShape.Lanes > 2) _2 += Vector128.LoadUnsafe(ref c, 8);
            }
            _0.StoreUnsafe(ref c);
            if (TShape.Lanes > 1) _1.StoreUnsafe(ref c, 4);
            if (TShape.Lanes > 2) _2.StoreUnsafe(ref c, 8);
        }
    }
}
