using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn report DIR</c>: what a sweep or a training run shows, as one page.</summary>
internal static class ReportCommand
{
    public static Command Create(CancellationToken interruption)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep, or of one run of eirnn train." };
        var svg = new Option<bool>("--svg") { Description = "Also write every figure by itself: DIR/report/figures/*.svg." };
        var output = new Option<string>("--out") { Description = "Write into this folder instead of DIR/report." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("report",
            "Write DIR/report/index.html: findings with their statistics, figures, tables and provenance in one page that needs nothing else.") { folder, output, svg, json, quiet };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            DrawingLibrary.Check();
            object findings;
            IReadOnlyList<string> files;
            if (RunReport.IsRun(path)) (findings, files) = RunReport.Write(path, parsed.GetValue(svg), parsed.GetValue(output),
                interruption);
            else
            {
                StoreLibrary.Check();
                (findings, files) = SweepReport.Write(SweepFolder.Existing(path), parsed.GetValue(svg), parsed.GetValue(output),
                    interruption);
            }
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(findings, TrainingSummary.Json));
            if (!parsed.GetValue(quiet))
                foreach (var file in files) StandardStreams.TellLine($"wrote {file}");
            return ExitCodes.Done;
        });
        return command;
    }
}
