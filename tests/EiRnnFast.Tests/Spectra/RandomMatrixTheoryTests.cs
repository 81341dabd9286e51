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
        var spec = Matrices.Unconstrained(100, RecurrentInit.Normal()) with { Signs = SignConstraint.FromSigns(SignAxis.Presynaptic, signs) };
        Assert.Equal(Theory(RecurrentInit.Normal(), 0.3), RandomMatrixTheory.Of(spec));
    }

    [Fact]
    public void Other_weights_have_no_theory()
    {
        foreach (var init in (RecurrentInit?[])[RecurrentInit.Identity(), RecurrentInit.TwoGaussian(), null])
            Assert.Null(RandomMatrixTheory.Of(Matrices.Constrained(100, RecurrentInit.Normal(), SignAxis.Presynaptic, 0.5) with { Init = init }));
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
                Spectrum[] spectra = [.. Enumerable.Range(0, Seeds).Select(seed => Spectrum.Of(Matrices.Weights(spec, seed, project: true), n, theory))];
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

    private static void Within(double fraction, double expected, IEnumerable<double> values)
    {
        var median = Matrices.Median(values);
        Assert.True(Math.Abs(median - expected) <= fraction * expected, $"median {median}, theory {expected}");
    }

    private static RandomMatrixTheory Theory(RecurrentInit init, double inhibitory, int n = 100, SignAxis axis = SignAxis.Presynaptic) =>
        RandomMatrixTheory.Of(Matrices.Constrained(n, init, axis, inhibitory))!;
}
