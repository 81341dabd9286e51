using System.Text;

namespace EiRnnFast.Files;

/// <summary>
/// Writes groups, matrices and attributes as h5py does by itself: superblock 0, groups as B-trees of symbol tables, object headers of
/// version 1, contiguous data, and texts of variable length in one heap (HDF Group, "HDF5 File Format Specification Version 3.0"). The
/// same content gives the same bytes; no time is written.
/// </summary>
internal sealed class Hdf5Writer
{
    /// <summary>Most children of a group: what one symbol table holds.</summary>
    public const int MostChildren = 2 * LeafRank;

    /// <summary>Most bytes of an attribute, as HDF5 has it. A text of variable length takes 16 of them.</summary>
    public const int MostAttributeBytes = ushort.MaxValue - 7;

    private const int LeafRank = 4, NodeRank = 16, SuperblockBytes = 96, HeapBytes = 4096, EntryBytes = 40;

    private readonly Stream _stream;
    private readonly Dictionary<string, ushort> _texts = new(StringComparer.Ordinal);
    private ulong _at, _heap;

    private Hdf5Writer(Stream stream) => _stream = stream;

    /// <summary>Writes a file from the stream's start on; it must be able to seek.</summary>
    /// <exception cref="ArgumentException">More children, texts or bytes of an attribute than this form of HDF5 can hold.</exception>
    public static void Write(Stream stream, Hdf5Group root)
    {
        var writer = new Hdf5Writer(stream);
        writer.Place(new byte[SuperblockBytes]);
        writer.AddTexts(root);
        writer.PlaceTexts();
        var address = writer.Place(root);
        stream.Position = 0;
        stream.Write(writer.Superblock(address));
        stream.Position = (long)writer._at;
    }

    private byte[] Superblock(ulong root) => Bytes(writer =>
    {
        writer.Write((ReadOnlySpan<byte>)[0x89, .. "HDF\r\n"u8, 0x1a, (byte)'\n']);
        writer.Write((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, sizeof(ulong), sizeof(ulong), 0]); // versions, and lengths of numbers
        writer.Write((ushort)LeafRank);
        writer.Write((ushort)NodeRank);
        writer.Write(0U);
        writer.Write(0UL); // the base address
        writer.Write(Hdf5File.Nowhere); // free space
        writer.Write(_at);
        writer.Write(Hdf5File.Nowhere); // a driver
        WriteEntry(writer, 0, root);
    });

    private static void WriteEntry(BinaryWriter writer, ulong name, ulong address)
    {
        writer.Write(name);
        writer.Write(address);
        writer.Write(new byte[EntryBytes - 16]); // nothing is repeated here of what the object itself says
    }

    private void AddTexts(Hdf5Group group)
    {
        foreach (var attribute in group.Attributes.Where(attribute => attribute.Form != Hdf5AttributeForm.FixedList))
            foreach (var text in attribute.Texts.Where(text => text.Length > 0))
                _texts.TryAdd(text, _texts.Count < ushort.MaxValue ? (ushort)(_texts.Count + 1)
                    : throw new ArgumentException($"more than {ushort.MaxValue} texts"));
        foreach (var child in group.Children.Values.OfType<Hdf5Group>()) AddTexts(child);
    }

    /// <summary>The texts of variable length: HDF5's global heap, whose last object is the free space.</summary>
    private void PlaceTexts()
    {
        if (_texts.Count == 0) return;
        var objects = Bytes(writer =>
        {
            foreach (var (text, index) in _texts.OrderBy(pair => pair.Value))
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                WriteHead(writer, index, (ulong)bytes.Length);
                writer.Write(bytes);
                Pad(writer);
            }
        });
        const int head = 16;
        var size = Math.Max(HeapBytes, head + objects.Length);
        _heap = Place(Bytes(writer =>
        {
            writer.Write("GCOL\x01\0\0\0"u8);
            writer.Write((ulong)size);
            writer.Write(objects);
            var free = size - head - objects.Length;
            if (free >= head) WriteHead(writer, 0, (ulong)free);
            writer.Write(new byte[free >= head ? free - head : free]);
        }));

        static void WriteHead(BinaryWriter writer, ushort index, ulong length)
        {
            writer.Write(index);
            writer.Write(new byte[6]); // nothing counts how often it is used
            writer.Write(length);
        }
    }

    private ulong Place(Hdf5Group group)
    {
        if (group.Children.Count > MostChildren)
            throw new ArgumentException($"{group.Children.Count} children of a group, more than {MostChildren}");
        var addresses = group.Children.Values.Select(child => child is Hdf5Group inner ? Place(inner) : Place((NpyArray)child)).ToArray();
        List<ulong> offsets = [];
        var names = Bytes(writer =>
        {
            writer.Write(0UL); // the empty name
            foreach (var name in group.Children.Keys)
            {
                offsets.Add((ulong)writer.BaseStream.Position);
                writer.Write(Encoding.UTF8.GetBytes(name));
                writer.Write((byte)0);
                Pad(writer);
            }
        });
        const ulong noFreeSpace = 1;
        var namesAt = Place(names);
        var heap = Place(Bytes(writer =>
        {
            writer.Write("HEAP\0\0\0\0"u8);
            writer.Write((ulong)names.Length);
            writer.Write(noFreeSpace);
            writer.Write(namesAt);
        }));
        var table = Place(Bytes(writer =>
        {
            writer.Write("SNOD\x01\0"u8);
            writer.Write((ushort)addresses.Length);
            for (var i = 0; i < addresses.Length; i++) WriteEntry(writer, offsets[i], addresses[i]);
            writer.Write(new byte[EntryBytes * (MostChildren - addresses.Length)]);
        }));
        var tree = Place(Bytes(writer =>
        {
            const int bytes = 24 + 2 * NodeRank * 8 + (2 * NodeRank + 1) * 8;
            writer.Write("TREE\0\0"u8);
            writer.Write((ushort)Math.Min(1, addresses.Length));
            writer.Write(Hdf5File.Nowhere);
            writer.Write(Hdf5File.Nowhere);
            writer.Write(0UL); // before the first name
            if (addresses.Length > 0)
            {
                writer.Write(table);
                writer.Write(offsets[^1]);
            }
            writer.Write(new byte[bytes - writer.BaseStream.Position]);
        }));
        return PlaceHeader([(0x11, [.. Number(tree), .. Number(heap)]),
            .. group.Attributes.Select(attribute => (0x0C, Message(attribute)))]);
    }

    private ulong Place(NpyArray array)
    {
        var values = array.Floats ?? throw new ArgumentException("an array that is not of single precision");
        var at = Place(NpyWriter.LittleEndian<float>(values));
        return PlaceHeader([
            (0x01, Space(array.Shape)),
            (0x03, [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]), // IEEE 754, single precision
            (0x05, [2, 2, 2, 1, 0, 0, 0, 0]), // nothing but 0 fills it
            (0x08, [3, 1, .. Number(at), .. Number((ulong)values.Length * sizeof(float))]),
        ]);
    }

    private ulong PlaceHeader((int Type, byte[] Content)[] messages)
    {
        var body = Bytes(writer =>
        {
            foreach (var (type, content) in messages)
            {
                writer.Write((ushort)type);
                writer.Write((ushort)(content.Length + (-content.Length & 7)));
                writer.Write(0U);
                writer.Write(content);
                Pad(writer);
            }
        });
        return Place(Bytes(writer =>
        {
            writer.Write((ushort)1);
            writer.Write((ushort)messages.Length);
            writer.Write(1U); // one link leads here
            writer.Write((uint)body.Length);
            writer.Write(0U);
            writer.Write(body);
        }));
    }

    private byte[] Message(Hdf5Attribute attribute)
    {
        var isScalar = attribute.Form is Hdf5AttributeForm.Ascii or Hdf5AttributeForm.Utf8;
        var (name, space) = (Encoding.UTF8.GetBytes(attribute.Name + '\0'), isScalar ? Space() : Space(attribute.Texts.Length));
        var (type, values) = attribute.Form switch
        {
            Hdf5AttributeForm.FixedList => Fixed(attribute.Texts),
            Hdf5AttributeForm.EmptyList => ([0x11, 0x20, 63, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0], []),
            // A list of bytes, of which a text is made: marked as ASCII or UTF-8, with its length, heap and index.
            var form => ((byte[])[0x19, 1, (byte)(form == Hdf5AttributeForm.Utf8 ? 1 : 0), 0, 16, 0, 0, 0,
                0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0], Variable(attribute.Texts)),
        };
        var message = Bytes(writer =>
        {
            writer.Write((ushort)1);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)type.Length);
            writer.Write((ushort)space.Length);
            foreach (var part in (byte[][])[name, type, space])
            {
                writer.Write(part);
                Pad(writer);
            }
            writer.Write(values);
        });
        return message.Length <= MostAttributeBytes ? message
            : throw new ArgumentException($"{attribute.Name} of {message.Length} bytes, more than {MostAttributeBytes} of an attribute");
    }

    private static (byte[] Type, byte[] Values) Fixed(string[] texts)
    {
        var encoded = Array.ConvertAll(texts, Encoding.UTF8.GetBytes);
        var size = encoded.Max(bytes => bytes.Length);
        return ([0x13, 1, 0, 0, .. Number((ulong)size)[..4]],
            [.. encoded.SelectMany(bytes => bytes.Concat(new byte[size - bytes.Length]))]);
    }

    private byte[] Variable(string[] texts) => Bytes(writer =>
    {
        foreach (var text in texts)
        {
            writer.Write(Encoding.UTF8.GetByteCount(text));
            writer.Write(text.Length > 0 ? _heap : 0);
            writer.Write(text.Length > 0 ? (uint)_texts[text] : 0);
        }
    });

    /// <summary>A dataspace: the lengths along its axes, twice, for none may grow; no axis is a single value.</summary>
    private static byte[] Space(params int[] shape) => Bytes(writer =>
    {
        writer.Write((ReadOnlySpan<byte>)[1, (byte)shape.Length, (byte)(shape.Length > 0 ? 1 : 0), 0, 0, 0, 0, 0]);
        foreach (var length in (int[])[.. shape, .. shape]) writer.Write((ulong)length);
    });

    /// <summary>Appends a structure; the next begins at a multiple of 8.</summary>
    private ulong Place(ReadOnlySpan<byte> bytes)
    {
        var at = _at;
        _stream.Write(bytes);
        _stream.Write(new byte[-bytes.Length & 7]);
        _at += (ulong)bytes.Length + (ulong)(-bytes.Length & 7);
        return at;
    }

    private static byte[] Number(ulong value) => Bytes(writer => writer.Write(value));

    private static void Pad(BinaryWriter writer) => writer.Write(new byte[-writer.BaseStream.Position & 7]);

    /// <summary>What a <see cref="BinaryWriter"/> is given, little-endian.</summary>
    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
