using System.Globalization;
using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Studies.Runs;
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
            Description = $"Start from a named list of values; options given win. One of: {string.Join(", ", SettingTable.Presets.Keys)} "
                + "(the postsynaptic axis, as the published code has it).",
        };
        var noSharing = new Option<bool>("--no-sharing") { Description = "The same as --sharing off.", Hidden = true };
        var seed = Options.Number("--seed", $"Seed of weights and shuffling, 0 to {RunSettings.MaxSeed}.", new RunSettings().Seed);
        var track = new Option<bool>("--track-spectrum")
        {
            Description = "Also find the spectrum after every epoch: spectrum-epochs.csv, spectrum-epochs.png and spectrum_epochs in the summary.",
        };
        var output = new Option<string>("--out") { Description = "Folder for the results (default: eirnn-<task>-n<units>-seed<seed>)." };
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("train", "Train one network and show its spectrum before and after.") { preset };
        settings.AddTo(command);
        foreach (var option in new Option[] { noSharing, seed, track, output, svg, json, quiet }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var given = settings.Given(parsed);
            if (parsed.GetValue(preset) is { } name) given[SettingTable.Preset] = name;
            if (parsed.GetValue(noSharing) && !given.TryAdd("sharing", false))
                throw InvalidInputException.Of("sharing", "it twice", "it once", "take one out");
            var run = RunSettings.From(FileTask.Resolve(given), parsed.GetValue(seed));
            return Run(run, BackendOptions.Of(parsed), parsed.GetValue(track), parsed.GetValue(output), parsed.GetValue(svg),
                parsed.GetValue(json), parsed.GetValue(quiet), interruption);
        });
        return command;
    }

    private static int Run(
        RunSettings settings, Backend backend, bool track, string? folder, bool svg, bool json, bool quiet, CancellationToken interruption)
    {
        folder ??= $"eirnn-{settings.Task.Name}-n{settings.Units}-seed{settings.Seed}";
        DrawingLibrary.Check();
        using var prepared = OutputFolder.Claim(folder);
        if (!quiet) StandardStreams.TellLine($"training {settings.Units} units on {settings.Task.Name}; kernels {backend.Kernels.Name}; LAPACK {backend.Solver.Name}");
        var display = new TrainingDisplay(quiet);
        TrainingRun run;
        try
        {
            run = Interruptible.Run(() => TrainingRun.Execute(settings, display.Show, trackSpectrum: track, backend: backend, cancellation: interruption), interruption);
            RunFolder.Write(folder, run, RunFigures.Of(run, svg));
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
        if (json) Console.WriteLine(JsonSerializer.Serialize(new TrainingSummary(run), TrainingSummary.Json));
        else StandardStreams.Print(() => Print(run, folder, svg));
        if (run.Result.Stopped != StopReason.Diverged) return ExitCodes.Done;
        StandardStreams.TellLine($"eirnn: training diverged at update {run.Result.DivergedAtUpdate}: found a loss or gradient that is not finite or too large, expected a finite one; " +
            $"{folder} holds the last finite epoch ({run.Result.EpochsRun}); {(run.Result.DivergedAtUpdate == 1 ? "try a smaller --gain or --learning-rate" : "try a smaller --learning-rate")}");
        return ExitCodes.FailedComputation;
    }

    private static void Print(TrainingRun run, string folder, bool svg)
    {
        var result = run.Result;
        Console.WriteLine($"trained      {result.EpochsRun} epochs in {result.Seconds:0.0} s, stopped by {SettingNames.Of(result.Stopped)}");
        Console.WriteLine($"loss         {(result.FinalLoss is { } loss ? $"{loss:0.000e+00}" : "none: no epoch was finished")}");
        if (result.BestEpoch is { } best)
            Console.WriteLine($"validation   loss {result.ValidationLosses[best - 1]:0.000e+00}, accuracy {result.ValidationAccuracies[best - 1]?.ToString("P1", CultureInfo.InvariantCulture) ?? "none"} in the best epoch, {best}{(run.Settings.Training.Patience > 0 ? ", whose weights are kept" : "")}");
        Console.WriteLine($"accuracy     {(result.Accuracy is { } accuracy ? $"{accuracy:P0} of the test trials" : "none: no test trial asks for an answer")}");
        Console.WriteLine($"constraint   {result.Audit.Violations} violations, {result.Audit.ZeroFraction:P1} of the recurrent weights exactly 0, " +
            $"{result.Audit.ZeroRows} rows and {result.Audit.ZeroColumns} columns all 0");
        SpectrumText.Write("before", run.InitialSpectrum);
        SpectrumText.Write("after", run.Spectrum);
        if (run.Spectrum.Theory is { } theory)
            Console.WriteLine($"theory       outer {theory.OuterRadius:0.000}, inner {theory.InnerRadius:0.000}, outlier {theory.Outlier:0.000} (projected initial matrix)");
        var tracked = run.EpochSpectra.Count > 0;
        string[] files = [.. RunFolder.Names(tracked), .. RunFigures.Names(tracked, svg)];
        Console.WriteLine($"files        {folder}{Path.DirectorySeparatorChar}: {string.Join(' ', files)}");
    }
}
