namespace EiRnnFast.Studies.Files;

/// <summary>What the first bytes of a file say that it is.</summary>
internal enum FileContent
{
    Unknown,
    Npy,
    Zip,
    Hdf5,
}

/// <summary>Opens files to read, with every failure told in one line.</summary>
internal static class InputFile
{
    /// <summary>Runs <paramref name="read"/> on the open file; whatever it throws becomes an InvalidInputException naming the file.</summary>
    public static T Read<T>(string path, string expected, Func<FileStream, T> read)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Directory.Exists(path)) throw Unusable(path, "a folder", expected, "name a file in it");
            if (!File.Exists(path)) throw Unusable(path, "no such file", expected, "check the path");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!stream.CanSeek) throw Unusable(path, "a pipe or device", expected, "name a regular file");
            if (stream.Length == 0) throw Unusable(path, "an empty file", expected, "write or download it again");
            return read(stream);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unusable(path, "no permission to read", expected, "check the file's permissions", e);
        }
        catch (EndOfStreamException e)
        {
            throw Unusable(path, "a truncated file", expected, "write or download it again", e);
        }
        catch (Exception e) when (e is not EiRnnException)
        {
            throw Unusable(path, "content that cannot be read", expected, "it is damaged, in use or of another kind; write or download it again", e);
        }
    }

    /// <summary>Detects the kind of a file by its first bytes and goes back to its start.</summary>
    public static FileContent Detect(Stream stream)
    {
        Span<byte> head = stackalloc byte[8];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (head.StartsWith(NpyArray.Magic)) return FileContent.Npy;
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8)) return FileContent.Zip;
        return head.SequenceEqual((ReadOnlySpan<byte>)[0x89, .. "HDF\r\n"u8, 0x1a, (byte)'\n']) ? FileContent.Hdf5 : FileContent.Unknown;
    }

    public static InvalidInputException Unusable(string path, string found, string expected, string remedy, Exception? inner = null) =>
        new(InvalidInputException.Of(OneLine(path), found, expected, remedy).Message, inner);

    public static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
