namespace EiRnnFast.Files;

/// <summary>
/// What networks need of HDF5 (HDF Group, "HDF5 File Format Specification Version 3.0"): groups, links, texts as attributes, and matrices.
/// Every structure is checked before it is followed, and all of them together are bounded by the length of the file.
/// </summary>
internal sealed class Hdf5File
{
    /// <summary>The address of what is nowhere.</summary>
    public const ulong Nowhere = ulong.MaxValue;

    public const string Remedy = "save the trained model with model.save('name.h5')";

    private const string Expected = "a Keras HDF5 file that holds all its data";

    private const int LeastCost = 64, LinkDepth = 16;

    private readonly Stream _stream;
    private readonly string _path;
    private readonly long _start;
    private readonly ulong _root;
    private long _budget;

    public Hdf5File(Stream stream, string path)
    {
        (_stream, _path) = (stream, path);
        _start = Find(stream);
        if (_start < 0) throw new InvalidDataException("no superblock");
        _budget = (8L << 20) + 2 * stream.Length;
        var piece = At(8, 5);
        var version = piece.Byte();
        if (version > 3) throw Unusable($"version {version} of the HDF5 superblock");
        var isOld = version < 2;
        if (isOld) piece.Skip(3);
        piece = isOld ? At(8, 5 + 1 + 2) : At(8, 3);
        piece.Skip(isOld ? 5 : 1);
        var (offsets, lengths) = (piece.Byte(), piece.Byte());
        if (offsets != 8 || lengths != 8) throw Unusable($"HDF5 addresses of {offsets} and lengths of {lengths} bytes");
        var fields = At(version switch { 0 => 24UL, 1 => 28, _ => 12 }, isOld ? 48UL : 36);
        fields.Skip(16); // the base address, and that of the free space or of the extension
        var end = fields.UInt64();
        if (end > (ulong)stream.Length) throw new EndOfStreamException();
        if (isOld) fields.Skip(8 + 8); // the driver's information; the name of the root
        _root = fields.UInt64();
        if (!isOld && Hdf5Piece.Checksum(At(0, 44).Take(44)) != At(44, 4).UInt32()) throw Hdf5Piece.Damaged();
    }

    public Hdf5Object Root => new(this, _root);

    public long Length => _stream.Length;

    /// <summary>How many bytes a dataset may have; weights hardly get shorter by compression.</summary>
    public long MostBytes => InputFile.MostBytes(Length, fold: 20);

    /// <summary>Where the HDF5 part of a file begins: at 0, or after a user block of 512·2ᵏ bytes; -1 if there is none. The stream is left
    /// at its start.</summary>
    public static long Find(Stream stream)
    {
        Span<byte> head = stackalloc byte[8];
        var found = -1L;
        for (long at = 0; found < 0 && at + head.Length <= stream.Length; at = Math.Max(512, 2 * at))
        {
            stream.Position = at;
            stream.ReadExactly(head);
            if (head.SequenceEqual((ReadOnlySpan<byte>)[0x89, .. "HDF\r\n"u8, 0x1a, (byte)'\n'])) found = at;
        }
        stream.Position = 0;
        return found;
    }

    /// <summary>A structure of the file; together they may not be longer than twice the file and a little.</summary>
    public Hdf5Piece At(ulong address, ulong count)
    {
        Spend(count);
        var bytes = new byte[count];
        Read(address, bytes);
        return new Hdf5Piece(bytes);
    }

    /// <summary>Fills <paramref name="into"/> with the bytes at an address.</summary>
    public void Read(ulong address, Span<byte> into)
    {
        var length = (ulong)(_stream.Length - _start);
        if (address > length || (ulong)into.Length > length - address) throw new EndOfStreamException();
        _stream.Position = _start + (long)address;
        _stream.ReadExactly(into);
    }

    /// <summary>The object that a path leads to, over soft links as well; null if the path breaks off.</summary>
    /// <exception cref="InvalidInputException">A link to another file, or links that lead in a circle.</exception>
    public Hdf5Object? Open(Hdf5Object start, string path, int depth = 0)
    {
        if (depth > LinkDepth) throw Unusable("a soft link that leads back to itself");
        var place = path.StartsWith('/') ? Root : start;
        foreach (var name in path.Split('/'))
        {
            if (name is "" or ".") continue;
            Spend(0);
            if (place.Links().Find(link => link.Name == name) is not { } link || Follow(place, link, depth) is not { } next) return null;
            place = next;
        }
        return place;
    }

    /// <inheritdoc cref="Open"/>
    public Hdf5Object? Follow(Hdf5Object group, Hdf5Link link, int depth = 0) =>
        link.Target is { } target ? Open(group, target, depth + 1)
        : link.Address is { } address ? new Hdf5Object(this, address)
        : throw Unusable($"data in another file (an external link '{link.Name}')");

    public InvalidInputException Unusable(string found, string expected = Expected, string remedy = Remedy) =>
        InputFile.Unusable(_path, found, expected, remedy);

    private void Spend(ulong bytes)
    {
        if (bytes > (ulong)Length) throw new EndOfStreamException();
        if ((_budget -= Math.Max(LeastCost, (long)bytes)) < 0) throw Unusable("more structure than a file of its length can hold");
    }
}

/// <summary>A link in a group: to an <see cref="Address"/>, to a path (<see cref="Target"/>), or, without both, to another file.</summary>
internal sealed record Hdf5Link(string Name, ulong? Address, string? Target);
