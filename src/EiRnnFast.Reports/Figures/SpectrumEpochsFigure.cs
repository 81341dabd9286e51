using System.Numerics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>A spectrum after one epoch, in a figure.</summary>
/// <param name="Epoch">0 as created, then the epochs run.</param>
/// <param name="Eigenvalues">All eigenvalues.</param>
/// <param name="OuterRadius">Outer edge of the bulk.</param>
/// <param name="InnerRadius">Inner edge, 0 for a disc.</param>
public sealed record SpectrumEpoch(int Epoch, IReadOnlyList<Complex> Eigenvalues, double OuterRadius, double InnerRadius);

/// <summary>How a spectrum moves while its network is trained: eigenvalues from light to dark, and radii against the epoch.</summary>
public static class SpectrumEpochsFigure
{
    private const float Side = 420;

    /// <summary>Draws two panels.</summary>
    /// <param name="epochs">At least one, in order.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">No epoch.</exception>
    public static Figure Of(IReadOnlyList<SpectrumEpoch> epochs, string title)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        if (epochs.Count == 0) throw InvalidInputException.Of("epochs to draw", 0, "at least one", "track a training of one epoch or more");
        var sheet = new FigureSheet(2, 1, new PixelSize(Side, Side));
        return new Figure(sheet, title, [(Plane(epochs), "eigenvalues"), (Radii(epochs), "radii")], Legend(epochs));
    }

    private static Plot Plane(IReadOnlyList<SpectrumEpoch> epochs)
    {
        var half = 1.12 * epochs.SelectMany(epoch => epoch.Eigenvalues).Select(z => Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary)))
            .Append(1).Max();
        var plot = FigureSheet.NewPanel("Re λ", "Im λ", new AxisLimits(-half, half, -half, half), 8, 8);
        UnitCircle.Add(plot);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        plot.Add.VerticalLine(0, 1, Palette.FaintGrey);
        for (var i = 0; i < epochs.Count; i++)
        {
            Coordinates[] points = [.. epochs[i].Eigenvalues.Select(z => new Coordinates(z.Real, z.Imaginary))];
            if (points.Length > 0)
                plot.Add.Markers(points).MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 3.5f, Shade(i, epochs.Count));
        }
        return plot;
    }

    private static Plot Radii(IReadOnlyList<SpectrumEpoch> epochs)
    {
        double last = Math.Max(epochs[^1].Epoch, epochs[0].Epoch + 1), highest = Math.Max(1, epochs.Max(SpectralRadius));
        var plot = FigureSheet.NewPanel("epoch", "radius", new AxisLimits(epochs[0].Epoch, last, 0, 1.08 * highest),
            (int)Math.Min(10, last - epochs[0].Epoch), 8);
        var one = plot.Add.HorizontalLine(1, 1.5f, Palette.Grey);
        one.LinePattern = LinePattern.DenselyDashed;
        foreach (var (color, value) in Curves())
        {
            Coordinates[] points = [.. epochs.Select(epoch => new Coordinates(epoch.Epoch, value(epoch)))];
            var line = plot.Add.Scatter(points, color);
            (line.LineWidth, line.MarkerSize) = (2, epochs.Count > 60 ? 0 : 5);
        }
        return plot;
    }

    private static IEnumerable<(Color, Func<SpectrumEpoch, double>)> Curves() =>
        [(Palette.Vermillion, SpectralRadius), (Palette.Blue, epoch => epoch.OuterRadius), (Palette.Green, epoch => epoch.InnerRadius)];

    private static double SpectralRadius(SpectrumEpoch epoch) => epoch.Eigenvalues.Select(z => z.Magnitude).DefaultIfEmpty(0).Max();

    private static Color Shade(int index, int count) =>
        Palette.Orange.MixedWith(Palette.Blue, count == 1 ? 1 : index / (count - 1.0)).WithAlpha(0.8);

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<SpectrumEpoch> epochs)
    {
        yield return Dot($"epoch {epochs[0].Epoch}", Shade(0, epochs.Count));
        if (epochs.Count > 1) yield return Dot($"epoch {epochs[^1].Epoch}", Shade(epochs.Count - 1, epochs.Count));
        yield return new LegendItem
        {
            LabelText = "unit circle", LineColor = Palette.Grey, LineWidth = 1.5f,
            LinePattern = LinePattern.DenselyDashed
        };
        foreach (var (name, color) in new[] { ("spectral radius", Palette.Vermillion), ("outer edge", Palette.Blue),
            ("inner edge", Palette.Green) })
            yield return new LegendItem { LabelText = name, LineColor = color, LineWidth = 2 };
    }

    private static LegendItem Dot(string label, Color color) =>
        new() { LabelText = label, MarkerStyle = new(MarkerShape.FilledCircle, 6, color) };
}
