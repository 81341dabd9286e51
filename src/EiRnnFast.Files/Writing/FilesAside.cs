using EiRnnFast.Files.Native;

namespace EiRnnFast.Files;

/// <summary>A folder's files, written aside and then put in their places together.</summary>
internal static class FilesAside
{
    /// <summary>
    /// Writes all files into a hidden folder, moves the old ones out, and the new ones in. If a step fails, the old ones go back. The
    /// old summary goes first and the new one comes last: a process killed at any moment leaves a summary of the files beside it, or
    /// none.
    /// </summary>
    /// <param name="folder">Where they belong; exists.</param>
    /// <param name="summaryName">The file that vouches for the others; null where none does.</param>
    /// <param name="stale">Files of other runs that must not stay beside these, unless they are written anew.</param>
    /// <param name="write">Writes the files into the folder it is given.</param>
    /// <exception cref="InvalidInputException">A file cannot be written; the folder is as it was, or the message says what stands
    /// there.</exception>
    /// <exception cref="OperationCanceledException">The program ends; the folder is as it was.</exception>
    public static void Write(string folder, string? summaryName, string[] stale, Action<string> write)
    {
        try
        {
            using var hidden = HiddenFile.New(folder);
            var (fresh, old) = (Path.Combine(hidden.FolderPath, "new"), Path.Combine(hidden.FolderPath, "old"));
            HiddenFile.CreatePrivate(hidden.FolderPath);
            Directory.CreateDirectory(fresh);
            Directory.CreateDirectory(old);
            WriteInto(fresh, folder, write);
            string[] names = [.. Directory.EnumerateFiles(fresh).Select(file => Path.GetFileName(file))
                .OrderBy(name => name == summaryName)];
            if (names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists) is { } taken)
                throw InvalidInputException.Of("output folder", $"a folder at '{taken}'", "a file or nothing there",
                    "choose another folder");
            string[] leaving = [.. names.Concat(stale).Distinct().OrderBy(name => name != summaryName)];
            foreach (var name in names) HiddenFile.KeepPermissions(Path.Combine(folder, name), Path.Combine(fresh, name));
            IEnumerable<(string From, string To)> moves =
            [
                .. leaving.Where(name => File.Exists(Path.Combine(folder, name))).Select(name => (Path.Combine(folder, name),
                    Path.Combine(old, name))),
                .. names.Select(name => (Path.Combine(fresh, name), Path.Combine(folder, name))),
            ];
            HiddenFile.Move(() => MoveAll([.. moves], hidden));
            SystemCalls.FlushFolder(folder);
            HiddenFile.Sweep(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"output folder: found '{folder}', where a write failed ({Reason(e)}), "
                + "expected a writable folder with room; choose another folder", e);
        }
    }

    private static void WriteInto(string aside, string folder, Action<string> write)
    {
        try
        {
            write(aside);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.Message.Replace(aside, folder, StringComparison.Ordinal), e);
        }
    }

    /// <summary>All moves, or none of them.</summary>
    internal static void MoveAll((string From, string To)[] moves, HiddenFile hidden)
    {
        var done = 0;
        try
        {
            for (; done < moves.Length; done++) File.Move(moves[done].From, moves[done].To, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            try
            {
                while (done > 0) File.Move(moves[done - 1].To, moves[--done].From, overwrite: true);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                hidden.Leave(); // the old files in it are all that is left of the earlier results
                throw new IOException($"{Reason(e)}; moving the old files back failed too ({Reason(again)}): "
                    + $"they stand in '{Path.Combine(hidden.FolderPath, "old")}', and no summary is left", e);
            }
            throw;
        }
    }

    private static string Reason(Exception e) => e.Message.ReplaceLineEndings(" ").Split(" : '")[0].TrimEnd('.');
}
