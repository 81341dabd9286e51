
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

    /// <summary>Refuses a folder where results would take the place of a file that is read for them, or of one that no earlier results
    /// explain.</summary>
    /// <param name="path">The folder, which need not exist.</param>
    /// <param name="names">All files that results may write there or take away.</param>
    /// <param name="voucher">The file that says that the others are earlier results.</param>
    /// <param name="read">Files that are read.</param>
    /// <exception cref="InvalidInputException">It is such a folder.</exception>
    public static void RequireOwn(string path, IReadOnlyCollection<string> names, string voucher, IEnumerable<string> read)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(read);
        if (!Directory.Exists(path)) return;
        var folder = RealPath.Of(path);
        if (read.FirstOrDefault(file => IsThere(RealPath.Of(file))) is { } source)
            throw InvalidInputException.Of("output folder", $"'{InputFile.OneLine(source)}' in it, which is read and would be replaced",
                "a folder without it", "choose another folder");
        if (File.Exists(System.IO.Path.Combine(path, voucher))) return;
        string[] foreign = [.. names.Where(name => File.Exists(System.IO.Path.Combine(path, name)))];
        if (foreign.Length == 0) return;
        var (more, them) = foreign.Length == 1 ? ("", "that file") : ($" (and {foreign.Length - 1} more)", "those files");
        throw InvalidInputException.Of("output folder",
            $"'{InputFile.OneLine(System.IO.Path.Combine(path, foreign[0]))}'{more}, which would be replaced, and no {voucher}",
            "a folder without such files, or one of earlier results", $"choose another folder, or move {them}");

        bool IsThere(string file) => RealPath.Comparer.Equals(System.IO.Path.GetDirectoryName(file), folder)
            && names.Contains(System.IO.Path.GetFileName(file), RealPath.Comparer);
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
