namespace EiRnnFast.Studies.Runs;

/// <summary>A folder made ready for results before any work is done for it; it can be taken back while nothing is in it.</summary>
public sealed class OutputFolder
{
    private readonly string[] _made;

    private OutputFolder(string path, string[] made) => (Path, _made) = (path, made);

    /// <summary>The folder as it was named.</summary>
    public string Path { get; }

    /// <summary>Makes sure that the folder exists and can be written.</summary>
    /// <exception cref="InvalidInputException">It is a file, or cannot be created or written.</exception>
    public static OutputFolder Prepare(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (string.IsNullOrWhiteSpace(path)) throw InvalidInputException.Of("output folder", "an empty name", "a folder or a new name", "choose another --out");
        if (File.Exists(path)) throw InvalidInputException.Of("output folder", $"a file at '{OneLine(path)}'", "a folder or a new name", "choose another --out");
        OutputFolder? folder = null;
        try
        {
            folder = new OutputFolder(path, Missing(path));
            Directory.CreateDirectory(path);
            using var probe = new FileStream(System.IO.Path.Combine(path, $".eirnn-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            folder?.Withdraw();
            throw new InvalidInputException($"output folder: found '{OneLine(path)}', which cannot be written ({OneLine(e.Message).TrimEnd('.')}), " +
                "expected a writable folder; choose another --out", e);
        }
    }

    /// <summary>Removes what <see cref="Prepare"/> made, parents included, as far as it is still empty.</summary>
    public void Withdraw()
    {
        try
        {
            foreach (var folder in _made)
                if (Directory.Exists(folder)) Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody has put something into it: it stays.
        }
    }

    /// <summary>The folders of a path that do not exist yet, the innermost first.</summary>
    private static string[] Missing(string path)
    {
        List<string> missing = [];
        for (var folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)); folder is not null && !Directory.Exists(folder);
            folder = System.IO.Path.GetDirectoryName(folder)) missing.Add(folder);
        return [.. missing];
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
