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
    public const string Name = "train";

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
        var generalise = new Option<string[]>("--generalise")
        {
            Description = "Also test the trained network on other values of an option of its task, noise_in or noise_rec, such as "
                + "'gap=10 20 40'; give it once for each option. With --resume, give it again.",
            HelpName = "name=x x",
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for the results (default: eirnn-<task>-n<units>-seed<seed>, with a number where that holds another "
                + "network).",
        };
        var resume = new Option<string>("--resume")
        {
            Description = "Go on with an interrupted training in this folder, with the same bits as without interruption; "
                + "with --epochs, to more epochs.",
        };
        var states = new Option<bool>("--states")
        {
            Description = $"Also write inputs, states and outputs of the test trials: {RunFolder.StatesName}. With --resume, give it "
                + "again.",
        };
        var every = Options.CheckpointMinutes();
        var threads = Options.Threads("Threads that train the network; results do not depend on it. More than one pays from 256 units.");
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command(Name, "Train one network and show its spectrum before and after.") { preset };
        settings.AddTo(command);
        Option[] others = [noSharing, seed, track, output, resume, states, generalise, every, threads, svg, json, quiet];
        foreach (var option in others) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var given = settings.Given(parsed);
            if (parsed.GetValue(preset) is { } name) given[SettingTable.PresetName] = name;
            if (parsed.GetValue(noSharing) && !given.TryAdd("sharing", false))
                throw InvalidInputException.Of("sharing", "it twice", "it once", "take one out");
            var from = parsed.GetValue(resume) is not { } folder ? null : ReadCheckpoint(folder, given.Keys,
                new Option[] { seed, track, output }.FirstOrDefault(parsed.Given));
            var run = from is null ? RunSettings.From(SettingFiles.Resolve(given), parsed.GetValue(seed)) : WithEpochs(from, given);
            var tracking = from is null ? parsed.Given(track) ? parsed.GetValue(track) ?? "1" : null : RunCheckpoints.TrackingOf(from);
            return Run(new Request
            {
                Settings = run,
                Backend = from is null ? BackendOptions.Of(parsed) : BackendOptions.Of(parsed, from.Checkpoint.KernelSet),
                Tracking = tracking is null ? null : SpectrumTracking.Parse(tracking, track.Name),
                Folder = parsed.GetValue(resume) ?? parsed.GetValue(output),
                From = from,
                Interval = TimeSpan.FromMinutes(parsed.GetValue(every)),
                Threads = new ThreadBudget(parsed.GetValue(threads) ?? 1),
                States = parsed.GetValue(states),
                Generalise = parsed.GetValue(generalise) is { Length: > 0 } lists ? Generalisation.Parse(lists) : null,
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
        public required string? Folder { get; init; }
        public required CheckpointFile? From { get; init; }
        public required TimeSpan Interval { get; init; }
        public required ThreadBudget Threads { get; init; }
        public required bool States { get; init; }
        public required Generalisation? Generalise { get; init; }
        public required bool Svg { get; init; }
        public required bool Json { get; init; }
        public required bool Quiet { get; init; }
    }

    /// <summary>The checkpoint of a folder, whose settings are those of the training: only more epochs may be asked for.</summary>
    private static CheckpointFile ReadCheckpoint(string folder, IEnumerable<string> given, Option? other)
    {
        var setting = other?.Name ?? given.Where(name => name != "epochs").Select(name => $"--{name.Replace('_', '-')}").FirstOrDefault();
        if (setting is not null)
            throw InvalidInputException.Of("--resume", $"{setting} beside it", "the settings that the training has",
                "leave it out; only --epochs may change, and --from starts a new training from a network");
        if (!File.Exists(TrainingPlace.CheckpointOf(folder)))
            throw InvalidInputException.Of("--resume", $"no {TrainingPlace.CheckpointName} in '{Printable.Of(folder)}'",
                "the folder of a training", "name the folder that eirnn train has told");
        return CheckpointFile.Read(TrainingPlace.CheckpointOf(folder));
    }

    private static RunSettings WithEpochs(CheckpointFile from, Dictionary<string, object> given) =>
        !given.TryGetValue("epochs", out var epochs) ? from.Settings
            : RunSettings.From(
                SettingFiles.Resolve(new Dictionary<string, object>(from.Settings.Values()) { ["epochs"] = epochs }), from.Settings.Seed);

    private static int Run(Request request, CancellationToken interruption)
    {
        DrawingLibrary.Check();
        if (request.States)
            NetworkRun.RequireRoom(
                request.Settings.PosedTask(), request.Settings.Training.TestTrials, request.Settings.Units, "test_trials");
        request.Generalise?.Validate(request.Settings);
        using var place = Claim(request);
        var (settings, folder) = (request.Settings, place.Path);
        var from = request.From ?? TrainingPlace.Unfinished(folder, settings, request.Backend.Kernels.Name);
        var checkpoints = new RunCheckpoints
        {
            Path = TrainingPlace.CheckpointOf(folder), From = from, Interval = request.Interval, KeepsEnds = true, Stop = interruption,
        };
        if (!request.Quiet) Announce(request, folder, from);
        var display = new TrainingDisplay(request.Quiet);
        using var early = new CancellationTokenSource();
        using var asked = interruption.Register(() =>
        {
            // Before the first update nothing has been found yet, and LAPACK cannot be stopped.
            if (display.HasBegun)
                display.Note("interrupted: the update under way ends, then all files are written; Ctrl-C again ends at once");
            else early.Cancel();
        });
        TrainingRun run;
        try
        {
            run = Interruptible.Run(
                () => TrainingRun.Execute(settings, display.Show, tracking: request.Tracking, backend: request.Backend,
                    threads: request.Threads, checkpoints: checkpoints, generalise: request.Generalise, cancellation: early.Token),
                early.Token);
            if (run.Result is { Stopped: StopReason.Interrupted, EpochsRun: 0 })
                return LeaveCheckpoint(folder, isKept: from is not null || checkpoints.Written > 2); // the first, and that of the end
            var constantLoss = run.Result.CurriculumFinished is null ? ConstantLoss.Of(run) : null; // stages have others
            WriteFolder(folder, run, RunFigures.Of(run, request.Svg, constantLoss), request.States, checkpoints.Failure is null);
        }
        catch (OperationCanceledException)
        {
            HiddenFile.Abandon();
            if (from is null) File.Delete(TrainingPlace.CheckpointOf(folder));
            place.Withdraw();
            throw;
        }
        catch
        {
            place.Withdraw();
            throw;
        }
        finally
        {
            display.End();
        }
        if (request.Json) StandardStreams.PrintJson(new TrainingSummary(run));
        else StandardStreams.Print(() => TrainingText.Print(run, folder, request.States, request.Svg));
        if (checkpoints.Failure is { } failure)
        {
            StandardStreams.TellLine($"eirnn: {failure} (all numbers are written, the checkpoint is not)");
            return ExitCodes.BadInput;
        }
        return run.Result.Stopped switch
        {
            StopReason.Diverged => Diverged(run, folder),
            StopReason.Interrupted => Interrupted(run, folder),
            _ => ExitCodes.Done,
        };
    }

    /// <summary>The folder that was asked for; else the first by default that holds nothing or the same training.</summary>
    private static OutputFolder Claim(Request request)
    {
        if (request.Folder is { } asked)
        {
            if (request.From is null && TrainingPlace.FileOfAnother(asked, request.Settings, RunFigures.Every) is { } another)
                throw InvalidInputException.Of("output folder", $"other results in '{Printable.Of(asked)}' ({another})",
                    "an empty folder, or one of the same training", "give --out another name, or move them away");
            return OutputFolder.Claim(asked);
        }
        string? first = null;
        foreach (var name in TrainingPlace.DefaultNames(request.Settings))
        {
            first ??= name;
            if (TrainingPlace.ContentOf(name, request.Settings) == FolderContent.Other || OutputFolder.TryClaim(name) is not { } place)
                continue;
            if (name != first && !request.Quiet)
                StandardStreams.TellLine($"note: {first} holds another network; the results go to {name}");
            return place;
        }
        throw InvalidInputException.Of("output folder", $"another network in {first} and all its numbers", "a free name", "give --out");
    }

    private static void Announce(Request request, string folder, CheckpointFile? from)
    {
        var settings = request.Settings;
        StandardStreams.TellLine($"training {settings.Units} units on {settings.Task.Name}; {BackendOptions.Text(request.Backend)}"
            + ThreadsText(request));
        if (from is null) return;
        var (done, again) = (from.Checkpoint, request.From is null ? "; the same settings go on where they stood" : "");
        StandardStreams.TellLine(
            $"going on in {folder}: {done.EpochsRun} of {settings.Training.Epochs} epochs were run{again}");
    }

    /// <summary>What cannot be written now can be written later: the training is kept.</summary>
    private static void WriteFolder(string folder, TrainingRun run, FolderFigures figures, bool states, bool isKept)
    {
        try
        {
            RunFolder.Write(folder, run, figures, states);
        }
        catch (InvalidInputException e) when (isKept && run.Result.Stopped != StopReason.Diverged)
        {
            throw new InvalidInputException($"{e.Message}; then eirnn train --resume {folder} writes the files of this training", e);
        }
    }

    /// <summary>Before the first epoch has ended there is no result; what took minutes can still go on.</summary>
    private static int LeaveCheckpoint(string folder, bool isKept)
    {
        if (!isKept) throw new OperationCanceledException();
        StandardStreams.TellLine($"eirnn: interrupted in the first epoch; to go on: eirnn train --resume {folder}");
        return ExitCodes.Interrupted;
    }

    private static int Interrupted(TrainingRun run, string folder)
    {
        StandardStreams.TellLine($"eirnn: interrupted; {folder} holds the last finished epoch, {run.Result.EpochsRun} of "
            + $"{run.Settings.Training.Epochs}; to go on: eirnn train --resume {folder}");
        return ExitCodes.Interrupted;
    }

    private static int Diverged(TrainingRun run, string folder)
    {
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
}
