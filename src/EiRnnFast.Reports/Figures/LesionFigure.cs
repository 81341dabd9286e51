using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>One curve of what damage leaves.</summary>
/// <param name="Name">all, excitatory, inhibitory, weights, as it is, or signs kept.</param>
/// <param name="Against">Whether it is of the networks that others are held against.</param>
/// <param name="Fraction">Degrees of damage, 0 … 1, or what a panel has to its right end.</param>
/// <param name="Mean">Mean at each.</param>
/// <param name="Error">Standard error at each; 0 draws no band.</param>
public sealed record LesionLine(string Name, bool Against,
    IReadOnlyList<double> Fraction, IReadOnlyList<double> Mean, IReadOnlyList<double> Error);

/// <summary>One panel of curves.</summary>
/// <param name="Title">Heading.</param>
/// <param name="XLabel">What is damaged.</param>
/// <param name="YLabel">What is measured.</param>
/// <param name="Lines">The curves.</param>
/// <param name="Unit">Whether the measure runs from 0 to 1.</param>
/// <param name="Right">Right end of what is damaged.</param>
public sealed record LesionPanel(string Title, string XLabel, string YLabel, IReadOnlyList<LesionLine> Lines, bool Unit,
    double Right = 1);

/// <summary>Curves of ablation, of pruning and of the learned part, with bands of a standard error on either side.</summary>
public static class LesionFigure
{
    /// <summary>Draws panels in two columns.</summary>
    /// <param name="panels">At least one, each with a curve.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">Nothing to draw, or arrays of different lengths.</exception>
    public static Figure Of(IReadOnlyList<LesionPanel> panels, string title)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Count == 0 || panels.Any(panel => panel.Lines.Count == 0
            || panel.Lines.Any(line => line.Fraction.Count == 0 || line.Mean.Count != line.Fraction.Count
            || line.Error.Count != line.Fraction.Count)))
            throw InvalidInputException.Of("curves to draw", "none, or arrays of different lengths",
                "panels of curves with a mean and an error at each fraction", "pass whole curves");
        var columns = Math.Min(2, panels.Count);
        var sheet = new FigureSheet(columns, (panels.Count + columns - 1) / columns, new PixelSize(440, 260));
        return new Figure(sheet, title, [.. panels.Select(panel => (Draw(panel), panel.Title))],
            [.. panels.SelectMany(panel => panel.Lines).DistinctBy(line => (line.Name, line.Against))
                .Select(line => new LegendItem { LabelText = line.Against ? $"{line.Name}, against" : line.Name, LineStyle = Style(line),
                MarkerStyle = line.Against ? MarkerStyle.None : Marker(line) })]);
    }

    private static Plot Draw(LesionPanel panel)
    {
        double[] finite = [.. panel.Lines.SelectMany(line => line.Mean.Zip(line.Error, (mean, error) => mean + error))
            .Where(value => value is > -1e30 and < 1e30)];
        var isZero = !panel.Unit && !finite.Any(value => value > 0);
        var top = panel.Unit ? 1.05 : isZero ? 1 : 1.07 * finite.Max();
        var plot = FigureSheet.NewPanel(panel.XLabel, panel.YLabel, new AxisLimits(-0.02 * panel.Right, 1.02 * panel.Right,
            -0.03 * top, top), 6, 5);
        if (isZero) FigureSheet.TickAlone(plot.Axes.Left, 0);
        foreach (var line in panel.Lines)
        {
            int[] at = [.. Enumerable.Range(0, line.Fraction.Count)
                .Where(i => line.Mean[i] is > -1e30 and < 1e30 && line.Error[i] is >= 0 and < 1e30)];
            if (at.Length > 1 && at.Any(i => line.Error[i] > 0))
            {
                var band = plot.Add.Polygon([.. at.Select(i => new Coordinates(line.Fraction[i], line.Mean[i] + line.Error[i])),
                    .. at.Reverse().Select(i => new Coordinates(line.Fraction[i], line.Mean[i] - line.Error[i]))]);
                (band.FillColor, band.LineWidth) = (Color(line).WithAlpha(0.18), 0);
                band.MarkerStyle = MarkerStyle.None;
            }
        }
        foreach (var line in panel.Lines)
        {
            Coordinates[] points = [.. Enumerable.Range(0, line.Fraction.Count).Where(i => line.Mean[i] is > -1e30 and < 1e30)
                .Select(i => new Coordinates(line.Fraction[i], line.Mean[i]))];
            if (points.Length == 0) continue;
            plot.Add.ScatterLine(points).LineStyle = Style(line);
            plot.Add.Markers(points).MarkerStyle = Marker(line);
        }
        return plot;
    }

    private static Color Color(LesionLine line) => line.Name switch
    {
        "excitatory" => Palette.Vermillion,
        "inhibitory" => Palette.Blue,
        "weights" => Palette.Green,
        "signs kept" => Palette.Purple,
        _ => Palette.Black,
    };

    private static LineStyle Style(LesionLine line) =>
        new() { Color = Color(line), Width = 2, Pattern = line.Against ? LinePattern.Dashed : LinePattern.Solid };

    private static MarkerStyle Marker(LesionLine line)
    {
        var shape = line.Name switch
        {
            "excitatory" => MarkerShape.FilledTriangleUp,
            "inhibitory" or "signs kept" => MarkerShape.FilledSquare,
            _ => MarkerShape.FilledCircle,
        };
        return new MarkerStyle(shape, 6, Color(line));
    }
}
