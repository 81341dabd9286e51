namespace EiRnnFast.Files;

/// <summary>Where a file lies once all links on its way are followed, so that two names of one file are equal.</summary>
public static class RealPath
{
    /// <summary>As many as Linux follows; links in a circle lead nowhere.</summary>
    private const int MostLinks = 40;

    /// <summary>How names of files are told apart here.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The path without links, as far as they can be followed; the file need not exist.</summary>
    public static string Of(string path)
    {
        var links = MostLinks;
        return Follow(path, ref links);
    }

    /// <summary>Whether two names are those of one place.</summary>
    public static bool AreSame(string one, string other) => Comparer.Equals(Of(one), Of(other));

    private static string Follow(string path, ref int links)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } folder) return full;
        var here = Path.Combine(Follow(folder, ref links), Path.GetFileName(full));
        try
        {
            return links > 0 && File.ResolveLinkTarget(here, returnFinalTarget: false) is { } target && links-- > 0
                ? Follow(target.FullName, ref links) : here;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return here;
        }
    }
}
