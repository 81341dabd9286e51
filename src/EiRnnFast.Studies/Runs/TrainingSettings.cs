using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Runs;

/// <summary>One training run, written down: what is trained, on what, how and from which seeds.</summary>
public sealed record TrainingSettings
{
    /// <summary>Largest seed: that of NumPy's legacy generator, 2³² − 1, for the network as for the data.</summary>
    public const long MaxSeed = uint.MaxValue;

    /// <summary>The task's name in the catalogue.</summary>
    public string Task { get; init; } = "and";

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

    /// <summary>The network these settings describe.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public NetworkSpec ToSpec()
    {
        if (Seed is < 0 or > MaxSeed) throw InvalidInputException.Of("seed", Seed, $"0 to {MaxSeed}", "choose a seed in that range");
        Training.Validate();
        var task = TaskCatalog.Get(Task);
        var spec = new NetworkSpec { Units = Units, Inputs = task.Inputs, Outputs = task.Outputs, Signs = Signs, Init = Init };
        spec.Validate();
        return spec;
    }
}
