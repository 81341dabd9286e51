using EiRnnFast.Dynamics;
using EiRnnFast.Reports.Figures;
using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

public sealed class DynamicsFigureTests
{
    private static readonly SKColor Blue = SKColor.Parse("#0072B2");
    private static readonly SKColor Vermillion = SKColor.Parse("#D55E00");
    private static readonly SKColor Green = SKColor.Parse("#009E73");

    private static PhasePath Circle(int type) =>
        new($"type {type}", type, [.. Enumerable.Range(0, 60).Select(t => new[] { Math.Cos(0.1 * t) + type, Math.Sin(0.1 * t), 0.5 })],
        [.. Enumerable.Range(0, 60).Select(_ => 0.1 + type)]);

    [Fact]
    public void Activity_shows_both_populations()
    {
        ActivityPanel panel = new("input 11", [.. Enumerable.Range(0, 40).SelectMany(t => new[] { 0.5f, -0.5f })], [1, -1]);
        using var picture = new Picture(ActivityFigure.Of([panel, panel], "AND").Png());
        Assert.True(picture.Count(Vermillion, 0, 0.1, 0.5, 0.45) > 500, "excitatory mean in the upper half");
        Assert.True(picture.Count(Blue, 0, 0.4, 0.5, 0.75) > 300, "inhibitory mean in the lower half");
        Assert.Equal(0, picture.Count(Green));
        using var unsigned = new Picture(ActivityFigure.Of([panel with { Signs = [0, 0] }], "AND").Png());
        Assert.True(unsigned.Count(Green) > 500 && unsigned.Count(Blue) == 0);
    }

    [Fact]
    public void Trajectories_and_speed_have_the_colour_of_their_type()
    {
        PhasePortrait portrait = new("network", [Circle(0), Circle(1)], []);
        using var one = new Picture(PhaseFigure.Trajectories([portrait], "AND").Png(1));
        using var fine = new Picture(PhaseFigure.Trajectories([portrait], "AND").Png());
        using var two = new Picture(PhaseFigure.Trajectories([portrait, portrait], "AND").Png(1));
        Assert.True(two.Size.Width == one.Size.Width && two.Size.Height > 1.7 * one.Size.Height);
        foreach (var color in (SKColor[])[Blue, Vermillion])
        {
            Assert.True(fine.Count(color, 0, 0.05, 0.5, 0.85) > 100, "trajectory");
            Assert.True(fine.Count(color, 0.5, 0.05, 1, 0.85) > 100, "speed");
        }
    }

    [Fact]
    public void Stable_points_are_filled_and_unstable_ones_open()
    {
        int Black(params PhasePoint[] points)
        {
            using var picture = new Picture(PhaseFigure.FixedPoints([new PhasePortrait("network", [Circle(0)], points)], "").Png(1));
            return picture.Count(SKColors.Black, 0.1, 0.2, 0.45, 0.7);
        }
        var none = Black();
        int stable = Black(new PhasePoint([0, 0, 0], PointStability.Stable, Slow: false)) - none, unstable = Black(new PhasePoint([0, 0,
            0], PointStability.Unstable, Slow: false)) - none;
        Assert.True(stable > 1.5 * unstable && unstable > 10, $"{stable} and {unstable} black pixels");
        var legends = new[] { PointStability.Unstable, PointStability.Marginal }.Select(stability =>
            PhaseFigure.FixedPoints([new PhasePortrait("network", [Circle(0)], [new PhasePoint([0, 0, 0], stability, Slow: false)])],
                "").Svg());
        Assert.Equal([false, true], legends.Select(svg => svg.Contains("marginal fixed point", StringComparison.Ordinal)));
    }

    [Fact]
    public void Curves_have_bands_of_their_error_and_survive_what_is_not_finite()
    {
        LesionLine line = new("excitatory", false, [0, 0.5, 1], [1, 0.8, 0.5], [0, 0.1, 0]);
        int Pixels(LesionLine shown)
        {
            using var picture = new Picture(LesionFigure.Of([new LesionPanel("units removed", "fraction", "accuracy", [shown], Unit: true)],
                "").Png(1));
            return picture.Count(SKColor.Parse("#F7E0D1"), 0, 0.1, 1, 0.8); // a fifth of vermillion on white
        }
        var bare = Pixels(line with { Error = [0, 0, 0] }); // smooth edges have all shades
        Assert.True(Pixels(line) > bare + 500);
        Assert.True(Pixels(line with { Mean = [1, double.NaN, double.PositiveInfinity] }) < bare + 20);
    }

    [Fact]
    public void Nothing_to_draw_is_refused()
    {
        Assert.Throws<InvalidInputException>(() => ActivityFigure.Of([], "").Png());
        Assert.Throws<InvalidInputException>(() => ActivityFigure.Of([new ActivityPanel("", [1, 2, 3], [1, -1])], "").Png());
        Assert.Throws<InvalidInputException>(() => PhaseFigure.Trajectories([], "").Png());
        Assert.Throws<InvalidInputException>(() => PhaseFigure.FixedPoints([new PhasePortrait("", [], [])], "").Png());
        Assert.Throws<InvalidInputException>(() => LesionFigure.Of([], "").Png());
    }
}
