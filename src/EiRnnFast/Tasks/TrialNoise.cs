using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>Gaussian noise on the series of trials, one trial after another.</summary>
internal abstract class TrialNoise
{
    /// <summary>Adds σ·ξ to the first so many channels of one trial's series, [T×channels].</summary>
    public abstract void Add(double sigma, int trial, Span<double> series, int channels, int noisy);
}

/// <summary>σ·randn of NumPy's legacy generator in C order, as the published data sets have it.</summary>
internal sealed class NumPyNoise(NumPyRandom random) : TrialNoise
{
    public override void Add(double sigma, int trial, Span<double> series, int channels, int noisy)
    {
        for (var t = 0; t < series.Length; t += channels)
            for (var c = 0; c < noisy; c++) series[t + c] += sigma * random.RandN();
    }
}

/// <summary>Noise by its place (seed, trial, call, step, channel), many numbers at a time.</summary>
internal sealed class CounterNoise(uint seed) : TrialNoise
{
    /// <summary>Seeds of a network's own noise are below.</summary>
    private const ulong Stream = 1UL << 33;

    private float[] _factors = [], _normals = [];
    private uint _series;

    public override void Add(double sigma, int trial, Span<double> series, int channels, int noisy)
    {
        if (trial == 0) _series++; // inputs, then targets
        var count = series.Length / channels * noisy;
        if (_normals.Length < count) (_factors, _normals) = (new float[count], new float[count]);
        Array.Fill(_factors, (float)sigma);
        Normals.Fill(seed | Stream, _series, (uint)trial, 0, count, _factors, _normals);
        for (int t = 0, k = 0; t < series.Length; t += channels)
            for (var c = 0; c < noisy; c++) series[t + c] += _normals[k++];
    }
}
