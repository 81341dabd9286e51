using System.Globalization;
using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>Means over two settings.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="Values">[row, column]: the mean at a value of y and a value of x; NaN where there is none.</param>
public sealed record HeatMapPanel(string Title, double[,] Values);

/// <summary>A measure over two settings, one cell a combination, with its value in it.</summary>
public static class HeatMapFigure
{
    private const float CellWidth = 62, CellHeight = 46, Least = 320, Most = 620;

    /// <summary>Light to dark: the text in a cell is black on the light half, white on the dark one.</summary>
    internal static readonly CustomInterpolated Colours =
        new([Color.FromHex("#F2F7FB"), Palette.SkyBlue, Palette.Blue, Color.FromHex("#00233A")]);

    /// <summary>Draws panels with the same colours.</summary>
    /// <param name="panels">At least one value in all; every panel has a row for each name of y.</param>
    /// <param name="title">Heading.</param>
    /// <param name="x">Label of the x axis and names of the columns.</param>
    /// <param name="y">Label of the y axis and names of the rows, from the bottom up.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<HeatMapPanel> panels, string title, (string Label, IReadOnlyList<string> Names) x,
        (string Label, IReadOnlyList<string> Names) y)
    {
        ArgumentNullException.ThrowIfNull(panels);
        double[] all = [.. panels.SelectMany(panel => panel.Values.Cast<double>()).Where(double.IsFinite)];
        if (all.Length == 0) throw InvalidInputException.Of("cells to draw", 0, "at least one", "leave the figure out");
        var (low, high) = (all.Min(), all.Max());
        var size = new PixelSize(Math.Clamp(CellWidth * x.Names.Count, Least, Most), Math.Clamp(CellHeight * y.Names.Count, Least, Most));
        var columns = Math.Min(2, panels.Count);
        List<(Plot, string)> drawn = [];
        foreach (var panel in panels)
        {
            var plot = FigureSheet.NewPanel(x.Label, y.Label, new AxisLimits(-0.5, x.Names.Count - 0.5, -0.5, y.Names.Count - 0.5), 6, 6);
            var image = plot.Add.Heatmap(panel.Values);
            (image.FlipVertically, image.Colormap, image.Smooth) = (true, Colours, false);
            image.ManualRange = new ScottPlot.Range(low, high > low ? high : low + 1);
            (plot.Axes.Bottom.TickGenerator, plot.Axes.Left.TickGenerator) =
                (Ticks(x.Names, size.Width / x.Names.Count), Ticks(y.Names, Most));
            if (size.Width / x.Names.Count >= CellWidth * 0.7)
                for (var row = 0; row < y.Names.Count; row++)
                    for (var column = 0; column < x.Names.Count; column++)
                        AddNumber(plot, row, column, panel.Values[row, column], (low, high), 13);
            drawn.Add((plot, panel.Title));
        }
        return new Figure(new FigureSheet(columns, (panels.Count + columns - 1) / columns, size), title, drawn,
        [
            new LegendItem
            {
                LabelText = $"lowest {Number(low)}", FillColor = Colours.GetColor(0), OutlineColor = Palette.Grey, OutlineWidth = 1
            },
            new LegendItem { LabelText = $"highest {Number(high)}", FillColor = Colours.GetColor(1) },
        ]);
    }

    /// <summary>Writes a value into its cell.</summary>
    internal static void AddNumber(Plot plot, int row, int column, double value, (double Low, double High) range, float size)
    {
        var isDark = range.High > range.Low && (value - range.Low) / (range.High - range.Low) > 0.5;
        var text = plot.Add.Text(double.IsFinite(value) ? Number(value) : "–", column, row);
        (text.LabelFontName, text.LabelFontSize, text.LabelAlignment) = (EmbeddedFont.Name, size, Alignment.MiddleCenter);
        text.LabelFontColor = isDark ? Colors.White : Palette.Black;
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>One a cell, as far as there is room for its name.</summary>
    private static NumericManual Ticks(IReadOnlyList<string> names, float room)
    {
        var ticks = new NumericManual();
        var every = Math.Max(1, (int)Math.Ceiling(40 / room));
        for (var i = 0; i < names.Count; i++) ticks.AddMajor(i, i % every == 0 ? names[i] : "");
        return ticks;
    }
}
