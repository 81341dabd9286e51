using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

public sealed class SpectrumTests
{
    [Fact]
    public void Published_radii_are_of_the_thresholded_weights()
    {
        const int n = 60;
        // half of the rows around the threshold
        double[] matrix = [.. Matrices.Gaussian(n, 41).Select((w, k) => k / n % 2 == 0 ? w : w * 1e-3)];
        double[] thresholded = [.. matrix.Select(w => Math.Abs(w) < 1e-4 ? 0 : w)];
        Assert.Contains(thresholded.Zip(matrix), pair => pair.First != pair.Second);
        Spectrum whole = Spectrum.Of(matrix, n), cut = Spectrum.Of(thresholded, n);
        Assert.Equal(cut.Eigenvalues[6].Magnitude, whole.OuterRadiusPublished!.Value);
        Assert.Equal(cut.Eigenvalues[^1].Magnitude, whole.InnerRadiusPublished);
        Assert.Equal(cut.Eigenvalues, whole.Published!.Eigenvalues);
        Assert.Equal(cut.Henrici, whole.Published.Henrici);
        Assert.NotEqual(whole.Eigenvalues[^1], whole.Published.Eigenvalues[^1]);
        Assert.Equal(EigenSolver.Current.Eigenvalues(matrix, n), whole.Eigenvalues);
        Assert.Null(whole.Published.Published);
    }

    [Fact]
    public void Weights_of_the_threshold_itself_are_kept()
    {
        double[] matrix = [1e-4, 0, 0, 0.99e-4];
        var spectrum = Spectrum.Of(matrix, 2);
        Assert.Equal(1e-4, spectrum.Published!.SpectralRadius);
        Assert.Equal(0, spectrum.InnerRadiusPublished);
        Assert.Equal(0.99e-4, spectrum.Eigenvalues[1].Real, 1e-18);
    }

    [Fact]
    public void The_published_outer_radius_needs_seven_eigenvalues()
    {
        for (var n = 1; n <= 9; n++)
        {
            var diagonal = Spectrum.Of(Matrices.Of(n, (i, j) => i == j ? i + 1 : 0), n);
            Assert.Equal(n < 7 ? null : n - 6, diagonal.OuterRadiusPublished);
            Assert.Equal(1, diagonal.InnerRadiusPublished);
            Assert.Equal(n, diagonal.SpectralRadius);
            Assert.Equal(0, diagonal.Henrici, 1e-7); // the root of a residual of rounding size
        }
    }

    [Fact]
    public void Radius_abscissa_and_Henrici_are_their_definitions()
    {
        var spectrum = Spectrum.Of([0.5, 0, 0, 0, -2, 3, 0, 0, -2], 3);
        Assert.Equal(2, spectrum.SpectralRadius, 1e-7);
        Assert.Equal(0.5, spectrum.SpectralAbscissa, 1e-12);
        Assert.Equal(Math.Sqrt(9 / 17.25), spectrum.Henrici, 1e-7); // ‖W‖² = 17.25, Σ|λ|² = 8.25
        Assert.Equal(EigenSolver.Current.Name, spectrum.Lapack);
    }

    [Fact]
    public void Outliers_are_split_off_the_bulk()
    {
        // Moduli of a uniform disc of radius 1, and of a ring from 0.5 to 1, with two beyond.
        double[] disc = [.. Enumerable.Range(0, 100).Select(k => Math.Sqrt((k + 0.5) / 100))];
        double[] ring = [.. disc.Select(modulus => Math.Sqrt(0.25 + 0.75 * modulus * modulus))];
        foreach (var (moduli, inner) in new[] { (disc, 0.0), (ring, 0.5) })
        {
            var bulk = SpectralBulk.Of([.. moduli, 1.5, 4]);
            Assert.Equal(1, bulk.OuterRadius, 0.035); // no finite size has an ideal bulk: 5.5/N of the square is taken for noise
            Assert.Equal(inner, bulk.InnerRadius, 0.06);
            Assert.Equal(inner > 0 ? SpectrumShape.Ring : SpectrumShape.Disc, bulk.Shape);
            Assert.Equal(2, bulk.OutlierCount);
        }
        Assert.Equal(new SpectralBulk(0, 0, SpectrumShape.Disc, 0), SpectralBulk.Of([]));
        Assert.Equal(3, SpectralBulk.Of([3, 2]).OuterRadius); // too few to fit
    }

    /// <summary>Weights of the wrong sign are 0, all others stay; a matrix that keeps its signs is its own projection.</summary>
    [Fact]
    public void The_projected_matrix_has_the_spectrum_that_theory_speaks_of()
    {
        var spec = new NetworkSpec
        {
            Units = 200, Inputs = 1, Outputs = 1, Signs = SignConstraint.Presynaptic(0.5), Init = RecurrentInit.Orthogonal(),
        };
        double[] w = [.. EiRnn.Create(spec, 3).RecurrentWeights.ToArray().Select(weight => (double)weight)];
        var projected = Spectrum.OfProjected(w, spec)!;
        double[] byHand = [.. w.Select((weight, i) => i / 200 < 100 == weight < 0 ? weight : 0)]; // inhibitory rows come first
        Assert.Equal(Spectrum.Of(byHand, 200).OuterRadius, projected.OuterRadius, 1e-9);
        Assert.Equal(1, Spectrum.Of(w, 200).OuterRadius, 1e-2);
        Assert.Equal(projected.Theory!.OuterRadius, projected.OuterRadius, 0.03);
        Assert.Equal(projected.Theory.InnerRadius, projected.InnerRadius, 0.03);
        Assert.Null(Spectrum.OfProjected(byHand, spec));
        Assert.Null(Spectrum.OfProjected(w, spec with { Signs = SignConstraint.None }));
        Assert.Throws<InvalidInputException>(() => Spectrum.OfProjected(w.AsSpan(1), spec));
    }
}
