using System.Numerics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Reports.Figures;
using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

/// <summary>Figures of weights, of pseudospectra and of spectra over epochs.</summary>
public sealed class SpectraFiguresTests
{
    private static readonly SKColor s_vermillion = SKColor.Parse("#D55E00"), s_blue = SKColor.Parse("#0072B2"), s_black = SKColors.Black;

    [Fact]
    public void Weights_show_both_populations_where_they_are()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 20, Inputs = 2, Outputs = 1, Signs = SignConstraint.Presynaptic(0.5) }, 1);
        for (var k = 0; k < 400; k++) network.RecurrentWeights[k] = k / 20 < 10 ? -1 : 1;
        using var picture = new Picture(WeightsFigure.Of(network, "weights").Png());
        // W_rec is the third panel of the first row: inhibitory units below, excitatory above.
        Assert.True(picture.Count(s_blue, 0.7, 0.3, 0.98, 0.42) > 20 * picture.Count(s_blue, 0.7, 0.1, 0.98, 0.2) + 1000);
        Assert.True(picture.Count(s_vermillion, 0.7, 0.1, 0.98, 0.2) > 20 * picture.Count(s_vermillion, 0.7, 0.3, 0.98, 0.42) + 1000);
    }

    [Fact]
    public void Degenerate_weights_are_drawn()
    {
        Assert.NotEmpty(WeightsFigure.Of(new double[4], 2, "zero").Png());
        Assert.NotEmpty(WeightsFigure.Of([1, 1, 1, 1], 2, "equal").Png());
        Assert.NotEmpty(WeightsFigure.Of([1e300, 0, 0, -1e300], 2, "huge").Png());
        Assert.Throws<InvalidInputException>(() => WeightsFigure.Of([1, 2, 3], 2, "not square").Png());
    }

    [Fact]
    public void Contours_are_drawn_around_the_eigenvalues()
    {
        var schur = SchurForm.Of([0.5, 0, 0, -0.5], 2);
        using var picture = new Picture(PseudospectrumFigure.Of(Pseudospectrum.Of(schur), [0.5, -0.5], "two circles").Png());
        Assert.True(picture.Count(s_blue) > 500); // ε = 0.1
        Assert.True(picture.Count(s_black) > 100);
        Assert.NotEmpty(PseudospectrumFigure.Of(Pseudospectrum.Of(schur), [], "no level", [1e-9]).Png());
    }

    [Fact]
    public void Epochs_go_from_light_to_dark()
    {
        SpectrumEpoch[] epochs = [.. Enumerable.Range(0, 6)
            .Select(e => new SpectrumEpoch(e, [new Complex(0.1 * e, 0.5), new Complex(0.1 * e, -0.5)], 0.5 + 0.01 * e, 0.1))];
        using var picture = new Picture(SpectrumEpochsFigure.Of(epochs, "epochs").Png());
        Assert.True(picture.Count(s_vermillion, 0.5) > 200); // the spectral radius, right
        Assert.NotEmpty(SpectrumEpochsFigure.Of([epochs[0]], "one").Png());
        var many = Enumerable.Range(0, 450).Select(i => new SpectrumEpoch(10 * i, [new Complex(0.001 * i, 0)], 0.5, 0.1));
        Assert.NotEmpty(SpectrumEpochsFigure.Of([.. many], "many", "update").Png());
        Assert.Throws<InvalidInputException>(() => SpectrumEpochsFigure.Of([], "none").Png());
    }
}
