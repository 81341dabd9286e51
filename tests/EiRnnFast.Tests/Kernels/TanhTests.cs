using EiRnnFast.Kernels;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Kernels;

public sealed class TanhTests(ITestOutputHelper output)
{
    /// <summary>Every 509th float of either sign: all exponents, 8 million arguments.</summary>
    private const uint Stride = 509;

    [Fact]
    public void Portable_lane_stays_within_2_point_5_ulp_is_odd_and_keeps_zero_and_NaN() => Check<VectorLane>();

    [Fact]
    public void Avx512_lane_stays_within_2_point_5_ulp_is_odd_and_keeps_zero_and_NaN()
    {
        if (KernelSet.Available.Contains(KernelSet.Vector512)) Check<Vector512Lane>();
        else output.WriteLine("no AVX-512 here: the set is not available either"); // Available is what the engine itself chooses from
    }

    private void Check<TLane>() where TLane : struct, ILane<TLane>
    {
        float[] x = new float[TLane.Width], y = new float[TLane.Width];
        var worst = 0.0;
        var worstAt = 0f;
        var filled = 0;
        for (ulong bits = 0; bits <= 0x7f800000; bits += Stride)
        {
            x[filled++] = BitConverter.UInt32BitsToSingle((uint)bits);
            if (filled < x.Length && bits + Stride <= 0x7f800000) continue;
            TLane.Store(Tanh.Of(TLane.Load(ref x[0])), ref y[0]);
            for (var i = 0; i < filled; i++)
            {
                var exact = Math.Tanh(x[i]);
                var ulp = Math.Abs(y[i] - exact) / Math.Max(MathF.BitIncrement(Math.Abs((float)exact)) - Math.Abs((float)exact), float.Epsilon);
                if (ulp > worst) (worst, worstAt) = (ulp, x[i]);
            }
            for (var i = 0; i < filled; i++) x[i] = -x[i];
            var positive = y.ToArray();
            TLane.Store(Tanh.Of(TLane.Load(ref x[0])), ref y[0]);
            for (var i = 0; i < filled; i++) Assert.Equal(BitConverter.SingleToUInt32Bits(-positive[i]), BitConverter.SingleToUInt32Bits(y[i]));
            filled = 0;
        }
        output.WriteLine($"worst {worst:0.00} ulp at {worstAt:g9}");
        Assert.True(worst <= 2.5, $"{worst} ulp at {worstAt:g9}");

        Assert.Equal(0f, One(0));
        Assert.Equal(1f, One(float.PositiveInfinity));
        Assert.Equal(-1f, One(float.NegativeInfinity));
        Assert.True(float.IsNaN(One(float.NaN)));

        float One(float value)
        {
            x.AsSpan().Fill(value);
            TLane.Store(Tanh.Of(TLane.Load(ref x[0])), ref y[0]);
            return y[^1];
        }
    }
}
