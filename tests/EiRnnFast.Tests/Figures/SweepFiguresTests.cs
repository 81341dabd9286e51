using System.Numerics;
using System.Xml.Linq;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

/// <summary>Figures of many networks, and every figure as SVG.</summary>
public sealed class SweepFiguresTests
{
    private static readonly SKColor Blue = SKColor.Parse("#0072B2");
    private static readonly SKColor Vermillion = SKColor.Parse("#D55E00");
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    private static readonly MeanSeries[] Series =
    [
        new("orthogonal", [.. new[] { 50.0, 100, 200 }.Select(n => new MeanPoint(n, [0.6 + 1 / n, 0.62 + 1 / n, 0.61]))]),
        new("normal", [.. new[] { 50.0, 100, 200 }.Select(n => new MeanPoint(n, [0.58, 0.6]))]),
    ];

    private static readonly MeanSeries Tasks = new("", [new MeanPoint(0, [0.6, 0.61]), new MeanPoint(1, [0.58])]);

    private static Figure Means => MeansFigure.Of([new MeanPanel("", Series, [0.5838])], "Radius",
        new MeanAxis("units, N", Logarithmic: true), "outer radius |λ|");

    private static readonly Complex[] Ring =
        [.. Enumerable.Range(0, 400).Select(k => Complex.FromPolarCoordinates(0.4 + 0.18 * (k % 7) / 6, 0.157 * k))];
    private static readonly double[][] Curves = [[0.12, 0.1, 0.02], [0.13, 0.12, 0.11], [0.12, 0.05], [0.2, double.NaN, 0.01]];

    public static TheoryData<string, string> Svgs() => new()
    {
        { "spectrum", SpectrumFigure.Of(new SpectrumPanel("before", Ring, [], 0.5838, 0.3989),
            new SpectrumPanel("after <&>", [.. Ring, 1.6, 31], [1.6, 31], 0.5838), "Spectrum").Svg() },
        { "trials", TrialsFigure.Of([new TrialTrace("input 10", new float[40], 2, new float[20], new float[20], 1)], "Trials").Svg() },
        { "means", Means.Svg() },
        { "histogram", HistogramFigure.Of([("", [("ring", [0.6, 0.61, 0.62, 0.6]), ("disc", [0.58, 0.6])])], "Radius", "outer radius |λ|",
            [0.5838]).Svg() },
        { "heat map", HeatMapFigure.Of([new HeatMapPanel("", new[,] { { 0.5, 0.6 }, { 0.55, double.NaN } })], "Radius",
            ("N", ["50", "100"]), ("excitatory fraction", ["0.5", "0.7"])).Svg() },
        { "panels", MeansFigure.Of([new MeanPanel("a", [Tasks, Tasks, Tasks], [0.5838]), new MeanPanel("b", [Tasks], [])], "Radius",
            new MeanAxis("task", Categories: ["and", "xor"]), "outer radius |λ|", ordered: true).Parts()[0].Svg() },
        { "loss", LossFigure.Of([Curves[0]], "AND", "loss", 0.122, Curves[1]).Svg() },
        { "losses", LossFigure.Of(Curves, "AND", "2 of 4 learned", 0.122).Svg() },
        { "reached", ReachedFigure.Of([new("fast", SurvivalCurve.Of([(3, true), (4, true), (9, false)])!),
            new("all at once", SurvivalCurve.Of([(5, true), (5, true)])!)], "Criterion", "loss 0.02").Svg() },
        { "density", DensityFigure.Of([new DensityPanel("", Ring, 4, 0.5838, 0.3989)], "AND").Svg() },
    };

    [Theory]
    [MemberData(nameof(Svgs))]
    public void Every_figure_is_well_formed_svg_that_scales(string name, string svg)
    {
        var root = XDocument.Parse(svg).Root!;
        Assert.Equal(Namespace + "svg", root.Name);
        Assert.Equal($"0 0 {root.Attribute("width")!.Value} {root.Attribute("height")!.Value}", root.Attribute("viewBox")!.Value);
        var texts = root.Descendants(Namespace + "text").ToArray();
        Assert.True(texts.Length > 8, $"{name} has axes and a legend");
        Assert.All(texts, text => Assert.EndsWith("sans-serif", text.Attribute("font-family")!.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(),
            attribute => !attribute.IsNamespaceDeclaration && attribute.Value.Contains("http", StringComparison.Ordinal));
        Assert.True(svg.Length < 300_000, $"{name}: {svg.Length}");
    }

    [Fact]
    public void The_same_input_gives_the_same_svg() =>
        Assert.Equal(LossFigure.Of(Curves, "AND", "", null).Svg(), LossFigure.Of(Curves, "AND", "", null).Svg());

    [Fact]
    public void The_dashes_of_theory_and_of_the_unit_circle_are_in_the_svg()
    {
        var svg = XDocument.Parse(SpectrumFigure.Of(new SpectrumPanel("", [], [], 0.5838), null, "").Svg());
        Assert.Contains(svg.Descendants(Namespace + "path"),
            path => path.Attribute("fill")?.Value == "#6E6E6E" && path.Attribute("d")!.Value.Count(letter => letter == 'M') > 40);
    }

    [Fact]
    public void Means_are_drawn_with_bars_bands_and_theory()
    {
        using var picture = new Picture(Means.Png());
        Assert.True(picture.Count(Blue, bottom: 0.8) > 500 && picture.Count(Vermillion, bottom: 0.8) > 500, "two series");
        Assert.True(picture.Count(SKColors.Black, left: 0.2, right: 0.9, top: 0.3, bottom: 0.74) > 200, "theory");
    }

    [Fact]
    public void One_network_is_a_point_without_a_bar()
    {
        var panel = new MeanPanel("", [new MeanSeries("one", [new MeanPoint(100, [0.6])])], []);
        using var picture = new Picture(MeansFigure.Of([panel], "", new MeanAxis("N"), "").Png());
        Assert.True(picture.Count(Blue, bottom: 0.8) > 100);
    }

    [Fact]
    public void Losses_that_cannot_be_shown_leave_gaps()
    {
        using var picture = new Picture(LossFigure.Of([[double.NaN, 0.1], [0, double.PositiveInfinity], [-1, 0.2]], "", "", null).Png());
        Assert.True(picture.Count(Blue, bottom: 0.8) > 5);
    }

    [Fact]
    public void A_density_is_dark_where_eigenvalues_are_and_white_where_none_are()
    {
        var panel = new DensityPanel("", [.. Enumerable.Repeat(new Complex(0.5, 0), 500)], 5);
        using var picture = new Picture(DensityFigure.Of([panel], "").Png());
        Assert.True(picture.Count(SKColor.Parse("#00233A"), left: 0.6, right: 0.85, top: 0.3, bottom: 0.6) > 30);
        Assert.Equal(0, picture.Count(SKColor.Parse("#00233A"), left: 0.2, right: 0.45, top: 0.3, bottom: 0.6));
    }

    [Fact]
    public void Nothing_to_draw_is_refused()
    {
        Assert.Throws<InvalidInputException>(() => MeansFigure.Of([], "", new MeanAxis(""), "").Png());
        Assert.Throws<InvalidInputException>(() => HistogramFigure.Of([("", [("none", [])])], "", "", []).Png());
        Assert.Throws<InvalidInputException>(() => LossFigure.Of([[double.NaN]], "", "", null).Png());
        Assert.Throws<InvalidInputException>(() => ReachedFigure.Of([], "", "").Png());
        Assert.NotEmpty(DensityFigure.Of([new DensityPanel("", [], 0)], "").Png());
    }

    [Fact]
    public void A_line_of_which_all_got_there_goes_on_to_the_end()
    {
        ReachedSeries all = new("all", SurvivalCurve.Of([(3, true), (4, true), (4, true), (5, true)])!),
            some = new("some", SurvivalCurve.Of([(3, true), (20, false)])!);
        using var both = new Picture(ReachedFigure.Of([all, some], "", "").Png());
        Assert.True(both.Count(Blue, left: 0.6, right: 0.97, top: 0.1, bottom: 0.35) > 100, "it goes on beside a longer one");
        using var alone = new Picture(ReachedFigure.Of([all], "", "").Png());
        Assert.True(alone.Count(Blue, left: 0.88, right: 0.97, top: 0.1, bottom: 0.35) > 20, "there is room behind the last step");
        using var censored = new Picture(ReachedFigure.Of([some with { Curve = SurvivalCurve.Of([(3, true), (5, false)])! }, new("long",
            SurvivalCurve.Of([(20, false)])!)], "", "").Png());
        Assert.Equal(0, censored.Count(Blue, left: 0.6, right: 0.97, top: 0.1, bottom: 0.8));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(0.6, "0.6")]
    [InlineData(-2.5, "−2.5")]
    [InlineData(1e-5, "1e−5")]
    public void An_axis_of_one_value_has_one_tick(double value, string tick)
    {
        var same = new MeanPanel("", [new MeanSeries("same", [new MeanPoint(7, [value, value]), new MeanPoint(8, [value])])], []);
        Assert.Equal(Sorted("7", "8", tick), Numbers(MeansFigure.Of([same], "", new MeanAxis(""), "").Svg()));
        var figure = HistogramFigure.Of([("", [("same", [value, value, value])])], "", "", []);
        Assert.Equal(Sorted("0", "1", "2", "3", tick), Numbers(figure.Svg()));
        using var bar = new Picture(figure.Png());
        Assert.True(bar.Count(Blue, left: 0.45, right: 0.7, bottom: 0.8) > 200, "the bar stands in the middle");

        static string[] Sorted(params IEnumerable<string> texts) => [.. texts.Distinct().Order(StringComparer.Ordinal)];

        static string[] Numbers(string svg) => Sorted(XDocument.Parse(svg).Descendants(Namespace + "text")
            .Select(text => text.Value.Replace(" ", "", StringComparison.Ordinal).Trim())
            .Where(text => text.Length > 0 && text.All(letter => char.IsDigit(letter) || letter is '.' or '−' or 'e')));
    }

    [Fact]
    public void Equal_values_and_single_epochs_do_no_harm()
    {
        Assert.NotEmpty(HistogramFigure.Of([("", [("same", [0.6, 0.6, 0.6])])], "", "", []).Png());
        var same = new MeanPanel("", [new MeanSeries("same", [new MeanPoint(1, [0, 0]), new MeanPoint(2, [0, 0])])], []);
        Assert.NotEmpty(MeansFigure.Of([same], "", new MeanAxis(""), "").Png());
        Assert.NotEmpty(LossFigure.Of([[0.1]], "", "", 0.1).Png());
        Assert.NotEmpty(ReachedFigure.Of([new("none", SurvivalCurve.Of([(1, false)])!)], "", "").Png());
        Assert.NotEmpty(DensityFigure.Of(
            [new DensityPanel("", [Complex.NaN, new Complex(1e300, 0), new Complex(double.PositiveInfinity, 0)], 1, double.NaN)], "")
            .Png());
    }
}
