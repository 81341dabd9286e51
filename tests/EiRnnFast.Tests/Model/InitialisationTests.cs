using EiRnnFast.Spectra;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Model;

public sealed class InitialisationTests
{
    private static EiRnn Create(RecurrentInit init, int units = 100, long seed = 1, SignConstraint? signs = null) =>
        EiRnn.Create(new NetworkSpec
        {
            Units = units, Inputs = 2, Outputs = 1, Init = init,
            Signs = signs ?? SignConstraint.Presynaptic(0.7)
        }, seed);

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(3, 1.7)]
    [InlineData(100, 1.0)]
    [InlineData(201, 2.5)]
    public void Orthogonal_rows_are_orthogonal_and_as_long_as_the_gain(int n, double gain)
    {
        var w = Create(RecurrentInit.Orthogonal(gain), n).RecurrentWeights;
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var dot = 0.0;
                for (var k = 0; k < n; k++) dot += (double)w[i * n + k] * w[j * n + k];
                Assert.Equal(i == j ? gain * gain : 0, dot, 1e-6 * gain * gain);
            }
    }

    [Fact]
    public void Orthogonal_is_Haar_distributed()
    {
        // Under Haar measure E[tr O] = 0, E[(tr O)²] = 1, E[O₀₀⁴] = 3/(n(n+2)), and both determinants are equally likely.
        const int n = 6, draws = 4000;
        double trace = 0, trace2 = 0, fourth = 0, lastFourth = 0;
        var reflections = 0;
        for (var seed = 0; seed < draws; seed++)
        {
            var w = Create(RecurrentInit.Orthogonal(), n, seed).RecurrentWeights.ToArray();
            var tr = Enumerable.Range(0, n).Sum(i => (double)w[i * n + i]);
            trace += tr / draws;
            trace2 += tr * tr / draws;
            fourth += Math.Pow(w[0], 4) / draws;
            lastFourth += Math.Pow(w[^1], 4) / draws;
            // an orthogonal matrix of determinant −1 has the eigenvalue −1 an odd number of times
            var eigenvalues = EigenSolver.Own.Eigenvalues([.. w.Select(value => (double)value)], n);
            reflections += eigenvalues.Count(z => z.Imaginary == 0 && z.Real < 0) % 2;
        }
        Assert.Equal(0, trace, 0.06);
        Assert.Equal(1, trace2, 0.1);
        Assert.Equal(3.0 / (n * (n + 2)), fourth, 0.006);
        Assert.Equal(3.0 / (n * (n + 2)), lastFourth, 0.006);
        Assert.Equal(0.5, (double)reflections / draws, 0.03);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.4142135623730951)]
    public void Normal_has_variance_gain_squared_over_N(double gain)
    {
        const int n = 200;
        var w = Create(RecurrentInit.Normal(gain), n).RecurrentWeights.ToArray();
        Assert.Equal(0, w.Average(), 4 * gain / Math.Sqrt(n) / n);
        Assert.Equal(gain * gain / n, w.Sum(x => (double)x * x) / w.Length, 0.03 * gain * gain / n);
    }

    [Theory]
    [InlineData(SignAxis.Presynaptic)]
    [InlineData(SignAxis.Postsynaptic)]
    public void Two_Gaussian_blocks_lie_along_the_constrained_axis_in_the_order_of_the_signs(SignAxis axis)
    {
        const int n = 100;
        var signs = axis == SignAxis.Presynaptic ? SignConstraint.Presynaptic(0.7) : SignConstraint.Postsynaptic(0.7);
        var w = Create(RecurrentInit.TwoGaussian(0.15), n, 1, signs).RecurrentWeights;
        double inhibitory = 0, excitatory = 0;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                if ((axis == SignAxis.Presynaptic ? i : j) < 30) inhibitory += w[i * n + j] / (30.0 * n);
                else excitatory += w[i * n + j] / (70.0 * n);
        Assert.Equal(-0.15, inhibitory, 0.01);
        Assert.Equal(0.15, excitatory, 0.01);
    }

    [Fact]
    public void Identity_is_gain_times_one()
    {
        var w = Create(RecurrentInit.Identity(1.5), 5).RecurrentWeights;
        for (var i = 0; i < 25; i++) Assert.Equal(i % 6 == 0 ? 1.5f : 0f, w[i]);
    }

    [Theory]
    [InlineData(SignAxis.Presynaptic)]
    [InlineData(SignAxis.Postsynaptic)]
    public void Balancing_scales_the_populations_and_cancels_the_mean_input(SignAxis axis)
    {
        const int n = 400;
        var signs = axis == SignAxis.Presynaptic ? SignConstraint.Presynaptic(0.7) : SignConstraint.Postsynaptic(0.7);
        var plain = Create(RecurrentInit.Normal(), n, 1, signs).RecurrentWeights;
        var balanced = Create(RecurrentInit.Normal() with { Balanced = true }, n, 1, signs).RecurrentWeights;
        double mean = 0, plainMean = 0;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                var isInhibitory = (axis == SignAxis.Presynaptic ? i : j) < 120;
                var factor = isInhibitory ? Math.Sqrt(0.7 / 0.3) : Math.Sqrt(0.3 / 0.7);
                Assert.Equal(plain[i * n + j] * factor, balanced[i * n + j], 1e-6);
                if (isInhibitory == balanced[i * n + j] < 0) // what projection keeps
                {
                    mean += balanced[i * n + j] / n;
                    plainMean += plain[i * n + j] / n;
                }
            }
        Assert.True(Math.Abs(mean) < 0.03 * Math.Abs(plainMean), $"mean total input {mean}, unbalanced {plainMean}");
    }

    [Fact]
    public void Input_and_output_weights_are_Glorot_uniform_and_biases_zero()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 500, Inputs = 4, Outputs = 3 }, 1);
        foreach (var (weights, limit) in new[] { (network.InputWeights.ToArray(), Math.Sqrt(6.0 / 504)),
            (network.OutputWeights.ToArray(), Math.Sqrt(6.0 / 503)) })
        {
            Assert.All(weights, w => Assert.InRange(w, -limit, limit));
            Assert.True(weights.Max() > 0.98 * limit && weights.Min() < -0.98 * limit);
            Assert.Equal(limit * limit / 3, weights.Average(w => (double)w * w), 0.05 * limit * limit / 3 * 2);
        }
        Assert.False(network.Bias.ContainsAnyExcept(0f));
        Assert.False(network.OutputBias.ContainsAnyExcept(0f));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(Create(RecurrentInit.Normal()).RecurrentWeights.ToArray(), Create(RecurrentInit.Normal()).RecurrentWeights.ToArray());
        Assert.NotEqual(Create(RecurrentInit.Normal()).RecurrentWeights.ToArray(),
            Create(RecurrentInit.Normal(), seed: 2).RecurrentWeights.ToArray());
    }

    [Theory]
    [InlineData(100, 0.5, 50)]
    [InlineData(100, 0.7, 30)]
    [InlineData(100, 0.9, 10)]
    [InlineData(101, 0.5, 50)]
    [InlineData(10, 0.0, 10)]
    [InlineData(10, 1.0, 0)]
    [InlineData(50, 0.88, 6)]
    public void Inhibitory_units_come_first_and_are_counted_without_rounding_error(int units, double excitatory, int inhibitory)
    {
        var constraint = SignConstraint.Presynaptic(excitatory);
        Assert.Equal(inhibitory, constraint.InhibitoryCount(units));
        Assert.Equal(Enumerable.Range(0, units).Select(i => i < inhibitory ? -1 : 1), constraint.SignsOf(units));
    }
}
