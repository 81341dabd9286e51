using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// The network of the leaky workload, as much of the field trains it: relu, a leak of the rate with α 0.2, noise of the states, W_rec as
/// |V|∘D with four excitatory units to one inhibitory, no autapses. Excitation and inhibition balance at the start.
/// </summary>
internal static class LeakyNetwork
{
    private const double Excitatory = 0.8;

    /// <summary>σ of the noise of the states.</summary>
    public const double Noise = 0.15;

    /// <summary>A new one.</summary>
    public static EiRnn Create(int units, double noise)
    {
        // The peer projects no input weights, so neither are they here.
        var signs = SignConstraint.Presynaptic(Excitatory) with { Mode = SignMode.Magnitude, NonNegativeInput = false };
        var spec = UpdateLoop.Spec(units) with
        {
            Cell = new CellSpec { Activation = Activation.Relu, Alpha = 0.2, Noise = noise },
            Signs = signs,
            Init = null,
        };
        var random = new RandomStream(1, "weights of the leaky workload");
        var (bound, inhibitory) = (Math.Sqrt(3.0 / units), signs.InhibitoryCount(units));
        var scale = inhibitory == 0 ? 1 : (double)inhibitory / (units - inhibitory);
        var wRec = new float[units * units];
        for (var i = 0; i < wRec.Length; i++)
            wRec[i] = (float)(bound * (2 * random.NextUniform() - 1) * (i / units < inhibitory ? 1 : scale));
        var drawn = EiRnn.Create(UpdateLoop.Spec(units), 1);
        var masks = new WiringMasks { Recurrent = [.. Enumerable.Range(0, units * units).Select(i => i / units != i % units)] };
        return EiRnn.FromWeights(spec, drawn.InputWeights, wRec, [], drawn.OutputWeights, [], masks: masks);
    }
}
