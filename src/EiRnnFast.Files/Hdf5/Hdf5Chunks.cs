using System.Buffers.Binary;
using System.IO.Compression;

namespace EiRnnFast.Files;

/// <summary>Data in chunks, as HDF5 stores what is compressed: with gzip, shuffled bytes and checksums.</summary>
internal static class Hdf5Chunks
{
    private const int Deflate = 1, Shuffle = 2, Fletcher32 = 3, SumBytes = 4, FilterLimit = 8, Spare = 1024;

    /// <summary>Fills <paramref name="bytes"/>, a row-major matrix or vector, with all chunks that the file holds.</summary>
    public static void Read(Hdf5File file, string name, int version, Hdf5Piece layout, List<(int Id, uint[] Values)> filters,
        long[] lengths, int size, Span<byte> bytes)
    {
        foreach (var (id, _) in filters)
            if (id is not (Deflate or Shuffle or Fletcher32))
                throw file.Unusable($"{name} under {NameOf(id)}", "no compression, or gzip", "write it again without compression");
        if (filters.Count > FilterLimit) throw Hdf5Piece.Damaged();
        var flags = version == 4 ? layout.Byte() : 0;
        if (layout.Byte() != lengths.Length + 1) throw Hdf5Piece.Damaged();
        var tree = version == 3 ? layout.UInt64() : Hdf5File.Nowhere;
        var encoded = version == 4 ? layout.Byte() : 4;
        var chunk = new long[lengths.Length];
        Int128 room = size, chunkRoom = size;
        for (var axis = 0; axis < chunk.Length; axis++)
        {
            chunk[axis] = layout.Number(encoded) is var length and > 0 and <= int.MaxValue ? (long)length : throw Hdf5Piece.Damaged();
            room *= (lengths[axis] + chunk[axis] - 1) / chunk[axis] * chunk[axis];
            chunkRoom *= chunk[axis];
        }
        if (layout.Number(encoded) != (ulong)size) throw Hdf5Piece.Damaged();
        if (room > file.MostBytes) throw file.Unusable($"{name} in chunks that are larger than the file can hold");
        var buffers = new Buffers(checked((int)chunkRoom));
        if (version == 4)
        {
            const int single = 1;
            if (layout.Byte() != single)
                throw file.Unusable($"{name} with chunks in HDF5's newest index", "HDF5 as Keras writes it",
                    "write the file again with h5py's libver='earliest'");
            var (stored, skipped) = flags.HasBit(2) ? (layout.UInt64(), layout.UInt32()) : ((ulong)chunkRoom, 0);
            var address = layout.UInt64();
            if (address == Hdf5File.Nowhere) return;
            Place(Unpack(file, address, stored, skipped, filters, buffers), chunk, new long[chunk.Length], lengths, size, bytes);
            return;
        }
        if (tree == Hdf5File.Nowhere) return;
        HashSet<long> placed = [];
        foreach (var (key, child) in Hdf5Tree.Leaves(file, tree, 1, 8 + 8 * (lengths.Length + 1)))
        {
            var piece = new Hdf5Piece(key);
            var (stored, skipped) = (piece.UInt32(), piece.UInt32());
            var start = new long[lengths.Length];
            var index = 0L;
            for (var axis = 0; axis < start.Length; axis++)
            {
                start[axis] = piece.UInt64() is var at && at < (ulong)lengths[axis] && at % (ulong)chunk[axis] == 0 ? (long)at
                    : throw Hdf5Piece.Damaged();
                index = index * lengths[axis] + start[axis];
            }
            if (!placed.Add(index)) throw Hdf5Piece.Damaged();
            Place(Unpack(file, child, stored, skipped, filters, buffers), chunk, start, lengths, size, bytes);
        }
    }

    private static string NameOf(int filter) => filter switch
    {
        4 => "szip compression",
        5 => "n-bit compression",
        6 => "scale-offset compression",
        32000 => "lzf compression",
        32001 => "blosc compression",
        32004 => "lz4 compression",
        32008 => "bitshuffle compression",
        32015 => "Zstandard compression",
        _ => $"HDF5's filter {filter}",
    };

    /// <summary>Reads a chunk and undoes its filters, from the last to the first, from one of two buffers into the other.</summary>
    private static ReadOnlySpan<byte> Unpack(Hdf5File file, ulong address, ulong stored, uint skipped,
        List<(int Id, uint[] Values)> filters, Buffers buffers)
    {
        var (from, into) = (buffers.One, buffers.Other);
        if (stored > (ulong)from.Length) throw Hdf5Piece.Damaged();
        var length = (int)stored;
        file.Read(address, from.AsSpan(0, length));
        for (var i = filters.Count - 1; i >= 0; i--)
        {
            if ((skipped >> i & 1) != 0) continue;
            length = filters[i].Id switch
            {
                Deflate => Inflate(from, length, into),
                Shuffle => Unshuffle(from.AsSpan(0, length), filters[i].Values is [var size, ..] ? size : 1, into),
                _ => CheckSum(from.AsSpan(0, length), into),
            };
            (from, into) = (into, from);
        }
        return length == buffers.Chunk ? from.AsSpan(0, length) : throw Hdf5Piece.Damaged();
    }

    private static int Inflate(byte[] bytes, int length, byte[] into)
    {
        using var inflater = new ZLibStream(new MemoryStream(bytes, 0, length), CompressionMode.Decompress);
        return inflater.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
    }

    /// <summary>All first bytes, then all second bytes, … back to whole numbers.</summary>
    private static int Unshuffle(ReadOnlySpan<byte> bytes, uint size, Span<byte> into)
    {
        bytes.CopyTo(into);
        if (size <= 1 || size > bytes.Length) return bytes.Length;
        var (step, count) = ((int)size, bytes.Length / (int)size);
        for (var part = 0; part < step; part++)
            for (var i = 0; i < count; i++) into[i * step + part] = bytes[part * count + i];
        return bytes.Length;
    }

    /// <summary>All but Fletcher's checksum at the end, which must be right.</summary>
    private static int CheckSum(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        if (bytes.Length < SumBytes) throw Hdf5Piece.Damaged();
        var content = bytes[..^SumBytes];
        uint low = 0, high = 0;
        for (var at = 0; at < content.Length; at += 2)
        {
            low = (low + ((uint)content[at] << 8) + (at + 1 < content.Length ? content[at + 1] : 0u)) % 65535;
            high = (high + low) % 65535;
        }
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^SumBytes..]);
        if ((sum & 0xffff) % 65535 != low || (sum >> 16) % 65535 != high) throw Hdf5Piece.Damaged();
        content.CopyTo(into);
        return content.Length;
    }

    private static void Place(ReadOnlySpan<byte> one, long[] chunk, long[] start, long[] lengths, int size, Span<byte> bytes)
    {
        var (rows, first) = chunk.Length == 1 ? (1, 0) : (Math.Min(chunk[0], lengths[0] - start[0]), start[0]);
        var width = (int)(Math.Min(chunk[^1], lengths[^1] - start[^1]) * size);
        for (var row = 0L; row < rows; row++)
            one.Slice((int)(row * chunk[^1] * size), width).CopyTo(bytes[(int)(((first + row) * lengths[^1] + start[^1]) * size)..]);
    }

    /// <summary>Room for a chunk before and after a filter; what is packed may be a little longer than what is not.</summary>
    private sealed record Buffers(int Chunk)
    {
        public byte[] One { get; } = new byte[Chunk + Chunk / 16 + Spare];

        public byte[] Other { get; } = new byte[Chunk + Chunk / 16 + Spare];
    }
}
