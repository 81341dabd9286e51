using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace EiRnnFast.Studies.Files;

/// <summary>Reads the .npy format; nothing is allocated before the file is known to be long enough for it.</summary>
internal static partial class NpyReader
{
    private const int HeaderLimit = 65_535, AxisLimit = 32;

    /// <summary>Reads one array from a stream of a known number of bytes.</summary>
    public static NpyArray Read(Stream stream, long length, string name)
    {
        try
        {
            var (header, headerBytes) = ReadHeader(stream, length, name);
            var (kind, size, swap) = ParseType(header, name);
            var shape = ParseShape(header, name);
            var isFortran = Match(FortranPattern(), header, "'fortran_order': True or False", name) == "True";
            var count = Count(shape, size, length - headerBytes, name);
            if (kind == 'U') return ReadText(stream, shape, (int)size, swap, name);
            var values = ReadNumbers(stream, kind, size, count, swap);
            if (isFortran && shape.Length > 1)
                values = values is float[] singles ? RowMajor(singles, shape) : RowMajor((double[])values, shape);
            return values is float[] floats ? NpyArray.Of(floats, shape) : NpyArray.Of((double[])values, shape);
        }
        catch (EndOfStreamException e)
        {
            throw InputFile.Unusable(name, "a truncated array", "a whole .npy array", "write or download it again", e);
        }
    }

    private static (string Header, long Bytes) ReadHeader(Stream stream, long length, string name)
    {
        Span<byte> head = stackalloc byte[12];
        stream.ReadExactly(head[..10]);
        if (!head.StartsWith(NpyArray.Magic)) throw Damaged(name, "other content", "a .npy array");
        var version = head[6];
        if (version is < 1 or > 3) throw Damaged(name, $".npy version {version}", "version 1, 2 or 3");
        if (version > 1) stream.ReadExactly(head[10..]);
        var prefix = version == 1 ? 10 : 12;
        var headerLength = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (headerLength > HeaderLimit) throw Damaged(name, $"a header of {headerLength} bytes", $"at most {HeaderLimit}");
        if (headerLength > length - prefix) throw new EndOfStreamException();
        var header = new byte[headerLength];
        stream.ReadExactly(header);
        return (Encoding.Latin1.GetString(header), prefix + headerLength);
    }

    private static (char Kind, long Size, bool Swap) ParseType(string header, string name)
    {
        var descr = Match(TypePattern(), header, "'descr': one element type, not a structure", name);
        var isKnown = descr is [_, 'b', '1'] or [_, 'f', '2' or '4' or '8'] or [_, 'i' or 'u', '1' or '2' or '4' or '8'] or [_, 'U', ..];
        if (!isKnown || !int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || descr[0] is not ('<' or '>' or '|' or '='))
            throw InputFile.Unusable(name, $"element type '{InputFile.OneLine(descr)}'", "floating-point numbers, integers of at most 8 bytes or booleans",
                "convert the array with astype('float32') or astype('float64')");
        if (descr[1] == 'b') return ('u', 1, false); // 0 and 1
        var isBigEndian = descr[0] == '>' || descr[0] == '=' && !BitConverter.IsLittleEndian;
        return (descr[1], descr[1] == 'U' ? 4L * size : size, isBigEndian == BitConverter.IsLittleEndian);
    }

    private static int[] ParseShape(string header, string name)
    {
        var text = Match(ShapePattern(), header, "'shape': lengths in parentheses", name);
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > AxisLimit) throw Damaged(name, $"{parts.Length} axes", $"at most {AxisLimit}");
        return Array.ConvertAll(parts, part =>
            int.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
            : throw Damaged(name, $"shape ({InputFile.OneLine(text)})", $"lengths from 0 to {int.MaxValue}"));
    }

    private static int Count(int[] shape, long size, long available, string name)
    {
        Int128 bytes = size;
        foreach (var length in shape)
            if ((bytes *= length) > int.MaxValue)
                throw Damaged(name, $"an array of shape {string.Join("×", shape)}", "at most 2 GiB");
        if (bytes > int.MaxValue) throw Damaged(name, $"an element of {size} bytes", "at most 2 GiB");
        if (bytes != available)
            throw Damaged(name, $"{Math.Max(available, 0)} bytes of values", $"{bytes} for the array that the header announces");
        return size == 0 ? 0 : (int)(bytes / size);
    }

    private static Array ReadNumbers(Stream stream, char kind, long size, int count, bool swap) => (kind, size) switch
    {
        ('f', 4) => ReadValues<float>(stream, count, swap),
        ('f', 8) => ReadValues<double>(stream, count, swap),
        ('f', _) => Array.ConvertAll(ReadValues<Half>(stream, count, swap), value => (double)value),
        ('i', 1) => Array.ConvertAll(ReadValues<sbyte>(stream, count, swap), value => (double)value),
        ('i', 2) => Array.ConvertAll(ReadValues<short>(stream, count, swap), value => (double)value),
        ('i', 4) => Array.ConvertAll(ReadValues<int>(stream, count, swap), value => (double)value),
        ('i', _) => Array.ConvertAll(ReadValues<long>(stream, count, swap), value => (double)value),
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
        if (shape.Length > 0) throw Damaged(name, "an array of texts", "numbers or a single text");
        var bytes = new byte[size];
        stream.ReadExactly(bytes);
        try
        {
            var encoding = new UTF32Encoding(bigEndian: swap == BitConverter.IsLittleEndian, byteOrderMark: false, throwOnInvalidCharacters: true);
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

    private static string Match(Regex pattern, string header, string expected, string name) =>
        pattern.Match(header) is { Success: true } match ? match.Groups[1].Value : throw Damaged(name, "a header that has not", expected);

    private static InvalidInputException Damaged(string name, string found, string expected) =>
        InputFile.Unusable(name, found, expected, "write or download it again");

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{2,32})'", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex FortranPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapePattern();
}
