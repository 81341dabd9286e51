using EiRnnFast.Kernels;
using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>Runs trials through a network without training it, a batch at a time.</summary>
internal static class ForwardPass
{
    private const int BatchRows = 64;

    /// <summary>The update that noise is keyed by: one that no training reaches.</summary>
    private const uint NoUpdate = uint.MaxValue;

    /// <summary>Outputs [trials×steps×O] only.</summary>
    public static float[] Outputs(EiRnn network, ReadOnlySpan<float> x, int trials, KernelSet kernels, long? noiseSeed = null) =>
        Run(network, x, trials, kernels, noiseSeed, keepStates: false).Outputs;

    /// <summary>Outputs [trials×steps×O] and, when kept, hidden states [trials×steps×N]; with noise where a seed is given.</summary>
    public static (float[] Outputs, float[] States) Run(EiRnn network, ReadOnlySpan<float> x, int trials, KernelSet kernels,
        long? noiseSeed = null, bool keepStates = true)
    {
        if (noiseSeed is not null && !network.Spec.Cell.IsNoisy)
            throw InvalidInputException.Of("noise_rec", 0, "above 0, for a run with noise",
                "run without noise, or take a network that has some");
        int units = network.Units, inputs = network.Inputs, outputs = network.Outputs;
        if (trials < 1 || x.Length % ((long)trials * inputs) != 0)
            throw InvalidInputException.Of("inputs", $"{x.Length} values for {trials} trials", $"trials×steps×{inputs}",
                "check the shape of x");
        var steps = x.Length / (trials * inputs);
        kernels = kernels.For(network.Spec.Cell.Kernels);
        var layout = new ParameterLayout(network.Spec, kernels);
        var width = layout.Width;
        var parameters = new AlignedBuffer(layout.Length);
        layout.CopyFrom(network, parameters.Span);
        EffectiveWeights.Of(network.Spec)?.Form(parameters.Span[layout.WRec], parameters.Span[layout.WRec], width);
        ReadOnlySpan<float> p = parameters.Span;
        var packed = new AlignedBuffer((long)units * width);
        kernels.Pack(p[layout.WRec], units, transpose: false, packed.Span);

        var rowsMost = kernels.PadRows(Math.Min(BatchRows, trials));
        AlignedBuffer state = new((long)rowsMost * width), next = new((long)rowsMost * width);
        var kept = new AlignedBuffer(kernels.HasLeak ? (long)rowsMost * width : 0);
        var alpha = StartingState.Alpha(network.Spec, width);
        var noise = new AlignedBuffer(noiseSeed is null || network.Spec.Cell.Noise == 0 ? 0 : (long)rowsMost * width);
        var noiseScale = StartingState.NoiseScale(network.Spec);
        var inputNoise = noiseSeed is null ? null : InputNoise.Of(network.Spec, noiseSeed.Value);
        var stride = kernels.ChannelStride(rowsMost);
        float[] input = new float[stride * inputs], readout = new float[stride * outputs];
        float[] y = new float[(long)trials * steps * outputs], states = keepStates ? new float[(long)trials * steps * units] : [];
        var given = inputNoise is null ? x : Noisy(inputNoise, x, trials);
        for (var first = 0; first < trials; first += BatchRows)
        {
            var count = Math.Min(BatchRows, trials - first);
            var rows = kernels.PadRows(count);
            StartingState.Fill(network.Spec, network.InitialState, width, state.Span, kept.Span);
            Array.Clear(input);
            for (var t = 0; t < steps; t++)
            {
                for (var r = 0; r < count; r++)
                    for (var i = 0; i < inputs; i++) input[i * stride + r] = given[((first + r) * steps + t) * inputs + i];
                if (noiseSeed is { } seed && network.Spec.Cell.Noise != 0)
                    for (var r = 0; r < count; r++)
                        Normals.Fill((ulong)seed, NoUpdate, (uint)(first + r), (uint)t, units, noiseScale,
                            noise.Span.Slice(r * width, width));
                kernels.ForwardStep(new ForwardOperands
                {
                    Rows = rows, Units = units, Stride = stride, HPrevious = state.Span, Packed = packed.Span, X = input,
                    WIn = p[layout.WIn], Bias = p[layout.Bias], H = next.Span,
                    Leak = new LeakOperands { Alpha = alpha, Kept = kept.Span, Noise = noise.Span },
                });
                kernels.Readout(new ReadoutOperands
                {
                    Rows = count, Units = units, Stride = stride, H = next.Span,
                    WOut = p[layout.WOut], BOut = p[layout.BOut][..outputs], Y = readout,
                });
                for (var r = 0; r < count; r++)
                {
                    var at = (first + r) * steps + t;
                    for (var o = 0; o < outputs; o++) y[at * outputs + o] = readout[o * stride + r];
                    if (keepStates) next.Span.Slice(r * width, units).CopyTo(states.AsSpan(at * units));
                }
                (state, next) = (next, state);
            }
        }
        return (y, states);
    }

    private static float[] Noisy(InputNoise noise, ReadOnlySpan<float> x, int trials)
    {
        var noisy = new float[x.Length];
        var length = x.Length / trials;
        for (var trial = 0; trial < trials; trial++)
            noise.Add(x.Slice(trial * length, length), NoUpdate, (uint)trial, noisy.AsSpan(trial * length, length));
        return noisy;
    }
}
