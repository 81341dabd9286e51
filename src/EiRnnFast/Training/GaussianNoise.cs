using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>
/// Noise as a function of (seed, update, trial, step, unit): the same numbers for any kernel set, order of rows and number of workers.
/// </summary>
internal sealed class GaussianNoise : StateNoise
{
    private readonly float[] _scale;
    private readonly ulong _seed;

    private GaussianNoise(NetworkSpec spec, long seed)
    {
        _seed = (ulong)seed;
        _scale = StartingState.NoiseScale(spec);
    }

    /// <summary>The noise of a network; null without any.</summary>
    public static GaussianNoise? Of(NetworkSpec spec, long seed) => spec.Cell.Noise == 0 ? null : new GaussianNoise(spec, seed);

    public override void Fill(int update, ReadOnlySpan<int> trials, int step, Span<float> rows, int width,
        Columns columns = default)
    {
        var end = Math.Min(_scale.Length, columns.End(width));
        for (var row = 0; row < trials.Length; row++)
            Normals.Fill(_seed, (uint)update, (uint)trials[row], (uint)step, columns.First, end, _scale, rows.Slice(row * width, width));
    }
}
