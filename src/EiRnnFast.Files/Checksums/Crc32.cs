using System.Buffers.Binary;

namespace EiRnnFast.Files;

/// <summary>CRC-32 as in zlib, zip and IEEE 802.3.</summary>
internal static class Crc32
{
    /// <summary>256 entries for each of eight bytes: what a byte becomes when 0 to 7 zero bytes follow it.</summary>
    private static readonly uint[] s_tables = Tables();

    /// <summary>The CRC-32 of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    /// <summary>The register after more bytes; it begins with all bits set, and the CRC-32 is its complement.</summary>
    public static uint Add(uint register, ReadOnlySpan<byte> bytes)
    {
        var tables = s_tables;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ register;
            register = tables[(7 << 8) + (byte)eight] ^ tables[(6 << 8) + (byte)(eight >> 8)]
                ^ tables[(5 << 8) + (byte)(eight >> 16)] ^ tables[(4 << 8) + (byte)(eight >> 24)]
                ^ tables[(3 << 8) + (byte)(eight >> 32)] ^ tables[(2 << 8) + (byte)(eight >> 40)]
                ^ tables[(1 << 8) + (byte)(eight >> 48)] ^ tables[(byte)(eight >> 56)];
        }
        foreach (var value in bytes) register = tables[(byte)(register ^ value)] ^ (register >> 8);
        return register;
    }

    private static uint[] Tables()
    {
        var tables = new uint[8 << 8];
        for (var i = 0; i < tables.Length; i++)
            tables[i] = i < 256 ? TableEntry(i) : tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        return tables;
    }

    private static uint TableEntry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : 0xEDB88320 ^ (entry >> 1);
        return entry;
    }
}
