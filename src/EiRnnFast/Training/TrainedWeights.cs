using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>Which weights a training may change.</summary>
internal static class TrainedWeights
{
    /// <summary>1 for weights that are trained, 0 for those that do not exist or are frozen and for padding.</summary>
    public static AlignedBuffer Of(ParameterLayout layout, EiRnn network, IReadOnlyList<NetworkTensor> frozen)
    {
        static float[] Ones(IReadOnlyList<bool>? mask, int length) =>
            mask is null ? [.. Enumerable.Repeat(1f, length)] : [.. mask.Select(exists => exists ? 1f : 0)];
        int n = network.Units, inputs = network.Inputs, outputs = network.Outputs;
        var spec = network.Spec with { Signs = SignConstraint.None, Init = null, Wiring = Wiring.Full };
        var masks = network.Masks;
        var marked = EiRnn.FromWeights(spec, Ones(masks?.Input, inputs * n), Ones(masks?.Recurrent, n * n), Ones(null, n),
            Ones(masks?.Output, n * outputs), Ones(null, outputs), initialState: Ones(null, n));
        var trained = new AlignedBuffer(layout.Length);
        layout.CopyFrom(marked, trained.Span);
        foreach (var tensor in frozen) trained.Span[layout.Tensors[(int)tensor]].Clear();
        return trained;
    }
}
