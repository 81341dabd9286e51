using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EiRnnFast.Files;

/// <summary>
/// SHA-256 (FIPS 180-4) in managed code. The runtime's own asks OpenSSL on Linux, and ends the process where there is none, as in small
/// containers.
/// </summary>
internal static class Sha256
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = 32;

    private const int Block = 64, Rounds = 64;

    private static readonly uint[] s_constants = [.. Primes().Take(Rounds).Select(prime => Fraction(Math.Cbrt(prime), prime, power: 3))];

    private static readonly uint[] s_start = [.. Primes().Take(8).Select(prime => Fraction(Math.Sqrt(prime), prime, power: 2))];

    /// <summary>The hash of bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var state = s_start.AsSpan().ToArray();
        var whole = data.Length / Block * Block;
        for (var at = 0; at < whole; at += Block) Mix(state, data.Slice(at, Block));
        return Finish(state, data[whole..], data.Length);
    }

    /// <summary>The hash of the rest of a stream.</summary>
    public static byte[] Hash(Stream stream)
    {
        var (state, buffer, length) = (s_start.AsSpan().ToArray(), new byte[1024 * Block], 0L);
        while (true)
        {
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            length += count;
            var whole = count / Block * Block;
            for (var at = 0; at < whole; at += Block) Mix(state, buffer.AsSpan(at, Block));
            if (count < buffer.Length) return Finish(state, buffer.AsSpan(whole, count - whole), length);
        }
    }

    /// <summary>The last bytes, a one, zeros and the length in bits.</summary>
    private static byte[] Finish(uint[] state, ReadOnlySpan<byte> rest, long length)
    {
        Span<byte> last = stackalloc byte[2 * Block];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last = last[..(rest.Length < Block - sizeof(ulong) ? Block : 2 * Block)];
        BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], (ulong)length * 8);
        for (var at = 0; at < last.Length; at += Block) Mix(state, last.Slice(at, Block));
        var hash = new byte[Size];
        for (var i = 0; i < state.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), state[i]);
        return hash;
    }

    private static void Mix(uint[] state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[Rounds];
        var words = MemoryMarshal.Cast<byte, uint>(block);
        for (var t = 0; t < 16; t++) w[t] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(words[t]) : words[t];
        for (var t = 16; t < Rounds; t++)
        {
            uint near = w[t - 2], far = w[t - 15];
            w[t] = w[t - 16] + w[t - 7] + (BitOperations.RotateRight(far, 7) ^ BitOperations.RotateRight(far, 18) ^ far >> 3)
                + (BitOperations.RotateRight(near, 17) ^ BitOperations.RotateRight(near, 19) ^ near >> 10);
        }
        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (var t = 0; t < Rounds; t++)
        {
            var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + (e & f ^ ~e & g) + s_constants[t] + w[t];
            var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + (a & b ^ a & c ^ b & c);
            (h, g, f) = (g, f, e);
            e = d + first;
            (d, c, b) = (c, b, a);
            a = first + second;
        }
        ReadOnlySpan<uint> added = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < added.Length; i++) state[i] += added[i];
    }

    private static IEnumerable<int> Primes() =>
        Enumerable.Range(2, 310).Where(n => Enumerable.Range(2, n - 2).TakeWhile(d => d * d <= n).All(d => n % d != 0));

    /// <summary>The first 32 bits of the fraction of a root, exact: the double is off by one unit at most, and integers tell.</summary>
    private static uint Fraction(double root, int prime, int power)
    {
        var scaled = (UInt128)(root * 4294967296.0);
        while (Power(scaled) > (UInt128)prime << (32 * power)) scaled--;
        while (Power(scaled + 1) <= (UInt128)prime << (32 * power)) scaled++;
        return (uint)scaled;

        UInt128 Power(UInt128 value) => power == 2 ? value * value : value * value * value;
    }
}
