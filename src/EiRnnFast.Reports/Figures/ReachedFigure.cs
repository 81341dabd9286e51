using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>Networks of one condition on their way to a criterion.</summary>
/// <param name="Name">What a reader calls them.</param>
/// <param name="Curve">The share that has not got there, by epochs.</param>
public sealed record ReachedSeries(string Name, SurvivalCurve Curve);

/// <summary>Which share of networks has reached a criterion by which epoch: steps of one minus Kaplan and Meier's curve.</summary>
public static class ReachedFigure
{
    private const int MostBands = 3;

    /// <summary>Draws the steps; with up to three series bands of their 95 % intervals.</summary>
    /// <param name="series">At least one; lines differ in colour and in dashes.</param>
    /// <param name="title">Heading.</param>
    /// <param name="reading">What the criterion is.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<ReachedSeries> series, string title, string reading)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0) throw InvalidInputException.Of("curves to draw", 0, "at least one", "leave the figure out");
        var last = series.Max(one => one.Curve.LastTime);
        // A step at the very end would hide in the frame.
        var hides = series.Any(one => one.Curve.Points is [.., { Time: var step }] && step == last);
        var end = Math.Max(1, hides ? last + Math.Max(1, 0.05 * last) : last);
        var plot = FigureSheet.NewPanel("epoch", "share that reached the criterion", new AxisLimits(0, end, -0.03, 1.03),
            (int)Math.Min(6, end), 6);
        for (var s = 0; s < series.Count; s++)
        {
            var (curve, color) = (series[s].Curve, Palette.Series(s));
            if (series.Count <= MostBands && curve.Points.Any(HasInterval))
            {
                var band = plot.Add.Polygon([.. Steps(curve, curve.LastTime, point => HasInterval(point) ? 1 - point.High : null),
                    .. Steps(curve, curve.LastTime, point => HasInterval(point) ? 1 - point.Low : null).Reverse()]);
                (band.FillColor, band.LineWidth) = (color.WithAlpha(0.12), 0);
            }
            // To the last time at which anybody was watched. Where all have got there, nothing changes any more.
            var until = curve.Points is [.., { Probability: 0 }] ? end : curve.LastTime;
            var line = plot.Add.ScatterLine(Steps(curve, until, point => 1 - point.Probability).ToArray());
            (line.Color, line.LineWidth, line.LinePattern) = (color, 2, Palette.Pattern(s));
        }
        return new Figure(new FigureSheet(1, 1, new PixelSize(620, 320)), title, [(plot, reading)], Legend(series));
    }

    private static bool HasInterval(SurvivalPoint point) => double.IsFinite(point.Low);

    /// <summary>Level until a time, then up. A point without a value keeps the level before it.</summary>
    private static IEnumerable<Coordinates> Steps(SurvivalCurve curve, double end, Func<SurvivalPoint, double?> height)
    {
        var level = 0.0;
        yield return new Coordinates(0, level);
        foreach (var point in curve.Points)
        {
            yield return new Coordinates(point.Time, level);
            level = height(point) ?? level;
            yield return new Coordinates(point.Time, level);
        }
        yield return new Coordinates(end, level);
    }

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<ReachedSeries> series) => series.Select((one, s) => new LegendItem
    {
        LabelText = $"{one.Name} ({one.Curve.Events} of {one.Curve.Count})", LineColor = Palette.Series(s), LineWidth = 2,
        LinePattern = Palette.Pattern(s),
    });
}
