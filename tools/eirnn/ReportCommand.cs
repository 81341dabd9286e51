using System.CommandLine;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn report DIR</c>: what a sweep or a training run shows, as one page.</summary>
internal static class ReportCommand
{
    private const string Description =
        "Write DIR/report/index.html: findings with their statistics, figures, tables and provenance in one page that needs nothing else.";

    public static Command Create(CancellationToken interruption)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep, or of one run of eirnn train." };
        var svg = new Option<bool>("--svg") { Description = "Also write every figure by itself: DIR/report/figures/*.svg." };
        var output = new Option<string>("--out") { Description = "Write into this folder instead of DIR/report." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("report", Description) { folder, output, svg, json, quiet };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            var (withSvg, target) = (parsed.GetValue(svg), parsed.GetValue(output));
            DrawingLibrary.Check();
            object findings;
            IReadOnlyList<string> files;
            if (RunReport.IsRun(path)) (findings, files) = RunReport.Write(path, withSvg, target, interruption);
            else
            {
                StoreLibrary.Check();
                (findings, files) = SweepReport.Write(SweepFolder.Existing(path), withSvg, target, interruption);
            }
            if (parsed.GetValue(json)) StandardStreams.PrintJson(findings);
            if (!parsed.GetValue(quiet))
                foreach (var file in files) StandardStreams.TellLine($"wrote {file}");
            return ExitCodes.Done;
        });
        return command;
    }
}
