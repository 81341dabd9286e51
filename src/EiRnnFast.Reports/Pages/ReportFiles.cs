using EiRnnFast.Files;

namespace EiRnnFast.Reports;

/// <summary>
/// Puts the files of a report into <c>report</c>: all are ready before the first is written, each takes its place whole,
/// and the page comes last.
/// </summary>
internal static class ReportFiles
{
    /// <summary>The folder of the figures' own files, beside the page.</summary>
    public const string Figures = "figures";

    /// <summary>The numbers of the page; every report has the file.</summary>
    public const string Findings = "findings.json";

    private const string Page = "index.html";

    /// <summary>Where the report of a folder goes: <c>report</c> in it, or a folder that the caller names.</summary>
    /// <exception cref="InvalidInputException">The named folder holds other files than an earlier report: some could be replaced or
    /// deleted.</exception>
    public static string Target(string folder, string? output)
    {
        if (output is null)
        {
            var usual = Path.Combine(folder, SweepReport.FolderName);
            var isPage = new FileInfo(Path.Combine(usual, Page)) is { Exists: true, LinkTarget: null };
            if (isPage && !File.Exists(Path.Combine(usual, Findings))) // the page comes last
                throw InvalidInputException.Of("output folder", $"a page in '{InputFile.OneLine(usual)}' that is none of a report",
                    "no folder, or that of a report", "choose another --out, or move that page");
            return usual;
        }
        if (string.IsNullOrWhiteSpace(output))
            throw InvalidInputException.Of("output folder", "an empty name", "a folder or a new name", "choose another --out");
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !File.Exists(Path.Combine(output, Findings)))
            throw InvalidInputException.Of("output folder", $"'{InputFile.OneLine(output)}' with other files in it",
                "a new or empty folder, or that of a report", "choose another --out");
        return output;
    }

    /// <summary>What a link leads to belongs to somebody else: a report does not write through one.</summary>
    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw InvalidInputException.Of(InputFile.OneLine(path), $"a link to '{InputFile.OneLine(target)}'",
                "a place of the report itself", "take the link away, or choose another --out");
    }

    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Name, string Text)> files,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // from here on it is over in a moment
        string[] places = [folder, Path.Combine(folder, Figures), .. files.Select(file => Path.Combine([folder, .. file.Name.Split('/')]))];
        foreach (var place in places) RefuseLink(place);
        var target = OutputFolder.Prepare(folder);
        var drawn = Path.Combine(target.Path, Figures);
        var isReport = File.Exists(Path.Combine(folder, Findings));
        var figures = files.Any(file => file.Name.StartsWith(Figures + "/", StringComparison.Ordinal)) ? OutputFolder.Prepare(drawn) : null;
        List<string> written = [];
        try
        {
            foreach (var (name, text) in files)
            {
                var path = Path.Combine([target.Path, .. name.Split('/')]);
                AtomicFile.WriteText(path, text);
                written.Add(path);
            }
        }
        catch
        {
            figures?.Withdraw();
            target.Withdraw();
            throw;
        }
        // Figures of an earlier report are not figures of this one.
        if (isReport && Directory.Exists(drawn))
        {
            foreach (var old in Directory.EnumerateFiles(drawn, "*.svg").Except(written)) File.Delete(old);
            if (!Directory.EnumerateFileSystemEntries(drawn).Any()) Directory.Delete(drawn);
        }
        return written;
    }
}
