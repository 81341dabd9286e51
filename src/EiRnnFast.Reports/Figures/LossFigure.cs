using MathNet.Numerics.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>Losses of the networks of one condition.</summary>
/// <param name="Title">Heading of the panel, such as "8 of 10 learned".</param>
/// <param name="Curves">One a network: the loss of each of its epochs. Losses that are not positive and finite leave a gap.</param>
/// <param name="ConstantLoss">What a constant answer would cost; null draws no line.</param>
public sealed record LossPanel(string Title, IReadOnlyList<IReadOnlyList<double>> Curves, double? ConstantLoss)
{
    /// <summary>The validation loss of each epoch of one network; null draws none.</summary>
    public IReadOnlyList<double>? Validation { get; init; }

    internal bool IsEnsemble => Curves.Count > 2;
}

/// <summary>How an ensemble of networks learned: the loss of each, the median and the quartiles, against epochs.</summary>
public static class LossFigure
{
    private static readonly LineStyle s_single = new() { Color = Palette.Blue, Width = 2 };
    private static readonly LineStyle s_one = new() { Color = Palette.Grey.WithAlpha(0.5), Width = 0.8f };
    private static readonly LineStyle s_validation = new() { Color = Palette.Orange, Width = 2, Pattern = LinePattern.DenselyDashed };

    /// <summary>Draws loss curves on a logarithmic axis.</summary>
    /// <param name="curves">One a network: the loss of each of its epochs. Losses that are not positive and finite leave a gap.</param>
    /// <param name="title">Heading.</param>
    /// <param name="verdict">What became of them, such as "8 of 10 learned".</param>
    /// <param name="constantLoss">What a constant answer would cost; null draws no line.</param>
    /// <param name="validation">The validation loss of each epoch of one network; null draws none.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    /// <remarks>Median and quartiles (of three networks or more) are of those that are still training at an epoch.</remarks>
    public static Figure Of(IReadOnlyList<IReadOnlyList<double>> curves, string title, string verdict, double? constantLoss,
        IReadOnlyList<double>? validation = null) =>
        Of([new LossPanel(verdict, curves, constantLoss is { } cost && IsShowable(cost) ? cost : null)
        {
            Validation = validation,
        }], title);

    /// <summary>Draws panels with the same axes, at most three side by side.</summary>
    /// <param name="panels">At least one loss to show in all.</param>
    /// <param name="title">Heading.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<LossPanel> panels, string title)
    {
        ArgumentNullException.ThrowIfNull(panels);
        double[] all = [.. panels.SelectMany(panel => panel.Curves.Append(panel.Validation ?? [])).SelectMany(curve => curve)
            .Where(IsShowable)];
        if (all.Length == 0) throw InvalidInputException.Of("losses to draw", 0, "at least one", "leave the figure out");
        double[] heights = [.. all, .. panels.Select(panel => panel.ConstantLoss).OfType<double>()];
        var epochs = panels.Max(panel => panel.Curves.Max(curve => curve.Count));
        var limits = new AxisLimits(Math.Min(1, epochs - 0.5), Math.Max(epochs, 1.5),
            Math.Log10(heights.Min()) - 0.1, Math.Log10(heights.Max()) + 0.1);
        var columns = Math.Min(3, panels.Count);
        return new Figure(new FigureSheet(columns, (panels.Count + columns - 1) / columns, new PixelSize(420, 240)), title,
            [.. panels.Select(panel => (Draw(panel, limits, epochs), panel.Title))], Legend(panels));
    }

    private static Plot Draw(LossPanel panel, AxisLimits limits, int epochs)
    {
        var (low, high) = (limits.Bottom, limits.Top);
        var plot = FigureSheet.NewPanel("epoch", panel.Validation is null ? "training loss, logarithmic" : "loss, logarithmic", limits,
            Math.Min(10, Math.Max(1, epochs - 1)), 5);
        plot.Axes.Left.TickGenerator = Decades(low, high);
        foreach (var curve in panel.Curves) AddCurve(plot, curve, Palette.Blue, panel.IsEnsemble ? s_one : s_single);
        if (panel.Validation is { } validation) AddCurve(plot, validation, s_validation.Color, s_validation);
        if (panel.IsEnsemble)
        {
            double[] Losses(int epoch) => [.. panel.Curves.Where(curve => curve.Count > epoch && IsShowable(curve[epoch]))
                .Select(curve => Math.Log10(curve[epoch])).Order()];
            var quartiles = Enumerable.Range(0, epochs).Select(epoch => (Epoch: epoch + 1, Losses: Losses(epoch)))
                .Where(at => at.Losses.Length > 0).ToArray();
            var band = plot.Add.Polygon([.. quartiles.Select(at => new Coordinates(at.Epoch, Quantile(at.Losses, 0.25))),
                .. quartiles.Reverse().Select(at => new Coordinates(at.Epoch, Quantile(at.Losses, 0.75)))]);
            (band.FillColor, band.LineWidth) = (Palette.Blue.WithAlpha(0.2), 0);
            var median = plot.Add.ScatterLine(quartiles.Select(at => new Coordinates(at.Epoch, Quantile(at.Losses, 0.5))).ToArray());
            (median.Color, median.LineWidth) = (Palette.Blue, 2.4f);
        }
        if (panel.ConstantLoss is { } constant)
            plot.Add.HorizontalLine(Math.Log10(constant), 1.5f, Palette.Vermillion, LinePattern.Dashed);
        return plot;
    }

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<LossPanel> panels)
    {
        int[] counts = [.. panels.Select(panel => panel.Curves.Count)];
        var n = counts.Min() == counts.Max() ? $"{counts[0]}" : $"{counts.Min()} to {counts.Max()}";
        if (panels.Any(panel => panel.IsEnsemble))
        {
            yield return new() { LabelText = $"one network (n = {n})", LineColor = Palette.Grey, LineWidth = 0.8f };
            yield return new() { LabelText = "median", LineColor = Palette.Blue, LineWidth = 2.4f };
            yield return new() { LabelText = "quartiles", FillColor = Palette.Blue.WithAlpha(0.2) };
        }
        else if (panels.All(panel => panel.Validation is null))
            yield return new() { LabelText = $"network (n = {n})", LineStyle = s_single };
        else
        {
            yield return new() { LabelText = "training trials", LineStyle = s_single };
            yield return new() { LabelText = "validation trials", LineStyle = s_validation };
        }
        if (panels.Any(panel => panel.ConstantLoss is not null))
            yield return new()
            {
                LabelText = "constant answer", LineColor = Palette.Vermillion, LineWidth = 1.5f, LinePattern = LinePattern.Dashed
            };
    }

    /// <summary>A curve with its gaps; an epoch between two gaps is a dot.</summary>
    private static void AddCurve(Plot plot, IReadOnlyList<double> curve, Color dot, LineStyle style)
    {
        foreach (var stretch in Stretches(curve))
        {
            if (stretch.Length == 1) plot.Add.Markers(stretch, MarkerShape.FilledCircle, 4, dot);
            plot.Add.ScatterLine(stretch).LineStyle = style;
        }
    }

    /// <summary>Whether a loss has a place on a logarithmic axis.</summary>
    internal static bool IsShowable(double loss) => loss is > 1e-30 and < 1e30;

    private static IEnumerable<Coordinates[]> Stretches(IReadOnlyList<double> curve)
    {
        List<Coordinates> stretch = [];
        for (var i = 0; i <= curve.Count; i++)
        {
            if (i < curve.Count && IsShowable(curve[i])) stretch.Add(new Coordinates(i + 1, Math.Log10(curve[i])));
            else if (stretch.Count > 0)
            {
                yield return [.. stretch];
                stretch.Clear();
            }
        }
    }

    /// <summary>Between the two nearest of sorted values, as NumPy does.</summary>
    private static double Quantile(double[] sorted, double p) =>
        SortedArrayStatistics.QuantileCustom(sorted, p, QuantileDefinition.R7);

    /// <summary>Powers of ten, with round multiples between them while there are few decades.</summary>
    private static NumericManual Decades(double low, double high)
    {
        var ticks = new NumericManual();
        double[] within = high - low < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
            : high - low < 1.6 ? [1, 1.5, 2, 3, 5, 7] : high - low < 2.5 ? [1, 2, 5] : [1];
        var every = (int)Math.Max(1, Math.Ceiling((high - low) / 8));
        for (var power = (int)Math.Floor(low); power <= high; power++)
            foreach (var factor in within)
                if (Math.Log10(factor) + power is var at && at >= low && at <= high && power % every == 0)
                    ticks.AddMajor(at, FigureSheet.Number(factor * Math.Pow(10, power), power < -3 ? "0e0" : "0.####"));
        return ticks;
    }
}
