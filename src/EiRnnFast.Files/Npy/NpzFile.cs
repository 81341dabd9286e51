using System.IO.Compression;

namespace EiRnnFast.Files;

/// <summary>Reads and writes .npz files: zip archives of .npy arrays, as numpy.load and numpy.savez do.</summary>
public static class NpzFile
{
    private const string Suffix = ".npy";

    /// <summary>Trials without noise, most of them zeros and ones, take up to 340 times less room when deflated.</summary>
    private const int MostFold = 400;

    /// <summary>
    /// Larger square matrices are stored as they are: weights hardly deflate, and an identity of 4500 units would deflate so far that
    /// <see cref="MostFold"/> refuses it.
    /// </summary>
    private const int MostDeflatedUnits = 4000;

    private static readonly DateTimeOffset s_timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads the arrays of a .npz file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="only">The arrays wanted, of those that are there; all unless said.</param>
    /// <returns>Arrays by name.</returns>
    /// <exception cref="InvalidInputException">No such file, not a .npz file, damaged,
    /// or an array of an element type that <see cref="NpyArray"/> does not know.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, IReadOnlyCollection<string>? only = null) =>
        InputFile.Read(path, "a .npz file", stream => Read(stream, path, only));

    /// <summary>The names of the arrays in a .npz file, which are not read.</summary>
    internal static IReadOnlyList<string> NamesIn(string path) => InputFile.Read(path, "a .npz file", stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        return archive.Entries.Where(entry => entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)).Select(NameOf).ToArray();
    });

    /// <summary>Writes a .npz file, whole or not at all; the same arrays give the same bytes.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="arrays">Arrays by name.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream => Write(stream, arrays));
    }

    /// <summary>The same without compressing where asked: that takes a core longer than the disk.</summary>
    internal static void Write(string path, IReadOnlyDictionary<string, NpyArray> arrays, bool deflates) =>
        AtomicFile.Write(path, stream => Write(stream, arrays, deflates));

    internal static void Write(Stream stream, IReadOnlyDictionary<string, NpyArray> arrays, bool deflates = true)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var isLargeMatrix = array.Text is null && array.Shape is [var rows, var columns] && rows == columns && rows > MostDeflatedUnits;
            var level = isLargeMatrix || !deflates ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
            var entry = archive.CreateEntry(name + Suffix, level);
            entry.LastWriteTime = s_timestamp;
            using var content = entry.Open();
            NpyWriter.Write(content, array);
        }
    }

    internal static Dictionary<string, NpyArray> Read(Stream stream, string path, IReadOnlyCollection<string>? only)
    {
        var other = stream.CanSeek ? OtherKind(stream) : null;
        if (other is not null) throw InputFile.Unusable(path, other, "a .npz file", "save the arrays with numpy.savez");
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var entries = archive.Entries.Where(entry => entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)).ToList();
        if (entries.Count == 0) throw InputFile.Unusable(path, KindOf(archive), "a .npz file",
            "save the arrays with numpy.savez, or a Keras model with model.save('name.h5')");
        if (only is not null) entries.RemoveAll(entry => !only.Contains(NameOf(entry)));
        CheckRoom(entries, stream.Length, path);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var label = Label(path, entry);
            using var content = new CheckedStream(Open(entry, label));
            arrays.Add(NameOf(entry), NpyReader.Read(content, entry.Length, label));
            if (content.Crc != entry.Crc32)
                throw InputFile.Unusable(label, "a checksum that does not match", "undamaged content", "write or download it again");
        }
        return arrays;
    }

    /// <summary>Checks all headers, and that the arrays together are not far longer than the file, before any array is unpacked.</summary>
    private static void CheckRoom(List<ZipArchiveEntry> entries, long length, string path)
    {
        var (room, most) = (0L, InputFile.MostBytes(length, MostFold));
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var label = Label(path, entry);
            if (!names.Add(NameOf(entry))) throw InputFile.Unusable(label, "the array twice", "every name once", "write it again");
            using var content = Open(entry, label);
            room += NpyReader.Header(content, entry.Length, label).MemoryBytes + NpyHeader.LengthLimit;
            if (room > most)
                throw InputFile.Unusable(path, $"arrays of {room >> 20} MiB and more in a file of {length} bytes",
                    $"at most {most >> 20} MiB",
                    "write it without compression (numpy.savez)");
        }
    }

    private static Stream Open(ZipArchiveEntry entry, string label)
    {
        if (entry.IsEncrypted) throw InputFile.Unusable(label, "an encrypted array", "one without a password", "write it again");
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException e) // the message names bzip2, LZMA and what else cannot be unpacked
        {
            throw InputFile.Unusable(label, $"an array that cannot be unpacked ({e.Message.TrimEnd('.')})",
                "one without compression, or deflated",
                "write it again with numpy.savez", e);
        }
    }

    /// <summary>What a file is by its first bytes; null for an archive, damaged or not.</summary>
    private static string? OtherKind(Stream stream) => InputFile.Detect(stream) switch
    {
        FileContent.Zip => null,
        FileContent.Npy => "a .npy file, which holds one array",
        FileContent.Hdf5 => "a HDF5 file",
        FileContent.Pickle => "a pickle of Python",
        _ when stream.Length == 0 => "an empty file",
        _ => "a file of another kind, or a damaged one",
    };

    private static string KindOf(ZipArchive archive)
    {
        var names = archive.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        return names.Any(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)) ? "a PyTorch file"
            : names.Contains("model.weights.h5") ? "a Keras 3 archive (.keras)"
            : "a zip archive without arrays";
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^Suffix.Length];

    private static string Label(string path, ZipArchiveEntry entry) => $"{path} ({InputFile.Quote(NameOf(entry))})";
}
