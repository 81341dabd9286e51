using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>How a network does, after every epoch, on trials that it is not trained on, and whether that ends the training.</summary>
internal sealed class Validation(TrialBatch trials, TrainingOptions options)
{
    private readonly bool _weighs = trials.Weighs(0, trials.Count);

    /// <summary>The network of the best epoch, where it is to be kept.</summary>
    public EiRnn? Best { get; private set; }

    /// <summary>One an epoch; none when no validation trial weighs anything, since a loss of nothing judges nothing.</summary>
    public List<double> Losses { get; private set; } = [];

    public List<double?> Accuracies { get; private set; } = [];

    /// <summary>The epoch, from 1, with the least loss; null before the first, and when no validation trial weighs anything.</summary>
    public int? BestEpoch { get; private set; }

    /// <summary>Takes up what an earlier session found.</summary>
    public void GoOnAfter(IReadOnlyList<double> losses, IReadOnlyList<double?> accuracies, int? bestEpoch, EiRnn? best) =>
        (Losses, Accuracies, BestEpoch, Best) = ([.. losses], [.. accuracies], bestEpoch, best);

    /// <summary>This one, with what another has found in stages before: its epochs are none of this one's best.</summary>
    public Validation Continuing(Validation before)
    {
        (Losses, Accuracies) = (before.Losses, before.Accuracies);
        return this;
    }

    /// <summary>Judges the network after an epoch; returns why to stop, or null.</summary>
    public StopReason? After(int epoch, ITask task, EiRnn network, KernelSet kernels, int threads = 1)
    {
        if (!_weighs) return null;
        var outputs = ForwardPass.Outputs(network, trials.X, trials.Count, kernels, threads: threads);
        Losses.Add(trials.LossOf(outputs, options.Loss));
        Accuracies.Add(task.Accuracy(trials, outputs));
        if (BestEpoch is not { } best || Losses[^1] < Losses[best - 1])
        {
            BestEpoch = epoch;
            if (options.KeepsBest) Best = network.Clone();
        }
        if (Losses[^1] < options.StopValidationLoss) return StopReason.ValidationLoss;
        if (Accuracies[^1] >= options.StopValidationAccuracy) return StopReason.ValidationAccuracy;
        return options.Patience > 0 && epoch - BestEpoch >= options.Patience ? StopReason.Patience : null;
    }

    /// <summary>Gives the network the weights of the best epoch, if that is to be kept.</summary>
    public void RestoreBest(EiRnn network)
    {
        if (Best is null) return;
        Best.InputWeights.CopyTo(network.InputWeights);
        Best.RecurrentWeights.CopyTo(network.RecurrentWeights);
        Best.Bias.CopyTo(network.Bias);
        Best.OutputWeights.CopyTo(network.OutputWeights);
        Best.OutputBias.CopyTo(network.OutputBias);
        Best.InitialState.CopyTo(network.InitialState);
    }
}
