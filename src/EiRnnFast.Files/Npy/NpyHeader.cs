using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EiRnnFast.Files;

/// <summary>What stands before the values of a .npy array: a dictionary in Python's notation, of which numpy.save writes three
/// entries.</summary>
/// <param name="Kind">f, i, u, b (boolean), U (text) or S (bytes of a text), as NumPy abbreviates them.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Swap">Whether the order of its bytes is not this machine's.</param>
/// <param name="IsFortran">Whether the first axis runs fastest.</param>
/// <param name="Shape">Length along each axis.</param>
internal sealed record NpyHeader(char Kind, int Size, bool Swap, bool IsFortran, int[] Shape)
{
    /// <summary>The longest header that is read, in bytes.</summary>
    public const int LengthLimit = 65_535;

    private const int AxisLimit = 32;

    /// <summary>NumPy's names of the types that an abbreviation has as well; those whose size hangs on the machine are left out.</summary>
    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        ["float16"] = "f2", ["half"] = "f2", ["e"] = "f2", ["float32"] = "f4", ["single"] = "f4", ["f"] = "f4", ["float64"] = "f8",
        ["double"] = "f8",
        ["float"] = "f8", ["d"] = "f8", ["int8"] = "i1", ["byte"] = "i1", ["b"] = "i1", ["int16"] = "i2", ["short"] = "i2", ["h"] = "i2",
        ["int32"] = "i4",
        ["intc"] = "i4", ["i"] = "i4", ["int64"] = "i8", ["longlong"] = "i8", ["q"] = "i8", ["uint8"] = "u1", ["ubyte"] = "u1",
        ["B"] = "u1",
        ["uint16"] = "u2", ["ushort"] = "u2", ["H"] = "u2", ["uint32"] = "u4", ["uintc"] = "u4", ["I"] = "u4", ["uint64"] = "u8",
        ["ulonglong"] = "u8",
        ["Q"] = "u8", ["bool"] = "b1", ["bool_"] = "b1", ["?"] = "b1",
    };

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Aggregate(1, (product, length) => product * length);

    /// <summary>What a text takes beside its characters, in bytes.</summary>
    private const int TextObject = 32;

    /// <summary>Whether the elements are texts.</summary>
    public bool IsText => Kind is 'U' or 'S';

    /// <summary>Bytes of memory for the values: what is neither single precision nor text is kept in double precision.</summary>
    public long MemoryBytes => (long)Count * (IsText ? TextObject + 2L * Size : Kind == 'f' && Size == 4 ? sizeof(float) : sizeof(double));

    /// <summary>Reads the header of an array and checks that as many bytes follow as its values need.</summary>
    /// <param name="stream">At the first byte of the array; afterwards at the first of its values.</param>
    /// <param name="length">Bytes of the whole array.</param>
    /// <param name="name">The name for messages.</param>
    public static NpyHeader Read(Stream stream, long length, string name)
    {
        Span<byte> head = stackalloc byte[12];
        stream.ReadExactly(head[..10]);
        if (!head.StartsWith(NpyArray.Magic)) throw Damaged(name, "other content", "a .npy array");
        var version = head[6];
        if (version is < 1 or > 3) throw Damaged(name, $".npy version {version}", "version 1, 2 or 3");
        if (version > 1) stream.ReadExactly(head[10..]);
        var prefix = version == 1 ? 10 : 12;
        var headerLength = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (headerLength > LengthLimit) throw Damaged(name, $"a header of {headerLength} bytes", $"at most {LengthLimit}");
        if (headerLength > length - prefix) throw new EndOfStreamException();
        var header = new byte[headerLength];
        stream.ReadExactly(header);
        return Parse(Encoding.Latin1.GetString(header), length - prefix - headerLength, name);
    }

    private static NpyHeader Parse(string text, long available, string name)
    {
        if (Entries(text) is not { } entries) throw Damaged(name, "a header that is no dictionary", "descr, fortran_order and shape");
        var descr = Entry("descr", "one element type");
        if (descr is not ['\'' or '"', ..])
            throw InputFile.Unusable(name, $"a structured element type {descr}", "one number for each element",
                "save each field in an array of its own");
        var (kind, size, swap) = Type(descr[1..^1], name);
        var order = Entry("fortran_order", "True or False");
        if (order is not ("True" or "False")) throw Damaged(name, $"fortran_order {order}", "True or False");
        var shape = Lengths(Entry("shape", "lengths in parentheses"), name);
        Check(shape, size, available, name);
        return new NpyHeader(kind, (int)size, swap, order == "True", shape);

        string Entry(string key, string expected) => entries.GetValueOrDefault(key) ?? throw Damaged(name, $"a header without {key}",
            $"{key} with {expected}");
    }

    /// <summary>The entries of a dictionary whose keys are texts: values as they are written; null if it is none.</summary>
    private static Dictionary<string, string>? Entries(string text)
    {
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        var rest = text.AsSpan().Trim();
        if (rest is not ['{', .., '}']) return null;
        rest = rest[1..^1].Trim();
        while (!rest.IsEmpty)
        {
            var key = Value(rest);
            if (key.Length < 2 || key[0] is not ('\'' or '"')) return null;
            rest = rest[key.Length..].TrimStart();
            if (rest is not [':', ..]) return null;
            rest = rest[1..].TrimStart();
            var value = Value(rest);
            if (value.IsEmpty || !entries.TryAdd(key[1..^1].ToString(), value.ToString())) return null;
            rest = rest[value.Length..].TrimStart();
            if (rest is [',', ..]) rest = rest[1..].TrimStart();
            else if (!rest.IsEmpty) return null;
        }
        return entries;
    }

    /// <summary>The text, list, tuple or word that stands first; empty if it does not end.</summary>
    private static ReadOnlySpan<char> Value(ReadOnlySpan<char> text)
    {
        if (text is ['\'' or '"', ..]) return text[..(text[1..].IndexOf(text[0]) + 2)] is { Length: > 1 } quoted ? quoted : default;
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (depth == 0 && text[at] is ',' or ':' || char.IsWhiteSpace(text[at]) && depth == 0) return text[..at];
            if (text[at] is '(' or '[' or '{') depth++;
            if (text[at] is ')' or ']' or '}' && --depth <= 0) return text[..(at + 1)];
        }
        return text;
    }

    private static (char Kind, long Size, bool Swap) Type(string descr, string name)
    {
        var hasOrder = descr is ['<' or '>' or '|' or '=', ..];
        var type = hasOrder ? descr[1..] : descr;
        type = s_types.GetValueOrDefault(type, type);
        if (type is "O" or "O8" or "object") throw InputFile.Unusable(name, "Python objects (pickled)", "numbers or texts",
            "save an array of numbers, or of texts with astype('U')");
        var isKnown = type is "b1" or ['f', '2' or '4' or '8'] or ['i' or 'u', '1' or '2' or '4' or '8'] or ['U' or 'S', ..];
        if (!isKnown || !int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw InputFile.Unusable(name, $"element type '{descr}'",
                "floating-point numbers, integers of at most 8 bytes, booleans or texts",
                "convert the array with astype('float32') or astype('float64')");
        var isBigEndian = hasOrder && descr[0] == '>' || descr[0] != '<' && !BitConverter.IsLittleEndian;
        return (type[0], type[0] == 'U' ? 4L * size : size, isBigEndian == BitConverter.IsLittleEndian);
    }

    private static int[] Lengths(string text, string name)
    {
        if (text is not ['(', .., ')']) throw Damaged(name, $"shape {text}", "lengths in parentheses");
        var parts = text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > AxisLimit) throw Damaged(name, $"{parts.Length} axes", $"at most {AxisLimit}");
        return Array.ConvertAll(parts, part =>
            int.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                ? length
                : throw Damaged(name, $"shape {text}", $"lengths from 0 to {int.MaxValue}"));
    }

    private static void Check(int[] shape, long size, long available, string name)
    {
        Int128 bytes = size;
        foreach (var length in shape)
            if ((bytes *= length) > int.MaxValue)
                throw Damaged(name, $"an array of shape {string.Join("×", shape)}", "at most 2 GiB");
        if (bytes > int.MaxValue) throw Damaged(name, $"an element of {size} bytes", "at most 2 GiB");
        if (size == 0 && shape.Length > 0) throw Damaged(name, "an array of texts without characters", "one character or more for each");
        if (bytes != available)
            throw Damaged(name, $"{Math.Max(available, 0)} bytes of values", $"{bytes} for the array that the header announces");
    }

    private static InvalidInputException Damaged(string name, string found, string expected) =>
        InputFile.Unusable(name, found, expected, "write or download it again");
}
