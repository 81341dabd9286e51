
namespace EiRnnFast.Files;

/// <summary>A folder made ready for results before any work is done for it; it can be taken back while nothing is in it.</summary>
public sealed class OutputFolder : IDisposable
{
    private readonly string[] _made;
    private HiddenFile? _claim;

    private OutputFolder(string path, string[] made) => (Path, _made) = (path, made);

    /// <summary>The folder as it was named.</summary>
    public string Path { get; }

    /// <summary>Makes sure that the folder exists and can be written.</summary>
    /// <exception cref="InvalidInputException">It is a file, or cannot be created or written.</exception>
    public static OutputFolder Prepare(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (string.IsNullOrWhiteSpace(path))
            throw InvalidInputException.Of("output folder", "an empty name", "a folder or a new name", "choose another folder");
        if (File.Exists(path)) throw InvalidInputException.Of("output folder", $"a file at '{InputFile.OneLine(path)}'",
            "a folder or a new name", "choose another folder");
        OutputFolder? folder = null;
        try
        {
            folder = new OutputFolder(path, Missing(path));
            Directory.CreateDirectory(path);
            HiddenFile.New(path).Dispose(); // shows that files can be made there
            return folder;
        }
        catch (Exception e)
        {
            folder?.Withdraw(); // also after an interruption
            if (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException) throw Unwritable(path, e);
            throw;
        }
    }

    /// <summary>Prepares a folder for one process alone, until the result is disposed or the process ends, however it does.</summary>
    /// <exception cref="InvalidInputException">Another process has it, or it cannot be created or written.</exception>
    public static OutputFolder Claim(string path) => TryClaim(path)
        ?? throw InvalidInputException.Of("output folder", $"'{InputFile.OneLine(path)}', which another process writes",
            "one process a folder", "wait for it, stop it, or choose another folder");

    /// <summary>The same, or null where another process has it.</summary>
    /// <exception cref="InvalidInputException">It cannot be created or written.</exception>
    public static OutputFolder? TryClaim(string path)
    {
        var folder = Prepare(path);
        try
        {
            folder._claim = HiddenFile.Named(path, "lock");
            if (folder._claim is null) folder.Withdraw();
            return folder._claim is null ? null : folder;
        }
        catch (Exception e)
        {
            folder.Withdraw();
            if (e is IOException or UnauthorizedAccessException) throw Unwritable(path, e);
            throw;
        }
    }

    /// <summary>Lets other processes have a claimed folder.</summary>
    public void Dispose() => _claim?.Dispose();

    /// <summary>
    /// Removes what <see cref="Prepare"/> made, parents included, as far as it is still empty; others may have the folder.
    /// </summary>
    public void Withdraw()
    {
        Dispose();
        try
        {
            HiddenFile.AfterAbandon(() =>
            {
                foreach (var folder in _made)
                    if (Directory.Exists(folder)) Directory.Delete(folder);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody has put something into it: it stays.
        }
    }

    private static InvalidInputException Unwritable(string path, Exception e) =>
        new($"output folder: found '{InputFile.OneLine(path)}', which cannot be written ({InputFile.OneLine(e.Message).TrimEnd('.')}), "
            + "expected a writable folder; choose another folder", e);

    /// <summary>The folders of a path that do not exist yet, the innermost first.</summary>
    private static string[] Missing(string path)
    {
        List<string> missing = [];
        for (var folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)); folder is not null
            && !Directory.Exists(folder);
            folder = System.IO.Path.GetDirectoryName(folder)) missing.Add(folder);
        return [.. missing];
    }
}
