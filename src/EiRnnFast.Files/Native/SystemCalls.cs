using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EiRnnFast.Files.Native;

/// <summary>Calls of Unix that .NET does not offer, or whose failures it hides. On Windows, .NET's own calls do the same.</summary>
internal static class SystemCalls
{
    private const string Library = "libc";
    private const int Interrupted = 4, BadDescriptor = 9, Invalid = 22;
    private const int LockExclusive = 2, LockNoWait = 4, GetDescriptorFlags = 1, CloseOnExec = 1;
    private const int WriteOnly = 1;
    private const int Format = 0xF000, Regular = 0x8000, Folder = 0x4000;

    /// <summary>ENOTSUP and EOPNOTSUPP: 95 on Linux, 45 and 102 on macOS.</summary>
    private static readonly int[] s_unsupported = OperatingSystem.IsMacOS() ? [45, 102] : [95];

    /// <summary>Hands a file's content to the disk.</summary>
    /// <param name="stream">The open file.</param>
    /// <exception cref="IOException">The disk did not take it (EIO, ENOSPC, EDQUOT and others).</exception>
    public static void Flush(FileStream stream)
    {
        stream.Flush(flushToDisk: OperatingSystem.IsWindows()); // elsewhere .NET ignores what fsync answers
        if (OperatingSystem.IsWindows()) return;
        if (Repeated(() => FileSync((int)stream.SafeFileHandle.DangerousGetHandle())) is var error && error is not (0 or Invalid)
            && !s_unsupported.Contains(error)) throw Failure(error);
    }

    /// <summary>Hands a folder's names to the disk. File systems that cannot do this, and folders that cannot be read, are no
    /// failure.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The disk did not take them.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS writes names to its journal by itself
        var descriptor = Open(folder, 0);
        if (descriptor < 0) return;
        var error = Repeated(() => FileSync(descriptor));
        _ = Close(descriptor);
        if (error is 0 or BadDescriptor or Invalid || s_unsupported.Contains(error)) return;
        throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}; what is new stands there, but may not survive a power cut", error);
    }

    /// <summary>Whether this process alone holds the file's lock. False too where the file system knows no locks.</summary>
    /// <param name="handle">A file that was opened for nobody else.</param>
    public static bool Holds(SafeFileHandle handle) =>
        OperatingSystem.IsWindows() || Repeated(() => FileLock((int)handle.DangerousGetHandle(), LockExclusive | LockNoWait)) == 0;

    /// <summary>Whether a path names a device, a FIFO or a socket: something that takes bytes and must not be replaced.</summary>
    public static bool IsSpecial(string path) => !OperatingSystem.IsWindows() && Status(null, path) is { } status
        && (status.Mode & Format) is not (Regular or Folder);

    /// <summary>Whether an open file has lost its last name.</summary>
    public static bool IsNameless(SafeFileHandle handle) => !OperatingSystem.IsWindows() && Status(handle, "") is { Links: 0 };

    /// <summary>Writes to a descriptor of this process at its own position, as the shell set it up.</summary>
    /// <exception cref="IOException">It does not take them.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        var rest = bytes.ToArray();
        while (rest.Length > 0)
        {
            nint written = 0;
            if (Repeated(() => (int)(written = Write(descriptor, rest, rest.Length))) is not 0 and var error) throw Failure(error);
            rest = rest[(int)written..];
        }
    }

    /// <summary>
    /// Whether the process was started with this descriptor open. A free one is filled with the null device, so that no result file takes
    /// its number and receives messages. What the runtime opened itself is marked close-on-exec, which an inherited one cannot be.
    /// </summary>
    public static bool IsInherited(int descriptor)
    {
        if (OperatingSystem.IsWindows()) return true;
        var flags = DescriptorFlags(descriptor, GetDescriptorFlags);
        if (flags >= 0) return (flags & CloseOnExec) == 0;
        for (var opened = 0; opened >= 0 && opened < descriptor;) opened = Open("/dev/null", WriteOnly);
        return false;
    }

    /// <summary>Whether so many more files can be open at a time. It throws nothing, for that might open files too.</summary>
    /// <param name="count">How many.</param>
    public static bool HasRoomFor(int count)
    {
        if (OperatingSystem.IsWindows()) return true;
        var opened = new int[count];
        var made = 0;
        while (made < count && (opened[made] = Open("/dev/null", WriteOnly)) >= 0) made++;
        for (var i = 0; i < made; i++) _ = Close(opened[i]);
        return made == count;
    }

    private static (int Mode, int Links)? Status(SafeFileHandle? handle, string path)
    {
        const int currentFolder = -100, emptyPath = 0x1000, modeAndLinks = 1 | 2 | 4;
        var memory = new byte[256]; // struct statx is the same on every Linux; struct stat of macOS has had 64-bit inodes since 10.6
        try
        {
            var descriptor = handle is null ? currentFolder : (int)handle.DangerousGetHandle();
            if (OperatingSystem.IsLinux())
                return ExtendedStatus(descriptor, path, handle is null ? 0 : emptyPath, modeAndLinks, memory) == 0
                    ? (BitConverter.ToUInt16(memory, 28), BitConverter.ToInt32(memory, 16)) : null;
            var intel = RuntimeInformation.ProcessArchitecture == Architecture.X64;
            var result = (handle, intel) switch
            {
                (null, true) => PathStatus64(path, memory),
                (null, false) => PathStatus(path, memory),
                (_, true) => OpenStatus64(descriptor, memory),
                _ => OpenStatus(descriptor, memory),
            };
            return result == 0 ? (BitConverter.ToUInt16(memory, 4), BitConverter.ToUInt16(memory, 6)) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a C library older than the call
        }
    }

    /// <summary>Repeats a call that a signal cut short; 0, or its error.</summary>
    private static int Repeated(Func<int> call)
    {
        while (call() < 0)
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error) return error;
        return 0;
    }

    private static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error), error);

#pragma warning disable SYSLIB1054, CA2101 // nothing here needs generated marshalling: numbers, bytes and UTF-8 paths
    [DllImport(Library, EntryPoint = "fsync", SetLastError = true)]
    private static extern int FileSync(int descriptor);

    [DllImport(Library, EntryPoint = "flock", SetLastError = true)]
    private static extern int FileLock(int descriptor, int operation);

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport(Library, EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int descriptor, byte[] bytes, nint count);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static extern int DescriptorFlags(int descriptor, int command);

    [DllImport(Library, EntryPoint = "statx", SetLastError = true)]
    private static extern int ExtendedStatus(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] status);

    [DllImport(Library, EntryPoint = "stat", SetLastError = true)]
    private static extern int PathStatus([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] status);

    [DllImport(Library, EntryPoint = "stat$INODE64", SetLastError = true)]
    private static extern int PathStatus64([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] status);

    [DllImport(Library, EntryPoint = "fstat", SetLastError = true)]
    private static extern int OpenStatus(int descriptor, [Out] byte[] status);

    [DllImport(Library, EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static extern int OpenStatus64(int descriptor, [Out] byte[] status);
#pragma warning restore SYSLIB1054, CA2101
}
