using ScottPlot;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>How an ensemble of networks learned: the loss of each, the median and the quartiles, against epochs.</summary>
public static class LossFigure
{
    private static readonly LineStyle s_single = new() { Color = Palette.Blue, Width = 2 };
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
        IReadOnlyList<double>? validation = null)
    {
        double[] all = [.. curves.Append(validation ?? []).SelectMany(curve => curve).Where(IsShowable)];
        if (all.Length == 0) throw InvalidInputException.Of("losses to draw", 0, "at least one", "leave the figure out");
        if (constantLoss is { } cost && !IsShowable(cost)) constantLoss = null;
        double[] heights = constantLoss is { } known ? [.. all, known] : all;
        var (low, high) = (Math.Log10(heights.Min()) - 0.1, Math.Log10(heights.Max()) + 0.1);
        var epochs = curves.Max(curve => curve.Count);
        var plot = FigureSheet.NewPanel("epoch", validation is null ? "training loss" : "loss",
            new AxisLimits(Math.Min(1, epochs - 0.5), Math.Max(epochs, 1.5), low, high), Math.Min(10, Math.Max(1, epochs - 1)), 5);
        plot.Axes.Left.TickGenerator = Decades(low, high);
        var ensemble = curves.Count > 2;
        foreach (var curve in curves)
            AddCurve(plot, curve, Palette.Blue, ensemble ? new() { Color = Palette.Grey.WithAlpha(0.5), Width = 0.8f } : s_single);
        List<LegendItem> legend = [ensemble
            ? new() { LabelText = $"one network (n = {curves.Count})", LineColor = Palette.Grey, LineWidth = 0.8f }
            : new() { LabelText = validation is null ? $"network (n = {curves.Count})" : "training trials", LineStyle = s_single }];
        if (validation is not null)
        {
            AddCurve(plot, validation, s_validation.Color, s_validation);
            legend.Add(new() { LabelText = "validation trials", LineStyle = s_validation });
        }
        if (ensemble)
        {
            double[] Losses(int epoch) => [.. curves.Where(curve => curve.Count > epoch && IsShowable(curve[epoch]))
                .Select(curve => Math.Log10(curve[epoch])).Order()];
            var quartiles = Enumerable.Range(0, epochs).Select(epoch => (Epoch: epoch + 1, Losses: Losses(epoch)))
                .Where(at => at.Losses.Length > 0).ToArray();
            var band = plot.Add.Polygon([.. quartiles.Select(at => new Coordinates(at.Epoch, Quantile(at.Losses, 0.25))),
                .. quartiles.Reverse().Select(at => new Coordinates(at.Epoch, Quantile(at.Losses, 0.75)))]);
            (band.FillColor, band.LineWidth) = (Palette.Blue.WithAlpha(0.2), 0);
            var median = plot.Add.ScatterLine(quartiles.Select(at => new Coordinates(at.Epoch, Quantile(at.Losses, 0.5))).ToArray());
            (median.Color, median.LineWidth) = (Palette.Blue, 2.4f);
            legend.Add(new() { LabelText = "median", LineColor = Palette.Blue, LineWidth = 2.4f });
            legend.Add(new() { LabelText = "quartiles", FillColor = Palette.Blue.WithAlpha(0.2) });
        }
        if (constantLoss is { } constant)
        {
            plot.Add.HorizontalLine(Math.Log10(constant), 1.5f, Palette.Vermillion, LinePattern.Dashed);
            legend.Add(new()
            {
                LabelText = "constant answer", LineColor = Palette.Vermillion, LineWidth = 1.5f,
                LinePattern = LinePattern.Dashed
            });
        }
        return new Figure(new FigureSheet(1, 1, new PixelSize(420, 240)), title, [(plot, verdict)], legend);
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
    private static double Quantile(double[] sorted, double p)
    {
        var place = p * (sorted.Length - 1);
        var (below, above) = (sorted[(int)place], sorted[Math.Min((int)place + 1, sorted.Length - 1)]);
        return below + (place - (int)place) * (above - below);
    }

    /// <summary>Powers of ten, with round multiples between them while there are few decades.</summary>
    private static NumericManual Decades(double low, double high)
    {
        var ticks = new NumericManual();
        double[] within = high - low < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : high - low < 1.6 ? [1, 2, 5] : [1];
        var every = (int)Math.Max(1, Math.Ceiling((high - low) / 8));
        for (var power = (int)Math.Floor(low); power <= high; power++)
            foreach (var factor in within)
                if (Math.Log10(factor) + power is var at && at >= low && at <= high && power % every == 0)
                    ticks.AddMajor(at, FigureSheet.Number(factor * Math.Pow(10, power), power < -3 ? "0e0" : "0.####"));
        return ticks;
    }
}
