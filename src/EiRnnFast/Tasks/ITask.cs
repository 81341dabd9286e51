namespace EiRnnFast.Tasks;

/// <summary>
/// A task that a network is trained on. A task of one's own needs a name, its shape and <see cref="Generate"/>; the rest has a
/// default. Implementations are immutable and safe to share between threads.
/// </summary>
public interface ITask : IFileContent
{
    /// <summary>The name by which results know it.</summary>
    string Name { get; }

    /// <summary>Input channels, I.</summary>
    int Inputs { get; }

    /// <summary>Output channels, O.</summary>
    int Outputs { get; }

    /// <summary>Timesteps per trial, T.</summary>
    int Steps { get; }

    /// <summary>Draws a data set; the same arguments give the same bits.</summary>
    TrialBatch Generate(int trials, uint dataSeed);

    /// <summary>Milliseconds per timestep.</summary>
    double StepMs => 1;

    /// <summary>Trials of a data set unless said.</summary>
    int DefaultTrials => 15050;

    /// <summary>Seed of the data set unless said.</summary>
    uint DefaultDataSeed => 1;

    /// <summary>Names of the trial types that <see cref="TrialBatch.Types"/> counts; empty when trials have no type.</summary>
    IReadOnlyList<string> TrialTypes => [];

    /// <summary>What the input channels are called, [I]; empty where they have no names.</summary>
    IReadOnlyList<string> InputLabels => [];

    /// <summary>What the outputs are called, [O]; empty where they have no names.</summary>
    IReadOnlyList<string> OutputLabels => [];

    /// <summary>
    /// Fraction of trials, 0 … 1, that the outputs [n×T×O] answer correctly; null when no trial asks for an answer. Unless said, see
    /// <see cref="TrialAccuracy.OfTargets"/>.
    /// </summary>
    double? Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs) => TrialAccuracy.OfTargets(trials, outputs);

    /// <summary>
    /// The same of some of the trials. Unless said, a task without a rule of its own judges them among all, for the trials of one type may
    /// have one answer; one with its own <see cref="Accuracy"/> judges them as if there were no others.
    /// </summary>
    double? AccuracyOfSome(TrialBatch trials, ReadOnlySpan<float> outputs, IReadOnlyList<int> some)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var hasOwnRule = Accuracy(trials, outputs) != TrialAccuracy.OfTargets(trials, outputs);
        return hasOwnRule ? Accuracy(trials.Only(some), TrialAccuracy.Gathered(trials, outputs, some))
            : TrialAccuracy.OfTargets(trials, outputs, some);
    }
}
