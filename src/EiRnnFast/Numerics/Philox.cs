using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Numerics;

/// <summary>
/// Philox 4×32-10 (Salmon et al. 2011, SC11, "Parallel random numbers: as easy as 1, 2, 3"): four words from a counter of four words and
/// a key of two. A number is a function of its place, so that neither order nor partition of the work changes it.
/// </summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    private const int Rounds = 10;

    /// <summary>Four words, one counter.</summary>
    public static (uint, uint, uint, uint) Of(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (product0, product1) = ((ulong)Multiplier0 * c0, (ulong)Multiplier1 * c2);
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>
    /// Twice eight counters; the words overwrite them. Each round waits for the one before, so two registers side by side wait less.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(ref Vector256<uint> a0, ref Vector256<uint> a1, ref Vector256<uint> a2, ref Vector256<uint> a3,
        ref Vector256<uint> b0, ref Vector256<uint> b1, ref Vector256<uint> b2, ref Vector256<uint> b3, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Round(ref a0, ref a1, ref a2, ref a3, key0, key1);
            Round(ref b0, ref b1, ref b2, ref b3, key0, key1);
            key0 += Weyl0;
            key1 += Weyl1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref Vector256<uint> c0, ref Vector256<uint> c1, ref Vector256<uint> c2, ref Vector256<uint> c3,
        uint key0, uint key1)
    {
        Multiply(c0, Multiplier0, out var high0, out var low0);
        Multiply(c2, Multiplier1, out var high1, out var low1);
        c0 = high1 ^ c1 ^ Vector256.Create(key0);
        c1 = low1;
        c2 = high0 ^ c3 ^ Vector256.Create(key1);
        c3 = low0;
    }

    /// <summary>High and low words of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(Vector256<uint> x, uint factor, out Vector256<uint> high, out Vector256<uint> low)
    {
        if (Avx2.IsSupported)
        {
            var even = Avx2.Multiply(x, Vector256.Create(factor)).AsUInt32();
            var odd = Avx2.Multiply((x.AsUInt64() >> 32).AsUInt32(), Vector256.Create(factor)).AsUInt32();
            high = Avx2.Blend((even.AsUInt64() >> 32).AsUInt32(), odd, 0b10101010);
            low = Avx2.Blend(even, (odd.AsUInt64() << 32).AsUInt32(), 0b10101010);
            return;
        }
        low = x * Vector256.Create(factor);
        var (lower, upper) = Vector256.Widen(x);
        var wide = Vector256.Create((ulong)factor);
        high = Vector256.Narrow((lower * wide) >> 32, (upper * wide) >> 32);
    }
}
