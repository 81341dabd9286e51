using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EiRnnFast.Files;

/// <summary>Writes the .npy format byte for byte as NumPy does (version 1 headers, little-endian, C order).</summary>
internal static class NpyWriter
{
    private const int Alignment = 64;

    /// <summary>NumPy leaves room for the first axis to grow to this many digits.</summary>
    private const int GrowthDigits = 21;

    /// <summary>Numbers written at a time: a large array is never in memory twice.</summary>
    private const int Part = 1 << 20;

    public static void Write(Stream stream, NpyArray array)
    {
        switch (array.Values)
        {
            case float[] values: Numbers(stream, "<f4", values, array.Shape); break;
            case double[] values: Numbers(stream, "<f8", values, array.Shape); break;
            case int[] values: Numbers(stream, "<i4", values, array.Shape); break;
            case sbyte[] values: Numbers(stream, "|i1", values, array.Shape); break;
            case var texts: Texts(stream, texts as string[] ?? [(string)texts], array.Shape); break;
        }
    }

    private static byte[] Header(string descr, int[] shape)
    {
        var axes = string.Join(", ", shape.Select(length => length.ToString(CultureInfo.InvariantCulture)));
        if (shape.Length == 1) axes += ",";
        var text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({axes}), }}";
        if (shape.Length > 0) text += new string(' ', GrowthDigits - shape[0].ToString(CultureInfo.InvariantCulture).Length);
        var before = NpyArray.Magic.Length + 4;
        text += new string(' ', Alignment - (before + text.Length + 1) % Alignment) + "\n";
        var header = new byte[before + text.Length];
        NpyArray.Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)text.Length);
        Encoding.ASCII.GetBytes(text, header.AsSpan(before));
        return header;
    }

    /// <summary>Elements of one length, short texts filled up with NUL; NumPy knows no text without room for a character.</summary>
    private static void Texts(Stream stream, string[] texts, int[] shape)
    {
        var encoding = new UTF32Encoding(bigEndian: false, byteOrderMark: false);
        var size = texts.Select(encoding.GetByteCount).Append(4).Max();
        var bytes = new byte[size * texts.Length];
        for (var i = 0; i < texts.Length; i++) encoding.GetBytes(texts[i], bytes.AsSpan(i * size));
        stream.Write(Header($"<U{size / 4}", shape));
        stream.Write(bytes);
    }

    private static void Numbers<T>(Stream stream, string descr, T[] values, int[] shape) where T : unmanaged
    {
        stream.Write(Header(descr, shape));
        for (var first = 0L; first < values.Length; first += Part)
        {
            var part = values.AsSpan((int)first, (int)Math.Min(Part, values.Length - first));
            stream.Write(BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(part) : LittleEndian(part));
        }
    }

    /// <summary>A copy of the bytes of values, little-endian.</summary>
    public static byte[] LittleEndian<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (BitConverter.IsLittleEndian || bytes.Length == 0) return bytes;
        var size = bytes.Length / values.Length;
        for (var i = 0; i < bytes.Length; i += size) bytes.AsSpan(i, size).Reverse();
        return bytes;
    }
}
