using System.Runtime.Intrinsics;
using EiRnnFast.Tests.Spectra;
using EiRnnFast.Numerics;

namespace EiRnnFast.Tests.Kernels;

public sealed class NormalsTests
{
    /// <summary>The known answers that the generator's authors publish (Random123, kat_vectors).</summary>
    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Philox_gives_the_published_words(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        Assert.Equal((w0, w1, w2, w3), Philox.Of(c0, c1, c2, c3, k0, k1));
        var (v0, v1, v2, v3) = (Vector256.Create(c0), Vector256.Create(c1), Vector256.Create(c2), Vector256.Create(c3));
        var (u0, u1, u2, u3) = (v0, v1, v2, v3);
        Philox.Of(ref v0, ref v1, ref v2, ref v3, ref u0, ref u1, ref u2, ref u3, k0, k1);
        Assert.Equal((w0, w1, w2, w3), (v0[5], v1[5], v2[5], v3[5]));
        Assert.Equal((v0, v1, v2, v3), (u0, u1, u2, u3));
    }

    [Fact]
    public void A_number_is_that_of_its_place_in_double_precision()
    {
        float[] row = new float[150], ones = [.. Enumerable.Repeat(1f, 150)];
        for (var trial = 0u; trial < 200; trial++)
        {
            Normals.Fill(0x1234_5678_9ABCul, 7, trial, 3, row.Length, ones, row);
            for (var j = 0; j < row.Length; j++)
            {
                var counter = (uint)(j / 64 * 16 + j % 16);
                var (w0, w1, w2, w3) = Philox.Of(counter, 3, trial, 7, 0x56789ABC, 0x1234);
                var word = j % 64 / 16;
                double u = ((word < 2 ? w0 : w2) + 0.5) / 4294967296, v = (word < 2 ? w1 : w3) / 4294967296.0;
                var radius = Math.Sqrt(-2 * Math.Log(u));
                var expected = radius * (word % 2 == 0 ? Math.Cos(2 * Math.PI * v) : Math.Sin(2 * Math.PI * v));
                Assert.Equal(expected, row[j], 2e-6 + 4e-7 / radius); // u is rounded to 24 bits
            }
        }
    }

    [Theory]
    [InlineData(50)]
    [LongRunData(2000)]
    public void Moments_and_correlations_are_those_of_independent_normal_numbers(int trials)
    {
        const int units = 1000, steps = 100; // 2000 trials: 10⁹ numbers of five rows each
        float[] ones = [.. Enumerable.Repeat(1f, units)], row = new float[units];
        float[][] others = [.. Enumerable.Range(0, 4).Select(_ => new float[units])];
        double[] powers = new double[5], products = new double[5];
        double n = 0;
        for (var trial = 0u; trial < trials; trial++)
            for (var step = 0u; step < steps; step++)
            {
                Normals.Fill(42, 0, trial, step, units, ones, row);
                Normals.Fill(42, 0, trial, step + 1, units, ones, others[0]);
                Normals.Fill(42, 0, trial + 1, step, units, ones, others[1]);
                Normals.Fill(42, 1, trial, step, units, ones, others[2]);
                Normals.Fill(43, 0, trial, step, units, ones, others[3]);
                n += units;
                foreach (var drawn in others.Append(row))
                    for (var j = 0; j < units; j++)
                    {
                        double x = drawn[j], square = x * x;
                        powers[1] += x;
                        powers[2] += square;
                        powers[3] += x * square;
                        powers[4] += square * square;
                    }
                for (var k = 0; k < others.Length; k++) products[k] += Dot(row, others[k]);
                for (var j = 16; j < units; j++) products[4] += row[j] * row[j - 16];
            }
        // Rows of neighbours overlap: of 5n numbers, a third or so are one another's.
        var (all, error) = (5 * n, 5 / Math.Sqrt(n)); // five standard errors
        Assert.Equal(0, powers[1] / all, error);
        Assert.Equal(1, powers[2] / all, error * Math.Sqrt(2));
        Assert.Equal(0, powers[3] / all, error * Math.Sqrt(15));
        Assert.Equal(3, powers[4] / all, error * Math.Sqrt(96));
        foreach (var product in products) Assert.Equal(0, product / n, error); // step, trial, update, seed, unit
    }

    private static double Dot(float[] a, float[] b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++) sum += (double)a[j] * b[j];
        return sum;
    }
}
