namespace EiRnnFast.Files;

/// <summary>Where a file lies once all links on its way are followed, so that two names of one file are equal.</summary>
public static class RealPath
{
    /// <summary>How names of files are told apart here.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The path without links, as far as they can be followed; the file need not exist.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } folder) return full;
        var here = Path.Combine(Of(folder), Path.GetFileName(full));
        try
        {
            return File.ResolveLinkTarget(here, returnFinalTarget: true) is { } target ? Of(target.FullName) : here;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return here; // no link, or one that leads nowhere
        }
    }

    /// <summary>Whether two names are those of one place.</summary>
    public static bool AreSame(string one, string other) => Comparer.Equals(Of(one), Of(other));
}
