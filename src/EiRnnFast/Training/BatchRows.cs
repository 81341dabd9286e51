using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>
/// The rows that stand for the trials of a batch: inputs, merged targets and weights, laid out by timestep in the workspace.
/// </summary>
internal sealed class BatchRows(TrainingWorkspace workspace, bool sharing, InputNoise? noise)
{
    private readonly int[] _places = new int[workspace.BatchSize];
    private readonly int[] _inOrder = [.. Enumerable.Range(0, workspace.BatchSize)];
    private int _rowsOfOne;
    private TrialBatch? _data;
    private InputPrefixes? _prefixes;
    private bool[]? _weighs;

    /// <summary>Which row stands for which trial, from when on.</summary>
    public TrajectoryTree Tree { get; private set; } = new(workspace.BatchSize, workspace.Steps, workspace.Kernels);

    /// <summary>The trials that batches are taken from.</summary>
    public TrialBatch Data => _data ?? throw new InvalidOperationException("no data yet");

    /// <summary>Takes batches from these trials from now on.</summary>
    public void Use(TrialBatch data)
    {
        if (data == _data) return;
        if (data.Steps != Tree.Steps) Tree = new TrajectoryTree(workspace.BatchSize, data.Steps, workspace.Kernels);
        (_data, _rowsOfOne) = (data, 0);
        _prefixes = sharing ? new InputPrefixes(data) : null;
        _weighs = data.Mask is null ? null : [.. Enumerable.Range(0, data.Count).Select(trial => data.Weighs(trial, trial + 1))];
    }

    /// <summary>How many of these trials weigh something in the loss.</summary>
    public int WeightedTrials(ReadOnlySpan<int> trials)
    {
        if (_weighs is null) return trials.Length;
        var count = 0;
        foreach (var trial in trials) count += _weighs[trial] ? 1 : 0;
        return count;
    }

    /// <summary>
    /// Lays out a batch; returns the total weight of its targets, and the part of the squared error in which merged targets differ.
    /// </summary>
    /// <param name="trials">Their places in the data.</param>
    /// <param name="update">Number of the update, for the noise.</param>
    public (double Weight, double Residual) Gather(ReadOnlySpan<int> trials, int update)
    {
        if (_prefixes is null) Tree.Separate(trials.Length);
        else Tree.Share(_prefixes, trials);
        for (var row = 0; row < Tree.Count; row++) _places[row] = trials[Tree.TrialOf(row)];
        var (weight, residual) = Tree.IsShared || Data.Mask is not null ? Merge(trials) : (OneEach(), 0);
        LayOutInputs(_places.AsSpan(0, Tree.Count), update);
        return (weight, residual);
    }

    /// <summary>The targets of a batch whose trials have a row each, and weigh 1 everywhere; their total weight.</summary>
    private double OneEach()
    {
        int output = Data.Steps * Data.Outputs, rows = Tree.Count;
        ToTimeFirst(Data.Y, _places.AsSpan(0, rows), output, workspace.Targets.Span);
        if (_rowsOfOne != rows)
            for (var e = 0; e < output; e++)
            {
                var weights = workspace.Weights.Span.Slice(e * workspace.Stride, workspace.Stride);
                weights[..rows].Fill(1);
                weights[rows..].Clear();
            }
        _rowsOfOne = rows;
        return (double)rows * output;
    }

    /// <summary>Mean targets of the rows, their weights, and what <see cref="Gather"/> returns.</summary>
    private (double Weight, double Residual) Merge(ReadOnlySpan<int> trials)
    {
        _rowsOfOne = 0;
        int output = Data.Steps * Data.Outputs, rows = Tree.Count;
        Span<float> targets = workspace.RowTargets.Span, weights = workspace.RowWeights.Span, deviations = workspace.RowDeviations.Span;
        weights[..(rows * output)].Clear();
        deviations[..(rows * output)].Clear();
        for (var row = 0; row < rows; row++) Data.TargetsOf(_places[row]).CopyTo(targets[(row * output)..]);
        double weight = 0, squares = 0;
        for (var i = 0; i < trials.Length; i++)
        {
            ReadOnlySpan<float> y = Data.TargetsOf(trials[i]), mask = Data.MaskOf(trials[i]);
            var end = Data.Steps;
            for (var row = Tree.Leaf(i); row >= 0; row = Tree.Parent(row))
            {
                var part = (Tree.Birth(row) * Data.Outputs)..(end * Data.Outputs);
                var own = (row * output + part.Start.Value)..(row * output + part.End.Value);
                var added = TargetMerge.Add(y[part], mask.IsEmpty ? default : mask[part], targets[own], weights[own], deviations[own]);
                weight += added.Weight;
                squares += added.Squares;
                end = Tree.Birth(row);
            }
        }
        var merged = ..(rows * output);
        var residual = squares - TargetMerge.Finish(weights[merged], deviations[merged], targets[merged]);
        var inOrder = _inOrder.AsSpan(0, rows);
        ToTimeFirst(targets, inOrder, output, workspace.Targets.Span);
        ToTimeFirst(weights, inOrder, output, workspace.Weights.Span);
        // No weight: padded rows, and rows before their birth, pull on nothing.
        for (var e = 0; e < output; e++) workspace.Weights.Span.Slice(e * workspace.Stride + rows, workspace.Stride - rows).Clear();
        return (weight, residual);
    }

    private void LayOutInputs(ReadOnlySpan<int> trials, int update)
    {
        var length = Data.Steps * Data.Inputs;
        if (noise is null)
        {
            ToTimeFirst(Data.X, trials, length, workspace.Inputs.Span);
            return;
        }
        var noisy = workspace.NoisyInputs.Span;
        for (var row = 0; row < trials.Length; row++)
        {
            noise.Add(Data.InputsOf(trials[row]), (uint)update, (uint)trials[row], noisy.Slice(row * length, length));
        }
        ToTimeFirst(noisy, _inOrder.AsSpan(0, trials.Length), length, workspace.Inputs.Span);
    }

    private void ToTimeFirst(ReadOnlySpan<float> series, ReadOnlySpan<int> places, int length, Span<float> destination) =>
        TimeFirst.Turn(series, places, length, destination, workspace.Stride);
}
