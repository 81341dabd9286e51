using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

/// <summary>The theory's values, and that projected initial matrices obey it (50-50, 30 % and 20 % inhibitory, either axis).</summary>
public sealed class RandomMatrixTheoryTests
{
    private const int Seeds = 10;

    [Fact]
    public void Values_are_those_of_the_specification()
    {
        var half = Theory(RecurrentInit.Orthogonal(), 0.5);
        Assert.Equal(0.5838, half.OuterRadius, 5e-5);
        Assert.Equal(0.3989, half.InnerRadius, 5e-5);
        Assert.Equal(0, half.Outlier, 1e-12);
        Assert.Equal(1.596, Theory(RecurrentInit.Normal(), 0.3).Outlier, 5e-4);
        Assert.Equal(5.046, Theory(RecurrentInit.Normal(), 0.3, 1000).Outlier, 5e-4);
        Assert.Equal(0, Theory(RecurrentInit.Normal(), 0.3).InnerRadius);
        Assert.Equal(Theory(RecurrentInit.Normal(), 0.3), Theory(RecurrentInit.Normal(), 0.3, axis: SignAxis.Postsynaptic));
    }

    [Fact]
    public void Balancing_lowers_the_inner_edge_alone()
    {
        foreach (var (inhibitory, inner) in new[] { (0.5, 0.3989), (0.3, 0.300), (0.2, 0.221) })
        {
            var balanced = Theory(RecurrentInit.Orthogonal() with { Balanced = true }, inhibitory);
            Assert.Equal(inner, balanced.InnerRadius, 1e-3);
            Assert.Equal(0.5838, balanced.OuterRadius, 5e-5);
            Assert.Equal(0, balanced.Outlier);
        }
    }

    [Fact]
    public void The_gain_scales_everything()
    {
        RandomMatrixTheory one = Theory(RecurrentInit.Orthogonal(), 0.3), two = Theory(RecurrentInit.Orthogonal(2.5), 0.3);
        Assert.Equal(2.5 * one.OuterRadius, two.OuterRadius, 1e-12);
        Assert.Equal(2.5 * one.InnerRadius, two.InnerRadius, 1e-12);
        Assert.Equal(2.5 * one.Outlier, two.Outlier, 1e-12);
    }

    [Fact]
    public void Without_a_constraint_the_gain_is_the_radius()
    {
        Assert.Equal(new RandomMatrixTheory(1.7, 1.7, 0), RandomMatrixTheory.Of(Matrices.Unconstrained(50, RecurrentInit.Orthogonal(1.7))));
        Assert.Equal(new RandomMatrixTheory(1.7, 0, 0), RandomMatrixTheory.Of(Matrices.Unconstrained(50, RecurrentInit.Normal(1.7))));
    }

    [Fact]
    public void Given_signs_count_as_they_are()
    {
        int[] signs = [.. Enumerable.Range(0, 100).Select(k => k % 10 is 1 or 4 or 8 ? -1 : 1)];
        var given = SignConstraint.FromSigns(SignAxis.Presynaptic, signs);
        var spec = Matrices.Unconstrained(100, RecurrentInit.Normal()) with { Signs = given };
        Assert.Equal(Theory(RecurrentInit.Normal(), 0.3), RandomMatrixTheory.Of(spec));
    }

    [Fact]
    public void Other_weights_have_no_theory()
    {
        var spec = Matrices.Constrained(100, RecurrentInit.Normal(), SignAxis.Presynaptic, 0.5);
        foreach (var init in (RecurrentInit?[])[RecurrentInit.Identity(), null])
            Assert.Null(RandomMatrixTheory.Of(spec with { Init = init }));
    }

    [Theory]
    [InlineData(100, 0.5, false)]
    [InlineData(100, 0.3, false)]
    [InlineData(100, 0.2, false)]
    [InlineData(100, 0.3, true)]
    [InlineData(100, 0.2, true)]
    [InlineData(200, 0.5, false)]
    [InlineData(200, 0.3, false)]
    [InlineData(200, 0.2, false)]
    [InlineData(200, 0.3, true)]
    [InlineData(200, 0.2, true)]
    public void Projected_initial_matrices_obey_it(int n, double inhibitory, bool balanced)
    {
        foreach (var axis in (SignAxis[])[SignAxis.Presynaptic, SignAxis.Postsynaptic])
            foreach (var init in (RecurrentInit[])[RecurrentInit.Orthogonal(), RecurrentInit.Normal()])
            {
                var spec = Matrices.Constrained(n, init with { Balanced = balanced }, axis, inhibitory);
                var theory = RandomMatrixTheory.Of(spec)!;
                Spectrum[] spectra = [.. Enumerable.Range(0, Seeds)
                    .Select(seed => Spectrum.Of(Matrices.Weights(spec, seed, project: true), n, theory))];
                var shape = init.Kind == RecurrentInitKind.Orthogonal ? SpectrumShape.Ring : SpectrumShape.Disc;
                Assert.All(spectra, spectrum => Assert.Equal(shape, spectrum.Shape));
                Within(0.06, theory.OuterRadius, spectra.Select(spectrum => spectrum.OuterRadius));
                Within(0.12, theory.InnerRadius, spectra.Select(spectrum => spectrum.InnerRadius));
                if (theory.Outlier > 1)
                {
                    Within(0.15, theory.Outlier, spectra.Select(spectrum => spectrum.SpectralRadius));
                    Assert.All(spectra, spectrum => Assert.Equal(0, spectrum.Outliers[0].Imaginary)); // and on the positive real axis
                    Assert.All(spectra, spectrum => Assert.True(spectrum.Outliers[0].Real > 1));
                }
                else
                    // No outlier of the mean; the few strays reach 1.02.
                    Assert.All(spectra, spectrum => Assert.True(spectrum.SpectralRadius < 1.1));
            }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200)]
    public void Unconstrained_matrices_obey_it(int n)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var ring = Spectrum.Of(EiRnn.Create(Matrices.Unconstrained(n, RecurrentInit.Orthogonal()), seed));
            Assert.Equal(SpectrumShape.Ring, ring.Shape);
            Assert.Equal(1, ring.OuterRadius, 1e-5);
            Assert.Equal(1, ring.InnerRadius, 1e-5);
            Assert.Empty(ring.Outliers);
            Assert.Equal(0, ring.Henrici, 1e-3);

            var disc = Spectrum.Of(EiRnn.Create(Matrices.Unconstrained(n, RecurrentInit.Normal()), seed));
            Assert.Equal(SpectrumShape.Disc, disc.Shape);
            Assert.Equal(1, disc.OuterRadius, 0.1);
        }
    }

    [Fact]
    public void Rectified_moments_are_those_of_quadrature()
    {
        foreach (var (mu, sigma) in new[] { (0.0, 0.1), (0.05, 0.1), (0.15, 0.03), (-0.2, 0.1), (2, 0.1) })
        {
            double mean = 0, square = 0;
            const int steps = 400_000;
            double low = Math.Max(0, mu - 10 * sigma), high = Math.Max(0, mu) + 10 * sigma, step = (high - low) / steps;
            for (var k = 0; k < steps; k++)
            {
                double x = low + (k + 0.5) * step,
                    weight = Math.Exp(-Math.Pow((x - mu) / sigma, 2) / 2) / (sigma * Math.Sqrt(2 * Math.PI)) * step;
                mean += x * weight;
                square += x * x * weight;
            }
            var rectified = RandomMatrixTheory.Rectified(mu, sigma);
            Assert.Equal(mean, rectified.Mean, 1e-8);
            Assert.Equal(square - mean * mean, rectified.Variance, 1e-8);
        }
    }

    [Theory]
    [InlineData(SignAxis.Presynaptic)]
    [InlineData(SignAxis.Postsynaptic)]
    public void Two_Gaussian_matrices_obey_it_at_any_fraction_and_gain(SignAxis axis)
    {
        const int n = 150;
        foreach (var (inhibitory, gain, balanced) in new[] { (0.3, 1.0, false), (0.6, 1.5, false), (0.2, 1.0, false), (0.4, 1.0, true) })
        {
            var spec = Matrices.Constrained(n, RecurrentInit.TwoGaussian(0.05, gain) with { Balanced = balanced }, axis, inhibitory);
            var theory = RandomMatrixTheory.Of(spec)!;
            Spectrum[] spectra = [.. Enumerable.Range(0, Seeds)
                .Select(seed => Spectrum.Of(Matrices.Weights(spec, seed, project: true), n, theory))];
            Within(0.05, theory.OuterRadius, spectra.Select(spectrum => spectrum.OuterRadius));
            if (balanced) continue;
            Within(0.08, theory.Outlier, spectra.Select(spectrum => spectrum.Outliers[0].Real));
        }
    }

    [Fact]
    public void Populations_of_their_own_mean_and_variance_obey_it()
    {
        const int n = 200;
        WeightPopulation[] populations = [new(0.5, 0.01, 1.0 / n), new(0.3, -0.03, 0.25 / n), new(0.2, 0.04, 2.0 / n)];
        var theory = RandomMatrixTheory.OfPopulations(n, populations);
        Assert.Equal(Math.Sqrt(0.5 + 0.075 + 0.4), theory.OuterRadius, 1e-12);
        Assert.Equal(n * (0.005 - 0.009 + 0.008), theory.Outlier, 1e-12);
        theory = RandomMatrixTheory.OfPopulations(n, populations = [.. populations.Select(p => p with { Mean = 4 * p.Mean })]);
        foreach (var byRow in (bool[])[true, false])
        {
            Spectrum[] spectra = [.. Enumerable.Range(0, Seeds).Select(seed =>
            {
                var noise = Matrices.Gaussian(n, seed);
                return Spectrum.Of(Matrices.Of(n, (i, j) =>
                {
                    var unit = byRow ? i : j;
                    var population = populations[unit < 0.5 * n ? 0 : unit < 0.8 * n ? 1 : 2];
                    return population.Mean + Math.Sqrt(population.Variance * n) * noise[i * n + j];
                }), n, theory);
            })];
            Within(0.03, theory.OuterRadius, spectra.Select(spectrum => spectrum.OuterRadius));
            Within(0.08, theory.Outlier, spectra.Select(spectrum => spectrum.Outliers[0].Real)); // 3.2
        }
        Assert.Throws<InvalidInputException>(() => RandomMatrixTheory.OfPopulations(n, new WeightPopulation(0.5, 0, 1)));
        Assert.Throws<InvalidInputException>(() => RandomMatrixTheory.OfPopulations(n, new WeightPopulation(1, double.NaN, 1)));
    }

    [Fact]
    public void Signs_of_a_matrix_give_the_law_of_what_it_holds()
    {
        var spec = Matrices.Constrained(200, RecurrentInit.TwoGaussian(0.05, 1) with { Balanced = false }, SignAxis.Presynaptic, 0.3);
        var signs = Array.ConvertAll(spec.Signs.SignsOf(200).ToArray(), sign => (sbyte)sign);
        var weights = Matrices.Weights(spec, 1, project: true);
        var (found, drawn) = (RandomMatrixTheory.OfSigns(weights, signs), RandomMatrixTheory.Of(spec)!);
        Assert.Equal(drawn.OuterRadius, found.OuterRadius, 0.02 * drawn.OuterRadius);
        Assert.Equal(drawn.Outlier, found.Outlier, 0.05 * Math.Abs(drawn.Outlier));
        Assert.Equal(weights.Sum() / 200, found.Outlier, 1e-9);
        Assert.Throws<InvalidInputException>(() => RandomMatrixTheory.OfSigns(weights, signs.AsSpan(1)));
        Assert.Throws<InvalidInputException>(() => RandomMatrixTheory.OfSigns([], []));
        signs[5] = 0;
        Assert.Throws<InvalidInputException>(() => RandomMatrixTheory.OfSigns(weights, signs));
        weights[3] = double.NaN;
        signs[5] = 1;
        Assert.Throws<InvalidInputException>(() => RandomMatrixTheory.OfSigns(weights, signs));
    }

    private static void Within(double fraction, double expected, IEnumerable<double> values)
    {
        var median = Matrices.Median(values);
        Assert.True(Math.Abs(median - expected) <= fraction * Math.Abs(expected), $"median {median}, theory {expected}");
    }

    private static RandomMatrixTheory Theory(RecurrentInit init, double inhibitory, int n = 100, SignAxis axis = SignAxis.Presynaptic) =>
        RandomMatrixTheory.Of(Matrices.Constrained(n, init, axis, inhibitory))!;
}
