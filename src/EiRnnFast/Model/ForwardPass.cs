using EiRnnFast.Kernels;
using EiRnnFast.Numerics;
using EiRnnFast.Threads;

namespace EiRnnFast.Model;

/// <summary>Runs trials through a network without training it, a batch at a time.</summary>
internal static class ForwardPass
{
    private const int BatchRows = 64;

    /// <summary>The update that noise is keyed by: one that no training reaches.</summary>
    private const uint NoUpdate = uint.MaxValue;

    /// <summary>Outputs [trials×steps×O] only.</summary>
    public static float[] Outputs(EiRnn network, ReadOnlySpan<float> x, int trials, KernelSet kernels, long? noiseSeed = null,
        int threads = 1) => Run(network, x, trials, kernels, noiseSeed, keepStates: false, threads).Outputs;

    /// <summary>Outputs [trials×steps×O] and, when kept, hidden states [trials×steps×N]; with noise where a seed is given.</summary>
    public static (float[] Outputs, float[] States) Run(EiRnn network, ReadOnlySpan<float> x, int trials, KernelSet kernels,
        long? noiseSeed = null, bool keepStates = true, int threads = 1)
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
        var parameters = new AlignedBuffer(layout.Length);
        layout.CopyFrom(network, parameters.Span);
        var wRec = parameters.Span[layout.WRec];
        EffectiveWeights.Of(network.Spec)?.Form(wRec, wRec, layout.Width);
        var packed = new AlignedBuffer((long)units * layout.Width);
        kernels.Pack(wRec, units, transpose: false, packed.Span);
        var inputNoise = noiseSeed is null ? null : InputNoise.Of(network.Spec, noiseSeed.Value);
        float[] y = new float[(long)trials * steps * outputs], states = keepStates ? new float[(long)trials * steps * units] : [];
        var most = Math.Min(BatchRows, (trials + threads - 1) / threads);
        var weights = new Weights(network, layout, kernels, parameters, packed, steps, noiseSeed);
        if (threads == 1)
        {
            var given = inputNoise is null ? x : Noisy(inputNoise, x, trials);
            var batch = new Batch(weights, most);
            for (var first = 0; first < trials; first += most)
                batch.Run(given, first, Math.Min(most, trials - first), y, states);
        }
        else
        {
            var given = inputNoise is null ? x.ToArray() : Noisy(inputNoise, x, trials);
            ThreadTeam.ForEach((trials + most - 1) / most, threads, () => new Batch(weights, most),
                (i, batch) => batch.Run(given, i * most, Math.Min(most, trials - i * most), y, states));
        }
        return (y, states);
    }

    /// <summary>What all batches of a run have in common.</summary>
    private sealed record Weights(EiRnn Network, ParameterLayout Layout, KernelSet Kernels, AlignedBuffer Parameters, AlignedBuffer Packed,
        int Steps, long? NoiseSeed)
    {
        public float[] Alpha { get; } = StartingState.Alpha(Network.Spec, Layout.Width);

        public float[] NoiseScale { get; } = StartingState.NoiseScale(Network.Spec);
    }

    /// <summary>Memory for some trials at a time. Each has a row of its own, which depends on no other.</summary>
    private sealed class Batch
    {
        private readonly Weights _weights;
        private readonly int _stride;
        private readonly float[] _input, _readout;
        private readonly AlignedBuffer _kept, _noise;
        private AlignedBuffer _state, _next;

        public Batch(Weights weights, int most)
        {
            _weights = weights;
            var (kernels, layout) = (weights.Kernels, weights.Layout);
            var rows = kernels.PadRows(most);
            var length = (long)rows * layout.Width;
            (_state, _next) = (new AlignedBuffer(length), new AlignedBuffer(length));
            _kept = new AlignedBuffer(kernels.HasLeak ? length : 0);
            _noise = new AlignedBuffer(weights.NoiseSeed is null || weights.Network.Spec.Cell.Noise == 0 ? 0 : length);
            _stride = kernels.ChannelStride(rows);
            (_input, _readout) = (new float[_stride * layout.Inputs], new float[_stride * layout.Outputs]);
        }

        /// <summary>Trials first … first+count−1: y and, where there is room, the states are written.</summary>
        public void Run(ReadOnlySpan<float> x, int first, int count, float[] y, float[] states)
        {
            var (network, layout, kernels, parameters, packed, steps, noiseSeed) = _weights;
            int units = network.Units, inputs = network.Inputs, outputs = network.Outputs, width = layout.Width;
            ReadOnlySpan<float> p = parameters.Span;
            var rows = kernels.PadRows(count);
            StartingState.Fill(network.Spec, network.InitialState, width, _state.Span, _kept.Span);
            Array.Clear(_input);
            for (var t = 0; t < steps; t++)
            {
                for (var r = 0; r < count; r++)
                    for (var i = 0; i < inputs; i++) _input[i * _stride + r] = x[((first + r) * steps + t) * inputs + i];
                if (noiseSeed is { } seed && network.Spec.Cell.Noise != 0)
                    for (var r = 0; r < count; r++)
                        Normals.Fill((ulong)seed, NoUpdate, (uint)(first + r), (uint)t, units, _weights.NoiseScale,
                            _noise.Span.Slice(r * width, width));
                kernels.ForwardStep(new ForwardOperands
                {
                    Rows = rows, Units = units, Stride = _stride, HPrevious = _state.Span, Packed = packed.Span, X = _input,
                    WIn = p[layout.WIn], Bias = p[layout.Bias], H = _next.Span,
                    Leak = new LeakOperands { Alpha = _weights.Alpha, Kept = _kept.Span, Noise = _noise.Span },
                });
                kernels.Readout(new ReadoutOperands
                {
                    Rows = count, Units = units, Stride = _stride, H = _next.Span,
                    WOut = p[layout.WOut], BOut = p[layout.BOut][..outputs], Y = _readout,
                });
                for (var r = 0; r < count; r++)
                {
                    var at = (first + r) * steps + t;
                    for (var o = 0; o < outputs; o++) y[at * outputs + o] = _readout[o * _stride + r];
                    if (states.Length > 0) _next.Span.Slice(r * width, units).CopyTo(states.AsSpan(at * units));
                }
                (_state, _next) = (_next, _state);
            }
        }
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
