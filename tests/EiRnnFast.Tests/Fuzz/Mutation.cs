using System.Buffers.Binary;
using System.IO.Compression;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Fuzz;

/// <summary>Damages files as chance and attackers do: bits, lengths, cuts, and parts of other files.</summary>
internal static class Mutation
{
    private static readonly ulong[] s_lengths =
        [0, 1, 2, 3, 4, 8, 16, 255, 256, 1023, 4096, 10_000, 65_535, 65_536, 1 << 24, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32,
            long.MaxValue, ulong.MaxValue - 7, ulong.MaxValue];

    /// <summary>One of the seeds with one to eight changes, often such that its outer checksums are right again.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> seeds, Random random)
    {
        var (whole, other) = (seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)]);
        if (whole.AsSpan().StartsWith("PK"u8) && random.Next(2) == 0) return Repacked(whole, random);
        var bytes = Changed(whole, other, random);
        if (random.Next(2) == 0) Seal(bytes);
        return bytes;
    }

    private static byte[] Changed(byte[] whole, byte[] other, Random random)
    {
        var bytes = (byte[])whole.Clone();
        var number = new byte[8];
        for (var changes = 1 + random.Next(8) * random.Next(2); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            var width = Math.Min(1 << random.Next(4), bytes.Length - at);
            var span = random.Next(Math.Min(bytes.Length - at, 64)) + 1;
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 or 3:
                    BinaryPrimitives.WriteUInt64LittleEndian(number, random.Next(2) == 0 ? s_lengths[random.Next(s_lengths.Length)]
                        : (ulong)random.Next(2 * bytes.Length));
                    number.AsSpan(0, width).CopyTo(bytes.AsSpan(at));
                    break;
                case 4: // an address or a length from another place
                    bytes.AsSpan(random.Next(bytes.Length - width + 1), width).ToArray().CopyTo(bytes, at);
                    break;
                case 5:
                    if (random.Next(4) == 0) bytes = bytes[..at];
                    break;
                case 6:
                    bytes = [.. bytes[..at], .. bytes[(at + span)..]];
                    break;
                case 7:
                    bytes = [.. bytes[..at], .. bytes[at..(at + span)], .. bytes[at..]];
                    break;
                default: // the head of one file with the tail of another, or a piece of it
                    var from = Math.Min(at, other.Length);
                    if (random.Next(4) == 0) bytes = [.. bytes[..at], .. other[from..]];
                    else other.AsSpan(from, Math.Min(span, other.Length - from)).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }
        return bytes;
    }

    /// <summary>A sound archive around damaged arrays.</summary>
    private static byte[] Repacked(byte[] archive, Random random)
    {
        List<(string Name, byte[] Content)> entries = [];
        using (var source = new ZipArchive(new MemoryStream(archive)))
            foreach (var entry in source.Entries)
            {
                using var content = entry.Open();
                using var copy = new MemoryStream();
                content.CopyTo(copy);
                entries.Add((entry.FullName, copy.ToArray()));
            }
        var chosen = random.Next(entries.Count);
        entries[chosen] = (entries[chosen].Name, Changed(entries[chosen].Content, entries[random.Next(entries.Count)].Content, random));
        using var stream = new MemoryStream();
        using (var target = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var entry = target.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        return stream.ToArray();
    }

    /// <summary>Makes the checksums of HDF5's newer object headers right.</summary>
    private static void Seal(byte[] bytes)
    {
        for (var at = 0; bytes.AsSpan(at).IndexOf("OHDR"u8) is >= 0 and var next; at += next + 4)
        {
            var header = bytes.AsSpan(at + next);
            if (header.Length < 40) return;
            var prefix = 6 + ((header[5] & 0x20) != 0 ? 16 : 0) + ((header[5] & 0x10) != 0 ? 4 : 0);
            var width = 1 << (header[5] & 3);
            var size = width == 1 ? header[prefix] : width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(header[prefix..])
                : BinaryPrimitives.ReadUInt32LittleEndian(header[prefix..]);
            var end = prefix + width + (long)size;
            if (end + 4 <= header.Length) BinaryPrimitives.WriteUInt32LittleEndian(header[(int)end..],
                Hdf5Piece.Checksum(header[..(int)end]));
        }
    }
}
