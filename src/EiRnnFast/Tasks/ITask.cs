namespace EiRnnFast.Tasks;

/// <summary>A task that a network is trained on. Implementations are immutable and safe to share between threads.</summary>
public interface ITask
{
    /// <summary>The name by which the catalogue knows it.</summary>
    string Name { get; }

    /// <summary>The family it belongs to, for listing.</summary>
    string Family { get; }

    /// <summary>One sentence with its timeline.</summary>
    string Description { get; }

    /// <summary>Input channels, I.</summary>
    int Inputs { get; }

    /// <summary>Output channels, O.</summary>
    int Outputs { get; }

    /// <summary>Timesteps per trial, T.</summary>
    int Steps { get; }

    /// <summary>Trials of the reference's data set.</summary>
    int DefaultTrials { get; }

    /// <summary>Seed of the reference's data set.</summary>
    uint DefaultDataSeed { get; }

    /// <summary>Names of the trial types that <see cref="TrialBatch.Types"/> counts.</summary>
    IReadOnlyList<string> TrialTypes { get; }

    /// <summary>Draws a data set; the same arguments give the same bits.</summary>
    TrialBatch Generate(int trials, uint dataSeed);

    /// <summary>Fraction of trials, 0 … 1, that the outputs [n×T×O] answer correctly.</summary>
    double Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs);
}
