using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Numerics;

/// <summary>
/// NumPy's legacy generator, bit for bit: <c>numpy.random.RandomState(seed)</c> (MT19937, classic initialisation),
/// its <c>randint</c> by masked rejection and its <c>randn</c> by the polar method. The published data sets are drawn from it.
/// </summary>
public sealed class NumPyRandom
{
    private const int N = 624, M = 397;
    private const uint Matrix = 0x9908b0dfu;
    private readonly uint[] _state = new uint[N], _words = new uint[N];
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double RandomSample()
    {
        var high = NextWord() >> 5;
        var low = NextWord() >> 6;
        return (high * 67108864.0 + low) * (1 / 9007199254740992.0); // a power of two: the same as the division
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint NextWord()
    {
        if (_position == N) Regenerate();
        return _words[_position++];
    }

    /// <summary>
    /// The next 624 words. Word k follows from old words k, k + 1 and k + 397, or the new word k − 227: far enough behind for eight side by
    /// side.
    /// </summary>
    private void Regenerate()
    {
        Twist(0, N - M, M);
        Twist(N - M, N - 1, M - N);
        _state[N - 1] = Twisted(_state[N - 1], _state[0], _state[M - 1]);
        var k = 0;
        for (; k <= N - Vector256<uint>.Count; k += Vector256<uint>.Count)
        {
            var y = Vector256.Create<uint>(_state.AsSpan(k));
            y ^= y >> 11;
            y ^= y << 7 & Vector256.Create(0x9d2c5680u);
            y ^= y << 15 & Vector256.Create(0xefc60000u);
            (y ^ y >> 18).CopyTo(_words.AsSpan(k));
        }
        _position = 0;
    }

    private void Twist(int first, int end, int distance)
    {
        Span<uint> state = _state;
        var k = first;
        for (; k <= end - Vector256<uint>.Count; k += Vector256<uint>.Count)
        {
            Vector256<uint> high = Vector256.Create<uint>(state[k..]), low = Vector256.Create<uint>(state[(k + 1)..]);
            var y = high & Vector256.Create(0x80000000u) | low & Vector256.Create(0x7fffffffu);
            var odd = Vector256<uint>.Zero - (y & Vector256<uint>.One);
            (Vector256.Create<uint>(state[(k + distance)..]) ^ y >> 1 ^ odd & Vector256.Create(Matrix)).CopyTo(state[k..]);
        }
        for (; k < end; k++) state[k] = Twisted(state[k], state[k + 1], state[k + distance]);
    }

    private static uint Twisted(uint high, uint low, uint far)
    {
        var y = high & 0x80000000u | low & 0x7fffffffu;
        return far ^ y >> 1 ^ ((y & 1) != 0 ? Matrix : 0u);
    }
}
