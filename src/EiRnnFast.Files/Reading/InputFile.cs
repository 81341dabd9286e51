using EiRnnFast.Files.Native;
namespace EiRnnFast.Files;

/// <summary>What the first bytes of a file say that it is.</summary>
internal enum FileContent
{
    Unknown,
    Npy,
    Zip,
    Hdf5,
    Pickle,
}

/// <summary>Opens files to read, with every failure told in one line.</summary>
internal static class InputFile
{
    private const int MostQuoted = 300;

    private const long MostFromNothing = 80L << 20;

    /// <summary>Runs <paramref name="read"/> on the open file; whatever it throws becomes an InvalidInputException naming the
    /// file.</summary>
    public static T Read<T>(string path, string expected, Func<FileStream, T> read)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Guard(path, expected, () =>
        {
            if (Directory.Exists(path)) throw Unusable(path, "a folder", expected, "name a file in it");
            // to open one can take for ever
            if (SystemCalls.IsSpecial(path)) throw Unusable(path, "a pipe or device", expected, "name a regular file");
            if (!File.Exists(path)) throw Unusable(path, "no such file", expected, "check the path");
            if (File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: false })
                throw Unusable(path, "a link that leads nowhere", expected, "check where it leads");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length == 0) throw Unusable(path, "an empty file", expected, "write or download it again");
            return read(stream);
        });
    }

    /// <summary>SHA-256 of a file, hexadecimal.</summary>
    public static string Sha256Of(string path, string expected) =>
        Read(path, expected, stream => Convert.ToHexStringLower(Sha256.Hash(stream)));

    /// <summary>Runs <paramref name="read"/>; whatever it throws becomes an InvalidInputException naming
    /// <paramref name="origin"/>.</summary>
    public static T Guard<T>(string origin, string expected, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unusable(origin, "no permission to read", expected, "check the file's permissions", e);
        }
        catch (EndOfStreamException e)
        {
            throw Unusable(origin, "a truncated file", expected, "write or download it again", e);
        }
        catch (IOException e)
        {
            throw Unusable(origin, $"a file that cannot be read ({e.Message.TrimEnd('.')})", expected,
                "see that the disk is well and that no other program holds the file", e);
        }
        catch (Exception e) when (e is not (EiRnnException or OperationCanceledException))
        {
            throw Unusable(origin, "damaged content", expected, "write or download it again", e);
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
        if (Hdf5File.Find(stream) >= 0) return FileContent.Hdf5;
        return head is [0x80, >= 2 and <= 5, ..] ? FileContent.Pickle : FileContent.Unknown;
    }

    /// <summary>How many bytes of numbers a file may be unpacked to: <paramref name="fold"/> times its length, or 80 MiB; more is an error
    /// or an attack.</summary>
    public static long MostBytes(long length, int fold) => Math.Max(MostFromNothing, fold * length);

    /// <summary>The error of a file; <paramref name="found"/> may quote the file, and is cut where it is long.</summary>
    public static InvalidInputException Unusable(string path, string found, string expected, string remedy, Exception? inner = null) =>
        new(InvalidInputException.Of(path.Length == 0 ? "''" : OneLine(path), Quote(found), expected, remedy).Message, inner);

    /// <summary>A text without line breaks, control characters or marks that turn the direction of writing.</summary>
    public static string OneLine(string text) => Printable.Of(text.ReplaceLineEndings(" "));

    /// <summary>What a file says, for a message: one line, and not too long.</summary>
    public static string Quote(string text) => OneLine(text.Length > MostQuoted ? $"{text.AsSpan(0, MostQuoted)}…" : text);
}
