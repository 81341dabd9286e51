using System.Runtime.InteropServices;
using System.Text;

namespace EiRnnFast.Files;

/// <summary>Reads the .npy format; nothing is allocated before the file is known to be long enough for it.</summary>
internal static class NpyReader
{
    /// <summary>Reads one array from a stream of a known number of bytes.</summary>
    public static NpyArray Read(Stream stream, long length, string name) => Whole(name, () =>
        Values(stream, NpyHeader.Read(stream, length, name), name));

    /// <summary>Reads the header alone.</summary>
    public static NpyHeader Header(Stream stream, long length, string name) => Whole(name, () => NpyHeader.Read(stream, length, name));

    private static T Whole<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException e)
        {
            throw InputFile.Unusable(name, "a truncated array", "a whole .npy array", "write or download it again", e);
        }
    }

    private static NpyArray Values(Stream stream, NpyHeader header, string name)
    {
        var (kind, size, shape) = (header.Kind, header.Size, header.Shape);
        if (header.IsText)
        {
            var texts = ReadTexts(stream, header, name);
            return shape.Length == 0 ? NpyArray.Of(texts[0]) : NpyArray.Of(Ordered(texts), shape);
        }
        return ReadNumbers(stream, kind, size, header.Count, header.Swap) switch
        {
            float[] singles => NpyArray.Of(Ordered(singles), shape),
            var doubles => NpyArray.Of(Ordered((double[])doubles), shape),
        };

        T[] Ordered<T>(T[] values) => header.IsFortran && shape.Length > 1 ? RowMajor(values, shape) : values;
    }

    private static Array ReadNumbers(Stream stream, char kind, int size, int count, bool swap) => (kind, size) switch
    {
        ('f', 4) => ReadValues<float>(stream, count, swap),
        ('f', 8) => ReadValues<double>(stream, count, swap),
        ('f', _) => Array.ConvertAll(ReadValues<Half>(stream, count, swap), value => (double)value),
        ('i', 1) => Array.ConvertAll(ReadValues<sbyte>(stream, count, swap), value => (double)value),
        ('i', 2) => Array.ConvertAll(ReadValues<short>(stream, count, swap), value => (double)value),
        ('i', 4) => Array.ConvertAll(ReadValues<int>(stream, count, swap), value => (double)value),
        ('i', _) => Array.ConvertAll(ReadValues<long>(stream, count, swap), value => (double)value),
        ('b', _) => Array.ConvertAll(ReadValues<byte>(stream, count, swap), value => value == 0 ? 0.0 : 1), // any other byte is true
        (_, 1) => Array.ConvertAll(ReadValues<byte>(stream, count, swap), value => (double)value),
        (_, 2) => Array.ConvertAll(ReadValues<ushort>(stream, count, swap), value => (double)value),
        (_, 4) => Array.ConvertAll(ReadValues<uint>(stream, count, swap), value => (double)value),
        _ => Array.ConvertAll(ReadValues<ulong>(stream, count, swap), value => (double)value),
    };

    private static T[] ReadValues<T>(Stream stream, int count, bool swap) where T : unmanaged
    {
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        stream.ReadExactly(bytes);
        var size = Marshal.SizeOf<T>();
        if (swap && size > 1)
            for (var i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
        return values;
    }

    /// <summary>Texts without the NUL characters that fill up their elements; equal ones are one object.</summary>
    private static string[] ReadTexts(Stream stream, NpyHeader header, string name)
    {
        Encoding encoding = header.Kind == 'S' ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
            : new UTF32Encoding(header.Swap == BitConverter.IsLittleEndian, byteOrderMark: false, throwOnInvalidCharacters: true);
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        var (bytes, texts) = (new byte[header.Size], new string[header.Count]);
        try
        {
            for (var i = 0; i < texts.Length; i++)
            {
                stream.ReadExactly(bytes);
                var text = encoding.GetString(bytes).TrimEnd('\0');
                if (!known.TryGetValue(text, out texts[i]!)) known[text] = texts[i] = text;
            }
            return texts;
        }
        catch (ArgumentException e)
        {
            throw InputFile.Unusable(name, "a text with invalid characters", header.Kind == 'S' ? "UTF-8" : "Unicode",
                "write or download it again", e);
        }
    }

    /// <summary>From the order in which the first axis runs fastest to that in which the last does.</summary>
    private static T[] RowMajor<T>(T[] values, int[] shape)
    {
        var result = new T[values.Length];
        var index = new int[shape.Length];
        for (var i = 0; i < result.Length; i++)
        {
            long source = 0;
            for (var axis = shape.Length - 1; axis >= 0; axis--) source = source * shape[axis] + index[axis];
            result[i] = values[source];
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
        return result;
    }
}
