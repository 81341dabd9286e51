using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Runs;

/// <summary>One training run, written down: what is trained, on what, how and from which seeds.</summary>
public sealed record TrainingSettings
{
    /// <summary>Largest seed: that of NumPy's legacy generator, 2³² − 1, for the network as for the data.</summary>
    public const long MaxSeed = uint.MaxValue;

    /// <summary>What is trained: a task of the catalogue with its options, or the trials of a file.</summary>
    public ITask Task { get; init; } = TaskCatalog.Get("and");

    /// <summary>N.</summary>
    public int Units { get; init; } = 100;

    /// <summary>The sign constraint.</summary>
    public SignConstraint Signs { get; init; } = SignConstraint.Presynaptic(0.5);

    /// <summary>The initialisation of W_rec.</summary>
    public RecurrentInit Init { get; init; } = RecurrentInit.Orthogonal();

    /// <summary>Seed of weights and shuffling.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Whether the data set has the seed of the network, so that every network has a data set of its own.</summary>
    public bool OwnDataSet { get; init; }

    /// <summary>The same with another seed.</summary>
    public TrainingSettings WithSeed(long seed) => this with { Seed = seed, Training = OwnDataSet ? Training with { DataSeed = (uint)seed } : Training };

    /// <summary>The network these settings describe.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public NetworkSpec ToSpec()
    {
        if (Seed is < 0 or > MaxSeed) throw InvalidInputException.Of("seed", Seed, $"0 to {MaxSeed}", "choose a seed in that range");
        Training.Validate();
        Training.RequireTrainingTrials(Training.Trials ?? Task.DefaultTrials);
        if (Training.Trials > (Task is CatalogTask known ? known.MostTrials : Task.DefaultTrials))
            throw InvalidInputException.Of($"trials of task '{Task.Name}'", Training.Trials, Task is CatalogTask most ? $"at most {most.MostTrials}, what an array holds" : $"at most the {Task.DefaultTrials} that were given", "ask for fewer");
        var spec = new NetworkSpec { Units = Units, Inputs = Task.Inputs, Outputs = Task.Outputs, Signs = Signs, Init = Init };
        spec.Validate();
        return spec;
    }
}
