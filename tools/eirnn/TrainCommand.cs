using System.CommandLine;
using EiRnnFast.Files;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Threads;
using EiRnnFast.Training;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn train</c>: trains one network and writes its folder.</summary>
internal static class TrainCommand
{
    public static Command Create(CancellationToken interruption)
    {
        var settings = new SettingOptions();
        var preset = new Option<string>("--preset")
        {
            Description = "Start from the settings of a study; options given win. The command 'eirnn presets' lists all.",
            HelpName = "name",
        };
        preset.CompletionSources.Add([.. Preset.All.Select(known => known.Name)]);
        var noSharing = new Option<bool>("--no-sharing") { Description = "The same as --sharing off.", Hidden = true };
        var seed = Options.Number("--seed", $"Seed of weights and shuffling, 0 to {RunSettings.MaxSeed}.", new RunSettings().Seed);
        var track = new Option<string>("--track-spectrum")
        {
            Description = "Also find the spectrum after every epoch, every 5 epochs (5) or every 10 updates (10u): "
                + "spectrum-epochs.csv, spectrum-epochs.png and spectrum_epochs in the summary.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string>("--out") { Description = "Folder for the results (default: eirnn-<task>-n<units>-seed<seed>)." };
        var threads = Options.Threads("Threads that train the network; results do not depend on it. More than one pays from 256 units.");
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("train", "Train one network and show its spectrum before and after.") { preset };
        settings.AddTo(command);
        foreach (var option in new Option[] { noSharing, seed, track, output, threads, svg, json, quiet }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var given = settings.Given(parsed);
            if (parsed.GetValue(preset) is { } name) given[SettingTable.PresetName] = name;
            if (parsed.GetValue(noSharing) && !given.TryAdd("sharing", false))
                throw InvalidInputException.Of("sharing", "it twice", "it once", "take one out");
            var run = RunSettings.From(SettingFiles.Resolve(given), parsed.GetValue(seed));
            return Run(new Request
            {
                Settings = run,
                Backend = BackendOptions.Of(parsed),
                Tracking = parsed.Given(track) ? SpectrumTracking.Parse(parsed.GetValue(track) ?? "1", track.Name) : null,
                Folder = parsed.GetValue(output) ?? $"eirnn-{run.Task.Name}-n{run.Units}-seed{run.Seed}",
                Threads = new ThreadBudget(parsed.GetValue(threads) ?? 1),
                Svg = parsed.GetValue(svg),
                Json = parsed.GetValue(json),
                Quiet = parsed.GetValue(quiet),
            }, interruption);
        });
        return command;
    }

    /// <summary>What the command line asks for.</summary>
    private sealed record Request
    {
        public required RunSettings Settings { get; init; }
        public required Backend Backend { get; init; }
        public required SpectrumTracking? Tracking { get; init; }
        public required string Folder { get; init; }
        public required ThreadBudget Threads { get; init; }
        public required bool Svg { get; init; }
        public required bool Json { get; init; }
        public required bool Quiet { get; init; }
    }

    private static int Run(Request request, CancellationToken interruption)
    {
        var (settings, folder) = (request.Settings, request.Folder);
        DrawingLibrary.Check();
        using var prepared = OutputFolder.Claim(folder);
        if (!request.Quiet)
            StandardStreams.TellLine($"training {settings.Units} units on {settings.Task.Name}; {BackendOptions.Text(request.Backend)}"
                + ThreadsText(request));
        var display = new TrainingDisplay(request.Quiet);
        TrainingRun run;
        try
        {
            run = Interruptible.Run(
                () => TrainingRun.Execute(
                    settings, display.Show, tracking: request.Tracking, backend: request.Backend, threads: request.Threads,
                    cancellation: interruption),
                interruption);
            RunFolder.Write(folder, run, RunFigures.Of(run, request.Svg));
        }
        catch
        {
            prepared.Withdraw();
            throw;
        }
        finally
        {
            display.End();
        }
        if (request.Json) StandardStreams.PrintJson(new TrainingSummary(run));
        else StandardStreams.Print(() => Print(run, folder, request.Svg));
        if (run.Result.Stopped != StopReason.Diverged) return ExitCodes.Done;
        var remedy = run.Result.DivergedAtUpdate == 1 ? "try a smaller --gain or --learning-rate" : "try a smaller --learning-rate";
        StandardStreams.TellLine($"eirnn: training diverged at update {run.Result.DivergedAtUpdate}: "
            + "found a loss or gradient that is not finite or too large, expected a finite one; "
            + $"{folder} holds the last finite epoch ({run.Result.EpochsRun}); {remedy}");
        return ExitCodes.FailedComputation;
    }

    /// <summary>What is used of the threads that were asked for; nothing where that is one.</summary>
    private static string ThreadsText(Request request)
    {
        var (asked, units) = (request.Threads.Threads, request.Settings.Units);
        var used = ThreadBudget.For(units, request.Backend.Kernels.LaneWidth, asked);
        return asked == 1 ? "" : used == asked ? $"; {used} threads" : $"; {used} of {asked} threads: more do not pay for {units} units";
    }

    private static void Print(TrainingRun run, string folder, bool svg)
    {
        var (result, audit) = (run.Result, run.Result.Audit);
        var finalLoss = result.FinalLoss is { } loss ? $"{loss:0.000e+00}" : "none: no epoch was finished";
        var accuracy = result.Accuracy is { } share ? $"{share:P0} of the test trials" : "none: no test trial asks for an answer";
        var reason = SettingNames.Of(result.Stopped);
        Console.WriteLine($"trained      {result.EpochsRun} epochs in {result.Seconds:0.0} s, stopped by {reason}");
        Console.WriteLine($"loss         {finalLoss}");
        if (result.CurriculumFinished is { } finished)
            Console.WriteLine($"curriculum   {result.StageEnds.Count} of {run.Settings.Training.Curriculum.Count} stages passed"
                + (finished ? "" : "; the task itself was not trained"));
        if (result.BestEpoch is { } best)
        {
            var validated = result.ValidationAccuracies[best - 1] is { } right ? $"{right:P1}" : "none";
            var kept = run.Settings.Training.Patience > 0 ? ", whose weights are kept" : "";
            Console.WriteLine($"validation   loss {result.ValidationLosses[best - 1]:0.000e+00}, accuracy {validated} "
                + $"in the best epoch, {best}{kept}");
        }
        Console.WriteLine($"accuracy     {accuracy}");
        Console.WriteLine($"constraint   {audit.Violations} violations, {audit.ZeroFraction:P1} of the recurrent weights exactly 0, "
            + $"{audit.ZeroRows} rows and {audit.ZeroColumns} columns all 0");
        SpectrumText.Write("before", run.InitialSpectrum);
        SpectrumText.Write("after", run.Spectrum);
        if (run.Spectrum.Theory is { } theory)
            Console.WriteLine($"theory       outer {theory.OuterRadius:0.000}, inner {theory.InnerRadius:0.000}, "
                + $"outlier {theory.Outlier:0.000} (initial matrix as it acts)");
        var tracked = run.Tracking is not null;
        string[] files = [.. RunFolder.Names(tracked), .. RunFigures.Names(tracked, svg)];
        Console.WriteLine($"files        {folder}{Path.DirectorySeparatorChar}: {string.Join(' ', files)}");
    }
}
