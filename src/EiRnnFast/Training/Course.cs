using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>
/// The course of one training: what its finished epochs found, and all that a checkpoint of it holds. It takes one up, and gives them.
/// </summary>
internal sealed class Course
{
    private readonly EiRnn _network;
    private readonly TrainingWorkspace _workspace;
    private readonly BatchGradient _gradient;
    private readonly Optimizer _optimizer;
    private readonly KernelSet _kernels;
    private readonly Checkpointing? _checkpoints;
    private readonly long _started = Stopwatch.GetTimestamp();
    private EpochSums _begun;
    private long _saved = Stopwatch.GetTimestamp();
    private TimeSpan _wait;

    public Course(EiRnn network, TrainingWorkspace workspace, BatchGradient gradient, Optimizer optimizer, KernelSet kernels,
        Checkpointing? checkpoints)
    {
        (_network, _workspace, _gradient, _optimizer) = (network, workspace, gradient, optimizer);
        (_kernels, _checkpoints) = (kernels, checkpoints);
        _wait = checkpoints?.Interval ?? Timeout.InfiniteTimeSpan;
    }

    public List<double> Losses { get; } = [];
    public List<double> TaskLosses { get; } = [];
    public List<double> Norms { get; } = [];
    public List<double> EpochSeconds { get; } = [];
    public List<int> StageEnds { get; } = [];

    /// <summary>Judges every epoch of the stage; null without validation trials.</summary>
    public Validation? Validation { get; set; }

    /// <summary>Whether the training was asked to stop.</summary>
    public bool IsAskedToStop => _checkpoints?.Stop.IsCancellationRequested == true;

    /// <summary>Seconds of earlier sessions.</summary>
    private double Before { get; set; }

    /// <summary>Time of all sessions.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(Before) + Stopwatch.GetElapsedTime(_started);

    /// <summary>How products with W_rec are formed, by its name in files.</summary>
    public string RecurrentForm => _gradient.RecurrentForm.ToString().ToLowerInvariant();

    /// <summary>Takes up what an earlier session left: weights, moments, counts. The order of the trials is not its business.</summary>
    /// <exception cref="InvalidInputException">It is of another training, or damaged.</exception>
    public void TakeUp(TrainingCheckpoint from, TrainingOptions options, int epochUpdates)
    {
        var layout = _workspace.Layout;
        from.Require(_kernels.Name, RecurrentForm, layout.Numbers, options.Epochs, epochUpdates);
        layout.Unpack(from.LastEpoch ?? from.Weights, _workspace.Parameters.Span);
        layout.CopyTo(_workspace.Parameters.Span, _network);
        layout.Unpack(from.Weights, _workspace.Parameters.Span);
        layout.Unpack(from.Mean, _workspace.Mean.Span);
        layout.Unpack(from.Variance, _workspace.Variance.Span);
        _optimizer.GoOnAfter(from.Updates);
        _gradient.GoOnAfter(from.Updates, from.States, from.StatesComputed);
        Losses.AddRange(from.Losses);
        TaskLosses.AddRange(from.TaskLosses);
        Norms.AddRange(from.GradientNorms);
        EpochSeconds.AddRange(from.EpochSeconds);
        StageEnds.AddRange(from.StageEnds);
        Validation?.GoOnAfter(from.ValidationLosses, from.ValidationAccuracies, from.BestEpoch, NetworkOf(from.Best));
        (_begun, Before) = (from.UnderWay, from.Seconds);
    }

    /// <summary>The next epoch, or the rest of one that an earlier session began.</summary>
    public Epoch Begin(TrainingOptions options, int updates)
    {
        var epoch = new Epoch(Losses.Count + 1, options, updates, _begun);
        _begun = default;
        return epoch;
    }

    /// <summary>Keeps a checkpoint if it is time.</summary>
    public void KeepIfDue(Epoch epoch)
    {
        if (_checkpoints is not null && Stopwatch.GetElapsedTime(_saved) >= _wait) Keep(epoch.Sums);
    }

    /// <summary>Keeps a checkpoint now, if the caller keeps any.</summary>
    public void Keep(EpochSums underWay, StopReason? ended = null)
    {
        if (_checkpoints is null) return;
        var started = Stopwatch.GetTimestamp();
        _checkpoints.Save(Checkpoint(underWay) with { Ended = ended });
        _saved = Stopwatch.GetTimestamp();
        var hundredfold = 100 * Stopwatch.GetElapsedTime(started, _saved);
        _wait = hundredfold > _checkpoints.Interval ? hundredfold : _checkpoints.Interval;
    }

    /// <summary>The same between two epochs, where the caller keeps beginning and end, too.</summary>
    /// <param name="ended">Why the training ended; null at its beginning.</param>
    public void KeepEnd(StopReason? ended)
    {
        if (_checkpoints is { KeepsEnds: true }) Keep(default, ended);
    }

    private TrainingCheckpoint Checkpoint(EpochSums underWay)
    {
        var layout = _workspace.Layout;
        return new TrainingCheckpoint
        {
            KernelSet = _kernels.Name, RecurrentForm = RecurrentForm,
            Weights = layout.Pack(_workspace.Parameters.Span), Mean = layout.Pack(_workspace.Mean.Span),
            Variance = layout.Pack(_workspace.Variance.Span), LastEpoch = underWay.Updates == 0 ? null : Packed(_network),
            Best = Validation?.Best is { } best ? Packed(best) : null, Updates = _optimizer.Updates, UnderWay = underWay,
            Losses = [.. Losses], TaskLosses = [.. TaskLosses], GradientNorms = [.. Norms], EpochSeconds = [.. EpochSeconds],
            ValidationLosses = [.. Validation?.Losses ?? []], ValidationAccuracies = [.. Validation?.Accuracies ?? []],
            BestEpoch = Validation?.BestEpoch, StageEnds = [.. StageEnds],
            States = _gradient.States, StatesComputed = _gradient.StatesComputed, Seconds = Elapsed.TotalSeconds,
        };
    }

    private float[] Packed(EiRnn network)
    {
        var padded = new AlignedBuffer(_workspace.Layout.Length);
        _workspace.Layout.CopyFrom(network, padded.Span);
        return _workspace.Layout.Pack(padded.Span);
    }

    private EiRnn? NetworkOf(float[]? weights)
    {
        if (weights is null) return null;
        var padded = new AlignedBuffer(_workspace.Layout.Length);
        _workspace.Layout.Unpack(weights, padded.Span);
        var network = _network.Clone();
        _workspace.Layout.CopyTo(padded.Span, network);
        return network;
    }
}
