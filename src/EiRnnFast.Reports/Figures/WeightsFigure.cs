using EiRnnFast.Model;
using EiRnnFast.Spectra;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>
/// Histograms of the recurrent weights in both forms, W_rec, W_in and W_out as images with the two populations apart,
/// and the bias of every unit.
/// </summary>
public static class WeightsFigure
{
    private const float Side = 330;
    private const double LeastCount = 0.7; // below a count of 1 on the logarithmic axis

    /// <summary>Draws a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="title">Heading of the figure.</param>
    public static Figure Of(EiRnn network, string title)
    {
        ArgumentNullException.ThrowIfNull(network);
        int n = network.Units, inputs = network.Inputs, outputs = network.Outputs;
        double[] recurrent = Doubles(network.RecurrentWeights), input = Doubles(network.InputWeights),
            output = Doubles(network.OutputWeights);
        var splits = Splits(network.Spec.Signs, n);
        var postsynaptic = network.Spec.Signs.Axis == SignAxis.Postsynaptic;
        var panels = Recurrent(recurrent, n, postsynaptic ? [] : splits, postsynaptic ? splits : []);
        panels.Add((Image(input, inputs, n, "unit", "input", [], splits), Named("W_in", input)));
        panels.Add((Image(output, n, outputs, "output", "unit", splits, []), Named("W_out", output)));
        panels.Add((Biases(Doubles(network.Bias), splits), "biases"));
        return new Figure(new FigureSheet(3, 2, new PixelSize(Side, Side)), title, panels, Legend(splits.Length > 0));
    }

    /// <summary>Draws a bare matrix.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">Not square, empty or not finite.</exception>
    public static Figure Of(ReadOnlySpan<double> matrix, int n, string title)
    {
        if (n < 1 || matrix.Length != (long)n * n)
            throw InvalidInputException.Of("matrix", $"{matrix.Length} values", $"{n}×{n}", "give a square matrix");
        return new Figure(new FigureSheet(3, 1, new PixelSize(Side, Side)), title, Recurrent([.. matrix], n, [], []), Legend(split: false));
    }

    private static List<(Plot, string)> Recurrent(double[] w, int n, double[] rowSplits, double[] columnSplits)
    {
        var weights = WeightStatistics.Of(w);
        var zeros = $"{FigureSheet.Number(100.0 * weights.ZeroCount / w.Length, "0.#")} % exactly 0";
        return
        [
            (Histogram(weights.Positive, weights.Negative, zeros), "W_rec by sign"),
            (Histogram(weights.PositivePublished, weights.NegativePublished, null), "W_rec as published"),
            (Image(w, n, n, "to unit", "from unit", rowSplits, columnSplits), Named("W_rec", w)),
        ];
    }

    /// <summary>The images need a scale: colours are full at the largest |w|.</summary>
    private static string Named(string matrix, double[] w) => $"{matrix}, full colour at ±{FigureSheet.Number(w.Max(Math.Abs))}";

    /// <summary>Counts on a logarithmic axis: zeros of the published negative histogram would hide all else.</summary>
    private static Plot Histogram(WeightHistogram positive, WeightHistogram negative, string? note)
    {
        double[] edges = [.. positive.Edges, .. negative.Edges, 0];
        double low = edges.Min(), high = edges.Max(), room = high > low ? 0.05 * (high - low) : 1;
        var most = positive.Counts.Concat(negative.Counts).Append(1).Max();
        var (bottom, top) = (Math.Log10(LeastCount), Math.Log10(most) + 0.4);
        var plot = FigureSheet.NewPanel("weight", "log₁₀ count", new AxisLimits(low - room, high + room, bottom, top), 6, 6);
        if (high == low) FigureSheet.TickAlone(plot.Axes.Bottom, 0);
        foreach (var (histogram, color) in new[] { (negative, Palette.Blue), (positive, Palette.Vermillion) })
            for (var k = 0; k < histogram.Counts.Count; k++)
            {
                if (histogram.Counts[k] == 0) continue;
                var (left, right) = (histogram.Edges[k], histogram.Edges[k + 1]);
                if (left == right) (left, right) = (left - room / 10, right + room / 10);
                var bar = plot.Add.Rectangle(left, right, bottom, Math.Log10(histogram.Counts[k]));
                (bar.FillColor, bar.LineWidth) = (color.WithAlpha(0.6), 0);
            }
        if (note is null) return plot;
        var text = plot.Add.Text(note, low - room / 2, top - 0.05);
        (text.LabelFontName, text.LabelFontSize, text.LabelFontColor, text.LabelAlignment) =
            (EmbeddedFont.Name, 13, Palette.Black, Alignment.UpperLeft);
        return plot;
    }

    /// <summary>Rows from the bottom up, so that both axes count units from the corner.</summary>
    private static Plot Image(double[] w, int rows, int columns, string xLabel, string yLabel, double[] rowSplits, double[] columnSplits)
    {
        var plot = FigureSheet.NewPanel(xLabel, yLabel, new AxisLimits(-0.5, columns - 0.5, -0.5, rows - 0.5), Math.Min(5, columns),
            Math.Min(5, rows));
        var values = new double[rows, columns];
        var largest = 0.0;
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
            {
                values[i, j] = w[i * columns + j];
                largest = Math.Max(largest, Math.Abs(values[i, j]));
            }
        var image = plot.Add.Heatmap(values);
        image.FlipVertically = true;
        image.Colormap = new Signed();
        image.ManualRange = largest > 0 ? new ScottPlot.Range(-largest, largest) : new ScottPlot.Range(-1, 1);
        foreach (var at in rowSplits) plot.Add.HorizontalLine(at, 1.5f, Palette.Black);
        foreach (var at in columnSplits) plot.Add.VerticalLine(at, 1.5f, Palette.Black);
        return plot;
    }

    private static Plot Biases(double[] biases, double[] splits)
    {
        var (low, high) = (Math.Min(0, biases.Min()), Math.Max(0, biases.Max()));
        var room = high > low ? 0.08 * (high - low) : 1;
        var plot = FigureSheet.NewPanel("unit", "bias", new AxisLimits(-0.5, biases.Length - 0.5, low - room, high + room),
            Math.Min(5, biases.Length), 5);
        if (high == low) FigureSheet.TickAlone(plot.Axes.Left, 0);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        foreach (var at in splits) plot.Add.VerticalLine(at, 1.5f, Palette.Black);
        plot.Add.Markers(biases.Select((bias, unit) => new Coordinates(unit, bias)).ToArray()).MarkerStyle =
            new MarkerStyle(MarkerShape.FilledCircle, 4, Palette.Green);
        return plot;
    }

    /// <summary>Where the sign of the units changes; none without a constraint or with too many populations to mark.</summary>
    private static double[] Splits(SignConstraint constraint, int units)
    {
        var signs = constraint.SignsOf(units);
        double[] changes = [.. Enumerable.Range(1, units - 1).Where(i => signs[i] != signs[i - 1]).Select(i => i - 0.5)];
        return changes.Length <= 8 ? changes : [];
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++) result[i] = values[i];
        return result;
    }

    private static IEnumerable<LegendItem> Legend(bool split)
    {
        yield return new LegendItem { LabelText = "above 0 (published: above 0.005)", FillColor = Palette.Vermillion.WithAlpha(0.6) };
        yield return new LegendItem { LabelText = "below 0 (published: below +0.005)", FillColor = Palette.Blue.WithAlpha(0.6) };
        if (split)
            yield return new LegendItem
            {
                LabelText = "between inhibitory and excitatory units", LineColor = Palette.Black,
                LineWidth = 1.5f
            };
    }

    /// <summary>Blue below 0, white at 0, vermillion above.</summary>
    private sealed class Signed : IColormap
    {
        public string Name => "signed weights";

        public Color GetColor(double position) =>
            position < 0.5 ? Colors.White.MixedWith(Palette.Blue, Math.Min(1, 1 - 2 * position))
                : Colors.White.MixedWith(Palette.Vermillion, Math.Min(1, 2 * position - 1));
    }
}
