using System.CommandLine;
using System.Globalization;
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
        var criterion = new Option<double?>("--criterion")
        {
            Description = "Training loss for the time to a criterion, of a sweep (default: half of what the best constant answer costs).",
            HelpName = "loss",
            CustomParser = result =>
            {
                var found = result.Tokens[0].Value;
                if (double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var loss)
                    && loss > 0 && double.IsFinite(loss))
                    return loss;
                result.AddError($"--criterion: found '{found}', expected a loss above 0; write it like 0.02");
                return null;
            },
        };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("report", Description) { folder, output, svg, criterion, json, quiet };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            var (withSvg, target) = (parsed.GetValue(svg), parsed.GetValue(output));
            DrawingLibrary.Check();
            object findings;
            IReadOnlyList<string> files;
            if (parsed.GetValue(criterion) is { } loss && RunReport.IsRun(path))
                throw InvalidInputException.Of("--criterion", $"{loss} for one training run", "the folder of a sweep", "leave it out");
            if (RunReport.IsRun(path)) (findings, files) = RunReport.Write(path, withSvg, target, interruption);
            else
            {
                StoreLibrary.Check();
                (findings, files) = SweepReport.Write(SweepFolder.Existing(path), withSvg, target, parsed.GetValue(criterion),
                    interruption);
            }
            if (parsed.GetValue(json)) StandardStreams.PrintJson(findings);
            if (!parsed.GetValue(quiet))
                foreach (var file in files) StandardStreams.TellLine($"wrote {file}");
            return ExitCodes.Done;
        });
        return command;
    }
}
