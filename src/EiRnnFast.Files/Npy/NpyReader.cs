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
        if (kind == 'U') return ReadText(stream, shape, size, header.Swap, name);
        var values = ReadNumbers(stream, kind, size, header.Count, header.Swap);
        if (header.IsFortran && shape.Length > 1)
            values = values is float[] singles ? RowMajor(singles, shape) : RowMajor((double[])values, shape);
        return values is float[] floats ? NpyArray.Of(floats, shape) : NpyArray.Of((double[])values, shape);
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

    private static NpyArray ReadText(Stream stream, int[] shape, int size, bool swap, string name)
    {
        if (shape.Length > 0) throw InputFile.Unusable(name, "an array of texts", "numbers or a single text", "choose another array");
        var bytes = new byte[size];
        stream.ReadExactly(bytes);
        try
        {
            var encoding = new UTF32Encoding(bigEndian: swap == BitConverter.IsLittleEndian, byteOrderMark: false,
                throwOnInvalidCharacters: true);
            return NpyArray.Of(encoding.GetString(bytes).TrimEnd('\0'));
        }
        catch (ArgumentException e)
        {
            throw InputFile.Unusable(name, "a text with invalid characters", "Unicode", "write or download it again", e);
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
