using ScottPlot;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>How many networks have which value of a measure.</summary>
public static class HistogramFigure
{
    private const int FewestBins = 5, MostBins = 24, MostFilled = 2, MostTicks = 6;

    private static readonly int[] s_steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <summary>Draws panels with the same axes and bins; in each the histograms of some groups of networks over one another.</summary>
    /// <param name="panels">Heading, and names and values of the groups, one value a network; at least one value in all.</param>
    /// <param name="title">Heading.</param>
    /// <param name="xLabel">Measure and unit.</param>
    /// <param name="theory">Values to draw as dashed lines.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<(string Title, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Groups)> panels,
        string title, string xLabel, IReadOnlyList<double> theory)
    {
        double[] all = [.. panels.SelectMany(panel => panel.Groups).SelectMany(group => group.Values)];
        if (all.Length == 0) throw InvalidInputException.Of("values to count", 0, "at least one", "leave the figure out");
        double low = all.Min(), span = all.Max() - low;
        var bins = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(all.Length / panels.Count)), FewestBins, MostBins); // Rice's rule
        double? only = FigureSheet.AreOne(Math.Min(low, theory.DefaultIfEmpty(low).Min()), Math.Max(low + span,
            theory.DefaultIfEmpty(low).Max())) ? low : null;
        if (FigureSheet.AreOne(low, low + span)) // one bar, with its value in the middle
        {
            (bins, span) = (FewestBins, 0.2 * FigureSheet.RoomAround(low));
            low -= span / 2;
        }
        var width = span / bins;
        int Bin(double value) => Math.Min((int)((value - low) / width), bins - 1);
        int[] Counts(IReadOnlyList<double> values) =>
            [.. Enumerable.Range(0, bins).Select(bin => values.Count(value => Bin(value) == bin))];
        int[][][] counts = [.. panels.Select(panel => panel.Groups.Select(group => Counts(group.Values)).ToArray())];
        var limits = new AxisLimits(Math.Min(low, theory.DefaultIfEmpty(low).Min()) - 0.06 * span,
            Math.Max(low + span, theory.DefaultIfEmpty(low).Max()) + 0.06 * span, 0, 1.08 * counts.Max(own => own.Max(one => one.Max())));
        var groups = panels.MaxBy(panel => panel.Groups.Count).Groups;
        return new Figure(new FigureSheet(panels.Count, 1, new PixelSize(420, 260)), title,
            [.. panels.Zip(counts, (panel, own) => (Draw(own, xLabel, limits, low, width, theory, only), panel.Title))],
            Legend([.. groups.Select(group => (group.Name, group.Values.Count))], theory));
    }

    private static Plot Draw(int[][] counts, string xLabel, AxisLimits limits, double low, double width, IReadOnlyList<double> theory,
        double? only)
    {
        var highest = (int)Math.Round(limits.Top / 1.08);
        var plot = FigureSheet.NewPanel(xLabel, "networks", limits, 6, Math.Min(6, highest));
        plot.Axes.Left.TickGenerator = Whole(highest);
        if (only is { } alone) FigureSheet.TickAlone(plot.Axes.Bottom, alone);
        for (var g = 0; g < counts.Length; g++)
        {
            var color = Palette.Series(g);
            Coordinates[] Step(int count, int bin) => [new(low + bin * width, count), new(low + (bin + 1) * width, count)];
            Coordinates[] outline = [new(low, 0), .. counts[g].SelectMany(Step), new(low + counts[g].Length * width, 0)];
            if (counts.Length <= MostFilled)
            {
                var area = plot.Add.Polygon(outline);
                (area.FillColor, area.LineWidth) = (color.WithAlpha(0.15), 0);
            }
            var line = plot.Add.ScatterLine(outline);
            (line.Color, line.LineWidth, line.LinePattern) = (color, 1.8f, Palette.Pattern(g));
        }
        foreach (var value in theory) plot.Add.VerticalLine(value, 1.5f, Palette.Black, LinePattern.Dashed);
        return plot;
    }

    private static IEnumerable<LegendItem> Legend((string Name, int Count)[] groups, IReadOnlyList<double> theory)
    {
        for (var g = 0; g < groups.Length; g++)
            yield return new LegendItem
            {
                LabelText = $"{groups[g].Name} (n = {groups[g].Count})", LineColor = Palette.Series(g), LineWidth = 1.8f,
                LinePattern = Palette.Pattern(g)
            };
        foreach (var value in theory)
            yield return new LegendItem
            {
                LabelText = $"theory {FigureSheet.Number(value)}", LineColor = Palette.Black, LineWidth = 1.5f,
                LinePattern = LinePattern.Dashed
            };
    }

    /// <summary>Ticks at whole numbers: networks come in no halves.</summary>
    private static NumericManual Whole(int highest)
    {
        var ticks = new NumericManual();
        var step = s_steps.FirstOrDefault(step => highest / step <= MostTicks, highest);
        for (var count = 0; count <= highest; count += step) ticks.AddMajor(count, FigureSheet.Number(count));
        return ticks;
    }
}
