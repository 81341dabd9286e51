using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>Data sets of a process, each drawn once and then read by every run that asks for the same. Safe to share between threads.</summary>
internal sealed class DataSets
{
    private readonly Dictionary<(string Task, int Trials, uint Seed), Lazy<TrialBatch>> _drawn = [];

    /// <summary>The task, drawing from here.</summary>
    public ITask Of(ITask task) => new Shared(task, this);

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        lock (_drawn) _drawn.Clear();
    }

    private TrialBatch Get(ITask task, int trials, uint seed)
    {
        Lazy<TrialBatch>? drawn;
        lock (_drawn)
            if (!_drawn.TryGetValue((task.Name, trials, seed), out drawn))
                _drawn[(task.Name, trials, seed)] = drawn = new Lazy<TrialBatch>(() => task.Generate(trials, seed));
        return drawn.Value;
    }

    private sealed class Shared(ITask task, DataSets sets) : ITask
    {
        public string Name => task.Name;
        public string Family => task.Family;
        public string Description => task.Description;
        public int Inputs => task.Inputs;
        public int Outputs => task.Outputs;
        public int Steps => task.Steps;
        public int DefaultTrials => task.DefaultTrials;
        public uint DefaultDataSeed => task.DefaultDataSeed;
        public IReadOnlyList<string> TrialTypes => task.TrialTypes;
        public TrialBatch Generate(int trials, uint dataSeed) => sets.Get(task, trials, dataSeed);
        public double Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs) => task.Accuracy(trials, outputs);
    }
}
