using System.Text;
using EiRnnFast.Files.Native;

namespace EiRnnFast.Files;

/// <summary>Writes files whole or not at all: under a hidden name beside the target, which then takes the target's place. Devices and
/// FIFOs are written straight through.</summary>
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
        var full = FullPath(path);
        try
        {
            if (SpecialFile.At(full) is { } special)
            {
                special.Write(write);
                return;
            }
            // the file changes, the link stays
            if (new FileInfo(full) is { LinkTarget: not null } link)
                full = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
            var folder = Path.GetDirectoryName(full);
            if (folder is null || Directory.Exists(full)) throw Unwritable(path, "a folder", null);
            if (!Directory.Exists(folder)) throw Unwritable(path, "no such folder", null);
            Replace(full, folder, write);
            HiddenFile.Sweep(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e is UnauthorizedAccessException
                ? "no permission to write"
                : $"a write that failed ({InputFile.OneLine(e.Message).Split(" : '")[0]})", e);
        }
    }

    /// <summary>Writes a text file in UTF-8 without byte order mark.</summary>
    /// <param name="path">The target, replaced if it exists; its folder must exist.</param>
    /// <param name="text">The whole text.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Unwritable(path, "no valid path", e);
        }
    }

    private static void Replace(string full, string folder, Action<Stream> write)
    {
        using var hidden = HiddenFile.New(folder);
        HiddenFile.KeepPermissions(full, hidden.Path);
        write(hidden.Stream);
        SystemCalls.Flush(hidden.Stream); // after this, closing the file has nothing left to fail at
        HiddenFile.Move(() =>
        {
            File.Move(hidden.Path, full, overwrite: true);
            hidden.Leave();
        });
        if (!HiddenFile.IsInFolder(folder)) SystemCalls.FlushFolder(folder);
    }

    private static InvalidInputException Unwritable(string path, string found, Exception? inner)
    {
        var message = InvalidInputException.Of(InputFile.OneLine(path), found, "a file that can be written",
            "check the folder, its permissions and the free space, or choose another path").Message;
        return new InvalidInputException(message, inner);
    }
}
