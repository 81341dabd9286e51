using ScottPlot;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>How many networks have which value of a measure.</summary>
public static class HistogramFigure
{
    private const int MostBins = 24, MostFilled = 2, MostTicks = 6;

    private static readonly int[] s_steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <summary>Draws the histograms of some groups of networks over one another, with common bins.</summary>
    /// <param name="groups">Names and values, one value a network; at least one value in all.</param>
    /// <param name="title">Heading.</param>
    /// <param name="xLabel">Measure and unit.</param>
    /// <param name="theory">Values to draw as dashed lines.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<(string Name, IReadOnlyList<double> Values)> groups, string title, string xLabel,
        IReadOnlyList<double> theory)
    {
        double[] all = [.. groups.SelectMany(group => group.Values)];
        if (all.Length == 0) throw InvalidInputException.Of("values to count", 0, "at least one", "leave the figure out");
        double low = all.Min(), span = Math.Max(all.Max() - low, 1e-3 * Math.Max(1e-3, all.Max(Math.Abs)));
        var bins = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(all.Length)), 5, MostBins); // Rice's rule
        var width = span / bins;
        int Bin(double value) => Math.Min((int)((value - low) / width), bins - 1);
        int[] Counts(IReadOnlyList<double> values) =>
            [.. Enumerable.Range(0, bins).Select(bin => values.Count(value => Bin(value) == bin))];
        int[][] counts = [.. groups.Select(group => Counts(group.Values))];
        var (left, right) = (Math.Min(low, theory.DefaultIfEmpty(low).Min()) - 0.06 * span,
            Math.Max(low + span, theory.DefaultIfEmpty(low).Max()) + 0.06 * span);
        var highest = counts.Max(own => own.Max());
        var plot = FigureSheet.NewPanel(xLabel, "networks", new AxisLimits(left, right, 0, 1.08 * highest), 6, Math.Min(6, highest));
        plot.Axes.Left.TickGenerator = Whole(highest);
        List<LegendItem> legend = [];
        for (var g = 0; g < groups.Count; g++)
        {
            var color = Palette.Series(g);
            Coordinates[] Step(int count, int bin) => [new(low + bin * width, count), new(low + (bin + 1) * width, count)];
            Coordinates[] outline = [new(low, 0), .. counts[g].SelectMany(Step), new(low + span, 0)];
            if (groups.Count <= MostFilled)
            {
                var area = plot.Add.Polygon(outline);
                (area.FillColor, area.LineWidth) = (color.WithAlpha(0.15), 0);
            }
            var line = plot.Add.ScatterLine(outline);
            (line.Color, line.LineWidth, line.LinePattern) = (color, 1.8f, Palette.Pattern(g));
            legend.Add(new LegendItem
            {
                LabelText = $"{groups[g].Name} (n = {groups[g].Values.Count})", LineColor = color, LineWidth = 1.8f,
                LinePattern = Palette.Pattern(g)
            });
        }
        foreach (var value in theory)
        {
            plot.Add.VerticalLine(value, 1.5f, Palette.Black, LinePattern.Dashed);
            legend.Add(new LegendItem
            {
                LabelText = $"theory {FigureSheet.Number(value)}", LineColor = Palette.Black, LineWidth = 1.5f,
                LinePattern = LinePattern.Dashed
            });
        }
        return new Figure(new FigureSheet(1, 1, new PixelSize(420, 260)), title, [(plot, $"{all.Length} networks, {bins} bins")], legend);
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
