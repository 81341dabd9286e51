using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>
/// Clipping, weight decay, a step and the sign projection. With k updates done, t = k + 1 and the published decay
/// lr_k = lr/(1 + decay·k), Adam's step is p −= lr_k·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε). The projection leaves the moments as they are.
/// </summary>
internal sealed class Optimizer
{
    /// <summary>
    /// A clipping factor below the least normal number would lose digits: the gradients are then scaled before, by a power of two.
    /// </summary>
    private const float LeastScale = 1.17549435e-38f, PreScale = 1f / (1L << 62);

    private readonly TrainingWorkspace _workspace;
    private readonly TrainingOptions _options;
    private readonly Range[] _tensors, _decayed;
    private readonly int[] _rowSigns;
    private readonly AlignedBuffer _free, _freeUpper, _zero, _columnLower, _columnUpper;
    private readonly bool _nonNegativeInput, _nonNegativeOutput;
    private readonly int _updatesPerEpoch;
    private readonly Action<int> _rows;
    private AdamStep _adam;
    private float _rate, _recurrentScale;

    public Optimizer(TrainingWorkspace workspace, NetworkSpec spec, TrainingOptions options, int updatesPerEpoch = 1)
    {
        (_updatesPerEpoch, _rows) = (updatesPerEpoch, RecurrentRows);
        (_workspace, _options) = (workspace, options);
        _tensors = [.. workspace.Layout.Tensors];
        NetworkTensor[] weights = [NetworkTensor.InputWeights, NetworkTensor.RecurrentWeights, NetworkTensor.OutputWeights];
        _decayed = options.WeightDecay == 0 ? [] : [.. weights.Except(options.Frozen).Select(tensor => _tensors[(int)tensor])];
        var width = Math.Max(workspace.Layout.Width, workspace.Kernels.PadUnits(spec.Outputs));
        _free = Filled(width, float.NegativeInfinity);
        _freeUpper = Filled(width, float.PositiveInfinity);
        _zero = new AlignedBuffer(width);
        _columnLower = Filled(width, float.NegativeInfinity);
        _columnUpper = Filled(width, float.PositiveInfinity);
        _nonNegativeInput = spec.Signs.NonNegativeInput;
        _nonNegativeOutput = spec.Signs.NonNegativeOutput;
        var free = new int[spec.Units];
        var (rows, columns) = spec.Signs.Mode == SignMode.Projection ? WeightSigns.Of(spec).Split() : (free, free);
        _rowSigns = rows;
        for (var j = 0; j < columns.Length; j++)
        {
            if (columns[j] > 0) _columnLower.Span[j] = 0;
            if (columns[j] < 0) _columnUpper.Span[j] = 0;
        }
    }

    /// <summary>Updates done, k.</summary>
    public int Updates { get; private set; }

    /// <summary>Goes on after so many updates, whose moments are in the workspace.</summary>
    public void GoOnAfter(int updates) => Updates = updates;

    /// <summary>Norm of all gradients before clipping.</summary>
    public double GradientNorm()
    {
        var squares = 0.0;
        foreach (var tensor in _tensors) squares += _workspace.Kernels.SumOfSquares(_workspace.Gradients.Span[tensor]);
        return Math.Sqrt(squares);
    }

    /// <summary>
    /// Whether a gradient of this norm can be used: without clipping Adam's second moment, (1 − β₂)g², has to stay within
    /// single precision.
    /// </summary>
    public bool CanUse(double norm) => double.IsFinite(norm)
        && (_options.Optimizer != OptimizerKind.Adam || _options.Clipping != GradientClipping.None
            || norm * norm * (1 - _options.Beta2) <= float.MaxValue);

    /// <summary>One update of all weights; <paramref name="norm"/> from <see cref="GradientNorm"/>.</summary>
    public void Update(double norm)
    {
        if (_options.Clipping != GradientClipping.None && _options.ClipNorm / norm < LeastScale)
        {
            foreach (ref var value in _workspace.Gradients.Span) value *= PreScale;
            norm *= PreScale;
        }
        var t = Updates + 1;
        var rate = LearningRate();
        DecayWeights(rate);
        var step = rate * Math.Sqrt(1 - Math.Pow(_options.Beta2, t)) / (1 - Math.Pow(_options.Beta1, t));
        _rate = (float)rate;
        var adam = _adam = new AdamStep((float)step, (float)_options.Beta1, (float)_options.Beta2,
            (float)(1 - _options.Beta1), (float)(1 - _options.Beta2), (float)_options.Epsilon);

        var layout = _workspace.Layout;
        ReadOnlySpan<float> low = _free.Span, high = _freeUpper.Span, zero = _zero.Span;
        Rows(layout.WIn, layout.Width, layout.Inputs, norm, adam, _nonNegativeInput ? zero : low, high);
        _recurrentScale = Scale(layout.WRec, norm);
        _workspace.Crew.Run(_rows);
        Rows(layout.Bias, layout.Width, 1, norm, adam, low, high);
        Rows(layout.WOut, layout.Width, layout.Outputs, norm, adam, _nonNegativeOutput ? zero : low, high);
        Rows(layout.BOut, layout.BOut.End.Value - layout.BOut.Start.Value, 1, norm, adam, low, high);
        if (layout.TrainsInitialState) Rows(layout.InitialState, layout.Width, 1, norm, adam, low, high);
        Updates++;
    }

    /// <summary>A member's rows of W_rec.</summary>
    private void RecurrentRows(int member)
    {
        var layout = _workspace.Layout;
        ReadOnlySpan<float> zero = _zero.Span, low = _columnLower.Span, high = _columnUpper.Span;
        var (first, end) = _workspace.Crew.RowsOf(member, layout.Units);
        for (var i = first; i < end; i++)
        {
            var row = new Range(layout.WRec.Start.Value + i * layout.Width, layout.WRec.Start.Value + (i + 1) * layout.Width);
            Row(row, _recurrentScale, _adam, _rowSigns[i] > 0 ? zero : low, _rowSigns[i] < 0 ? zero : high);
        }
    }

    private void Rows(Range tensor, int length, int rows, double norm, in AdamStep adam,
        ReadOnlySpan<float> lower, ReadOnlySpan<float> upper)
    {
        var scale = Scale(tensor, norm);
        for (var r = 0; r < rows; r++)
            Row(new Range(tensor.Start.Value + r * length, tensor.Start.Value + (r + 1) * length), scale, adam, lower, upper);
    }

    private void Row(Range row, float scale, in AdamStep adam, ReadOnlySpan<float> lower, ReadOnlySpan<float> upper)
    {
        var length = row.End.Value - row.Start.Value;
        if (_options.Optimizer == OptimizerKind.Sgd) Descend(row, scale, lower[..length], upper[..length]);
        else _workspace.Kernels.AdamProject(new AdamOperands
        {
            Scale = scale, G = _workspace.Gradients.Span[row], Lower = lower[..length], Upper = upper[..length],
            P = _workspace.Parameters.Span[row], M = _workspace.Mean.Span[row], V = _workspace.Variance.Span[row],
        }, adam);
    }

    /// <summary>lr_k by the schedule.</summary>
    private double LearningRate() => _options.Schedule switch
    {
        LearningRateSchedule.Decay => _options.LearningRate / (1 + _options.Decay * Updates),
        LearningRateSchedule.Constant => _options.LearningRate,
        LearningRateSchedule.Cosine => _options.LearningRate * 0.5
            * (1 + Math.Cos(Math.PI * Updates / ((double)_options.Epochs * _updatesPerEpoch))),
        LearningRateSchedule.Steps => _options.LearningRate
            * Math.Pow(_options.ScheduleFactor, Updates / _updatesPerEpoch / _options.ScheduleEpochs),
        _ => throw new UnreachableException($"no schedule {_options.Schedule}"),
    };

    private void DecayWeights(double rate)
    {
        var kept = (float)(1 - rate * _options.WeightDecay);
        foreach (var tensor in _decayed)
            foreach (ref var weight in _workspace.Parameters.Span[tensor]) weight *= kept;
    }

    /// <summary>Momentum and projection, the same operations for every kernel set: memory bound, and small beside a gradient.</summary>
    private void Descend(Range row, float scale, ReadOnlySpan<float> lower, ReadOnlySpan<float> upper)
    {
        ReadOnlySpan<float> gradients = _workspace.Gradients.Span[row];
        Span<float> weights = _workspace.Parameters.Span[row], velocities = _workspace.Mean.Span[row];
        var momentum = (float)_options.Momentum;
        for (var i = 0; i < weights.Length; i++)
        {
            var step = -_rate * scale * gradients[i];
            var velocity = velocities[i] = momentum * velocities[i] + step;
            var weight = weights[i] + (_options.Nesterov ? momentum * velocity + step : velocity);
            weights[i] = Math.Min(Math.Max(weight, lower[i]), upper[i]) + 0f; // −0 + 0 = +0: one zero only
        }
    }

    /// <summary>The factor that clipping puts on a tensor's gradient.</summary>
    private float Scale(Range tensor, double norm)
    {
        if (_options.Clipping == GradientClipping.None) return 1;
        if (_options.Clipping == GradientClipping.PerTensor)
            norm = Math.Sqrt(_workspace.Kernels.SumOfSquares(_workspace.Gradients.Span[tensor]));
        return norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1;
    }

    private static AlignedBuffer Filled(int length, float value)
    {
        var buffer = new AlignedBuffer(length);
        buffer.Span.Fill(value);
        return buffer;
    }
}
