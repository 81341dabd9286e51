using System.Text;

namespace EiRnnFast.Studies.Files;

/// <summary>Writes files whole or not at all: under a hidden name beside the target, which then takes the target's place.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file; if anything fails, the target stays as it was and the hidden file is deleted.</summary>
    /// <param name="path">The target, replaced if it exists; its folder must exist.</param>
    /// <param name="write">Writes the content to a stream that can seek.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string? hidden = null;
        try
        {
            var full = Path.GetFullPath(path);
            var device = full.StartsWith("/dev/", StringComparison.Ordinal); // takes what is written, and must not be replaced
            if (!device && new FileInfo(full) is { LinkTarget: not null } link) full = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full; // the file changes, the link stays
            var folder = Path.GetDirectoryName(full);
            if (folder is null || Directory.Exists(full)) throw Unwritable(path, "a folder", null);
            if (!Directory.Exists(folder)) throw Unwritable(path, "no such folder", null);
            if (device)
            {
                using var open = new FileStream(full, FileMode.Open, FileAccess.Write);
                write(open);
                return;
            }
            hidden = Path.Combine(folder, $".eirnn-{Guid.NewGuid():N}.tmp");
            using (var stream = new FileStream(hidden, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(hidden, full, overwrite: true);
            hidden = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e is UnauthorizedAccessException ? "no permission to write" : $"a write that failed ({InputFile.OneLine(e.Message).Split(" : '")[0]})", e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException && hidden is null)
        {
            throw Unwritable(path, "no valid path", e);
        }
        finally
        {
            if (hidden is not null) TryDelete(hidden);
        }
    }

    /// <summary>Writes a text file in UTF-8 without byte order mark.</summary>
    /// <inheritdoc cref="Write"/>
    /// <param name="path">The target, replaced if it exists; its folder must exist.</param>
    /// <param name="text">The whole text.</param>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static InvalidInputException Unwritable(string path, string found, Exception? inner)
    {
        var message = InvalidInputException.Of(InputFile.OneLine(path), found, "a file that can be written",
            "check the folder, its permissions and the free space, or choose another path").Message;
        return new InvalidInputException(message, inner);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here says more than this one would.
        }
    }
}
