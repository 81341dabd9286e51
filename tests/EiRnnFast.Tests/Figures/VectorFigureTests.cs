using System.Xml.Linq;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Figures;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Figures;

/// <summary>Every figure of one network also as SVG: well formed, finite, and with its words in it.</summary>
public sealed class VectorFigureTests
{
    private static readonly EiRnn s_network = EiRnn.Create(new NetworkSpec { Units = 16, Inputs = 2, Outputs = 1 }, 1);

    [Fact]
    public void Weights() => IsPicture(WeightsFigure.Svg(s_network, "the weights"), "the weights", "W_rec", "W_in");

    [Fact]
    public void Pseudospectra()
    {
        double[] w = [.. s_network.RecurrentWeights.ToArray().Select(weight => (double)weight)];
        IsPicture(PseudospectrumFigure.Svg(Pseudospectrum.Of(SchurForm.Of(w, 16), points: 21), Spectrum.Of(w, 16).Eigenvalues, "how far from normal"), "how far from normal", "unit circle", "Re z");
    }

    [Fact]
    public void Activity()
    {
        var data = TaskCatalog.Get("and").Generate(2, 3);
        var states = s_network.Run(data.X, 2).States;
        IsPicture(ActivityFigure.Svg([new ActivityPanel("a trial", states[..(290 * 16)], [.. Enumerable.Range(0, 16).Select(unit => unit < 8 ? -1 : 1)], 1)], "what units do"), "what units do", "a trial", "time (ms)");
    }

    [Fact]
    public void Trials() => IsPicture(TrialsFigure.Svg([.. TrialTrace.OfTypes(TaskCatalog.Get("xor"), TaskCatalog.Get("xor").Generate(30, 3), null)], "trials of xor"), "trials of xor", "input 11");

    private static void IsPicture(string svg, params string[] words)
    {
        var root = XElement.Parse(svg);
        Assert.Equal("svg", root.Name.LocalName);
        Assert.NotNull(root.Attribute("viewBox"));
        Assert.DoesNotContain("NaN", svg, StringComparison.OrdinalIgnoreCase);
        var text = string.Join(' ', root.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        Assert.All(words, word => Assert.Contains(word.Replace(" ", "", StringComparison.Ordinal), text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }
}
