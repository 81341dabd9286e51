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

/// <summary>Lines over one another.</summary>
/// <param name="Title">Heading of the panel; empty says how to read it.</param>
/// <param name="Series">One a line; in every panel the same names in the same order.</param>
/// <param name="Theory">Values to draw as dashed lines.</param>
public sealed record MeanPanel(string Title, IReadOnlyList<MeanSeries> Series, IReadOnlyList<double> Theory);

/// <summary>The x axis of means.</summary>
/// <param name="Label">Setting and unit.</param>
/// <param name="Logarithmic">Whether x is spaced by its logarithm.</param>
/// <param name="Categories">Names of x = 0, 1, 2, …, which no line connects; null for numbers.</param>
public sealed record MeanAxis(string Label, bool Logarithmic = false, IReadOnlyList<string>? Categories = null)
{
    /// <summary>Values that were trained: a dotted line at each.</summary>
    public IReadOnlyList<double> Marks { get; init; } = [];
}

/// <summary>
/// Means of ensembles against a setting: bars are ± s.e.m., bands ± standard deviation, faint dots single networks, dashed lines theory.
/// </summary>
public static class MeansFigure
{
    private const int MostBands = 3, MostDots = 600, LongestCategory = 14;
    private const float Width = 420, Height = 290;

    /// <summary>Draws panels with the same axes, at most two side by side.</summary>
    /// <param name="panels">At least one point in all.</param>
    /// <param name="title">Heading.</param>
    /// <param name="axis">What x is.</param>
    /// <param name="yLabel">Measure and unit.</param>
    /// <param name="ordered">Whether lines are in the order of a number: their colours are, too.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<MeanPanel> panels, string title, MeanAxis axis, string yLabel, bool ordered = false)
    {
        ArgumentNullException.ThrowIfNull(panels);
        ArgumentNullException.ThrowIfNull(axis);
        MeanPoint[] points = [.. panels.SelectMany(panel => panel.Series).SelectMany(one => one.Points)];
        if (points.Length == 0) throw InvalidInputException.Of("points to draw", 0, "at least one", "leave the figure out");
        var frame = new Frame(axis, points, [.. panels.SelectMany(panel => panel.Theory)], yLabel, ordered);
        var columns = Math.Min(2, panels.Count);
        return new Figure(new FigureSheet(columns, (panels.Count + columns - 1) / columns, new PixelSize(Width, Height)), title,
            [.. panels.Select(panel => (Draw(panel, frame), panel.Title.Length > 0 ? panel.Title : Reading(panel)))],
            Legend(panels, axis, ordered));
    }

    /// <summary>How to read a panel that has no heading of its own.</summary>
    private static string Reading(MeanPanel panel) =>
        $"mean over networks, bars ± s.e.m.{(panel.Series.Count <= MostBands ? ", bands ± SD of networks" : "")}";

    private static Plot Draw(MeanPanel panel, Frame frame)
    {
        var plot = FigureSheet.NewPanel(frame.Axis.Label, frame.YLabel, frame.Limits, 6, 6);
        plot.Axes.Bottom.TickGenerator = frame.Ticks();
        if (frame.Only is { } value) FigureSheet.TickAlone(plot.Axes.Left, value);
        var count = panel.Series.Count;
        for (var s = 0; s < count; s++)
        {
            var (color, shift) = (Colour(s, count, frame.Ordered), (s - (count - 1) / 2.0) * 0.5 * frame.Gap / count);
            Coordinates At(MeanPoint point, double y) => new(frame.Place(point.X) + shift, y);
            var own = panel.Series[s].Points;
            if (own.Count == 0) continue;
            if (count <= MostBands && own.Count > 1 && frame.Axis.Categories is null)
            {
                var band = plot.Add.Polygon([.. own.Select(point => At(point, point.Mean + point.Sd)),
                    .. own.Reverse().Select(point => At(point, point.Mean - point.Sd))]);
                (band.FillColor, band.LineWidth) = (color.WithAlpha(0.12), 0);
            }
            if (frame.Dots)
                plot.Add.Markers(own.SelectMany(point => point.Values.Select(value => At(point, value))).ToArray(),
                    MarkerShape.FilledCircle, 3, color.WithAlpha(0.35));
            foreach (var point in own.Where(point => point.Values.Count > 1))
                AddBar(plot, At(point, 0).X, point.Mean, point.Sem, 0.08 * frame.Gap, color);
            var line = plot.Add.Scatter(own.Select(point => At(point, point.Mean)).ToArray());
            (line.Color, line.LineWidth, line.MarkerSize, line.MarkerShape) =
                (color, frame.Axis.Categories is null ? 1.6f : 0, 8, Palette.Marker(s));
        }
        foreach (var mark in frame.Axis.Marks) plot.Add.VerticalLine(frame.Place(mark), 1.5f, Palette.Grey, LinePattern.Dotted);
        foreach (var theory in panel.Theory) plot.Add.HorizontalLine(theory, 1.5f, Palette.Black, LinePattern.Dashed);
        return plot;
    }

    private static Color Colour(int series, int count, bool ordered) =>
        ordered && count > 2 ? Palette.Ordered(series / (count - 1.0)) : Palette.Series(series);

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<MeanPanel> panels, MeanAxis axis, bool ordered)
    {
        var count = panels.Max(panel => panel.Series.Count);
        for (var s = 0; s < count; s++)
        {
            MeanSeries[] own = [.. panels.Where(panel => panel.Series.Count > s).Select(panel => panel.Series[s])];
            var color = Colour(s, count, ordered);
            yield return new LegendItem
            {
                LabelText = $"{own[0].Name} ({Counts(own.SelectMany(series => series.Points))})",
                MarkerStyle = new MarkerStyle(Palette.Marker(s), 8, color), LineColor = color, LineWidth = 1.6f
            };
        }
        if (axis.Marks.Count > 0)
            yield return new LegendItem
            {
                LabelText = "trained value", LineColor = Palette.Grey, LineWidth = 1.5f, LinePattern = LinePattern.Dotted
            };
        foreach (var value in panels.SelectMany(panel => panel.Theory).Distinct().Order())
            yield return new LegendItem
            {
                LabelText = $"theory {FigureSheet.Number(value)}", LineColor = Palette.Black, LineWidth = 1.5f,
                LinePattern = LinePattern.Dashed
            };
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

    private static string Counts(IEnumerable<MeanPoint> points)
    {
        int[] counts = [.. points.Select(point => point.Values.Count)];
        return counts.Length == 0 ? "n = 0"
            : counts.Min() == counts.Max() ? $"n = {counts[0]} each"
            : $"n = {counts.Min()} to {counts.Max()}";
    }

    /// <summary>What all panels have in common.</summary>
    private sealed class Frame
    {
        private readonly double[] _at;

        public Frame(MeanAxis axis, MeanPoint[] points, double[] theory, string yLabel, bool ordered)
        {
            (Axis, YLabel, Ordered) = (axis, yLabel, ordered);
            _at = [.. points.Select(point => point.X).Distinct().Order()];
            var span = Place(_at[^1]) - Place(_at[0]);
            Gap = _at.Length < 2 ? 1 : Math.Max(_at.Zip(_at.Skip(1), (a, b) => Place(b) - Place(a)).Min(), 0.06 * span);
            Dots = points.Sum(point => point.Values.Count) <= MostDots;
            double[] heights = [.. points.SelectMany(point => new[] { point.Mean - point.Sd, point.Mean + point.Sd }), .. theory,
                .. Dots ? points.SelectMany(point => point.Values) : []];
            Only = FigureSheet.AreOne(heights.Min(), heights.Max()) ? heights[0] : null;
            var pad = Only is { } value ? FigureSheet.RoomAround(value) : 0.08 * (heights.Max() - heights.Min());
            Limits = new AxisLimits(Place(_at[0]) - 0.5 * Gap - 0.03 * span, Place(_at[^1]) + 0.5 * Gap + 0.03 * span,
                heights.Min() - pad, heights.Max() + pad);
        }

        public MeanAxis Axis { get; }

        public string YLabel { get; }

        public bool Ordered { get; }

        public bool Dots { get; }

        public double Gap { get; }

        public AxisLimits Limits { get; }

        /// <summary>The height of everything that is drawn; null where heights differ.</summary>
        public double? Only { get; }

        public double Place(double x) => Axis.Logarithmic ? Math.Log2(x) : x;

        /// <summary>At the values themselves, as far as their numbers do not touch.</summary>
        public NumericManual Ticks()
        {
            var ticks = new NumericManual();
            var last = double.NegativeInfinity;
            foreach (var x in _at)
            {
                var shown = Axis.Categories is not null || Place(x) - last >= 0.075 * Limits.HorizontalSpan;
                ticks.AddMajor(Place(x), shown ? Name(x) : "");
                if (shown) last = Place(x);
            }
            return ticks;
        }

        private string Name(double x) => Axis.Categories is not { } names ? FigureSheet.Number(x)
            : names[(int)x] is { Length: > LongestCategory } name ? name[..(LongestCategory - 1)] + "…" : names[(int)x];
    }
}
