namespace EiRnnFast.Training;

/// <summary>
/// Where a training stands between two updates: what it takes, beside network, task and options, to go on with the same bits. The order of
/// the trials, fresh batches and noise follow from the seeds and the number of updates. Tensors lie one behind another, as
/// <c>W_in [I×N], W_rec [N×N], b [N], W_outᵀ [O×N], b_out [O]</c> and, where it is trained, the initial state [N].
/// </summary>
public sealed record TrainingCheckpoint
{
    /// <summary>The kernel set that computed it: another one gives other bits.</summary>
    public required string KernelSet { get; init; }

    /// <summary>How products with W_rec were formed, as in <see cref="TrainingResult.RecurrentForm"/>.</summary>
    public required string RecurrentForm { get; init; }

    /// <summary>Weights (in the sign modes magnitude and rectified V, not W_rec).</summary>
    public required float[] Weights { get; init; }

    /// <summary>The optimiser's first moment: Adam's mean, or the velocity.</summary>
    public required float[] Mean { get; init; }

    /// <summary>Adam's second moment.</summary>
    public required float[] Variance { get; init; }

    /// <summary>Weights after the last finished epoch; null where these are <see cref="Weights"/>.</summary>
    public float[]? LastEpoch { get; init; }

    /// <summary>Weights of the best epoch, where they are kept.</summary>
    public float[]? Best { get; init; }

    /// <summary>Updates run in all.</summary>
    public required int Updates { get; init; }

    /// <summary>The epoch under way.</summary>
    public required EpochSums UnderWay { get; init; }

    /// <summary>What was found in the finished epochs, as in <see cref="TrainingResult"/>.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <inheritdoc cref="TrainingResult.TaskLosses"/>
    public required IReadOnlyList<double> TaskLosses { get; init; }

    /// <inheritdoc cref="TrainingResult.GradientNorms"/>
    public required IReadOnlyList<double> GradientNorms { get; init; }

    /// <inheritdoc cref="TrainingResult.EpochSeconds"/>
    public required IReadOnlyList<double> EpochSeconds { get; init; }

    /// <inheritdoc cref="TrainingResult.ValidationLosses"/>
    public required IReadOnlyList<double> ValidationLosses { get; init; }

    /// <inheritdoc cref="TrainingResult.ValidationAccuracies"/>
    public required IReadOnlyList<double?> ValidationAccuracies { get; init; }

    /// <inheritdoc cref="TrainingResult.BestEpoch"/>
    public int? BestEpoch { get; init; }

    /// <inheritdoc cref="TrainingResult.StageEnds"/>
    public required IReadOnlyList<int> StageEnds { get; init; }

    /// <inheritdoc cref="TrainingResult.States"/>
    public required long States { get; init; }

    /// <summary>How many of them were computed.</summary>
    public required long StatesComputed { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Why the training ended; null while it is under way. Taken up, it gives the same result again; one that ran all its epochs
    /// goes on to more.</summary>
    public StopReason? Ended { get; init; }

    /// <summary>Finished epochs.</summary>
    public int EpochsRun => Losses.Count;

    /// <summary>Checks what must fit together, before anything of it is used.</summary>
    /// <param name="kernelSet">The set that would go on.</param>
    /// <param name="recurrentForm">The form of products that would.</param>
    /// <param name="parameters">Numbers of all tensors together.</param>
    /// <param name="epochs">Epochs of the training.</param>
    /// <param name="epochUpdates">Updates of an epoch.</param>
    /// <exception cref="InvalidInputException">It is of another training or kernel set, or damaged.</exception>
    internal void Require(string kernelSet, string recurrentForm, long parameters, int epochs, int epochUpdates)
    {
        if (KernelSet != kernelSet)
            throw Refused($"one of the kernel set '{KernelSet}'", $"'{kernelSet}', which goes on",
                "use that set (--kernels), or begin anew: other sets give other bits");
        if (RecurrentForm != recurrentForm)
            throw Refused($"products with W_rec of the form '{RecurrentForm}'", $"'{recurrentForm}', which goes on",
                "set EIRNN_RECURRENT as it was, or begin anew");
        float[]?[] tensors = [Weights, Mean, Variance, LastEpoch, Best];
        if (tensors.FirstOrDefault(tensor => tensor is not null && tensor.Length != parameters) is { } other)
            throw Refused($"{other.Length} weights", $"{parameters}", "resume it with its own settings");
        if (tensors.Any(tensor => tensor.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)))
            throw Refused("a weight or moment that is not finite", "finite ones", "begin anew");
        var (run, length) = (EpochsRun, ValidationLosses.Count);
        var fits = Updates >= 0 && UnderWay.Updates >= 0 && UnderWay.Updates <= epochUpdates
            && TaskLosses.Count == run && GradientNorms.Count == run && EpochSeconds.Count == run
            && length <= run && ValidationAccuracies.Count == length && (BestEpoch is null || BestEpoch >= 1 && BestEpoch <= length)
            && (StageEnds.Count > 0 || (long)run * epochUpdates + UnderWay.Updates == Updates)
            && StageEnds.Index().All(end => end.Item >= 1 && end.Item <= run && (end.Index == 0 || end.Item > StageEnds[end.Index - 1]));
        if (!fits)
            throw Refused("counts that do not fit together", "those of one training", "resume it with its own settings, or begin anew");
        if (run > epochs) throw Refused($"{run} finished epochs", $"at most the {epochs} asked for", "ask for more epochs");
    }

    private static InvalidInputException Refused(string found, string expected, string remedy) =>
        InvalidInputException.Of("checkpoint", found, expected, remedy);
}

/// <summary>Sums of an epoch under way.</summary>
/// <param name="Updates">Updates run.</param>
/// <param name="WeightedUpdates">Those in which a trial had weight.</param>
/// <param name="Trials">Trials with weight.</param>
/// <param name="Loss">Sum of their losses.</param>
/// <param name="TaskLoss">The same without penalties.</param>
/// <param name="GradientNorm">Sum of the gradients' norms.</param>
/// <param name="Seconds">Seconds of the epoch so far.</param>
public readonly record struct EpochSums(
    int Updates, int WeightedUpdates, int Trials, double Loss, double TaskLoss, double GradientNorm, double Seconds);

/// <summary>How a training is kept, so that it can go on later as if nothing had happened.</summary>
public sealed record Checkpointing
{
    /// <summary>Where it goes on; null for the beginning.</summary>
    public TrainingCheckpoint? From { get; init; }

    /// <summary>Keeps a checkpoint. Called on the training thread, between two updates; a failure ends the training.</summary>
    public required Action<TrainingCheckpoint> Save { get; init; }

    /// <summary>Least time between two; it is longer where saving would take more than a hundredth of the time.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether beginning and end are kept, too: from an end, more epochs can go on.</summary>
    public bool KeepsEnds { get; init; }

    /// <summary>Ends the training after the update under way: a checkpoint is kept, and the result is that of the last finished
    /// epoch.</summary>
    public CancellationToken Stop { get; init; }
}
