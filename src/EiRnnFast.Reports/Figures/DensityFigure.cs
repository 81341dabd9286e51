using System.Numerics;
using ScottPlot;
using ScottPlot.Colormaps;

namespace EiRnnFast.Reports.Figures;

/// <summary>The eigenvalues of networks of one condition.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="Eigenvalues">Of all networks.</param>
/// <param name="Networks">How many networks they are of.</param>
/// <param name="TheoryOuter">Radius of the disc that theory predicts; null draws none.</param>
/// <param name="TheoryInner">Inner radius of a ring; null or 0 for a disc.</param>
public sealed record DensityPanel(
    string Title, IReadOnlyList<Complex> Eigenvalues, int Networks, double? TheoryOuter = null, double? TheoryInner = null);

/// <summary>
/// The eigenvalues of many networks over one another, as a density in the complex plane,
/// with the unit circle and the predicted disc or ring.
/// </summary>
public static class DensityFigure
{
    private const int Cells = 90;      // a side
    private const double Border = 1.15;
    private const double Shown = 0.995; // of all eigenvalues at least, unless they lie far out
    private const double MaxZoomOut = 1.6;

    /// <summary>White to the darkest blue of the palette, for the square root of the density: few stay visible beside many.</summary>
    private static readonly CustomInterpolated s_colours = new([Colors.White, Palette.SkyBlue, Palette.Blue, Color.FromHex("#00233A")]);

    /// <summary>Draws panels with the same limits and the same colours, at most three side by side.</summary>
    /// <param name="panels">At least one.</param>
    /// <param name="title">Heading.</param>
    public static Figure Of(IReadOnlyList<DensityPanel> panels, string title)
    {
        ArgumentNullException.ThrowIfNull(panels);
        var half = Half(panels);
        var counted = panels.Select(panel => Count(panel, half)).ToArray();
        var densest = counted.SelectMany(panel => panel.Counts.Cast<double>()).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        List<LegendItem> legend =
        [
            new() { LabelText = "eigenvalues (the darker, the more)", FillColor = Palette.Blue },
            SpectrumPlane.UnitCircleItem,
        ];
        if (panels.Any(panel => panel.TheoryOuter is > 0))
            legend.Add(new() { LabelText = SpectrumPlane.TheoryLabel, LineColor = Palette.Vermillion, LineWidth = 1.5f });
        var columns = Math.Min(3, panels.Count);
        return new Figure(new FigureSheet(columns, (panels.Count + columns - 1) / columns, new PixelSize(400, 400)), title,
            [.. panels.Zip(counted, (panel, own) => (Draw(panel, own.Counts, half, densest), Heading(panel, own.Beyond)))], legend);
    }

    private static string Heading(DensityPanel panel, int beyond)
    {
        var of = panel.Networks == 1 ? "1 network" : $"{panel.Networks} networks";
        var hidden = beyond > 0 ? $", {beyond} beyond the frame" : "";
        return $"{(panel.Title.Length > 0 ? $"{panel.Title}: " : "")}{panel.Eigenvalues.Count} eigenvalues of {of}{hidden}";
    }

    /// <summary>Half the side of the square that all panels show.</summary>
    private static double Half(IReadOnlyList<DensityPanel> panels)
    {
        var core = panels.Select(panel => panel.TheoryOuter is > 0 and < 1e30 and var outer ? outer : 0).Append(1).Max();
        return Border * panels.Max(panel =>
        {
            double[] reaches = [.. panel.Eigenvalues.Select(Reach).Where(reach => reach < 1e30).Order()];
            var wanted = reaches.Length == 0 ? core : reaches[(int)(Shown * (reaches.Length - 1))];
            var usual = reaches.Length == 0 ? core : 1.2 * reaches[reaches.Length / 2];
            return Math.Clamp(wanted, core, Math.Max(MaxZoomOut * core, usual));
        });
    }

    private static (double[,] Counts, int Beyond) Count(DensityPanel panel, double half)
    {
        var counts = new double[Cells, Cells];
        var beyond = 0;
        foreach (var z in panel.Eigenvalues)
            if (Reach(z) < half) counts[Cell(-z.Imaginary), Cell(z.Real)]++;
            else beyond++;
        for (var i = 0; i < Cells; i++)
            for (var j = 0; j < Cells; j++) counts[i, j] = counts[i, j] == 0 ? double.NaN : Math.Sqrt(counts[i, j]);
        return (counts, beyond);

        int Cell(double value) => Math.Clamp((int)((value + half) / (2 * half) * Cells), 0, Cells - 1);
    }

    private static Plot Draw(DensityPanel panel, double[,] counts, double half, double densest)
    {
        var plot = FigureSheet.NewPanel("Re λ", "Im λ", new AxisLimits(-half, half, -half, half), 6, 6);
        if (counts.Cast<double>().Any(double.IsFinite))
        {
            var map = plot.Add.Heatmap(counts);
            (map.Position, map.Colormap, map.Smooth) = (new CoordinateRect(-half, half, -half, half), s_colours, false);
            map.ManualRange = new ScottPlot.Range(0, Math.Max(2, densest));
        }
        UnitCircle.Add(plot);
        if (panel.TheoryOuter is > 0 and < 1e30 and var outer) AddCircle(plot, outer);
        if (panel.TheoryInner is > 0 and < 1e30 and var inner) AddCircle(plot, inner);
        return plot;
    }

    private static void AddCircle(Plot plot, double radius)
    {
        var circle = plot.Add.Circle(0, 0, radius);
        (circle.FillColor, circle.LineColor, circle.LineWidth) = (Colors.Transparent, Palette.Vermillion, 1.5f);
    }

    private static double Reach(Complex z) =>
        Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary)) is var reach && double.IsNaN(reach) ? double.PositiveInfinity : reach;
}
