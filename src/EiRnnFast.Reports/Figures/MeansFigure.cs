using ScottPlot;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>Measured values of an ensemble of networks at one setting.</summary>
/// <param name="X">The setting, such as N.</param>
/// <param name="Values">One value a network; at least one.</param>
public sealed record MeanPoint(double X, IReadOnlyList<double> Values)
{
    /// <summary>Arithmetic mean.</summary>
    public double Mean => Values.Average();

    /// <summary>Standard deviation over networks, n − 1 in the denominator; 0 for one.</summary>
    public double Sd => Values.Count < 2 ? 0 : Math.Sqrt(Values.Sum(value => Math.Pow(value - Mean, 2)) / (Values.Count - 1));

    /// <summary>Standard error of the mean.</summary>
    public double Sem => Sd / Math.Sqrt(Values.Count);
}

/// <summary>Ensembles that differ in x alone.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Ascending in x.</param>
public sealed record MeanSeries(string Name, IReadOnlyList<MeanPoint> Points);

/// <summary>
/// Means of ensembles against a setting: bars are ± s.e.m., bands ± standard deviation, faint dots single networks, dashed lines theory.
/// </summary>
public static class MeansFigure
{
    private const int MostBands = 3, MostDots = 600;
    private const float Width = 420, Height = 290;

    /// <summary>Draws series in one panel.</summary>
    /// <param name="series">At least one point in all.</param>
    /// <param name="title">Heading.</param>
    /// <param name="xLabel">Setting and unit.</param>
    /// <param name="yLabel">Measure and unit.</param>
    /// <param name="theory">Values to draw as dashed lines.</param>
    /// <param name="logarithmic">Whether x is spaced by its logarithm.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<MeanSeries> series, string title, string xLabel, string yLabel, IReadOnlyList<double> theory,
        bool logarithmic = false)
    {
        MeanPoint[] points = [.. series.SelectMany(one => one.Points)];
        if (points.Length == 0) throw InvalidInputException.Of("points to draw", 0, "at least one", "leave the figure out");
        double[] at = [.. points.Select(point => point.X).Distinct().Order()];
        double Place(double x) => logarithmic ? Math.Log2(x) : x;
        var span = Place(at[^1]) - Place(at[0]);
        var gap = at.Length < 2 ? 1 : Math.Max(at.Zip(at.Skip(1), (a, b) => Place(b) - Place(a)).Min(), 0.06 * span);
        var dots = points.Sum(point => point.Values.Count) <= MostDots;
        double[] heights = [.. points.SelectMany(point => new[] { point.Mean - point.Sd, point.Mean + point.Sd }), .. theory,
            .. dots ? points.SelectMany(point => point.Values) : []];
        var pad = Math.Max(0.08 * (heights.Max() - heights.Min()), 1e-3 * Math.Max(1e-3, heights.Max(Math.Abs)));
        var (left, right) = (Place(at[0]) - 0.5 * gap - 0.03 * span, Place(at[^1]) + 0.5 * gap + 0.03 * span);
        var plot = FigureSheet.NewPanel(xLabel, yLabel, new AxisLimits(left, right, heights.Min() - pad, heights.Max() + pad), 6, 6);
        plot.Axes.Bottom.TickGenerator = Ticks(at, Place, right - left);
        List<LegendItem> legend = [];
        for (var s = 0; s < series.Count; s++)
        {
            var (color, shift) = (Palette.Series(s), (s - (series.Count - 1) / 2.0) * 0.5 * gap / series.Count);
            Coordinates At(MeanPoint point, double y) => new(Place(point.X) + shift, y);
            var own = series[s].Points;
            if (series.Count <= MostBands && own.Count > 1)
            {
                var band = plot.Add.Polygon([.. own.Select(point => At(point, point.Mean + point.Sd)),
                    .. own.Reverse().Select(point => At(point, point.Mean - point.Sd))]);
                (band.FillColor, band.LineWidth) = (color.WithAlpha(0.12), 0);
            }
            if (dots)
                plot.Add.Markers(own.SelectMany(point => point.Values.Select(value => At(point, value))).ToArray(),
                    MarkerShape.FilledCircle, 3, color.WithAlpha(0.35));
            foreach (var point in own.Where(point => point.Values.Count > 1))
                AddBar(plot, At(point, 0).X, point.Mean, point.Sem, 0.08 * gap, color);
            var line = plot.Add.Scatter(own.Select(point => At(point, point.Mean)).ToArray());
            (line.Color, line.LineWidth, line.MarkerSize, line.MarkerShape) = (color, 1.6f, 8, Palette.Marker(s));
            legend.Add(new LegendItem
            {
                LabelText = $"{series[s].Name} ({Counts(own)})",
                MarkerStyle = new MarkerStyle(Palette.Marker(s), 8, color), LineColor = color, LineWidth = 1.6f
            });
        }
        foreach (var value in theory)
        {
            var line = plot.Add.HorizontalLine(value, 1.5f, Palette.Black, LinePattern.Dashed);
            legend.Add(new LegendItem
            {
                LabelText = $"theory {FigureSheet.Number(value)}", LineColor = line.Color, LineWidth = 1.5f,
                LinePattern = LinePattern.Dashed
            });
        }
        return new Figure(new FigureSheet(1, 1, new PixelSize(Width, Height)), title,
            [(plot, $"mean over networks, bars ± s.e.m.{(series.Count <= MostBands ? ", bands ± SD of networks" : "")}")], legend);
    }

    private static void AddBar(Plot plot, double x, double mean, double sem, double half, Color color)
    {
        ReadOnlySpan<(Coordinates, Coordinates)> strokes =
        [
            (new(x, mean - sem), new(x, mean + sem)),
            (new(x - half, mean - sem), new(x + half, mean - sem)),
            (new(x - half, mean + sem), new(x + half, mean + sem)),
        ];
        foreach (var (from, to) in strokes)
        {
            var line = plot.Add.Line(from, to);
            (line.LineColor, line.LineWidth, line.MarkerSize) = (color, 1.6f, 0);
        }
    }

    /// <summary>At the values themselves, as far as their numbers do not touch.</summary>
    private static NumericManual Ticks(double[] at, Func<double, double> place, double span)
    {
        var ticks = new NumericManual();
        var last = double.NegativeInfinity;
        foreach (var x in at)
        {
            var shown = place(x) - last >= 0.075 * span;
            ticks.AddMajor(place(x), shown ? FigureSheet.Number(x) : "");
            if (shown) last = place(x);
        }
        return ticks;
    }

    private static string Counts(IEnumerable<MeanPoint> points)
    {
        int[] counts = [.. points.Select(point => point.Values.Count)];
        return counts.Length == 0 ? "n = 0"
            : counts.Min() == counts.Max() ? $"n = {counts[0]} each"
            : $"n = {counts.Min()} to {counts.Max()}";
    }
}
