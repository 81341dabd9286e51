namespace EiRnnFast.Files;

/// <summary>One object of an HDF5 file: a group with links, or a dataset; both may have attributes.</summary>
internal sealed class Hdf5Object
{
    private const int Dataspace = 0x01, LinkInfo = 0x02, LinkMessage = 0x06, Layout = 0x08, AttributeMessage = 0x0C, Continuation = 0x10,
        SymbolTable = 0x11,
        AttributeInfo = 0x15;

    private const int Shared = 2, BlockLimit = 1000;

    private readonly Hdf5File _file;
    private readonly List<(int Type, int Flags, ReadOnlyMemory<byte> Data)> _messages = [];

    public Hdf5Object(Hdf5File file, ulong address)
    {
        _file = file;
        Queue<(ulong Address, ulong Length)> blocks = [];
        var start = file.At(address, 6);
        var isNew = start.Take(4).SequenceEqual("OHDR"u8);
        var (version, flags) = (start.Byte(), start.Byte());
        if (isNew)
        {
            if (version != 2) throw Hdf5Piece.Damaged();
            var prefix = 6UL + (flags.HasBit(0x20) ? 16UL : 0) + (flags.HasBit(0x10) ? 4UL : 0);
            var sizeLength = 1 << (flags & 3);
            var size = file.At(address + prefix, (ulong)sizeLength).Number(sizeLength);
            if (size > (ulong)file.Length) throw new EndOfStreamException();
            var header = Checked(address, prefix + (ulong)sizeLength + size + 4);
            header.Skip((long)prefix + sizeLength);
            Parse(header);
        }
        else
        {
            var old = file.At(address, 16);
            if (old.Byte() != 1) throw Hdf5Piece.Damaged();
            old.Skip(7);
            Parse(file.At(address + 16, old.UInt32()));
        }
        for (var count = 0; blocks.TryDequeue(out var block); count++)
        {
            if (count == BlockLimit) throw Hdf5Piece.Damaged();
            var piece = isNew ? Checked(block.Address, block.Length) : file.At(block.Address, block.Length);
            if (isNew) piece.Expect("OCHK"u8);
            Parse(piece);
        }

        void Parse(Hdf5Piece piece)
        {
            var headLength = !isNew ? 8 : flags.HasBit(4) ? 6 : 4;
            while (piece.Left >= headLength)
            {
                var type = isNew ? piece.Byte() : piece.UInt16();
                var size = piece.UInt16();
                var messageFlags = piece.Byte();
                piece.Skip(headLength - (isNew ? 4 : 5));
                var data = piece.Part(size);
                if (type != Continuation) _messages.Add((type, messageFlags, data));
                else if (new Hdf5Piece(data) is var next) blocks.Enqueue((next.UInt64(), next.UInt64()));
            }
        }
    }

    public bool IsDataset => _messages.Exists(message => message.Type == Layout);

    /// <summary>The links of a group, in the order in which the file holds them.</summary>
    public List<Hdf5Link> Links()
    {
        List<Hdf5Link> links = [];
        foreach (var (type, _, data) in _messages)
        {
            var piece = new Hdf5Piece(data);
            if (type == LinkMessage) links.Add(Link(piece));
            else if (type == SymbolTable) AddOldLinks(piece.UInt64(), piece.UInt64(), links);
            else if (type == LinkInfo)
            {
                piece.Skip(1);
                piece.Skip(piece.Byte().HasBit(1) ? 8 : 0);
                if (piece.UInt64() != Hdf5File.Nowhere) throw Newest("a group with its links in a heap");
            }
        }
        return links;
    }

    /// <summary>The texts of an attribute; null if there is none of that name, or if it holds other values.</summary>
    public string[]? Texts(string attribute)
    {
        foreach (var (type, messageFlags, data) in _messages)
        {
            if (type != AttributeMessage || messageFlags.HasBit(Shared)) continue;
            var piece = new Hdf5Piece(data);
            var (version, flags) = (piece.Byte(), piece.Byte());
            var (nameSize, typeSize, spaceSize) = (piece.UInt16(), piece.UInt16(), piece.UInt16());
            if (version is < 1 or > 3) throw Hdf5Piece.Damaged();
            if (version == 3) piece.Skip(1);
            if (Part(nameSize).Text() != attribute) continue;
            if (flags != 0 && version > 1) throw Newest($"the attribute {attribute} of a shared type");
            var (datatype, space) = (Part(typeSize), Part(spaceSize));
            return Texts(datatype, Hdf5Dataset.Shape(space), piece);

            Hdf5Piece Part(int size) => version == 1 ? piece.Padded(size) : new Hdf5Piece(piece.Part(size));
        }
        foreach (var (type, _, data) in _messages)
        {
            if (type != AttributeInfo) continue;
            var piece = new Hdf5Piece(data);
            piece.Skip(1);
            piece.Skip(piece.Byte().HasBit(1) ? 2 : 0);
            if (piece.UInt64() != Hdf5File.Nowhere) throw Newest("attributes in a heap");
        }
        return null;
    }

    /// <summary>What there is to know of the dataset, without its data.</summary>
    public Hdf5Dataset Dataset()
    {
        Dictionary<int, ReadOnlyMemory<byte>> parts = [];
        foreach (var (type, flags, data) in _messages)
            if (flags.HasBit(Shared) && type is >= Dataspace and < AttributeMessage) throw Newest("a dataset of a shared type");
            else parts.TryAdd(type, data);
        return new Hdf5Dataset(_file, parts);
    }

    private Hdf5Piece Checked(ulong address, ulong length)
    {
        if (length < 4) throw Hdf5Piece.Damaged();
        var all = _file.At(address, length);
        var content = all.Part((long)length - 4);
        return Hdf5Piece.Checksum(content.Span) == all.UInt32() ? new Hdf5Piece(content) : throw Hdf5Piece.Damaged();
    }

    private static Hdf5Link Link(Hdf5Piece piece)
    {
        if (piece.Byte() != 1) throw Hdf5Piece.Damaged();
        var flags = piece.Byte();
        var kind = flags.HasBit(8) ? piece.Byte() : 0;
        piece.Skip((flags.HasBit(4) ? 8 : 0) + (flags.HasBit(0x10) ? 1 : 0));
        var name = new Hdf5Piece(piece.Part((long)Math.Min(piece.Number(1 << (flags & 3)), int.MaxValue))).Text();
        return kind switch
        {
            0 => new Hdf5Link(name, piece.UInt64(), null),
            1 => new Hdf5Link(name, null, new Hdf5Piece(piece.Part(piece.UInt16())).Text()),
            _ => new Hdf5Link(name, null, null),
        };
    }

    /// <summary>The links of a group of the older form: a B-tree of tables, and a heap of names.</summary>
    private void AddOldLinks(ulong tree, ulong heap, List<Hdf5Link> links)
    {
        var head = _file.At(heap, 32);
        head.Expect("HEAP"u8);
        head.Skip(4);
        var size = head.UInt64();
        head.Skip(8);
        var names = _file.At(head.UInt64(), size).Part((long)size);
        foreach (var table in Hdf5Tree.Leaves(_file, tree, 0, 8).Select(leaf => leaf.Child))
        {
            var start = _file.At(table, 8);
            start.Expect("SNOD"u8);
            start.Skip(2);
            var count = start.UInt16();
            var entries = _file.At(table + 8, 40UL * (uint)count);
            for (var i = 0; i < count; i++)
            {
                var (name, address, kind) = (Name(entries.UInt64()), entries.UInt64(), entries.UInt32());
                entries.Skip(4);
                var scratch = new Hdf5Piece(entries.Part(16));
                links.Add(kind == 2 ? new Hdf5Link(name, null, Name(scratch.UInt32())) : new Hdf5Link(name, address, null));
            }
        }

        string Name(ulong offset) => offset < (ulong)names.Length ? new Hdf5Piece(names[(int)offset..]).Text() : throw Hdf5Piece.Damaged();
    }

    private string[]? Texts(Hdf5Piece datatype, long[] shape, Hdf5Piece values)
    {
        const int fixedText = 3, variable = 9;
        var kind = datatype.Byte() & 15;
        var isText = kind == fixedText || kind == variable && (datatype.Byte() & 15) == 1;
        if (!isText) return null;
        datatype.Skip(kind == fixedText ? 3 : 2);
        var size = datatype.UInt32();
        if (kind == variable && size != 16) throw Hdf5Piece.Damaged();
        var count = shape.Aggregate((Int128)1, (product, length) => product * length);
        if (count > values.Left || count * size > values.Left) throw Hdf5Piece.Damaged();
        var texts = new string[(int)count];
        for (var i = 0; i < texts.Length; i++)
        {
            var value = new Hdf5Piece(values.Part(size));
            texts[i] = kind == fixedText ? value.Text() : HeapText(value.UInt32(), value.UInt64(), value.UInt32());
        }
        return texts;
    }

    /// <summary>A text of variable length, in the heap that the whole file shares.</summary>
    private string HeapText(uint length, ulong heap, uint index)
    {
        if (length == 0) return "";
        var head = _file.At(heap, 16);
        head.Expect("GCOL"u8);
        head.Skip(4);
        var collection = _file.At(heap, head.UInt64());
        collection.Skip(16);
        while (collection.Left >= 16)
        {
            var number = collection.UInt16();
            collection.Skip(6);
            var size = (long)Math.Min(collection.UInt64(), int.MaxValue);
            if (number == 0) break; // the free space
            var content = collection.Padded(size);
            if (number == index) return new Hdf5Piece(content.Part(length)).Text();
        }
        throw Hdf5Piece.Damaged();
    }

    private InvalidInputException Newest(string found) => _file.Unusable(found, "HDF5 as Keras writes it",
        "save the model with Keras, or the file with h5py's libver='earliest'");
}
