using System.Numerics;
using EiRnnFast.Dynamics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>The Jacobian at a fixed point.</summary>
/// <param name="Eigenvalues">All of them.</param>
/// <param name="Stability">Of the point.</param>
/// <param name="Theory">The disc of theory; null draws none.</param>
public sealed record JacobianPoint(IReadOnlyList<Complex> Eigenvalues, PointStability Stability, JacobianTheory? Theory);

/// <summary>One measure along trials.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="IsTheory">Drawn dashed.</param>
/// <param name="Values">Over trials, at each time; those of nothing are left out.</param>
public sealed record JacobianLine(string Name, bool IsTheory, IReadOnlyList<Estimate> Values);

/// <summary>Jacobians of one network.</summary>
/// <param name="Title">Heading of its panels.</param>
/// <param name="Points">At its fixed points.</param>
/// <param name="Times">Milliseconds of the steps looked at.</param>
/// <param name="Lines">Measures along trials.</param>
public sealed record JacobianPanel(string Title, IReadOnlyList<JacobianPoint> Points, IReadOnlyList<double> Times,
    IReadOnlyList<JacobianLine> Lines);

/// <summary>Eigenvalues of Jacobians at fixed points with theory's discs, beside the radius along trials.</summary>
public static class JacobianFigure
{
    /// <summary>Draws a row for each network.</summary>
    /// <param name="panels">One or more.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">No network, or lines of another length than their times.</exception>
    public static Figure Of(IReadOnlyList<JacobianPanel> panels, string title)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Count == 0 || panels.Any(panel => panel.Lines.Any(line => line.Values.Count != panel.Times.Count)))
            throw InvalidInputException.Of("Jacobians to draw", "no network, or lines of another length than their times",
                "one network or more, a value at each time", "pass whole lines");
        var half = SpectrumPlane.HalfWidth([.. panels.SelectMany(panel => panel.Points).Select(point => point.Eigenvalues)], null,
            panels.SelectMany(panel => panel.Points).Where(point => point.Theory is not null)
                .Select(point => point.Theory!.Centre + point.Theory.Radius));
        return new Figure(new FigureSheet(2, panels.Count, new PixelSize(SpectrumPlane.Side, SpectrumPlane.Side)), title,
            [.. panels.SelectMany(panel => new[] { (Plane(panel, half), $"{panel.Title}: at fixed points"),
                (Along(panel), $"{panel.Title}: along trials") })], Legend(panels, half));
    }

    private static Plot Plane(JacobianPanel panel, double half)
    {
        var plot = SpectrumPlane.New(half);
        foreach (var disc in panel.Points.Select(point => point.Theory).OfType<JacobianTheory>().Where(disc => disc.Radius > 0).Distinct())
        {
            var circle = plot.Add.Circle(disc.Centre, 0, disc.Radius);
            (circle.FillColor, circle.LineColor, circle.LineWidth) = (Palette.SkyBlue.WithAlpha(0.10), Palette.SkyBlue, 1.2f);
        }
        foreach (var stability in (PointStability[])[PointStability.Unstable, PointStability.Marginal, PointStability.Stable])
        {
            Complex[] own = [.. panel.Points.Where(point => point.Stability == stability).SelectMany(point => point.Eigenvalues)];
            SpectrumPlane.AddMarkers(plot, own, half, Mark(stability, SpectrumPlane.DotSize(Math.Max(1, own.Length))));
            SpectrumPlane.AddRim(plot, own, half, Mark(stability, 1).FillColor);
        }
        SpectrumPlane.AddLost(plot, panel.Points.SelectMany(point => point.Eigenvalues), half);
        return plot;
    }

    private static Plot Along(JacobianPanel panel)
    {
        var end = panel.Times.Append(1).Max();
        var axis = TimeAxis.Of(end);
        var top = 1.1 * panel.Lines.SelectMany(line => line.Values).Where(IsShown).Select(value => value.Mean).Append(1).Max();
        var plot = FigureSheet.NewPanel(axis.Label, "distance from 0", new AxisLimits(0, 1.02 * end * axis.OfMs, 0, top), 6, 6);
        var one = plot.Add.HorizontalLine(1, 1.5f, Palette.Grey);
        one.LinePattern = LinePattern.DenselyDashed;
        foreach (var line in panel.Lines)
        {
            var shown = panel.Times.Zip(line.Values).Where(pair => IsShown(pair.Second)).ToArray();
            if (shown.Length == 0) continue;
            Coordinates At((double Time, Estimate Value) pair, double errors) =>
                new(pair.Time * axis.OfMs, pair.Value.Mean + errors * (pair.Value.StandardError ?? 0));
            if (shown.Length > 1 && shown.Any(pair => pair.Second.StandardError > 0))
            {
                var band = plot.Add.Polygon([.. shown.Select(pair => At(pair, 1)), .. shown.Reverse().Select(pair => At(pair, -1))]);
                (band.FillColor, band.LineWidth) = (Colour(panel, line).WithAlpha(0.18), 0);
                band.MarkerStyle = MarkerStyle.None;
            }
            Coordinates[] points = [.. shown.Select(pair => At(pair, 0))];
            plot.Add.ScatterLine(points).LineStyle = Style(panel, line);
            if (!line.IsTheory) plot.Add.Markers(points).MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 5, Colour(panel, line));
        }
        return plot;
    }

    private static bool IsShown(Estimate value) => value.Count > 0 && value.Mean is > -1e30 and < 1e30
        && !(value.StandardError >= 1e30);

    private static Color Colour(JacobianPanel panel, JacobianLine line) => line.IsTheory ? Palette.SkyBlue
        : panel.Lines[0].Name == line.Name ? Palette.Black : Palette.Green;

    private static LineStyle Style(JacobianPanel panel, JacobianLine line) =>
        new() { Color = Colour(panel, line), Width = 2, Pattern = line.IsTheory ? LinePattern.Dashed : LinePattern.Solid };

    private static MarkerStyle Mark(PointStability stability, float size) => new(MarkerShape.FilledCircle, size, stability switch
    {
        PointStability.Stable => Palette.Blue,
        PointStability.Unstable => Palette.Vermillion,
        _ => Palette.Grey,
    });

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<JacobianPanel> panels, double half)
    {
        JacobianPoint[] points = [.. panels.SelectMany(panel => panel.Points)];
        foreach (var stability in Enum.GetValues<PointStability>().Where(one => points.Any(point => point.Stability == one)))
            yield return new LegendItem
            {
                LabelText = $"of {stability.ToString().ToLowerInvariant()} points", MarkerStyle = Mark(stability, 7),
            };
        if (points.Any(point => SpectrumPlane.Beyond(point.Eigenvalues, half).Any())) yield return SpectrumPlane.RimItem(Palette.Grey);
        yield return SpectrumPlane.UnitCircleItem;
        if (points.Any(point => point.Theory is { Radius: > 0 }))
            yield return new LegendItem
            {
                LabelText = "theory (independent weights)", FillColor = Palette.SkyBlue.WithAlpha(0.22), OutlineColor = Palette.SkyBlue,
                OutlineWidth = 1.2f,
            };
        foreach (var (panel, line) in panels.SelectMany(panel => panel.Lines.Select(line => (panel, line)))
            .DistinctBy(one => one.line.Name))
            yield return new LegendItem { LabelText = line.Name, LineStyle = Style(panel, line) };
    }
}
