using EiRnnFast.Studies.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Reports;

/// <summary>Puts the files of a report into <c>report</c>: all are ready before the first is written, each takes its place whole, and the page comes last.</summary>
internal static class ReportFiles
{
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Name, string Text)> files, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // from here on it is over in a moment
        var target = OutputFolder.Prepare(Path.Combine(folder, SweepReport.FolderName));
        List<string> written = [];
        try
        {
            foreach (var (name, text) in files)
            {
                var path = Path.Combine(target.Path, name);
                AtomicFile.WriteText(path, text);
                written.Add(path);
            }
        }
        catch
        {
            target.Withdraw();
            throw;
        }
        return written;
    }
}
