using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>Data sets of a process, each drawn once and then read by every run that asks for the same. Safe to share between
/// threads.</summary>
public sealed class DataSets
{
    private readonly Dictionary<(string Task, int Trials, uint Seed), Lazy<TrialBatch>> _drawn = [];

    /// <summary>The task, drawing from here.</summary>
    public ITask Of(ITask task) => new Shared(task, this);

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        lock (_drawn) _drawn.Clear();
    }

    /// <summary>What tells the data set of a run from others.</summary>
    public static (string Task, int Trials, uint Seed) KeyOf(RunSettings settings)
    {
        var (task, training) = (settings.Task, settings.Training);
        return (TextOf(settings.PosedTask()), training.Trials ?? task.DefaultTrials, training.DataSeed ?? task.DefaultDataSeed);
    }

    private static string TextOf(ITask task) => task is ChoiceTask posed ? $"answers of {TextOf(posed.Task)}" : task.Sha256
        ?? $"{task.Name} {SettingTable.Get(SettingTable.TaskOptions).Of(new RunSettings { Task = task })}";

    private TrialBatch Get(ITask task, int trials, uint seed)
    {
        Lazy<TrialBatch>? drawn;
        lock (_drawn)
            if (!_drawn.TryGetValue((TextOf(task), trials, seed), out drawn))
                _drawn[(TextOf(task), trials, seed)] = drawn = new Lazy<TrialBatch>(() => task.Generate(trials, seed));
        return drawn.Value;
    }

    private sealed class Shared(ITask task, DataSets sets) : ITask
    {
        public string Name => task.Name;
        public int Inputs => task.Inputs;
        public int Outputs => task.Outputs;
        public int Steps => task.Steps;
        public double StepMs => task.StepMs;
        public int DefaultTrials => task.DefaultTrials;
        public uint DefaultDataSeed => task.DefaultDataSeed;
        public string? SourceFile => task.SourceFile;
        public string? Sha256 => task.Sha256;
        public IReadOnlyList<string> TrialTypes => task.TrialTypes;
        public IReadOnlyList<string> InputLabels => task.InputLabels;
        public IReadOnlyList<string> OutputLabels => task.OutputLabels;
        public TrialBatch Generate(int trials, uint dataSeed) => sets.Get(task, trials, dataSeed);
        public double? Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs) => task.Accuracy(trials, outputs);
        public double? AccuracyOfSome(TrialBatch trials, ReadOnlySpan<float> outputs, IReadOnlyList<int> some) =>
            task.AccuracyOfSome(trials, outputs, some);
    }
}
