using EiRnnFast.Numerics;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>Lets terms of the user's own see an update: copies of the workspace's rows, trial by trial, and their gradients back.</summary>
internal sealed class LossTerms
{
    private readonly IReadOnlyList<ILossTerm> _terms;
    private readonly TrainingWorkspace _workspace;
    private readonly AlignedBuffer _padded;
    private readonly float[] _rates, _rateGradient, _readout, _readoutGradient, _recurrent, _recurrentGradient;

    private LossTerms(IReadOnlyList<ILossTerm> terms, TrainingWorkspace workspace)
    {
        (_terms, _workspace) = (terms, workspace);
        int trialSteps = workspace.BatchSize * workspace.Steps, units = workspace.Layout.Units, outputs = workspace.Layout.Outputs;
        (_rates, _rateGradient) = (new float[trialSteps * units], new float[trialSteps * units]);
        (_readout, _readoutGradient) = (new float[trialSteps * outputs], new float[trialSteps * outputs]);
        (_recurrent, _recurrentGradient) = (new float[units * units], new float[units * units]);
        _padded = new AlignedBuffer((long)workspace.Kernels.PadRows(workspace.BatchSize) * workspace.Steps * workspace.Layout.Width);
    }

    /// <summary>∂/∂r of the terms in the order of the states, [T×R×W].</summary>
    public Span<float> RateGradients => _padded.Span;

    /// <summary>The terms of a training; null for none.</summary>
    public static LossTerms? Of(TrainingOptions options, TrainingWorkspace workspace) =>
        options.Terms is [] ? null : new LossTerms(options.Terms, workspace);

    /// <summary>Keeps ŷ of one step, [O×S], before the loss overwrites it.</summary>
    public void Keep(TrialBatch data, int trials, int step, ReadOnlySpan<float> readout)
    {
        for (var b = 0; b < trials; b++)
            for (var o = 0; o < data.Outputs; o++)
                _readout[(b * data.Steps + step) * data.Outputs + o] = readout[o * _workspace.Stride + b];
    }

    /// <summary>Calls every term between the forward and the backward pass; returns their sum.</summary>
    /// <param name="data">The trials' shapes.</param>
    /// <param name="tree">Rows of the trials: their own.</param>
    /// <param name="trials">Trials of the update.</param>
    /// <param name="update">Number of the update.</param>
    /// <param name="wRec">W_rec as it acts, [N×W].</param>
    public double Add(TrialBatch data, TrajectoryTree tree, int trials, int update, ReadOnlySpan<float> wRec)
    {
        int steps = data.Steps, units = _workspace.Layout.Units, outputs = data.Outputs;
        int rates = trials * steps * units, answers = trials * steps * outputs;
        for (var b = 0; b < trials; b++)
            for (var t = 0; t < steps; t++) StateOf(tree, t, b).CopyTo(_rates.AsSpan((b * steps + t) * units));
        CopyRows(wRec, _workspace.Layout.Width, _recurrent, units, units);
        _rateGradient.AsSpan(0, rates).Clear();
        _readoutGradient.AsSpan(0, answers).Clear();
        _recurrentGradient.AsSpan().Clear();
        var view = new UpdateView
        {
            Update = update, Trials = trials, Steps = steps, Units = units, Outputs = outputs, Rates = _rates.AsSpan(0, rates),
            Readout = _readout.AsSpan(0, answers), Targets = _workspace.RowTargets.Span[..answers],
            Weights = _workspace.RowWeights.Span[..answers], Recurrent = _recurrent, RateGradient = _rateGradient.AsSpan(0, rates),
            ReadoutGradient = _readoutGradient.AsSpan(0, answers), RecurrentGradient = _recurrentGradient,
        };
        var sum = 0.0;
        foreach (var term in _terms) sum += term.Add(view);
        return sum;
    }

    /// <summary>Hands the gradients over: ∂/∂ŷ is added to <paramref name="readout"/> [T×O×S] and db_out, ∂/∂r laid out by step.</summary>
    public void PassGradients(TrialBatch data, TrajectoryTree tree, int trials, Span<float> readout, Span<double> outputBias)
    {
        int steps = data.Steps, units = _workspace.Layout.Units, outputs = data.Outputs, width = _workspace.Layout.Width;
        var gradients = _padded.Span;
        for (var b = 0; b < trials; b++)
            for (var t = 0; t < steps; t++)
            {
                _rateGradient.AsSpan((b * steps + t) * units, units).CopyTo(gradients[((tree.Offset(t) + b) * width)..]);
                for (var o = 0; o < outputs; o++)
                {
                    var slope = _readoutGradient[(b * steps + t) * outputs + o];
                    readout[(t * outputs + o) * _workspace.Stride + b] += slope;
                    outputBias[o] += slope;
                }
            }
    }

    /// <summary>dW_rec [N×W] (+=) that of the terms.</summary>
    public void AddRecurrent(Span<float> gradient)
    {
        var (units, width) = (_workspace.Layout.Units, _workspace.Layout.Width);
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++) gradient[i * width + j] += _recurrentGradient[i * units + j];
    }

    private ReadOnlySpan<float> StateOf(TrajectoryTree tree, int step, int row) =>
        _workspace.States.Span.Slice((tree.Offset(step + 1) + row) * _workspace.Layout.Width, _workspace.Layout.Units);

    private static void CopyRows(ReadOnlySpan<float> from, int stride, Span<float> to, int rows, int columns)
    {
        for (var i = 0; i < rows; i++) from.Slice(i * stride, columns).CopyTo(to[(i * columns)..]);
    }
}
