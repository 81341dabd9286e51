using EiRnnFast.Kernels;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>Loss and gradients of one batch: gather, pack, forward, loss, backward. Full backpropagation through time, no truncation.</summary>
internal sealed class BatchGradient(TrainingWorkspace workspace)
{
    private readonly KernelSet _kernels = workspace.Kernels;
    private int _trials, _rows;
    private bool _masked;

    /// <summary>Mean loss of the batch; its gradients are in the workspace.</summary>
    public double Compute(TrialBatch data, ReadOnlySpan<int> trials)
    {
        Gather(data, trials);
        Pack();
        Forward();
        var loss = Loss();
        Backward();
        return loss;
    }

    private void Gather(TrialBatch data, ReadOnlySpan<int> trials)
    {
        _trials = trials.Length;
        _rows = _kernels.PadRows(_trials);
        _masked = data.Mask is not null;
        ToTimeFirst(data.X, data.Inputs, trials, workspace.Inputs.Span);
        ToTimeFirst(data.Y, data.Outputs, trials, workspace.Targets.Span);
        if (data.Mask is not null) ToTimeFirst(data.Mask, data.Outputs, trials, workspace.Mask.Span);
    }

    private void ToTimeFirst(float[] source, int channels, ReadOnlySpan<int> trials, Span<float> destination)
    {
        var steps = workspace.Steps;
        for (var r = 0; r < trials.Length; r++)
        {
            var trial = source.AsSpan(trials[r] * steps * channels, steps * channels);
            for (var t = 0; t < steps; t++)
                for (var c = 0; c < channels; c++) destination[(t * _rows + r) * channels + c] = trial[t * channels + c];
        }
    }

    private void Pack()
    {
        ReadOnlySpan<float> wRec = workspace.Parameters.Span[workspace.Layout.WRec];
        _kernels.Pack(wRec, workspace.Layout.Units, transpose: false, workspace.Packed.Span);
        _kernels.Pack(wRec, workspace.Layout.Units, transpose: true, workspace.PackedTransposed.Span);
    }

    private void Forward()
    {
        var layout = workspace.Layout;
        ReadOnlySpan<float> parameters = workspace.Parameters.Span, inputs = workspace.Inputs.Span, packed = workspace.Packed.Span;
        var states = workspace.States.Span;
        int state = _rows * layout.Width, input = _rows * layout.Inputs;
        states[..state].Clear();
        for (var t = 0; t < workspace.Steps; t++)
            _kernels.ForwardStep(states.Slice(t * state, state), packed, inputs.Slice(t * input, input), layout.Inputs,
                parameters[layout.WIn], parameters[layout.Bias], states.Slice((t + 1) * state, state), _rows, layout.Units);
    }

    private double Loss()
    {
        var layout = workspace.Layout;
        ReadOnlySpan<float> parameters = workspace.Parameters.Span, states = workspace.States.Span, targets = workspace.Targets.Span;
        var readout = workspace.Readout.Span;
        var mask = _masked ? workspace.Mask.Span : default;
        int state = _rows * layout.Width, output = _rows * layout.Outputs, real = _trials * layout.Outputs;
        var totalWeight = 0.0;
        for (var t = 0; t < workspace.Steps; t++)
            totalWeight += MaskedLoss.TotalWeight(_masked ? mask.Slice(t * output, real) : default, real);

        var loss = 0.0;
        Array.Clear(workspace.OutputBiasGradient);
        for (var t = 0; t < workspace.Steps; t++)
        {
            var y = readout.Slice(t * output, output);
            _kernels.Readout(states.Slice((t + 1) * state, state), parameters[layout.WOut], parameters[layout.BOut], layout.Outputs, _trials, layout.Units, y);
            loss += MaskedLoss.Gradient(y[..real], targets.Slice(t * output, real), _masked ? mask.Slice(t * output, real) : default,
                totalWeight, workspace.OutputBiasGradient);
            y[real..].Clear(); // padded rows pull on nothing: their δ stays zero
        }
        return totalWeight == 0 ? 0 : loss / totalWeight;
    }

    private void Backward()
    {
        var layout = workspace.Layout;
        ReadOnlySpan<float> parameters = workspace.Parameters.Span, states = workspace.States.Span;
        ReadOnlySpan<float> inputs = workspace.Inputs.Span, readout = workspace.Readout.Span, packed = workspace.PackedTransposed.Span;
        Span<float> gradients = workspace.Gradients.Span, deltas = workspace.Deltas.Span;
        int units = layout.Units, state = _rows * layout.Width, input = _rows * layout.Inputs, output = _rows * layout.Outputs;
        gradients.Clear();
        var following = deltas.Slice(workspace.BlockSteps * state, state);
        following.Clear();
        for (var end = workspace.Steps; end > 0;)
        {
            var first = Math.Max(0, end - workspace.BlockSteps);
            for (var t = end - 1; t >= first; t--)
            {
                ReadOnlySpan<float> dNext = t == end - 1 ? following : deltas.Slice((t + 1 - first) * state, state);
                _kernels.BackwardStep(dNext, packed, readout.Slice(t * output, output), layout.Outputs, parameters[layout.WOut],
                    states.Slice((t + 1) * state, state), deltas.Slice((t - first) * state, state), _rows, units);
            }
            int count = end - first, rows = count * _rows;
            ReadOnlySpan<float> block = deltas[..(count * state)];
            _kernels.AccumulateRecurrentGradient(states.Slice(first * state, count * state), block, rows, units, gradients[layout.WRec]);
            _kernels.AccumulateInputGradient(inputs.Slice(first * input, count * input), layout.Inputs, block, rows, units,
                gradients[layout.WIn], gradients[layout.Bias]);
            _kernels.AccumulateReadoutGradient(states.Slice((first + 1) * state, count * state), readout.Slice(first * output, count * output),
                layout.Outputs, rows, units, gradients[layout.WOut]);
            block[..state].CopyTo(following);
            end = first;
        }
        var dBOut = gradients[layout.BOut];
        for (var o = 0; o < layout.Outputs; o++) dBOut[o] = (float)workspace.OutputBiasGradient[o];
    }
}
