using EiRnnFast.Kernels;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Kernels;

/// <summary>tanh of every float, 2³² of them less the NaNs, on every lane.</summary>
public sealed class TanhTests(ITestOutputHelper output)
{
    /// <summary>In units of the last place of the exact value; 2.60 is measured, on both lanes, at 0.0624331348.</summary>
    private const double WorstUlp = 2.7;

    /// <summary>Below 2⁻⁹ x − x³/3 is exact to 2⁻³⁸ of the value, and ten times as fast as Math.Tanh.</summary>
    private const float Small = 1f / 512;

    /// <summary>tanh rounds to 1 from here on: 1 − tanh(9.011) is half of the distance from 1 to the float below it.</summary>
    private const float One = 9.02f;

    [Fact]
    public void Portable_lane_stays_within_2_point_7_ulp_over_all_floats() => Check<VectorLane>();

    [Avx512Fact]
    public void Avx512_lane_stays_within_2_point_7_ulp_over_all_floats() => Check<Vector512Lane>();

    [Fact]
    public void The_scalar_sets_tanh_is_the_runtimes() => CheckFloats((x, y) =>
    {
        for (var i = 0; i < x.Length; i++) y[i] = MathF.Tanh(x[i]);
    }, stride: 61); // MathF.Tanh takes as long for one float as a lane for sixteen

    private void Check<TLane>() where TLane : struct, ILane<TLane>
    {
        CheckFloats(static (x, y) =>
        {
            for (var i = 0; i < x.Length; i += TLane.Width) TLane.Store(Tanh.Of(TLane.Load(ref x[i])), ref y[i]);
        }, stride: 1);
        float[] values = [.. Enumerable.Repeat(float.NaN, TLane.Width)];
        TLane.Store(Tanh.Of(TLane.Load(ref values[0])), ref values[0]);
        Assert.All(values, value => Assert.True(float.IsNaN(value)));
    }

    private delegate void Function(Span<float> x, Span<float> y);

    /// <summary>Every <paramref name="stride"/>th float from 0 to infinity, and its negative.</summary>
    private void CheckFloats(Function tanh, uint stride)
    {
        const int block = 1024;
        const uint last = 0x7f800000;
        var perUlp = PerUlp();
        float[] x = new float[block], y = new float[block], negative = new float[block];
        var (worst, worstAt) = (0.0, 0f);
        for (ulong first = 0; first <= last; first += block * stride)
        {
            for (uint i = 0; i < block; i++) x[i] = BitConverter.UInt32BitsToSingle((uint)Math.Min(first + i * stride, last));
            tanh(x, y);
            for (var i = 0; i < block; i++)
            {
                var ulp = Error(x[i], y[i], perUlp);
                if (!(ulp <= worst)) (worst, worstAt) = (ulp, x[i]);
                x[i] = -x[i];
            }
            tanh(x, negative);
            for (var i = 0; i < block; i++) y[i] = -y[i];
            Assert.True(y.AsSpan().SequenceEqual(negative), $"tanh(−x) is not −tanh(x) near {x[0]:g9}");
            Assert.True(first > 0 || BitConverter.SingleToUInt32Bits(negative[0]) == 0x80000000, "tanh(−0) is not −0");
        }
        output.WriteLine($"worst {worst:0.00} ulp at {worstAt:g9}");
        Assert.True(worst <= WorstUlp, $"{worst} ulp at {worstAt:g9}");
    }

    private static double Error(float x, float y, double[] perUlp)
    {
        if (x >= One) return y == 1 ? 0 : double.PositiveInfinity;
        var exact = x < Small ? x - (double)x * x * x / 3 : Math.Tanh(x);
        return Math.Abs(y - exact) * perUlp[BitConverter.SingleToUInt32Bits((float)exact) >> 23];
    }

    /// <summary>1/ulp by the exponent bits of a float; subnormals count in steps of the smallest one.</summary>
    private static double[] PerUlp() => [.. Enumerable.Range(0, 256).Select(exponent => Math.ScaleB(1, 150 - Math.Max(1, exponent)))];
}
