namespace EiRnnFast.Studies.Runs;

/// <summary>A folder's files, written aside and then put in their places together.</summary>
internal static class FilesAside
{
    /// <summary>Writes all files into a hidden folder, then moves them; if one cannot be written, the folder stays as it was.</summary>
    /// <param name="folder">Where they belong; exists.</param>
    /// <param name="summaryName">The file that vouches for the others: the old one goes first, the new one comes last.</param>
    /// <param name="stale">Files of other runs that must not stay beside these, unless they are written anew.</param>
    /// <param name="write">Writes the files into the folder it is given.</param>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public static void Write(string folder, string summaryName, string[] stale, Action<string> write)
    {
        var aside = Path.Combine(folder, $".eirnn-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(aside);
            write(aside);
            if (Directory.EnumerateFiles(aside).Select(file => Path.Combine(folder, Path.GetFileName(file))).FirstOrDefault(Directory.Exists) is { } taken)
                throw InvalidInputException.Of("output folder", $"a folder at '{taken}'", "a file or nothing there", "choose another --out");
            File.Delete(Path.Combine(folder, summaryName)); // an old summary must not vouch for new files, should the moves be cut short
            foreach (var name in stale) File.Delete(Path.Combine(folder, name));
            foreach (var file in Directory.EnumerateFiles(aside).OrderBy(file => Path.GetFileName(file) == summaryName).ToArray())
                File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.Message.Replace(aside, folder, StringComparison.Ordinal), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"output folder: found '{folder}', where a write failed ({e.Message.ReplaceLineEndings(" ").Split(" : '")[0].TrimEnd('.')}), expected a writable folder with room; choose another --out", e);
        }
        finally
        {
            RemoveAside(aside);
        }
    }

    private static void RemoveAside(string aside)
    {
        try
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here says more than this one would.
        }
    }
}
