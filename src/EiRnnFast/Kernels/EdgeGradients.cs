namespace EiRnnFast.Kernels;

/// <summary>Where a backward step adds the gradients of the weights at the network's edges: dW_in [I×W], db [W], dW_out [O×W].</summary>
internal readonly ref struct EdgeGradients(Span<float> wIn, Span<float> bias, Span<float> wOut)
{
    public Span<float> WIn { get; } = wIn;
    public Span<float> Bias { get; } = bias;
    public Span<float> WOut { get; } = wOut;
}
