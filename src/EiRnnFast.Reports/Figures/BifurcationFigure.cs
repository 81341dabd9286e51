using EiRnnFast.Dynamics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>A fixed point in a diagram.</summary>
/// <param name="S">Its place on the line of inputs, 0 to 1.</param>
/// <param name="Value">What is read out there.</param>
/// <param name="IsStable">Whether small deviations die out.</param>
/// <param name="Kind">The bifurcation that it is; null for none.</param>
public sealed record BifurcationPoint(double S, double Value, bool IsStable, BifurcationKind? Kind);

/// <summary>The fixed points of one network.</summary>
/// <param name="Title">Heading.</param>
/// <param name="XLabel">The line of inputs.</param>
/// <param name="Curves">Points in the order in which they go over into each other.</param>
public sealed record BifurcationPanel(string Title, string XLabel, IReadOnlyList<IReadOnlyList<BifurcationPoint>> Curves);

/// <summary>Fixed points against the input: stable solid, unstable dashed, bifurcations marked.</summary>
public static class BifurcationFigure
{
    /// <summary>Draws the networks side by side.</summary>
    /// <param name="panels">One or more.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">No network.</exception>
    public static Figure Of(IReadOnlyList<BifurcationPanel> panels, string title)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Count == 0)
            throw InvalidInputException.Of("networks to draw", 0, "one or more", "choose whose fixed points to draw");
        BifurcationPoint[] all = [.. panels.SelectMany(panel => panel.Curves).SelectMany(curve => curve)];
        return new Figure(new FigureSheet(panels.Count, 1, new PixelSize(480, 400)), title,
            [.. panels.Select(panel => (Draw(panel), panel.Title))], Legend(all));
    }

    private static Plot Draw(BifurcationPanel panel)
    {
        double[] values = [.. panel.Curves.SelectMany(curve => curve).Where(IsShown).Select(point => point.Value).DefaultIfEmpty(0)];
        var isOne = FigureSheet.AreOne(values.Min(), values.Max());
        var margin = isOne ? FigureSheet.RoomAround(values[0]) : 0.06 * (values.Max() - values.Min());
        var plot = FigureSheet.NewPanel(panel.XLabel, "first output", new AxisLimits(-0.02, 1.02, values.Min() - margin,
            values.Max() + margin), 5, 6);
        if (isOne) FigureSheet.TickAlone(plot.Axes.Left, values[0]);
        foreach (var curve in panel.Curves)
            foreach (var part in Parts(curve))
                plot.Add.ScatterLine(part.Select(At).ToArray()).LineStyle = Style(part[0].IsStable);
        foreach (var group in panel.Curves.SelectMany(curve => curve).Where(IsShown).GroupBy(point => point.Kind))
            if (group.Key is { } kind) plot.Add.Markers(group.Select(At).ToArray()).MarkerStyle = Mark(kind);
        return plot;
    }

    /// <summary>The curve, cut where stability changes. A bifurcation ends one part and begins the next.</summary>
    private static IEnumerable<List<BifurcationPoint>> Parts(IReadOnlyList<BifurcationPoint> curve)
    {
        List<BifurcationPoint> part = [];
        foreach (var point in curve.Where(IsShown))
        {
            part.Add(point);
            if (point.Kind is null) continue;
            yield return Plain(part);
            part = [point];
        }
        if (part.Count > 1) yield return Plain(part);

        // What stands between its ends says whether a part is stable.
        static List<BifurcationPoint> Plain(List<BifurcationPoint> part)
        {
            var isStable = part.Find(point => point.Kind is null) is { IsStable: true };
            return [.. part.Select(point => point with { IsStable = isStable })];
        }
    }

    private static bool IsShown(BifurcationPoint point) => point.Value is > -1e30 and < 1e30;

    private static Coordinates At(BifurcationPoint point) => new(point.S, point.Value);

    private static LineStyle Style(bool isStable) => new()
    {
        Color = isStable ? Palette.Blue : Palette.Vermillion, Width = 2, Pattern = isStable ? LinePattern.Solid : LinePattern.DenselyDashed,
    };

    private static MarkerStyle Mark(BifurcationKind kind)
    {
        var (shape, color) = kind switch
        {
            BifurcationKind.Fold => (MarkerShape.FilledCircle, Palette.Black),
            BifurcationKind.BranchPoint => (MarkerShape.FilledTriangleUp, Palette.Green),
            BifurcationKind.Flip => (MarkerShape.FilledSquare, Palette.Orange),
            BifurcationKind.NeimarkSacker => (MarkerShape.FilledDiamond, Palette.Purple),
            _ => (MarkerShape.OpenCircle, Palette.Grey),
        };
        return new MarkerStyle(shape, 9, color) { LineColor = color, LineWidth = 1.5f };
    }

    private static IEnumerable<LegendItem> Legend(BifurcationPoint[] all)
    {
        if (all.Any(point => point.IsStable)) yield return new LegendItem { LabelText = "stable", LineStyle = Style(true) };
        if (all.Any(point => !point.IsStable)) yield return new LegendItem { LabelText = "unstable", LineStyle = Style(false) };
        foreach (var kind in all.Select(point => point.Kind).OfType<BifurcationKind>().Distinct().Order())
            yield return new LegendItem { LabelText = Text(kind), MarkerStyle = Mark(kind) };
    }

    private static string Text(BifurcationKind kind) => kind switch
    {
        BifurcationKind.Fold => "fold",
        BifurcationKind.BranchPoint => "branch point",
        BifurcationKind.Flip => "flip",
        BifurcationKind.NeimarkSacker => "Neimark–Sacker",
        BifurcationKind.Corner => "corner",
        _ => "unresolved",
    };
}
