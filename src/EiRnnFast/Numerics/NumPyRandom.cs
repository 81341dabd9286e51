namespace EiRnnFast.Numerics;

/// <summary>
/// NumPy's legacy generator, bit for bit: <c>numpy.random.RandomState(seed)</c> (MT19937, classic initialisation),
/// its <c>randint</c> by masked rejection and its <c>randn</c> by the polar method. The published data sets are drawn from it.
/// </summary>
public sealed class NumPyRandom
{
    private const int N = 624, M = 397;
    private readonly uint[] _state = new uint[N];
    private int _position = N;
    private double _spare;
    private bool _hasSpare;

    /// <summary>Seeds as <c>RandomState(seed)</c> does.</summary>
    public NumPyRandom(uint seed)
    {
        for (uint i = 0; i < N; i++)
        {
            _state[i] = seed;
            seed = 1812433253u * (seed ^ seed >> 30) + i + 1;
        }
    }

    /// <summary><c>randint(bound)</c>: an integer of 0 … bound−1.</summary>
    public int RandInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var largest = (uint)(bound - 1);
        if (largest == 0) return 0;
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(largest);
        uint value;
        do value = NextWord() & mask; while (value > largest);
        return (int)value;
    }

    /// <summary><c>randint(bound, size=count)</c>.</summary>
    public int[] RandInt(int bound, int count)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++) values[i] = RandInt(bound);
        return values;
    }

    /// <summary><c>random_sample()</c>: a number of [0, 1) with 53 bits.</summary>
    public double RandomSample()
    {
        var high = NextWord() >> 5;
        var low = NextWord() >> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /// <summary><c>randn()</c>: a standard normal; the second of each pair is kept for the next call.</summary>
    public double RandN()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }
        double x1, x2, r2;
        do
        {
            x1 = 2 * RandomSample() - 1;
            x2 = 2 * RandomSample() - 1;
            r2 = x1 * x1 + x2 * x2;
        } while (r2 is >= 1 or 0);
        var f = Math.Sqrt(-2 * Math.Log(r2) / r2);
        _spare = f * x1;
        _hasSpare = true;
        return f * x2;
    }

    private uint NextWord()
    {
        if (_position == N) Regenerate();
        var y = _state[_position++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c5680u;
        y ^= y << 15 & 0xefc60000u;
        return y ^ y >> 18;
    }

    private void Regenerate()
    {
        for (var k = 0; k < N; k++)
        {
            var y = _state[k] & 0x80000000u | _state[(k + 1) % N] & 0x7fffffffu;
            _state[k] = _state[(k + M) % N] ^ y >> 1 ^ ((y & 1) != 0 ? 0x9908b0dfu : 0u);
        }
        _position = 0;
    }
}
