using System.Globalization;
using EiRnnFast.Files;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>What a network did in trials of a task.</summary>
public sealed record NetworkRun
{
    /// <summary>The file of the network as it was named.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of that file, hexadecimal; null where nobody has looked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The network.</summary>
    public required EiRnn Network { get; init; }

    /// <summary>The task, with one output per answer where the network has them.</summary>
    public required ITask Task { get; init; }

    /// <summary>Seed of the trials.</summary>
    public required uint DataSeed { get; init; }

    /// <summary>The trials.</summary>
    public required TrialBatch Trials { get; init; }

    /// <summary>Seed of the network's own noise; null for none.</summary>
    public required long? NoiseSeed { get; init; }

    /// <summary>What it was computed with.</summary>
    public required string KernelSet { get; init; }

    /// <summary>Outputs, [B×T×O].</summary>
    public required float[] Outputs { get; init; }

    /// <summary>Rates, [B×T×N].</summary>
    public required float[] States { get; init; }

    /// <summary>Fraction of right trials; null when none asks for an answer.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Loss, as the test of a training has it; null when no target weighs anything.</summary>
    public required double? Loss { get; init; }

    /// <summary>Fraction of right trials of each type; null where trials have no types.</summary>
    public IReadOnlyDictionary<string, double?>? AccuracyByType => TrialAccuracy.ByType(Task, Trials, Outputs);

    /// <summary>Runs trials through a network.</summary>
    /// <param name="file">Its file, which messages and results name.</param>
    /// <param name="network">The network.</param>
    /// <param name="task">The task.</param>
    /// <param name="loss">The loss that the network was trained by. Where only one output per answer fits, it is cross-entropy.</param>
    /// <param name="dataSeed">Seed of the trials.</param>
    /// <param name="trials">How many, 1 or more; of a task with fewer given trials all.</param>
    /// <param name="noiseSeed">Seed of the network's own noise; null for none.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <exception cref="InvalidInputException">A task that does not fit the network, too many trials for the memory that is free, or noise
    /// of a network without any.</exception>
    public static NetworkRun Of(string file, EiRnn network, ITask task, LossFunction loss, uint dataSeed, int trials,
        long? noiseSeed = null, KernelSet? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        if (trials < 1) throw InvalidInputException.Of("trials", trials, "1 or more", "50 is usual");
        task = loss == LossFunction.CrossEntropy ? ChoiceTask.For(task, loss) : ChoiceTask.For(task, network.Outputs);
        if (task is ChoiceTask) loss = LossFunction.CrossEntropy;
        DynamicsRun.RequireFitting(file, network, task, noiseSeed is not null);
        if (task is ArrayTask) trials = Math.Min(trials, task.DefaultTrials);
        RequireRoom(task, trials, network.Units, "trials");
        kernels ??= Kernels.KernelSet.Current;
        var batch = task.Generate(trials, dataSeed);
        if (loss == LossFunction.CrossEntropy) batch.RequireProbabilities(task);
        var (outputs, states) = network.Run(batch.X, batch.Count, kernels, noiseSeed);
        return new NetworkRun
        {
            File = file, Sha256 = InputFile.Sha256Of(file, "a network"), Network = network, Task = task,
            DataSeed = dataSeed, Trials = batch, NoiseSeed = noiseSeed, KernelSet = kernels.Name, Outputs = outputs, States = states,
            Accuracy = task.Accuracy(batch, outputs), Loss = batch.WeightedLossOf(outputs, loss),
        };
    }

    /// <summary>Refuses trials whose states do not fit into the memory that is free, before any is taken.</summary>
    /// <param name="task">The task.</param>
    /// <param name="trials">B.</param>
    /// <param name="units">N.</param>
    /// <param name="setting">What says how many trials there are.</param>
    /// <exception cref="InvalidInputException">They do not.</exception>
    public static void RequireRoom(ITask task, int trials, int units, string setting)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(setting);
        var perTrial = sizeof(float) * (long)task.Steps * (units + task.Inputs + 3 * task.Outputs);
        var most = Math.Min(MemoryBudget.Free() / perTrial, Array.MaxLength / ((long)task.Steps * Math.Max(units, task.Inputs)));
        if (trials > most)
            throw InvalidInputException.Of(setting, $"{trials}, whose states take {(trials * perTrial) >> 20} MiB",
                $"at most {most} with {task.Steps} steps and {units} units in the memory that is free",
                $"give fewer --{setting.Replace('_', '-')}");
    }

    /// <summary>Writes a <see cref="StatesFile"/>, whole or not at all.</summary>
    /// <param name="path">The .npz file, replaced if it exists.</param>
    /// <exception cref="InvalidInputException">It cannot be written there.</exception>
    public void Write(string path) => StatesFile.Write(path, Network, Task, Trials, Outputs, States, Provenance());

    private Dictionary<string, string> Provenance()
    {
        Dictionary<string, string> provenance = new()
        {
            ["version"] = Backend.EngineVersion, ["kernel_set"] = KernelSet, ["network"] = File,
            ["data_seed"] = DataSeed.ToString(CultureInfo.InvariantCulture),
            ["trials"] = Trials.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (Sha256 is not null) provenance["network_sha256"] = Sha256;
        if (NoiseSeed is { } seed) provenance["noise_seed"] = seed.ToString(CultureInfo.InvariantCulture);
        var run = new RunSettings { Task = (Task as ChoiceTask)?.Task ?? Task };
        foreach (var setting in SettingTable.All.Where(setting => setting.Part == SettingPart.Task))
            if (setting.Of(run) is { } value) provenance[setting.Name] = SettingText.Of(value);
        if (Task.Sha256 is { } sha256) provenance["task_sha256"] = sha256;
        return provenance;
    }
}
