using System.Diagnostics;

namespace EiRnnFast.Training;

/// <summary>Running sums of one epoch.</summary>
/// <param name="number">Its number, from 1.</param>
/// <param name="options">Epochs in all, and the loss that counts as diverged.</param>
/// <param name="updates">Its updates.</param>
/// <param name="sums">What an earlier session ran of it.</param>
internal sealed class Epoch(int number, TrainingOptions options, int updates, EpochSums sums)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private EpochSums _sums = sums;

    public bool Diverged { get; private set; }

    public EpochSums Sums => _sums with { Seconds = Seconds };

    /// <summary>Seconds of all sessions.</summary>
    public double Seconds => _sums.Seconds + Stopwatch.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Mean over the trials that weigh something; 0 without any.</summary>
    public double MeanLoss => _sums.Trials == 0 ? 0 : _sums.Loss / _sums.Trials;

    /// <summary>The same without penalties.</summary>
    public double MeanTaskLoss => _sums.Trials == 0 ? 0 : _sums.TaskLoss / _sums.Trials;

    /// <summary>Mean over the updates that any trial had weight in; 0 without any.</summary>
    public double MeanNorm => _sums.WeightedUpdates == 0 ? 0 : _sums.GradientNorm / _sums.WeightedUpdates;

    /// <summary>False, and diverged, when the batch's loss or gradient cannot be used.</summary>
    public bool Add(double loss, double taskLoss, double norm, int weightedTrials, bool isUsable)
    {
        Diverged = !(loss <= options.DivergenceLoss && isUsable);
        if (Diverged) return false;
        _sums = _sums with { Updates = _sums.Updates + 1 };
        if (weightedTrials == 0) return true;
        _sums = _sums with
        {
            WeightedUpdates = _sums.WeightedUpdates + 1,
            Trials = _sums.Trials + weightedTrials,
            Loss = _sums.Loss + loss * weightedTrials,
            TaskLoss = _sums.TaskLoss + taskLoss * weightedTrials,
            GradientNorm = _sums.GradientNorm + norm,
        };
        return true;
    }

    public TrainingProgress Progress(TimeSpan elapsed) =>
        new(number, options.Epochs, _sums.Updates, updates, MeanLoss, MeanNorm, elapsed);
}
