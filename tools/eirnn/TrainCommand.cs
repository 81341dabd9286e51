using System.Globalization;
using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn train</c>: trains one network and writes its folder.</summary>
internal static class TrainCommand
{
    private static readonly TrainingSettings s_default = new();

    public static Command Create(CancellationToken interruption)
    {
        var preset = Options.Choice("--preset", "Start from a preset (published: the postsynaptic axis, as the published code has it); options given win", null, ["published"]);
        var task = Options.Choice("--task", "Task", s_default.Task.Name, TaskCatalog.All.Select(known => known.Name));
        var taskOptions = Options.TaskOptions();
        var taskFile = new Option<string>("--task-file") { Description = "Train on the trials of a .npz file instead: x [n,T,I], y [n,T,O] and, optionally, mask [n,T] or [n,T,O]; a trial is right when its last stretch of constant target is met." };
        var units = Options.Number("--units", $"Number of units, {NetworkSpec.MinUnits} to {NetworkSpec.MaxUnits}.", s_default.Units);
        var excitatory = Options.Number("--excitatory", "Fraction of excitatory units, 0 to 1.", 0.5);
        var sign = Options.Choice("--sign", "Whose sign a weight has (presynaptic is Dale's law)", "presynaptic", SettingNames.Axes.Keys);
        var input = Options.Choice("--input-nonnegative", "Keep input weights at 0 or above (default: on, off under --sign none)", null, ["on", "off"]);
        var init = Options.Choice("--init", "Initialisation of the recurrent matrix", "orthogonal", SettingNames.Inits.Keys);
        var gain = Options.Number("--gain", "Scale of the recurrent matrix.", 1.0);
        var mu = Options.Number("--mu", "Mean of the two Gaussians, with --init two-gaussian.", 0.05);
        var balanced = new Option<bool>("--balanced") { Description = "Balance excitation and inhibition at the start: removes the outlier, keeps the radius." };
        var epochs = Options.Number("--epochs", "Most passes over the training trials.", s_default.Training.Epochs);
        var learningRate = Options.Number("--learning-rate", "Adam's learning rate.", s_default.Training.LearningRate);
        var decay = Options.Number("--decay", "Time decay of the learning rate: after k updates it is divided by 1 + decay·k.", s_default.Training.Decay);
        var batch = Options.Number("--batch", "Trials per update.", s_default.Training.BatchSize);
        var clip = Options.Choice("--clip", "Gradient clipping", "global", SettingNames.Clippings.Keys);
        var clipNorm = Options.Number("--clip-norm", "Norm above which gradients are clipped.", s_default.Training.ClipNorm);
        var trials = Options.OptionalNumber<int>("--trials", "Trials of the data set (default: the task's own number).");
        var testTrials = Options.Number("--test-trials", "The first so many trials are kept for testing.", s_default.Training.TestTrials);
        var validationTrials = Options.Number("--validation-trials", "The next so many trials are kept for validation after every epoch.", 0);
        var stopLoss = Options.Number("--stop-loss", "Stop after the first epoch whose mean loss is below this.", s_default.Training.StopLoss);
        var stopValidationLoss = Options.Number("--stop-validation-loss", "Stop after the first epoch whose validation loss is below this; 0 never stops.", 0.0);
        var stopValidationAccuracy = Options.OptionalNumber<double>("--stop-validation-accuracy", "Stop after the first epoch with this fraction of validation trials right (default: never).");
        var patience = Options.Number("--patience", "Stop when the validation loss has not fallen for so many epochs, and keep the best epoch's weights; 0 never stops.", 0);
        var seed = Options.Number("--seed", $"Seed of weights and shuffling, 0 to {TrainingSettings.MaxSeed}.", s_default.Seed);
        var dataSeed = Options.DataSeed("Seed of the data set", allowNetwork: true);
        var noSharing = new Option<bool>("--no-sharing") { Description = "Compute every trial by itself, also where equal input prefixes would let trials share hidden states." };
        var track = new Option<bool>("--track-spectrum") { Description = "Also find the spectrum after every epoch: spectrum-epochs.csv, spectrum-epochs.png and spectrum_epochs in the summary." };
        var output = new Option<string>("--out") { Description = "Folder for the results (default: eirnn-<task>-n<units>-seed<seed>)." };
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("train", "Train one network and show its spectrum before and after.")
        {
            preset, task, taskOptions, taskFile, units, excitatory, sign, input, init, gain, mu, balanced, epochs, learningRate, decay, batch, clip, clipNorm, trials, testTrials,
            validationTrials, stopLoss, stopValidationLoss, stopValidationAccuracy, patience, seed, dataSeed, noSharing, track, output, svg, json, quiet,
        };
        command.SetAction(parsed =>
        {
            Dictionary<string, object> given = [];
            void Take<T>(string name, Option<T> option, Func<T, object> value)
            {
                if (parsed.Given(option)) given[name] = value(parsed.GetValue(option)!);
            }
            Take("preset", preset, name => name);
            Take("task", task, name => name);
            Take("task_file", taskFile, path => path);
            foreach (var (name, value) in Options.Pairs(parsed.GetValue(taskOptions))) given[NamedSettings.TaskOptionPrefix + name] = value;
            Take("units", units, count => (long)count);
            Take("excitatory", excitatory, fraction => fraction);
            Take("sign", sign, name => name);
            Take("input_nonnegative", input, choice => choice == "on");
            Take("init", init, name => name);
            Take("gain", gain, number => number);
            Take("mu", mu, number => number);
            Take("balanced", balanced, flag => flag);
            Take("epochs", epochs, count => (long)count);
            Take("learning_rate", learningRate, rate => rate);
            Take("decay", decay, number => number);
            Take("batch", batch, count => (long)count);
            Take("clipping", clip, name => name);
            Take("clip_norm", clipNorm, norm => norm);
            Take("trials", trials, count => (long)count!.Value);
            Take("test_trials", testTrials, count => (long)count);
            Take("validation_trials", validationTrials, count => (long)count);
            Take("stop_loss", stopLoss, loss => loss);
            Take("stop_validation_loss", stopValidationLoss, loss => loss);
            Take("stop_validation_accuracy", stopValidationAccuracy, fraction => fraction!.Value);
            Take("patience", patience, count => (long)count);
            Take("data_seed", dataSeed, number => number);
            Take("sharing", noSharing, off => !off);
            var settings = NamedSettings.Build(given, parsed.GetValue(seed));
            return Run(settings, BackendOptions.Of(parsed), parsed.GetValue(track), parsed.GetValue(output), parsed.GetValue(svg), parsed.GetValue(json), parsed.GetValue(quiet), interruption);
        });
        return command;
    }

    private static int Run(TrainingSettings settings, Backend backend, bool track, string? folder, bool svg, bool json, bool quiet, CancellationToken interruption)
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
            $"{folder} holds the last finite epoch ({run.Result.EpochsRun}); try a smaller --learning-rate");
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
