using System.Numerics;

namespace EiRnnFast.Numerics;

/// <summary>
/// The engine's own random numbers: xoshiro256** (Blackman &amp; Vigna 2021) keyed by (seed, purpose), so that each use
/// ("recurrent weights", "shuffle", …) has a stream of its own and adding a use never moves the others.
/// Data sets do not use it: they use <see cref="NumPyRandom"/>.
/// </summary>
internal sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spare;
    private bool _hasSpare;

    public RandomStream(long seed, string purpose)
    {
        // FNV-1a of the purpose, then SplitMix64 from both: the expansion that the generator's authors ask for.
        var key = 0xcbf29ce484222325UL;
        foreach (var character in purpose) key = (key ^ character) * 0x100000001b3UL;
        var state = (ulong)seed * 0x9e3779b97f4a7c15UL ^ key;
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <summary>A stream that goes on where this one stands.</summary>
    public RandomStream Clone() => (RandomStream)MemberwiseClone();

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform on [0, 1), 53 bits.</summary>
    public double NextUniform() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0 … bound−1 without bias (rejection of the incomplete last interval).</summary>
    public int NextInt32(int bound)
    {
        var limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong word;
        do word = NextUInt64(); while (word >= limit);
        return (int)(word % (ulong)bound);
    }

    /// <summary>Standard normal by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }
        double x, y, r2;
        do
        {
            x = 2 * NextUniform() - 1;
            y = 2 * NextUniform() - 1;
            r2 = x * x + y * y;
        } while (r2 is >= 1 or 0);
        var factor = Math.Sqrt(-2 * Math.Log(r2) / r2);
        _spare = factor * x;
        _hasSpare = true;
        return factor * y;
    }

    /// <summary>Gamma with scale 1 (Marsaglia and Tsang 2000, ACM TOMS 26, 363); mean and variance are <paramref name="shape"/>.</summary>
    public double NextGamma(double shape)
    {
        if (shape < 1) return NextGamma(shape + 1) * Math.Pow(1 - NextUniform(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NextGaussian();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - NextUniform()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    /// <summary>Fisher–Yates.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        var z = state += 0x9e3779b97f4a7c15UL;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
        return z ^ z >> 31;
    }
}
