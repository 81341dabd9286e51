using System.Reflection;
using EiRnnFast.Files.Native;

namespace EiRnnFast.Files;

/// <summary>Tries a native library by a tiny call, so that hours of work are not lost to one that cannot be loaded.</summary>
internal static class NativeLibraryCheck
{
    /// <summary>Files that the program may have to open before its results are on the disk: its own parts, and theirs.</summary>
    private const int FilesToCome = 64;

    /// <summary>Makes the call, and makes sure that enough files can be opened.</summary>
    /// <param name="name">The libraries, for the message.</param>
    /// <param name="call">Uses them.</param>
    /// <exception cref="InvalidInputException">One cannot be loaded, or lacks what is called; or too few files may be open.</exception>
    public static void Run(string name, Action call)
    {
        if (!SystemCalls.HasRoomFor(FilesToCome))
            throw InvalidInputException.Of("open files", $"a limit that leaves no room for {FilesToCome} more", "that room",
                "raise the limit: ulimit -n 256");
        try
        {
            call();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
            or TypeInitializationException or TargetInvocationException or InvalidOperationException)
        {
            var reason = e;
            while (reason is TypeInitializationException or TargetInvocationException && reason.InnerException is { } inner) reason = inner;
            var said = InputFile.OneLine(reason.Message);
            const int most = 160; // the loader lists every place where it looked
            throw new InvalidInputException(InvalidInputException.Of(name,
                $"a native library that does not load ({(said.Length <= most ? said : said[..most] + "…").TrimEnd('.')})", "one that loads",
                "let programs run from the program's folder "
                + "(for the single file: from DOTNET_BUNDLE_EXTRACT_BASE_DIR, by default ~/.net), "
                + "raise ulimit -v, or install the program again").Message, e);
        }
    }
}
