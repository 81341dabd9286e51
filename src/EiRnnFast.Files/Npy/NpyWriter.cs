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

    public static void Write(Stream stream, NpyArray array)
    {
        var (descr, bytes) = array.Values switch
        {
            float[] values => ("<f4", LittleEndian(MemoryMarshal.AsBytes(values.AsSpan()), sizeof(float))),
            double[] values => ("<f8", LittleEndian(MemoryMarshal.AsBytes(values.AsSpan()), sizeof(double))),
            int[] values => ("<i4", LittleEndian(MemoryMarshal.AsBytes(values.AsSpan()), sizeof(int))),
            string text => TextBytes([text]),
            var texts => TextBytes((string[])texts),
        };
        stream.Write(Header(descr, array.Shape));
        stream.Write(bytes.Span);
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
    private static (string Descr, ReadOnlyMemory<byte> Bytes) TextBytes(string[] texts)
    {
        var encoding = new UTF32Encoding(bigEndian: false, byteOrderMark: false);
        var size = texts.Select(encoding.GetByteCount).Append(4).Max();
        var bytes = new byte[size * texts.Length];
        for (var i = 0; i < texts.Length; i++) encoding.GetBytes(texts[i], bytes.AsSpan(i * size));
        return ($"<U{size / 4}", bytes);
    }

    /// <summary>A copy of the bytes of values of one size, little-endian.</summary>
    public static ReadOnlyMemory<byte> LittleEndian(ReadOnlySpan<byte> values, int size)
    {
        var bytes = values.ToArray();
        if (!BitConverter.IsLittleEndian)
            for (var i = 0; i < bytes.Length; i += size) bytes.AsSpan(i, size).Reverse();
        return bytes;
    }
}
