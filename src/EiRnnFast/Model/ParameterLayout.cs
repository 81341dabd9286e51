using EiRnnFast.Kernels;

namespace EiRnnFast.Model;

/// <summary>
/// Where each tensor lies in one padded allocation; gradients and Adam's moments mirror it. Rows are W = N padded to the
/// lane width long: W_in [I×W], W_rec [W×W], b [W], W_out transposed [O×W], b_out [O padded], and the initial state [W] where it is
/// trained. The padding is always zero.
/// </summary>
internal sealed class ParameterLayout
{
    public ParameterLayout(NetworkSpec spec, KernelSet kernels)
    {
        (Units, Inputs, Outputs) = (spec.Units, spec.Inputs, spec.Outputs);
        Width = kernels.PadUnits(spec.Units);
        long recurrent = (long)Inputs * Width, bias = recurrent + (long)Width * Width;
        long output = bias + Width, outputBias = output + (long)Outputs * Width;
        var initialState = outputBias + kernels.PadUnits(Outputs);
        Length = initialState + (spec.Cell.TrainInitialState ? Width : 0);
        WIn = new Range(0, (int)recurrent);
        WRec = new Range((int)recurrent, (int)bias);
        Bias = new Range((int)bias, (int)output);
        WOut = new Range((int)output, (int)outputBias);
        BOut = new Range((int)outputBias, (int)initialState);
        InitialState = new Range((int)initialState, (int)Length);
    }

    public int Units { get; }
    public int Inputs { get; }
    public int Outputs { get; }
    public int Width { get; }
    public long Length { get; }
    public Range WIn { get; }
    public Range WRec { get; }
    public Range Bias { get; }
    public Range WOut { get; }
    public Range BOut { get; }


    /// <summary>r₋₁ or v₋₁, [W], where it is trained; else empty.</summary>
    public Range InitialState { get; }

    /// <summary>Whether the initial state is a sixth tensor.</summary>
    public bool TrainsInitialState => InitialState.Start.Value < InitialState.End.Value;

    /// <summary>W_in, W_rec, b, W_out, b_out, as the reference orders them and, where it is trained, the initial state.</summary>
    public IReadOnlyList<Range> Tensors =>
        TrainsInitialState ? [WIn, WRec, Bias, WOut, BOut, InitialState] : [WIn, WRec, Bias, WOut, BOut];

    /// <summary>Numbers of all tensors together, without padding.</summary>
    public long Numbers =>
        (long)Inputs * Units + (long)Units * Units + Units + (long)Outputs * Units + Outputs + (TrainsInitialState ? Units : 0);

    /// <summary>All numbers without padding, tensor by tensor and row by row.</summary>
    public float[] Pack(ReadOnlySpan<float> padded)
    {
        var packed = new float[Numbers];
        var at = 0;
        foreach (var (start, length) in Rows())
        {
            padded.Slice(start, length).CopyTo(packed.AsSpan(at));
            at += length;
        }
        return packed;
    }

    /// <summary>Puts what <see cref="Pack"/> gave back; padding stays as it is.</summary>
    public void Unpack(ReadOnlySpan<float> packed, Span<float> padded)
    {
        var at = 0;
        foreach (var (start, length) in Rows())
        {
            packed.Slice(at, length).CopyTo(padded[start..]);
            at += length;
        }
    }

    /// <summary>Where each row lies, without its padding.</summary>
    private IEnumerable<(int Start, int Length)> Rows()
    {
        for (var r = 0; r < Inputs; r++) yield return (WIn.Start.Value + r * Width, Units);
        for (var r = 0; r < Units; r++) yield return (WRec.Start.Value + r * Width, Units);
        yield return (Bias.Start.Value, Units);
        for (var r = 0; r < Outputs; r++) yield return (WOut.Start.Value + r * Width, Units);
        yield return (BOut.Start.Value, Outputs);
        if (TrainsInitialState) yield return (InitialState.Start.Value, Units);
    }

    /// <summary>Copies a network's weights into the padded form, whose padding must be zero.</summary>
    public void CopyFrom(EiRnn network, Span<float> parameters)
    {
        CopyRows(network.InputWeights, Units, parameters[WIn], Width, Inputs);
        CopyRows(network.TrainedRecurrentWeights, Units, parameters[WRec], Width, Units);
        network.Bias.CopyTo(parameters[Bias]);
        var wOut = parameters[WOut];
        for (var o = 0; o < Outputs; o++)
            for (var i = 0; i < Units; i++) wOut[o * Width + i] = network.OutputWeights[i * Outputs + o];
        network.OutputBias.CopyTo(parameters[BOut]);
        if (TrainsInitialState) network.InitialState.CopyTo(parameters[InitialState]);
    }

    /// <summary>Copies the padded form (weights, or gradients) back into the five dense arrays of a network.</summary>
    public void CopyTo(ReadOnlySpan<float> parameters, EiRnn network)
    {
        CopyRows(parameters[WIn], Width, network.InputWeights, Units, Inputs);
        CopyRows(parameters[WRec], Width, network.TrainedRecurrentWeights, Units, Units);
        network.FormEffectiveWeights();
        parameters[Bias][..Units].CopyTo(network.Bias);
        var wOut = parameters[WOut];
        for (var o = 0; o < Outputs; o++)
            for (var i = 0; i < Units; i++) network.OutputWeights[i * Outputs + o] = wOut[o * Width + i];
        parameters[BOut][..Outputs].CopyTo(network.OutputBias);
        if (TrainsInitialState) parameters[InitialState][..Units].CopyTo(network.InitialState);
    }

    private void CopyRows(ReadOnlySpan<float> source, int sourceStride, Span<float> destination, int destinationStride, int rows)
    {
        for (var r = 0; r < rows; r++)
            source.Slice(r * sourceStride, Units).CopyTo(destination.Slice(r * destinationStride, Units));
    }
}
