namespace EiRnnFast.Training;

/// <summary>
/// A term of one's own in the loss: a penalty beside the task's loss, or a loss in its place (<see cref="Tasks.LossFunction.None"/>).
/// One object may serve several trainings at a time only if it keeps nothing.
/// </summary>
public interface ILossTerm
{
    /// <summary>Called once an update. Returns what it adds to the loss, and adds its slopes to the spans of gradients.</summary>
    double Add(in UpdateView update);
}

/// <summary>One update as a term of the loss sees it; B trials, T steps, N units, O outputs, row-major. Trials share no states.</summary>
public readonly ref struct UpdateView
{
    /// <summary>Number of the update, from 0.</summary>
    public required int Update { get; init; }

    /// <summary>B.</summary>
    public required int Trials { get; init; }

    /// <summary>T.</summary>
    public required int Steps { get; init; }

    /// <summary>N.</summary>
    public required int Units { get; init; }

    /// <summary>O.</summary>
    public required int Outputs { get; init; }

    /// <summary>r, [B×T×N].</summary>
    public required ReadOnlySpan<float> Rates { get; init; }

    /// <summary>ŷ, [B×T×O].</summary>
    public required ReadOnlySpan<float> Readout { get; init; }

    /// <summary>y, [B×T×O].</summary>
    public required ReadOnlySpan<float> Targets { get; init; }

    /// <summary>Weights of the targets, [B×T×O].</summary>
    public required ReadOnlySpan<float> Weights { get; init; }

    /// <summary>W_rec as it acts, [N×N], from row to column.</summary>
    public required ReadOnlySpan<float> Recurrent { get; init; }

    /// <summary>∂/∂r of the terms, [B×T×N]; added to.</summary>
    public required Span<float> RateGradient { get; init; }

    /// <summary>∂/∂ŷ of the terms, [B×T×O]; added to.</summary>
    public required Span<float> ReadoutGradient { get; init; }

    /// <summary>∂/∂W_rec of the terms, [N×N]; added to.</summary>
    public required Span<float> RecurrentGradient { get; init; }
}
