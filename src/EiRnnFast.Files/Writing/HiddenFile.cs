using System.Collections.Concurrent;
using EiRnnFast.Files.Native;

namespace EiRnnFast.Files;

/// <summary>
/// A file <c>.eirnn-…</c> beside results, which a living process holds by a lock. The lock ends with the process, however it ends: what
/// nobody holds is a left-over and may go. Beside it, <see cref="FolderPath"/> may hold files of the same owner.
/// </summary>
public sealed class HiddenFile : IDisposable
{
    private const string Prefix = ".eirnn-", FolderSuffix = ".d";

    /// <summary>Guards every step from a hidden name to a visible one, so that <see cref="Abandon"/> never cuts one in two.</summary>
    private static readonly Lock s_moves = new();
    private static readonly ConcurrentDictionary<HiddenFile, bool> s_held = new();
    private static readonly ConcurrentDictionary<string, bool> s_swept = new();
    private static bool s_abandoned;

    private HiddenFile(string path, FileStream stream) => (Path, Stream) = (path, stream);

    internal string Path { get; }

    internal FileStream Stream { get; }

    /// <summary>Where the owner may make a folder of its own.</summary>
    internal string FolderPath => Path + FolderSuffix;

    /// <summary>Whether a path has the name of a hidden file or of its folder.</summary>
    public static bool IsHidden(string path) =>
        System.IO.Path.GetFileName(path) is { } name && name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a folder is in one of a hidden file's: what is in it is not there to stay.</summary>
    internal static bool IsInFolder(string folder) => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(folder)) is { } parent
        && parent.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Gives up everything that has no visible name yet, and refuses everything that would get one: for a program about to
    /// end.</summary>
    public static void Abandon()
    {
        lock (s_moves)
        {
            s_abandoned = true;
            foreach (var file in s_held.Keys) file.Dispose();
        }
    }

    /// <summary>Gives a fresh file the permissions of the file whose place it takes.</summary>
    internal static void KeepPermissions(string old, string fresh)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(old)) return;
        var mode = File.GetUnixFileMode(old);
        if (mode != File.GetUnixFileMode(fresh)) File.SetUnixFileMode(fresh, mode);
    }

    /// <summary>Makes a folder that only its owner may enter: files in it may later replace private ones.</summary>
    internal static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs the step that gives hidden files their visible names, unless they were given up.</summary>
    /// <exception cref="OperationCanceledException">They were.</exception>
    internal static void Move(Action step)
    {
        lock (s_moves)
        {
            if (s_abandoned) throw new OperationCanceledException();
            step();
        }
    }

    /// <summary>Runs a step that needs a folder to be empty, once no other thread is in the middle of <see cref="Abandon"/>.</summary>
    internal static void AfterAbandon(Action step)
    {
        lock (s_moves) step();
    }

    /// <summary>A new file of a name that nobody has.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal static HiddenFile New(string folder)
    {
        for (var attempt = 0; attempt < 20; attempt++) // it may be swept before it is locked
            if (TryHold(System.IO.Path.Combine(folder, $"{Prefix}{Guid.NewGuid():N}"), FileMode.CreateNew) is { } file) return file;
        throw new IOException("no file can be made in this folder"); // such as /proc
    }

    /// <summary>The file of this name, or null while another process holds it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal static HiddenFile? Named(string folder, string name)
    {
        for (var attempt = 0; attempt < 20; attempt++, Thread.Sleep(10)) // a sweep may hold it for an instant
            if (TryHold(System.IO.Path.Combine(folder, Prefix + name), FileMode.OpenOrCreate) is { } file) return file;
        return null;
    }

    /// <summary>Deletes what processes that ended in the middle have left in a folder; once a process and folder is enough.</summary>
    internal static void Sweep(string folder)
    {
        if (!s_swept.TryAdd(System.IO.Path.GetFullPath(folder), true)) return;
        try
        {
            foreach (var path in Directory.GetFiles(folder, Prefix + "*"))
            {
                using var file = TryHold(path, FileMode.Open);
                if (file is not null && !SystemCalls.Holds(file.Stream.SafeFileHandle)) file.Leave(); // no locks here: it may be in use
            }
            foreach (var path in Directory.GetDirectories(folder, Prefix + "*" + FolderSuffix))
                if (!File.Exists(path[..^FolderSuffix.Length])) Directory.Delete(path, recursive: true); // an owner makes its file first
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A left-over that cannot go hurts nobody; the next process tries again.
        }
    }

    /// <summary>Deletes the file, then its folder, and lets go of the lock.</summary>
    public void Dispose()
    {
        if (!s_held.TryRemove(this, out _)) return;
        try
        {
            if (Directory.Exists(FolderPath)) Directory.Delete(FolderPath, recursive: true);
            if (OperatingSystem.IsWindows()) Stream.Dispose();
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here says more than this one would.
        }
        Close();
    }

    /// <summary>Lets go of the lock and leaves the file, or what has become of it.</summary>
    internal void Leave()
    {
        s_held.TryRemove(this, out _);
        Close();
    }

    private void Close()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // Bytes that nobody wants any more did not fit on the disk.
        }
    }

    private static HiddenFile? TryHold(string path, FileMode mode)
    {
        FileStream stream;
        try
        {
            // On Windows a file that others may rename is still one that they may not open for themselves alone.
            stream = new FileStream(path, mode, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
        }
        catch (IOException e) when (e is FileNotFoundException || IsHeld(e))
        {
            return null;
        }
        if (SystemCalls.IsNameless(stream.SafeFileHandle)) // deleted by its last owner between opening and locking
        {
            stream.Dispose();
            return null;
        }
        var file = new HiddenFile(path, stream);
        lock (s_moves)
        {
            s_held[file] = true;
            if (!s_abandoned) return file;
        }
        file.Dispose();
        throw new OperationCanceledException();
    }

    /// <summary>EWOULDBLOCK on Linux and macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows.</summary>
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33
        : (e.HResult & 0xFFFF) is 11 or 35;
}
