using System.Runtime.InteropServices;

namespace EiRnnFast.Files;

/// <summary>A dataset of at most two axes with numbers in single or double precision, of either byte order.</summary>
internal sealed class Hdf5Dataset
{
    private const int SpaceMessage = 0x01, TypeMessage = 0x03, FillMessage = 0x05, ExternalMessage = 0x07, LayoutMessage = 0x08,
        FilterMessage = 0x0B;

    private readonly Hdf5File _file;
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _parts;

    public Hdf5Dataset(Hdf5File file, Dictionary<int, ReadOnlyMemory<byte>> parts)
    {
        (_file, _parts) = (file, parts);
        Lengths = Shape(Part(SpaceMessage));
    }

    /// <summary>Length along each axis, as the file claims it.</summary>
    public long[] Lengths { get; }

    /// <summary>The shape for a message, such as "2×100".</summary>
    public string ShapeText => Lengths.Length == 0 ? "a scalar" : string.Join("×", Lengths);

    /// <summary>Reads the values, once their number and their layout are known to be possible.</summary>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="InvalidInputException">Other types, data outside the file, or a layout that Keras does not write.</exception>
    public NpyArray Read(string name)
    {
        var (size, isBigEndian) = NumberType(name);
        if (_parts.ContainsKey(ExternalMessage)) throw _file.Unusable($"{name} with its data outside the file");
        var shape = Array.ConvertAll(Lengths, length => (int)length);
        var count = shape.Aggregate((Int128)1, (product, length) => product * length);
        if (shape.Length is < 1 or > 2 || count * size > _file.MostBytes)
            throw _file.Unusable($"{name} of shape {ShapeText}, which the file is too short to hold",
                $"a matrix of at most {_file.MostBytes >> 20} MiB");
        return size == 4 ? NpyArray.Of(Values<float>(name, (int)count, isBigEndian), shape)
            : NpyArray.Of(Values<double>(name, (int)count, isBigEndian), shape);
    }

    /// <summary>The lengths along the axes of a dataspace.</summary>
    public static long[] Shape(Hdf5Piece space)
    {
        var (version, rank, flags) = (space.Byte(), space.Byte(), space.Byte());
        if (version is < 1 or > 2 || rank > 32 || version == 2 && space.Byte() == 2) throw Hdf5Piece.Damaged();
        if (version == 1) space.Skip(5);
        var lengths = new long[rank];
        for (var axis = 0; axis < rank; axis++)
            lengths[axis] = space.UInt64() is var length and <= int.MaxValue ? (long)length : throw Hdf5Piece.Damaged();
        return lengths;
    }

    private (int Size, bool IsBigEndian) NumberType(string name)
    {
        var type = Part(TypeMessage);
        var kind = type.Byte() & 15;
        var (bits, sign) = (type.Byte(), type.Byte());
        type.Skip(1);
        var size = type.UInt32();
        if (kind == 1 && size is 4 or 8)
        {
            // Offset and number of bits; place and length of the exponent and of the mantissa; bias of the exponent: IEEE 754.
            (int, int, int, int, int, int, uint) format = (type.UInt16(), type.UInt16(), type.Byte(), type.Byte(), type.Byte(), type.Byte(),
                type.UInt32());
            var isStandard = size == 4 ? sign == 31 && format == (0, 32, 23, 8, 0, 23, 127) : sign == 63
                && format == (0, 64, 52, 11, 0, 52, 1023);
            if (isStandard && (bits & ~0x0F) == 0x20 && !bits.HasBit(0x40)) return ((int)size, bits.HasBit(1));
        }
        var what = kind switch
        {
            0 => "whole numbers",
            1 => "floating-point numbers",
            3 or 9 => "texts",
            6 => "compound values",
            _ => $"values of HDF5's class {kind}",
        };
        throw _file.Unusable($"{name} with {what} of {size} bytes", "numbers in single or double precision");
    }

    private T[] Values<T>(string name, int count, bool isBigEndian) where T : unmanaged
    {
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        var size = bytes.Length / Math.Max(count, 1);
        Fill(bytes, size);
        var layout = Part(LayoutMessage);
        var (version, kind) = (layout.Byte(), layout.Byte());
        if (version is not (3 or 4)) throw _file.Unusable($"{name} in a layout of version {version}", "HDF5 as Keras writes it");
        switch (kind)
        {
            case 0:
                if (layout.UInt16() is var length && length != bytes.Length) throw Hdf5Piece.Damaged();
                layout.Take(length).CopyTo(bytes);
                break;
            case 1:
                var (address, stored) = (layout.UInt64(), layout.UInt64());
                if (address == Hdf5File.Nowhere) break; // never written
                if (stored != (ulong)bytes.Length) throw Hdf5Piece.Damaged();
                _file.Read(address, bytes);
                break;
            case 2 when count > 0:
                Hdf5Chunks.Read(_file, name, version, layout, Filters(), Lengths, size, bytes);
                break;
            case 2:
                break;
            case 3:
                throw _file.Unusable($"{name} with its data in other files or datasets (a virtual dataset)");
            default:
                throw Hdf5Piece.Damaged();
        }
        if (isBigEndian == BitConverter.IsLittleEndian)
            for (var at = 0; at < bytes.Length; at += size) bytes.Slice(at, size).Reverse();
        return values;
    }

    /// <summary>What stands where nothing was written.</summary>
    private void Fill(Span<byte> bytes, int size)
    {
        if (!_parts.ContainsKey(FillMessage)) return;
        var fill = Part(FillMessage);
        var version = fill.Byte();
        if (version is 1 or 2) fill.Skip(2);
        var isDefined = version is 1 or 2 ? fill.Byte() == 1 : fill.Byte().HasBit(0x20);
        if (!isDefined || fill.Left < 4 || fill.UInt32() != size) return;
        var value = fill.Take(size);
        if (value.ContainsAnyExcept((byte)0))
            for (var at = 0; at < bytes.Length; at += size) value.CopyTo(bytes[at..]);
    }

    private List<(int Id, uint[] Values)> Filters()
    {
        List<(int Id, uint[] Values)> filters = [];
        if (!_parts.ContainsKey(FilterMessage)) return filters;
        var piece = Part(FilterMessage);
        var (version, count) = (piece.Byte(), piece.Byte());
        if (version is not (1 or 2)) throw Hdf5Piece.Damaged();
        if (version == 1) piece.Skip(6);
        for (var i = 0; i < count; i++)
        {
            var id = piece.UInt16();
            var nameLength = version == 1 || id >= 256 ? piece.UInt16() : 0;
            piece.Skip(2);
            var values = new uint[piece.UInt16()];
            piece.Skip(version == 1 ? nameLength + (-nameLength & 7) : nameLength);
            for (var j = 0; j < values.Length; j++) values[j] = piece.UInt32();
            if (version == 1 && values.Length % 2 == 1) piece.Skip(4);
            filters.Add((id, values));
        }
        return filters;
    }

    private Hdf5Piece Part(int message) => _parts.TryGetValue(message, out var data) ? new Hdf5Piece(data) : throw Hdf5Piece.Damaged();
}
