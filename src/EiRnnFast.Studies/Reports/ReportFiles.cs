using EiRnnFast.Studies.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Reports;

/// <summary>Puts the files of a report into <c>report</c>: all are ready before the first is written, each takes its place whole, and the page comes last.</summary>
internal static class ReportFiles
{
    /// <summary>The folder of the figures' own files, beside the page.</summary>
    public const string Figures = "figures";

    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Name, string Text)> files, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // from here on it is over in a moment
        var target = OutputFolder.Prepare(Path.Combine(folder, SweepReport.FolderName));
        var drawn = Path.Combine(target.Path, Figures);
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
        if (Directory.Exists(drawn))
        {
            foreach (var old in Directory.EnumerateFiles(drawn, "*.svg").Except(written)) File.Delete(old);
            if (!Directory.EnumerateFileSystemEntries(drawn).Any()) Directory.Delete(drawn);
        }
        return written;
    }
}
