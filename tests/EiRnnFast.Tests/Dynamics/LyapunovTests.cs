using EiRnnFast.Dynamics;
using EiRnnFast.Spectra;
using EiRnnFast.Tests.Spectra;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Exponents of networks whose long run is known, apart from what grows within a trial.</summary>
public sealed class LyapunovTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(300)]
    public void The_leading_exponent_does_not_depend_on_how_long_random_directions_take_to_align(int steps)
    {
        // One direction that grows beside 99 that decay: it is ln √100 small at first, and 60 steps of 1.02 do not make up for that.
        var apart = LyapunovExponents.Of(Nets.Of(100, [.. Matrices.Of(100, (i, j) => i != j ? 0 : i == 0 ? 1.02 : 0.1
            + i / 250.0).Select(w => (float)w)]), new float[4 * steps], 4, 3);
        Holds(apart.PerStep[0], Math.Log(1.02));
        Holds(apart.TrialGrowth, Math.Log(1.02));
        Assert.Equal(Math.Log(0.1 + 99 / 250.0), apart.PerStep[1].Mean, 1e-6);
        var alike = LyapunovExponents.Of(Nets.Of(100, [.. Matrices.Orthogonal(100, 3).Select(w => (float)(0.98 * w))]),
            new float[4 * steps], 4, 3);
        Holds(alike.PerStep[0], Math.Log(0.98));
        Assert.Equal((4, steps), (alike.AtRest, alike.Growth.Count));
    }

    [Fact]
    public void Exponents_of_a_resting_network_are_the_logarithms_of_the_moduli_of_its_eigenvalues()
    {
        foreach (var (units, gain) in (ReadOnlySpan<(int, double)>)[(8, 0.5), (30, 0.8), (60, 0.95)])
        {
            float[] w = [.. Matrices.Gaussian(units, units).Select(value => (float)(gain * value))];
            var moduli = EigenSolver.Current.Eigenvalues([.. w.Select(value => (double)value)], units).Select(z => z.Magnitude);
            var found = LyapunovExponents.Of(Nets.Of(units, w), new float[40], 2, units);
            foreach (var (exponent, modulus) in found.PerStep.Zip(moduli)) Assert.Equal(Math.Log(modulus), exponent.Mean, 1e-9);
        }
    }

    [Fact]
    public void On_a_limit_cycle_the_leading_exponent_is_0_and_all_sum_to_the_mean_logarithm_of_the_determinant()
    {
        var network = Nets.Rotation(1.3, 0.5);
        var found = LyapunovExponents.Of(network, [0.5f, .. new float[29]], 1, 2); // no weight carries the input: h stays 0, at rest
        Assert.Equal((1, Math.Log(1.3)), (found.AtRest, Math.Round(found.PerStep[0].Mean, 6)), (a, b) => a.Item1 == b.Item1
            && Math.Abs(a.Item2 - b.Item2) < 2e-6);

        network = Nets.Of(2, network.RecurrentWeights.ToArray(), wIn: [1, 0]);
        found = LyapunovExponents.Of(network, [0.5f, .. new float[29]], 1, 2);
        Assert.Equal(0, found.AtRest);
        Assert.Equal(0, found.PerStep[0].Mean, 3e-3);
        var map = RecurrentMap.Of(network);
        double[] h = [0.5, 0.1], next = new double[2];
        var sum = 0.0;
        for (var t = 0; t < 6000; t++)
        {
            map.Step(h, next);
            if (t >= 1000) sum += Math.Log(1.3 * 1.3 * (1 - next[0] * next[0]) * (1 - next[1] * next[1])) / 5000;
            (h, next) = (next, h);
        }
        Assert.Equal(sum, found.PerStep.Sum(exponent => exponent.Mean), 3e-3);
    }

    [Fact]
    public void What_grows_within_a_trial_is_no_exponent()
    {
        // Wᵏ = 0.5ᵏ·[1, 20k; 0, 1]: it first grows, then decays. σ₁ of [1, c; 0, 1] is (c + √(c² + 4))/2.
        var found = LyapunovExponents.Of(Nets.Of(2, [0.5f, 10, 0, 0.5f]), new float[5], 1, 2);
        var c = 20.0 * 5;
        Assert.Equal(Math.Log((c + Math.Sqrt(c * c + 4)) / 2) / 5 + Math.Log(0.5), found.TrialGrowth.Mean, 1e-9);
        Assert.True(found.TrialGrowth.Mean > 0.2 && Math.Abs(found.PerStep[0].Mean - Math.Log(0.5)) < 1e-7);
        Assert.Equal(5 * found.TrialGrowth.Mean, found.Growth[^1].Mean, 1e-12);
    }

    [Fact]
    public void A_deviation_that_vanishes_is_counted_and_leaves_no_number()
    {
        foreach (var w in (float[][])[new float[4], [0, 1, 0, 0]])
        {
            var found = LyapunovExponents.Of(Nets.Of(2, w), new float[10], 2, 2);
            Assert.Equal([2, 2], found.Vanishing);
            Assert.Equal((0, null), (found.PerStep[0].Count, found.PerStep[0].StandardError));
            Assert.Equal(0, found.TrialGrowth.Count);
        }
        var half = LyapunovExponents.Of(Nets.Of(2, [0.5f, 0, 0, 0]), new float[10], 2, 2);
        Assert.Equal([0, 2], half.Vanishing);
        Assert.Equal(Math.Log(0.5), half.PerStep[0].Mean, 1e-12);
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        var network = Nets.Rotation(1, 1);
        Assert.Throws<InvalidInputException>(() => LyapunovExponents.Of(network, new float[10], 1, 3));
        Assert.Throws<InvalidInputException>(() => LyapunovExponents.Of(network, [], 1, 1));
        Assert.Throws<InvalidInputException>(() => LyapunovExponents.Of(network, new float[10], 3, 1));
    }

    private static void Holds(Estimate estimate, double truth) =>
        Assert.True(Math.Abs(estimate.Mean - truth) <= 2 * estimate.StandardError && estimate.StandardError < 1e-4, $"{estimate} {truth}");
}
