namespace EiRnnFast.Kernels;

/// <summary>
/// One timestep of a series [rows×T×C] (inputs, targets, readout): channel c of row r is <c>values[r·rowStride + c]</c>,
/// with rowStride = T·C and <paramref name="values"/> starting at the timestep of row 0.
/// </summary>
internal readonly ref struct TimeSlice(ReadOnlySpan<float> values, int rowStride, int channels)
{
    public ReadOnlySpan<float> Values { get; } = values;
    public int RowStride { get; } = rowStride;
    public int Channels { get; } = channels;
}

/// <summary>Where a backward step adds the gradients of the weights at the network's edges: dW_in [I×W], db [W], dW_out [O×W].</summary>
internal readonly ref struct EdgeGradients(Span<float> wIn, Span<float> bias, Span<float> wOut)
{
    public Span<float> WIn { get; } = wIn;
    public Span<float> Bias { get; } = bias;
    public Span<float> WOut { get; } = wOut;
}
