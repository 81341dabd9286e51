using System.CommandLine;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn run NETWORK</c>: trials through a stored network, with its states in a file.</summary>
internal static class RunCommand
{
    private const int DefaultTrials = 50;

    public static Command Create()
    {
        var file = new Argument<string>("NETWORK") { Description = "A network (.npz, Keras HDF5)." };
        var ofTask = SettingOptions.OfTask("that of the network");
        var trials = Options.Number("--trials", "Trials to run.", DefaultTrials);
        var noise = new Option<bool>("--noise") { Description = "Run with the network's own noise (noise_rec, noise_in)." };
        var seed = Options.Number("--seed", $"Seed of the noise, 0 to {RunSettings.MaxSeed}.", 1L);
        var npz = new Option<string>("--npz")
        {
            Description = "Write states [B,T,N], outputs [B,T,O], inputs [B,T,I], targets, mask, times (ms) and signs into this .npz file.",
        };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("run", "Run trials through a network; show its accuracy and write its hidden states.")
        {
            file, trials, noise, seed, npz, json, quiet,
        };
        ofTask.AddTo(command);
        command.SetAction(parsed =>
        {
            var (name, target) = (parsed.GetValue(file)!, parsed.GetValue(npz));
            var backend = BackendOptions.Of(parsed);
            if (parsed.Given(seed) && !parsed.GetValue(noise))
                throw Refused("--seed without --noise", "the noise that it is the seed of", "add --noise, or leave --seed out");
            _ = Options.Checked(parsed.GetValue(seed));
            var (network, recorded) = NetworkFile.ReadWithProvenance(name);
            var settings = RunSettings.Sketch(SettingFiles.Resolve(RecordedTask.Settings(name, recorded, ofTask.Given(parsed))));
            if (settings.OwnDataSet) throw Options.NoNetworkSeed();
            if (target is not null) RequireUsable(target, name, settings.Task.SourceFile);
            var task = settings.Task;
            var run = NetworkRun.Of(name, network, task, settings.Training.Loss, settings.Training.DataSeed ?? task.DefaultDataSeed,
                parsed.GetValue(trials), parsed.GetValue(noise) ? parsed.GetValue(seed) : null, backend.Kernels);
            if (target is not null) run.Write(target);
            if (parsed.GetValue(json)) StandardStreams.PrintJson(Record(run, target));
            else StandardStreams.Print(() => Print(run, target));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Refuses a target that stands for something else, or whose writing would destroy what was read.</summary>
    private static void RequireUsable(string target, params string?[] read)
    {
        if (string.IsNullOrWhiteSpace(target)) throw Refused("an empty file name", "a file", "name one after --npz");
        if (target == "-") throw Refused("the file name '-'", "a file", "name one after --npz");
        if (read.OfType<string>().Any(source => RealPath.AreSame(source, target)))
            throw Refused($"--npz '{Printable.Of(target)}', which is read too", "a file of its own", "choose another name");
    }

    private static object Record(NetworkRun run, string? target) => new
    {
        Version = Backend.EngineVersion, run.KernelSet, run.File, run.Sha256, Task = run.Task.Name,
        TaskOptions = SettingTable.Get(SettingTable.TaskOptions).Of(new RunSettings { Task = (run.Task as ChoiceTask)?.Task ?? run.Task }),
        TaskFile = run.Task.SourceFile, TaskSha256 = run.Task.Sha256, run.Task.StepMs, run.DataSeed, run.NoiseSeed,
        Trials = run.Trials.Count, run.Trials.Steps, run.Network.Units, run.Network.Inputs, run.Network.Outputs,
        run.Accuracy, run.AccuracyByType, run.Loss, Npz = target,
    };

    private static void Print(NetworkRun run, string? target)
    {
        var (network, count) = (run.Network, run.Trials.Count);
        Console.WriteLine($"{run.File}: {network.Units} units, {Readable.Count(count, "trial")} of {run.Task.Name}, "
            + $"{Readable.Count(run.Trials.Steps, "step")} of {run.Task.StepMs:g6} ms");
        var accuracy = run.Accuracy is { } right ? $"{right:P0} of the trials right" : "none: no trial asks for an answer";
        Console.WriteLine($"  accuracy   {accuracy}");
        if (run.AccuracyByType is { } byType)
            foreach (var (type, fraction) in byType)
                if (fraction is { } known) Console.WriteLine($"    {type,-9}{known:P0}");
        Console.WriteLine($"  loss       {(run.Loss is { } loss ? $"{loss:0.000e+00}" : "none: no target weighs anything")}");
        if (target is not null) Console.WriteLine($"  states     [{count}×{run.Trials.Steps}×{network.Units}] in {target}");
    }

    private static InvalidInputException Refused(string found, string expected, string remedy) =>
        InvalidInputException.Of("run", found, expected, remedy);
}
