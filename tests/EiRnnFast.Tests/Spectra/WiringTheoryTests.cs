using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Drawn matrices of every density, sign mode and distribution of magnitudes have the edge and the outlier of theory.</summary>
public sealed class WiringTheoryTests
{
    private static readonly SignMode[] s_modes = [SignMode.Projection, SignMode.Magnitude, SignMode.Rectified];

    [Fact]
    public void Values_are_the_formulas()
    {
        foreach (var p in new[] { 1.0, 0.5, 0.2 })
        {
            double half = Math.Sqrt(p * (0.5 - p / (2 * Math.PI))), whole = Math.Sqrt(p * (1 - 2 * p / Math.PI));
            foreach (var mode in s_modes)
            {
                var theory = RandomMatrixTheory.Of(Spec(100, p, mode, 0.2, RecurrentInit.Normal()))!;
                var mean = mode == SignMode.Magnitude ? Math.Sqrt(2 / Math.PI) : 1 / Math.Sqrt(2 * Math.PI);
                Assert.Equal(mode == SignMode.Magnitude ? whole : half, theory.OuterRadius, 1e-12);
                Assert.Equal(0.6 * p * mean * 10, theory.Outlier, 1e-12);
            }
            // Mean m and mean square q = 2m² of an exponential, whose variance is 1/N.
            var gamma = RandomMatrixTheory.Of(Spec(100, p, SignMode.Projection, 0.2, RecurrentInit.Of(RecurrentInitKind.Gamma)))!;
            Assert.Equal(Math.Sqrt(2 * p - p * p), gamma.OuterRadius, 1e-12);
            Assert.Equal(0.6 * p * 10, gamma.Outlier, 1e-12);
            var free = Spec(100, p, SignMode.Projection, 0.2, RecurrentInit.Normal()) with { Signs = SignConstraint.None };
            Assert.Equal(Math.Sqrt(p), RandomMatrixTheory.Of(free)!.OuterRadius, 1e-12);
        }
        var asked = Spec(200, 1, SignMode.Magnitude, 0.5, RecurrentInit.Normal() with { SpectralRadius = 1.5 });
        Assert.Null(RandomMatrixTheory.Of(asked)); // the factor belongs to the matrix that is drawn
        var drawn = Spectrum.Of(EiRnn.Create(asked, 1));
        Assert.Equal(1.5, drawn.SpectralRadius, 1e-6);
        Assert.Equal(drawn.Theory!.OuterRadius, drawn.OuterRadius, 0.05 * drawn.OuterRadius);
        var areas = Spec(100, 1, SignMode.Projection, 0.5, RecurrentInit.Normal());
        Assert.Null(RandomMatrixTheory.Of(areas with { Wiring = new Wiring { Areas = new Dictionary<string, double> { ["a"] = 1 } } }));
    }

    [Theory]
    [InlineData(200, 10)]
    [LongRunData(200, 50)]
    [LongRunData(500, 50)]
    public void Normal_matrices_obey_it(int n, int matrices)
    {
        foreach (var p in new[] { 1, 0.5, 0.2 })
            foreach (var mode in s_modes)
                foreach (var inhibitory in new[] { 0.5, 0.2 })
                    Obeys(Spec(n, p, mode, inhibitory, RecurrentInit.Normal()), matrices, p < 0.5 ? 0.04 : 0.02);
    }

    [Theory]
    [InlineData(10)]
    [LongRunData(50)]
    public void Other_magnitudes_obey_it(int matrices)
    {
        var gamma = RecurrentInit.Of(RecurrentInitKind.Gamma);
        foreach (var init in new[] { gamma, gamma with { MagnitudeVariation = 0.5, MagnitudeMean = 0.03 },
            RecurrentInit.Of(RecurrentInitKind.Lognormal) with { MagnitudeVariation = 0.7 }, RecurrentInit.Orthogonal() })
            foreach (var p in new[] { 1, 0.5 })
                foreach (var mode in s_modes) Obeys(Spec(200, p, mode, 0.2, init), matrices, 0.04);
    }

    [Fact]
    public void A_mask_narrows_the_ring_of_an_orthogonal_matrix()
    {
        foreach (var (p, isRing) in new[] { (0.9, true), (0.6, false) })
        {
            var spec = Spec(400, p, SignMode.Projection, 0.5, RecurrentInit.Orthogonal());
            var theory = RandomMatrixTheory.Of(spec)!;
            Assert.Equal(isRing, theory.InnerRadius > 0);
            var bulks = Enumerable.Range(0, 5).Select(seed => Bulk(spec, seed).Bulk).ToList();
            Assert.Equal(theory.InnerRadius, bulks.Average(bulk => bulk.InnerRadius), 0.03);
            Assert.Equal(theory.OuterRadius, bulks.Average(bulk => bulk.OuterRadius), 0.01);
        }
    }

    private static void Obeys(NetworkSpec spec, int matrices, double tolerance)
    {
        var theory = RandomMatrixTheory.Of(spec)!;
        var found = Enumerable.Range(0, matrices).Select(seed => Bulk(spec, seed)).ToList();
        var (edge, outlier) = (found.Average(one => one.Bulk.OuterRadius), found.Average(one => one.Largest));
        var what = $"{spec.Units} {spec.Wiring.Density} {spec.Signs.Mode} {spec.Signs.Excitatory} {spec.Init!.Kind}";
        Assert.True(Math.Abs(edge - theory.OuterRadius) <= tolerance * theory.OuterRadius, $"{what}: {edge}, theory {theory.OuterRadius}");
        if (theory.Outlier > 1.5 * theory.OuterRadius)
            Assert.True(Math.Abs(outlier - theory.Outlier) <= 0.03 * theory.Outlier, $"{what}: {outlier}, theory {theory.Outlier}");
    }

    private static (SpectralBulk Bulk, double Largest) Bulk(NetworkSpec spec, int seed)
    {
        var eigenvalues = EigenSolver.Current.Eigenvalues(Matrices.Weights(spec, seed, project: true), spec.Units);
        return (SpectralBulk.Of(eigenvalues.Select(z => z.Magnitude)), eigenvalues[0].Real);
    }

    private static NetworkSpec Spec(int n, double density, SignMode mode, double inhibitory, RecurrentInit init) =>
        Matrices.Constrained(n, init, SignAxis.Presynaptic, inhibitory) with
        {
            Signs = SignConstraint.Presynaptic(1 - inhibitory) with { Mode = mode },
            Wiring = new Wiring { Density = density },
        };
}
