using System.Buffers.Binary;
using System.Text;

namespace EiRnnFast.Files;

/// <summary>The fields of a piece of an HDF5 file, one after another; a piece that ends too soon belongs to a damaged file.</summary>
internal sealed class Hdf5Piece(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    public int Left => bytes.Length - _at;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A whole number of 1 to 8 bytes.</summary>
    public ulong Number(int size)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        Take(size is >= 1 and <= 8 ? size : throw Damaged()).CopyTo(wide);
        return BinaryPrimitives.ReadUInt64LittleEndian(wide);
    }

    public ReadOnlySpan<byte> Take(long count) => Part(count).Span;

    public ReadOnlyMemory<byte> Part(long count)
    {
        if (count < 0 || count > Left) throw Damaged();
        var part = bytes.Slice(_at, (int)count);
        _at += (int)count;
        return part;
    }

    /// <summary>The next bytes, and those that fill them up to a multiple of 8.</summary>
    public Hdf5Piece Padded(long count)
    {
        var part = new Hdf5Piece(Part(count));
        Skip(Math.Min(Left, -count & 7));
        return part;
    }

    public void Skip(long count) => Part(count);

    public void Expect(ReadOnlySpan<byte> signature)
    {
        if (!Take(signature.Length).SequenceEqual(signature)) throw Damaged();
    }

    /// <summary>All that is left, as a text that a NUL may end.</summary>
    public string Text()
    {
        var text = Take(Left);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    public static InvalidDataException Damaged() => new("a structure of HDF5 that cannot be");

    /// <summary>The checksum of HDF5's newer structures: Bob Jenkins' lookup3 (hashlittle), started at 0.</summary>
    public static uint Checksum(ReadOnlySpan<byte> key)
    {
        uint a = 0xdeadbeef + (uint)key.Length, b = a, c = a;
        if (key.IsEmpty) return c;
        Span<byte> last = stackalloc byte[12];
        last.Clear();
        while (key.Length > 12)
        {
            Add(key);
            a = a - c ^ uint.RotateLeft(c, 4);
            c += b;
            b = b - a ^ uint.RotateLeft(a, 6);
            a += c;
            c = c - b ^ uint.RotateLeft(b, 8);
            b += a;
            a = a - c ^ uint.RotateLeft(c, 16);
            c += b;
            b = b - a ^ uint.RotateLeft(a, 19);
            a += c;
            c = c - b ^ uint.RotateLeft(b, 4);
            b += a;
            key = key[12..];
        }
        key.CopyTo(last);
        Add(last);
        c = (c ^ b) - uint.RotateLeft(b, 14);
        a = (a ^ c) - uint.RotateLeft(c, 11);
        b = (b ^ a) - uint.RotateLeft(a, 25);
        c = (c ^ b) - uint.RotateLeft(b, 16);
        a = (a ^ c) - uint.RotateLeft(c, 4);
        b = (b ^ a) - uint.RotateLeft(a, 14);
        return (c ^ b) - uint.RotateLeft(b, 24);

        void Add(ReadOnlySpan<byte> block)
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(block);
            b += BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(block[8..]);
        }
    }
}
