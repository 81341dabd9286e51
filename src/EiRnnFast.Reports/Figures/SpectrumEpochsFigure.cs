using System.Numerics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>A spectrum after some epochs or updates, in a figure.</summary>
/// <param name="At">0 as created, then the epochs or updates run.</param>
/// <param name="Eigenvalues">All eigenvalues.</param>
/// <param name="OuterRadius">Outer edge of the bulk.</param>
/// <param name="InnerRadius">Inner edge, 0 for a disc.</param>
public sealed record SpectrumEpoch(int At, IReadOnlyList<Complex> Eigenvalues, double OuterRadius, double InnerRadius);

/// <summary>How a spectrum moves while its network is trained: eigenvalues from light to dark, and radii against epoch or update.</summary>
public static class SpectrumEpochsFigure
{
    private const int MostInPlane = 200; // of more, as many are drawn in the plane, evenly chosen

    /// <summary>Draws two panels.</summary>
    /// <param name="epochs">At least one, in order.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <param name="unit">What is counted: epoch or update.</param>
    /// <exception cref="InvalidInputException">No epoch.</exception>
    public static Figure Of(IReadOnlyList<SpectrumEpoch> epochs, string title, string unit = "epoch")
    {
        ArgumentNullException.ThrowIfNull(epochs);
        if (epochs.Count == 0) throw InvalidInputException.Of("epochs to draw", 0, "at least one", "track a training of one epoch or more");
        var sheet = new FigureSheet(2, 1, new PixelSize(SpectrumPlane.Side, SpectrumPlane.Side));
        return new Figure(sheet, title, [(Plane(epochs), "eigenvalues"), (Radii(epochs, unit), "radii")], Legend(epochs, unit));
    }

    private static Plot Plane(IReadOnlyList<SpectrumEpoch> epochs)
    {
        var half = 1.12 * epochs.SelectMany(epoch => epoch.Eigenvalues).Select(z => Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary)))
            .Append(1).Max();
        var plot = SpectrumPlane.New(half);
        var shown = Math.Min(epochs.Count, MostInPlane);
        for (var k = 0; k < shown; k++)
        {
            var i = shown == 1 ? 0 : (int)((long)k * (epochs.Count - 1) / (shown - 1));
            Coordinates[] points = [.. epochs[i].Eigenvalues.Select(z => new Coordinates(z.Real, z.Imaginary))];
            if (points.Length > 0)
                plot.Add.Markers(points).MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 3.5f, Shade(i, epochs.Count));
        }
        return plot;
    }

    private static Plot Radii(IReadOnlyList<SpectrumEpoch> epochs, string unit)
    {
        double last = Math.Max(epochs[^1].At, epochs[0].At + 1), highest = Math.Max(1, epochs.Max(SpectralRadius));
        var plot = FigureSheet.NewPanel(unit, "radius", new AxisLimits(epochs[0].At, last, 0, 1.08 * highest),
            (int)Math.Min(10, last - epochs[0].At), 8);
        var one = plot.Add.HorizontalLine(1, 1.5f, Palette.Grey);
        one.LinePattern = LinePattern.DenselyDashed;
        foreach (var (color, value) in Curves())
        {
            Coordinates[] points = [.. epochs.Select(epoch => new Coordinates(epoch.At, value(epoch)))];
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

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<SpectrumEpoch> epochs, string unit)
    {
        yield return Dot($"{unit} {epochs[0].At}", Shade(0, epochs.Count));
        if (epochs.Count > 1) yield return Dot($"{unit} {epochs[^1].At}", Shade(epochs.Count - 1, epochs.Count));
        yield return SpectrumPlane.UnitCircleItem;
        foreach (var (name, color) in new[] { ("spectral radius", Palette.Vermillion), ("outer edge", Palette.Blue),
            ("inner edge", Palette.Green) })
            yield return new LegendItem { LabelText = name, LineColor = color, LineWidth = 2 };
    }

    private static LegendItem Dot(string label, Color color) =>
        new() { LabelText = label, MarkerStyle = new(MarkerShape.FilledCircle, 6, color) };
}
