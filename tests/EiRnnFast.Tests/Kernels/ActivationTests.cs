using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Cells;

namespace EiRnnFast.Tests.Kernels;

/// <summary>The lane forms of the activations against double precision, from very small to very large sums.</summary>
public sealed class ActivationTests
{
    [Fact]
    public void Portable_lanes_give_the_values_and_slopes_of_double_precision() => Check<VectorLane>();

    [Avx512Fact]
    public void Avx512_lanes_give_the_values_and_slopes_of_double_precision() => Check<Vector512Lane>();

    private static void Check<TLane>() where TLane : struct, ILane<TLane>
    {
        Check<TLane, ReluActivation>(0, 0);
        Check<TLane, LinearActivation>(0, 0);
        Check<TLane, TanhActivation>(6, 1e-6);
        Check<TLane, SigmoidActivation>(6, 1e-6);
        Check<TLane, SoftplusActivation>(6, 1e-6);
    }

    /// <summary>Values to a relative error in units of 2⁻²⁴, slopes to an absolute one.</summary>
    private static void Check<TLane, TActivation>(double most, double mostOfSlope)
        where TLane : struct, ILane<TLane>
        where TActivation : struct, IActivation
    {
        float[] sums = [.. Enumerable.Range(-32000, 64000).Select(i => i / 1000f), 0, 1e-8f, -1e-8f, 80, -30.5f, -60, 1e30f, float.NaN];
        float[] values = new float[sums.Length + TLane.Width], slopes = new float[values.Length], padded = new float[values.Length];
        sums.CopyTo(padded, 0);
        for (var i = 0; i < sums.Length; i += TLane.Width)
        {
            var value = TActivation.Value(TLane.Load(ref padded[i]));
            TLane.Store(value, ref values[i]);
            TLane.Store(TActivation.Slope(value), ref slopes[i]);
        }
        for (var i = 0; i < sums.Length - 1; i++)
        {
            var expected = TActivation.Value((double)sums[i]);
            var error = expected == values[i] ? 0 : Math.Abs(values[i] - expected) / Math.Abs(expected) * (1 << 24);
            Assert.True(error <= most, $"{TActivation.Name}({sums[i]:R}) = {values[i]:R}, expected {expected:R}: {error:0.0}");
            Assert.Equal(TActivation.Slope(expected), slopes[i], mostOfSlope);
        }
        Assert.Equal(float.NaN, values[sums.Length - 1]);
    }
}
