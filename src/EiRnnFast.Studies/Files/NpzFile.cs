using System.IO.Compression;

namespace EiRnnFast.Studies.Files;

/// <summary>Reads and writes .npz files: zip archives of .npy arrays, as numpy.load and numpy.savez do.</summary>
public static class NpzFile
{
    private const string Suffix = ".npy";

    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads the arrays of a .npz file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="only">The arrays wanted, of those that are there; all unless said.</param>
    /// <returns>Arrays by name.</returns>
    /// <exception cref="InvalidInputException">No such file, not a .npz file, damaged, or an array of an element type that <see cref="NpyArray"/> does not know.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, IReadOnlyCollection<string>? only = null) =>
        InputFile.Read(path, "a .npz file", stream => Read(stream, path, only));

    /// <summary>Writes a .npz file, whole or not at all; the same arrays give the same bytes.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="arrays">Arrays by name.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream => Write(stream, arrays));
    }

    internal static void Write(Stream stream, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var entry = archive.CreateEntry(name + Suffix, CompressionLevel.Optimal);
            entry.LastWriteTime = Timestamp;
            using var content = entry.Open();
            NpyWriter.Write(content, array);
        }
    }

    internal static Dictionary<string, NpyArray> Read(Stream stream, string path, IReadOnlyCollection<string>? only)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)) continue;
            var name = entry.FullName[..^Suffix.Length];
            if (only is not null && !only.Contains(name)) continue;
            using var content = new CheckedStream(entry.Open());
            var label = $"{path} ({name})";
            if (!arrays.TryAdd(name, NpyReader.Read(content, entry.Length, label)))
                throw InputFile.Unusable(label, "the array twice", "every name once", "write it again");
            if (content.Crc != entry.Crc32)
                throw InputFile.Unusable(label, "a checksum that does not match", "undamaged content", "write or download it again");
        }
        return arrays;
    }
}
