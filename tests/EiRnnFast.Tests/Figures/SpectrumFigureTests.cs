using System.Numerics;
using EiRnnFast.Reports.Figures;
using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

public class SpectrumFigureTests
{
    private static readonly SKColor Blue = SKColor.Parse("#3F95C5"); // the dots' #0072B2 at 75 % over white
    private static readonly SKColor Vermillion = SKColor.Parse("#D55E00");
    private static readonly SKColor Orange = SKColor.Parse("#E69F00");
    private static readonly SKColor SkyBlue = SKColor.Parse("#56B4E9");
    private static readonly SKColor Grey = SKColor.Parse("#6E6E6E");

    private static readonly Complex[] Bulk =
        [.. Enumerable.Range(0, 40).Select(k => Complex.FromPolarCoordinates(0.42 + 0.15 * (k % 5) / 4, 0.157 * k + 0.05))];

    private static readonly SpectrumPanel Before = new("before training", [.. Bulk, 1.6], [1.6], 0.5838, 0.3989);
    private static readonly SpectrumPanel After = new("after training", Bulk, [], 0.5838);

    [Fact]
    public void Two_panels_make_one_wide_picture_with_everything_in_it()
    {
        using var picture = new Picture(SpectrumFigure.Of(Before, After, "Spectrum").Png());

        Assert.Equal((2056, 1192), picture.Size);
        Assert.True(picture.Count(Blue, right: 0.5, bottom: 0.85) > 500, "dots on the left");
        Assert.True(picture.Count(Blue, left: 0.5, bottom: 0.85) > 500, "dots on the right");
        Assert.True(picture.Count(Vermillion, right: 0.5, bottom: 0.85) > 50, "the outlier on the left");
        Assert.Equal(0, picture.Count(Vermillion, left: 0.5, bottom: 0.85));
        Assert.True(picture.Count(SkyBlue, bottom: 0.85) > 1000, "edges of the theory");
    }

    [Fact]
    public void Text_stands_where_title_labels_and_legend_belong()
    {
        using var picture = new Picture(SpectrumFigure.Of(Before, After, "Spectrum").Png());

        Assert.True(picture.Count(SKColors.Black, top: 0.02, bottom: 0.06) > 100, "title");
        Assert.True(picture.Count(SKColors.Black, left: 0.25, right: 0.31, top: 0.875, bottom: 0.91) > 50, "Re λ");
        Assert.True(picture.Count(SKColors.Black, left: 0, right: 0.035, top: 0.4, bottom: 0.6) > 50, "Im λ");
        Assert.True(picture.Count(SKColors.Black, top: 0.93) > 300, "legend");
    }

    /// <summary>The left panel of a run: theory is of the projected matrix, and the matrix as created has a mark of its own.</summary>
    [Fact]
    public void A_matrix_before_its_projection_has_a_mark_of_its_own()
    {
        Complex[] circle = [.. Enumerable.Range(0, 40).Select(k => Complex.FromPolarCoordinates(1, 0.157 * k))];
        using var picture = new Picture(SpectrumFigure.Of(Before with { Unprojected = circle }, After, "Spectrum").Png());

        Assert.True(picture.Count(Orange, right: 0.5, bottom: 0.85) > 300, "circles on the left");
        Assert.Equal(0, picture.Count(Orange, left: 0.5, bottom: 0.85));
        Assert.True(picture.Count(Orange, top: 0.9) > 10, "a circle in the legend");
        var (left, _, right, _) = picture.Box(Orange, aboveRow: 0.85);
        Assert.Equal(840 / (1.12 * 1.6), right - left, 15.0); // radius 1 in a frame of 1.12·1.6
        using var without = new Picture(SpectrumFigure.Of(Before, After, "Spectrum").Png());
        Assert.Equal(0, without.Count(Orange));
    }

    [Fact]
    public void Overlaid_spectra_differ_in_colour_and_are_called_by_name()
    {
        Complex[] inner = [.. Bulk.Select(z => z / 2)], third = [.. Bulk.Select(z => z * 0.8), Complex.NaN, 40];
        var figure = OverlaidSpectraFigure.Of([("first", Bulk), ("second", inner), ("third", third)], "Spectra");
        using var picture = new Picture(figure.Png());

        Assert.True(picture.Count(Blue, bottom: 0.85) > 500, "dots of the first");
        Assert.True(picture.Count(SKColor.Parse("#DF8640"), bottom: 0.85) > 50, "squares of the second");
        Assert.True(picture.Count(SKColor.Parse("#009E73"), left: 0.85, bottom: 0.85) > 30, "an arrow at the right edge for the third");
        Assert.Contains("second", figure.Svg().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => OverlaidSpectraFigure.Of([], ""));
        var many = Enumerable.Repeat(("x", (IReadOnlyList<Complex>)Bulk), 13);
        Assert.Throws<InvalidInputException>(() => OverlaidSpectraFigure.Of([.. many], ""));
    }

    [Fact]
    public void One_panel_is_half_as_wide()
    {
        using var picture = new Picture(SpectrumFigure.Of(After, null, "Spectrum").Png(1));

        Assert.Equal(524, picture.Size.Width);
        Assert.True(picture.Count(SkyBlue) > 200);
    }

    [Fact]
    public void Circles_are_round()
    {
        using var picture = new Picture(SpectrumFigure.Of(After with { Eigenvalues = [], TheoryOuter = 0.9 }, null, "").Png());

        var (left, top, right, bottom) = picture.Box(SkyBlue, aboveRow: 0.85);
        Assert.InRange(right - left - (bottom - top), -2, 2);
        Assert.True(picture.Count(Grey) > 300, "unit circle");
    }

    [Fact]
    public void A_ring_is_empty_inside_and_a_disc_is_not()
    {
        using var ring = new Picture(SpectrumFigure.Of(Before with { Eigenvalues = [], Outliers = [] }, null, "").Png());
        using var disc = new Picture(SpectrumFigure.Of(After with { Eigenvalues = [], TheoryInner = 0 }, null, "").Png());
        var fill = SKColor.Parse("#DAEFFA");

        Assert.True(disc.Count(fill) > 1.5 * ring.Count(fill));
        Assert.True(ring.Count(fill) > 1000);
    }

    [Theory]
    [InlineData(0, 1)] // the unit circle
    [InlineData(1.6, 1.6)]
    [InlineData(31.6, 2.5)] // any farther, and the bulk would be too small to see
    public void Limits_hold_the_unit_circle_and_moderate_outliers_but_not_huge_ones(double outlier, double shown)
    {
        using var picture = new Picture(SpectrumFigure.Of(new("", [.. Bulk, outlier], [outlier], 0.9), null, "").Png());

        var (left, _, right, _) = picture.Box(SkyBlue, aboveRow: 0.85);
        Assert.Equal(1.12 * shown, 0.9 * 840 / (right - left - 2.0), 0.02); // 840 pixels of data area; edges are 3 wide
    }

    [Fact]
    public void A_huge_outlier_is_an_arrow_with_its_value_on_the_frame()
    {
        var huge = new SpectrumPanel("", [.. Bulk, 31.6], [31.6]);
        using var picture = new Picture(SpectrumFigure.Of(huge, null, "").Png());

        var (left, _, right, _) = picture.Box(Vermillion, aboveRow: 0.85);
        Assert.True(right > 0.92 * picture.Size.Width, "arrow at the right edge");
        Assert.True(right - left > 0.08 * picture.Size.Width, "with a number beside it");
    }

    [Fact]
    public void Numbers_that_are_not_finite_do_no_harm()
    {
        Complex[] bad = [Complex.NaN, new(double.PositiveInfinity, 0), new(0, double.NegativeInfinity), new(1e300, -1e300), 1e29];
        var panel = new SpectrumPanel("bad", [.. Bulk, .. bad], bad, double.NaN, double.PositiveInfinity);
        using var picture = new Picture(SpectrumFigure.Of(panel, new SpectrumPanel("empty", [], []), "…").Png());

        Assert.True(picture.Count(Blue, right: 0.5, bottom: 0.85) > 200);
        Assert.True(picture.Count(SKColors.Black, left: 0.075, right: 0.25, top: 0.78, bottom: 0.83) > 50, "a note tells of them");
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes() =>
        Assert.Equal(SpectrumFigure.Of(Before, After, "Spectrum").Png(), SpectrumFigure.Of(Before, After, "Spectrum").Png());

    [Fact]
    public void Pictures_can_be_drawn_on_many_threads()
    {
        var expected = SpectrumFigure.Of(Before, After, "Spectrum").Png(1);
        var all = new byte[8][];
        Parallel.For(0, all.Length, i => all[i] = SpectrumFigure.Of(Before, After, "Spectrum").Png(1));

        Assert.All(all, png => Assert.Equal(expected, png));
    }
}
