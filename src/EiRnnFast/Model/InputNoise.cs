using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>
/// Noise of the inputs, √(2/α)·σ·ξ on every channel and step (Yang et al. 2019), as a function of (seed, update, trial, step, channel).
/// </summary>
internal sealed class InputNoise
{
    /// <summary>Seeds of networks are below: the noise of the states has other numbers.</summary>
    private const ulong Stream = 1UL << 32;

    private readonly ulong _seed;
    private readonly float _scale;
    private float[] _factors = [];

    private InputNoise(float scale, long seed) => (_scale, _seed) = (scale, (ulong)seed | Stream);

    /// <summary>The noise of a network's inputs; null without any.</summary>
    public static InputNoise? Of(NetworkSpec spec, long seed) => spec.Cell.InputNoise == 0 ? null
        : new InputNoise((float)(Math.Sqrt(2 / spec.Cell.Alpha) * spec.Cell.InputNoise), seed);

    /// <summary>Writes inputs [T×I] of one trial with noise added.</summary>
    public void Add(ReadOnlySpan<float> inputs, uint update, uint trial, Span<float> noisy)
    {
        if (_factors.Length < inputs.Length)
        {
            _factors = new float[inputs.Length];
            Array.Fill(_factors, _scale);
        }
        Normals.Fill(_seed, update, trial, 0, inputs.Length, _factors, noisy);
        for (var i = 0; i < inputs.Length; i++) noisy[i] += inputs[i];
    }
}
