using EiRnnFast.Dynamics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>One trial in the space of the first three principal components.</summary>
/// <param name="Name">Type of the trial.</param>
/// <param name="Type">Its number, by which trials are coloured.</param>
/// <param name="Positions">Of each timestep, [T][3].</param>
/// <param name="Speed">‖h_t − h_(t−1)‖ of each timestep, [T].</param>
public sealed record PhasePath(string Name, int Type, IReadOnlyList<double[]> Positions, IReadOnlyList<double> Speed)
{
    /// <summary>Trials of one type that a figure shows.</summary>
    public const int MostOfAType = 4;
}

/// <summary>A fixed or slow point in the same space.</summary>
/// <param name="Position">[3].</param>
/// <param name="Stability">By the spectral radius of the Jacobian.</param>
/// <param name="Slow">A slow point.</param>
public sealed record PhasePoint(IReadOnlyList<double> Position, PointStability Stability, bool Slow);

/// <summary>Trials and points of one network.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="Paths">Trials, at least one.</param>
/// <param name="Points">Fixed and slow points.</param>
/// <param name="StepMs">Milliseconds per timestep.</param>
public sealed record PhasePortrait(string Title, IReadOnlyList<PhasePath> Paths, IReadOnlyList<PhasePoint> Points, double StepMs = 1);

/// <summary>Trajectories and fixed points in the space of the first principal components.</summary>
public static class PhaseFigure
{
    private static readonly Color[] s_colors =
        [Palette.Blue, Palette.Vermillion, Palette.Green, Palette.Orange, Palette.Purple, Palette.SkyBlue, Palette.Black, Palette.Grey];
    private static readonly LinePattern[] s_patterns =
        [LinePattern.Solid, LinePattern.Dashed, LinePattern.DenselyDashed, LinePattern.Dotted];

    /// <summary>
    /// Trajectories in isometric projection, coloured by trial type, and their speed against time:
    /// side by side for one network, a column for each of two.
    /// </summary>
    /// <param name="portraits">One or two.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">No portrait, or one without trials.</exception>
    public static Figure Trajectories(IReadOnlyList<PhasePortrait> portraits, string title)
    {
        Validate(portraits);
        var sheet = new FigureSheet(2, portraits.Count, new PixelSize(440, 330));
        return new Figure(sheet, title,
            [.. portraits.Select(p => (Isometric(p), p.Title)), .. portraits.Select(p => (Speed(p), $"{p.Title}: speed"))],
            Types(portraits));
    }

    /// <summary>
    /// Fixed points over faint trajectories in the planes of components 1 and 2 and of 1 and 3, laid out in the same way.
    /// </summary>
    /// <inheritdoc cref="Trajectories"/>
    public static Figure FixedPoints(IReadOnlyList<PhasePortrait> portraits, string title)
    {
        Validate(portraits);
        var sheet = new FigureSheet(2, portraits.Count, new PixelSize(440, 330));
        return new Figure(sheet, title,
            [.. portraits.Select(p => (Plane(p, 1), p.Title)), .. portraits.Select(p => (Plane(p, 2), $"{p.Title}: third component"))],
            [.. Types(portraits), .. Points(portraits)]);
    }

    private static void Validate(IReadOnlyList<PhasePortrait> portraits)
    {
        ArgumentNullException.ThrowIfNull(portraits);
        if (portraits.Count is < 1 or > 2)
            throw InvalidInputException.Of("networks to draw", portraits.Count, "one or two", "choose what to compare");
        if (portraits.Any(portrait => portrait.Paths.Count == 0))
            throw InvalidInputException.Of("trials to draw", 0, "at least one", "choose one trial of each type");
    }

    /// <summary>Seen along (1, 1, 1): components 1 and 2 run down to the right and to the left, component 3 up.</summary>
    private static Coordinates Project(IReadOnlyList<double> p) => new((p[0] - p[1]) * Math.Sqrt(0.75), p[2] - (p[0] + p[1]) / 2);

    private static Plot Isometric(PhasePortrait portrait)
    {
        Coordinates[] all = [.. portrait.Paths.SelectMany(path => path.Positions).Select(Project)];
        var length = 0.55 * portrait.Paths.SelectMany(path => path.Positions).SelectMany(p => p).Select(Math.Abs).Append(1e-3).Max();
        Coordinates[] tips = [.. Enumerable.Range(0, 3)
            .Select(axis => Project([axis == 0 ? length : 0, axis == 1 ? length : 0, axis == 2 ? length : 0]))];
        var plot = FigureSheet.NewPanel("isometric view of PC 1, 2, 3", "", Square([.. all, .. tips], 440.0 / 330), 6, 6);
        for (var axis = 0; axis < 3; axis++)
        {
            plot.Add.ScatterLine(new[] { new Coordinates(0, 0), tips[axis] }).LineStyle =
                new LineStyle { Color = Palette.Grey, Width = 1.2f };
            var label = plot.Add.Text($"PC {axis + 1}", tips[axis]);
            (label.LabelFontName, label.LabelFontSize, label.LabelFontColor, label.LabelAlignment) =
                (EmbeddedFont.Name, 12, Palette.Grey,
                    axis == 0 ? Alignment.UpperRight : axis == 1 ? Alignment.UpperLeft : Alignment.LowerCenter);
        }
        foreach (var path in portrait.Paths) Follow(plot, path, Project, 1, 1.8f);
        return plot;
    }

    private static Plot Speed(PhasePortrait portrait)
    {
        var steps = portrait.Paths.Max(path => path.Speed.Count);
        var highest = portrait.Paths.SelectMany(path => path.Speed).Append(0).Max();
        var top = highest > 0 ? highest : 1;
        var end = Math.Max(1, steps - 1) * portrait.StepMs;
        var axis = TimeAxis.Of(end);
        var plot = FigureSheet.NewPanel(axis.Label, "speed per step",
            new AxisLimits(0, end * axis.OfMs, -0.03 * top, 1.07 * top), 6, 5);
        if (highest == 0) FigureSheet.TickAlone(plot.Axes.Left, 0);
        foreach (var path in portrait.Paths)
            plot.Add.ScatterLine(path.Speed.Select((speed, t) => new Coordinates(t * portrait.StepMs * axis.OfMs, speed)).ToArray())
                .LineStyle = Style(path.Type, 1, 1.6f);
        return plot;
    }

    private static Plot Plane(PhasePortrait portrait, int second)
    {
        Coordinates In(IReadOnlyList<double> p) => new(p[0], p[second]);
        Coordinates[] all = [.. portrait.Paths.SelectMany(path => path.Positions).Select(In),
            .. portrait.Points.Select(point => In(point.Position))];
        var plot = FigureSheet.NewPanel("PC 1", FormattableString.Invariant($"PC {second + 1}"), Around(all), 6, 6);
        foreach (var path in portrait.Paths) Follow(plot, path, In, 0.45, 1.4f);
        foreach (var (style, points) in new[]
        {
            (SlowPoint, portrait.Points.Where(point => point.Slow)), (Unstable, Fixed(portrait.Points, PointStability.Unstable)),
            (Marginal, Fixed(portrait.Points, PointStability.Marginal)), (Stable, Fixed(portrait.Points, PointStability.Stable)),
        })
        {
            Coordinates[] at = [.. points.Select(point => In(point.Position))];
            if (at.Length > 0) plot.Add.Markers(at).MarkerStyle = style;
        }
        return plot;
    }

    private static IEnumerable<PhasePoint> Fixed(IEnumerable<PhasePoint> points, PointStability stability) =>
        points.Where(point => !point.Slow && point.Stability == stability);

    private static void Follow(Plot plot, PhasePath path, Func<IReadOnlyList<double>, Coordinates> project, double alpha, float width)
    {
        Coordinates[] points = [.. path.Positions.Select(project)];
        plot.Add.ScatterLine(points).LineStyle = Style(path.Type, alpha, width);
        plot.Add.Markers(new[] { points[^1] }).MarkerStyle =
            new MarkerStyle(MarkerShape.FilledSquare, 6, s_colors[path.Type % s_colors.Length].WithAlpha(alpha));
    }

    private static AxisLimits Around(Coordinates[] points)
    {
        double left = points.Min(p => p.X), right = points.Max(p => p.X), bottom = points.Min(p => p.Y), top = points.Max(p => p.Y);
        var (x, y) = (Math.Max(0.08 * (right - left), 1e-3), Math.Max(0.08 * (top - bottom), 1e-3));
        return new AxisLimits(left - x, right + x, bottom - y, top + y);
    }

    /// <summary>Limits with the same length per unit on both axes.</summary>
    private static AxisLimits Square(Coordinates[] points, double aspect)
    {
        var around = Around(points);
        var half = Math.Max(around.HorizontalSpan / aspect, around.VerticalSpan) / 2;
        var (x, y) = ((around.Left + around.Right) / 2, (around.Bottom + around.Top) / 2);
        return new AxisLimits(x - half * aspect, x + half * aspect, y - half, y + half);
    }

    private static LineStyle Style(int type, double alpha, float width) =>
        new() { Color = s_colors[type % s_colors.Length].WithAlpha(alpha), Width = width, Pattern = s_patterns[type % s_patterns.Length] };

    private static MarkerStyle Stable => new(MarkerShape.FilledCircle, 11, Palette.Black) { OutlineColor = Colors.White, OutlineWidth = 1 };

    private static MarkerStyle Unstable =>
        new(MarkerShape.FilledCircle, 10, Colors.White) { OutlineColor = Palette.Black, OutlineWidth = 1.8f };

    private static MarkerStyle Marginal =>
        new(MarkerShape.FilledCircle, 10, Palette.Grey) { OutlineColor = Palette.Black, OutlineWidth = 1.8f };

    private static MarkerStyle SlowPoint =>
        new(MarkerShape.FilledDiamond, 9, Palette.Purple) { OutlineColor = Palette.Black, OutlineWidth = 0.8f };

    private static IEnumerable<LegendItem> Types(IReadOnlyList<PhasePortrait> portraits) =>
        [.. portraits.SelectMany(portrait => portrait.Paths).DistinctBy(path => path.Type).OrderBy(path => path.Type)
            .Select(path => new LegendItem { LabelText = path.Name, LineStyle = Style(path.Type, 1, 1.8f) }),
            new LegendItem { LabelText = "end of a trial", MarkerStyle = new MarkerStyle(MarkerShape.FilledSquare, 6, Palette.Grey) }];

    private static IEnumerable<LegendItem> Points(IReadOnlyList<PhasePortrait> portraits)
    {
        PhasePoint[] all = [.. portraits.SelectMany(portrait => portrait.Points)];
        if (Fixed(all, PointStability.Stable).Any()) yield return new LegendItem { LabelText = "stable fixed point", MarkerStyle = Stable };
        if (Fixed(all, PointStability.Marginal).Any())
            yield return new LegendItem { LabelText = "marginal fixed point", MarkerStyle = Marginal };
        if (Fixed(all, PointStability.Unstable).Any())
            yield return new LegendItem { LabelText = "unstable fixed point", MarkerStyle = Unstable };
        if (all.Any(point => point.Slow)) yield return new LegendItem { LabelText = "slow point", MarkerStyle = SlowPoint };
    }
}
