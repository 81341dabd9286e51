namespace EiRnnFast.Studies.Files;

/// <summary>CRC-32 as in zlib, zip and IEEE 802.3.</summary>
internal static class Crc32
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(TableEntry)];

    /// <summary>The CRC-32 of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    /// <summary>The register after more bytes; it begins with all bits set, and the CRC-32 is its complement.</summary>
    public static uint Add(uint register, ReadOnlySpan<byte> bytes)
    {
        var table = s_table;
        foreach (var value in bytes) register = table[(byte)(register ^ value)] ^ (register >> 8);
        return register;
    }

    private static uint TableEntry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : 0xEDB88320 ^ (entry >> 1);
        return entry;
    }
}
