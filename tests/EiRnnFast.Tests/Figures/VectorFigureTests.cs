using System.Xml.Linq;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Figures;

/// <summary>Every figure of one network also as SVG: well formed, finite, and with its words in it.</summary>
public sealed class VectorFigureTests
{
    private static readonly EiRnn s_network = EiRnn.Create(new NetworkSpec { Units = 16, Inputs = 2, Outputs = 1 }, 1);

    [Fact]
    public void Cells_of_images_are_not_blurred() =>
        Assert.Equal(3, WeightsFigure.Of(s_network, "").Svg().Split("<image style=\"image-rendering:pixelated\"").Length - 1);

    [Fact]
    public void Ticks_have_the_digits_that_they_need() =>
        IsPicture(MeansFigure.Of([new MeanPanel("", [new MeanSeries("one", [new MeanPoint(1, [0.002, 0.0095])])], [])], "",
            new MeanAxis("N"), "").Svg(), "0.0025", "0.0075");

    [Fact]
    public void Weights() => IsPicture(WeightsFigure.Of(s_network, "the weights").Svg(), "the weights", "W_rec", "W_in", "W_out", "bias");

    [Fact]
    public void Pseudospectra()
    {
        double[] w = [.. s_network.RecurrentWeights.ToArray().Select(weight => (double)weight)];
        IsPicture(PseudospectrumFigure.Of(Pseudospectrum.Of(SchurForm.Of(w, 16), points: 21), Spectrum.Of(w, 16).Eigenvalues,
            "how far from normal", symmetric: [-1, 0, 0.25]).Svg(), "how far from normal", "unit circle", "Re z", "from −1 to 0.25");
    }

    [Fact]
    public void Activity()
    {
        var data = TaskCatalog.Get("and").Generate(2, 3);
        var states = s_network.Run(data.X, 2).States;
        IsPicture(ActivityFigure.Of([new ActivityPanel("a trial", states[..(290 * 16)],
            [.. Enumerable.Range(0, 16).Select(unit => unit < 8 ? -1 : 1)], 1)], "what units do").Svg(), "what units do", "a trial",
            "time (ms)");
    }

    [Fact]
    public void Trials() => IsPicture(TrialsFigure.Of([.. TrialTrace.OfTypes(TaskCatalog.Get("xor"), TaskCatalog.Get("xor").Generate(30, 3),
        null)], "trials of xor").Svg(), "trials of xor", "input 11");

    [Fact]
    public void Losses() => IsPicture(LossFigure.Of([[0.1, 0.05]], "loss of a run", "stopped by epochs", 0.12, [0.11, 0.07]).Svg(),
        "loss of a run", "training trials", "validation trials", "constant answer");

    [Fact]
    public void Overlaid_spectra() => IsPicture(OverlaidSpectraFigure.Of([("xor", Spectrum.Of(s_network).Eigenvalues), ("and", [1, -1])],
        "two runs").Svg(), "two runs", "xor", "and", "unit circle");

    /// <summary>A figure can be drawn again and again, in either form, and its file's ending says which.</summary>
    [Fact]
    public void One_figure_gives_both_forms()
    {
        using var folder = new Files.TemporaryFolder();
        var figure = WeightsFigure.Of(s_network, "both");
        var (svg, png) = (figure.Svg(), figure.Png());
        Assert.Equal("both", figure.Title);
        Assert.Equal((svg, WeightsFigure.Of(s_network, "both").Svg()), (figure.Svg(), svg));
        Assert.Equal(png, WeightsFigure.Of(s_network, "both").Png());
        figure.Write(folder["figure.SVG"]);
        figure.Write(folder["figure.png"]);
        Assert.Equal(svg, File.ReadAllText(folder["figure.SVG"]).TrimEnd());
        Assert.Equal(png, File.ReadAllBytes(folder["figure.png"]));
    }

    private static void IsPicture(string svg, params string[] words)
    {
        var root = XElement.Parse(svg);
        Assert.Equal("svg", root.Name.LocalName);
        Assert.NotNull(root.Attribute("viewBox"));
        Assert.DoesNotContain("NaN", svg, StringComparison.OrdinalIgnoreCase);
        var text = string.Join(' ', root.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        Assert.All(words, word => Assert.Contains(word.Replace(" ", "", StringComparison.Ordinal),
            text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }
}
