using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Numerics;

/// <summary>
/// Standard normal numbers by their place (update, trial, step, unit): Box and Muller's transform of <see cref="Philox"/>'s words.
/// All arithmetic is single multiplications and additions, eight side by side on every machine, so the bits are the same everywhere.
/// </summary>
internal static class Normals
{
    /// <summary>Units that 16 counters serve: unit 64g + 16w + i has word w of counter 16g + i.</summary>
    private const int Group = 64, Counters = 16;

    /// <summary>row[j] (=) scale[j]·ξ_j for j below <paramref name="units"/>; what lies behind stays.</summary>
    /// <param name="seed">Key.</param>
    /// <param name="update">Number of the update.</param>
    /// <param name="trial">Number of the trial in the data set.</param>
    /// <param name="step">Timestep.</param>
    /// <param name="units">N.</param>
    /// <param name="scale">One factor a unit.</param>
    /// <param name="row">Overwritten.</param>
    public static void Fill(ulong seed, uint update, uint trial, uint step, int units, ReadOnlySpan<float> scale, Span<float> row) =>
        Fill(seed, update, trial, step, 0, units, scale, row);

    /// <summary>The same for units <paramref name="begin"/> … <paramref name="units"/>−1; what lies before stays too.</summary>
    public static void Fill(ulong seed, uint update, uint trial, uint step, int begin, int units, ReadOnlySpan<float> scale,
        Span<float> row)
    {
        Span<float> group = stackalloc float[Group];
        for (var first = begin / Group * Group; first < units; first += Group)
        {
            var count = Math.Min(Group, units - first);
            Words(seed, (uint)(first / Group * Counters), update, trial, step, count > 2 * Counters, ref group[0]);
            var factors = scale.Slice(first, count);
            var to = row.Slice(first, count);
            var j = Math.Max(0, begin - first);
            for (; j <= count - Vector256<float>.Count; j += Vector256<float>.Count)
                (Vector256.Create(factors[j..]) * Vector256.Create<float>(group[j..])).CopyTo(to[j..]);
            for (; j < count; j++) to[j] = factors[j] * group[j];
        }
    }

    /// <summary>64 normal numbers of 16 counters, or the first 32 of them.</summary>
    private static void Words(ulong seed, uint counter, uint update, uint trial, uint step, bool all, ref float first)
    {
        var a0 = Vector256.Create(counter) + Vector256<uint>.Indices;
        var b0 = a0 + Vector256.Create((uint)Vector256<uint>.Count);
        Vector256<uint> a1 = Vector256.Create(step), a2 = Vector256.Create(trial), a3 = Vector256.Create(update);
        Vector256<uint> b1 = a1, b2 = a2, b3 = a3;
        Philox.Of(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, (uint)seed, (uint)(seed >> 32));
        Pair(a0, a1, ref first);
        Pair(b0, b1, ref Unsafe.Add(ref first, Vector256<uint>.Count));
        if (!all) return;
        Pair(a2, a3, ref Unsafe.Add(ref first, 2 * Counters));
        Pair(b2, b3, ref Unsafe.Add(ref first, 2 * Counters + Vector256<uint>.Count));
    }

    /// <summary>√(−2 ln u)·(cos 2πv, sin 2πv), 16 places apart; u in (0, 1), v in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(Vector256<uint> radial, Vector256<uint> angular, ref float first)
    {
        var radius = Vector256.Sqrt(Vector256.Create(-2f) * Logarithm(radial));
        // 2πv = (k + f)·π/2 with k the upper two bits and |f| ≤ ½, from the next 24.
        var quarters = (angular + Vector256.Create(1u << 29)) >> 30;
        var rest = ((angular << 2).AsInt32() >> 8);
        var x = Vector256.ConvertToSingle(rest) * Vector256.Create((float)(Math.PI / 2 / (1 << 24)));
        var square = x * x;
        var sine = x + x * square * (Vector256.Create(-1.6666667e-1f)
            + square * (Vector256.Create(8.3333310e-3f) + square * (Vector256.Create(-1.9840874e-4f) + square * 2.7525562e-6f)));
        var cosine = Vector256.Create(1f) + square * (Vector256.Create(-0.5f) + square * (Vector256.Create(4.1666668e-2f)
            + square * (Vector256.Create(-1.3888397e-3f) + square * (Vector256.Create(2.4760495e-5f) + square * -2.6051615e-7f))));
        var isOdd = Vector256.Equals(quarters & Vector256<uint>.One, Vector256<uint>.One).AsSingle();
        var (along, across) = (Vector256.ConditionalSelect(isOdd, sine, cosine), Vector256.ConditionalSelect(isOdd, cosine, sine));
        // cos is −sin after a quarter, −cos after two, sin after three; sin is cos, −sin, −cos.
        var cosineSign = ((quarters + Vector256<uint>.One) & Vector256.Create(2u)) << 30;
        var sineSign = (quarters & Vector256.Create(2u)) << 30;
        (radius * (along.AsUInt32() ^ cosineSign).AsSingle()).StoreUnsafe(ref first);
        (radius * (across.AsUInt32() ^ sineSign).AsSingle()).StoreUnsafe(ref Unsafe.Add(ref first, Counters));
    }

    /// <summary>ln((w + ½)/2³²), w rounded to 24 bits: m·2ᵉ with m from √½ to √2, and 2·artanh((m − 1)/(m + 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Logarithm(Vector256<uint> word)
    {
        // Upper and lower half convert exactly; their sum is rounded once.
        var u = Vector256.ConvertToSingle((word >> 16).AsInt32()) * 65536f
            + (Vector256.ConvertToSingle((word & Vector256.Create(0xFFFFu)).AsInt32()) + Vector256.Create(0.5f));
        var bits = u.AsInt32();
        var exponent = (bits - Vector256.Create(0x3F3504F3)) >> 23;
        var m = (bits - (exponent << 23)).AsSingle();
        var t = (m - Vector256.Create(1f)) / (m + Vector256.Create(1f));
        var square = t * t;
        var series = t * (Vector256.Create(2f) + square * (Vector256.Create(2f / 3) + square * (Vector256.Create(2f / 5)
            + square * (Vector256.Create(2f / 7) + square * (2f / 9)))));
        var e = Vector256.ConvertToSingle(exponent - Vector256.Create(32));
        return series + e * 0.693147181f;
    }
}
