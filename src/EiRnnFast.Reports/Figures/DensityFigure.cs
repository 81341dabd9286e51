using System.Numerics;
using ScottPlot;
using ScottPlot.Colormaps;

namespace EiRnnFast.Reports.Figures;

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

    /// <summary>Draws one panel.</summary>
    /// <param name="eigenvalues">Of all networks.</param>
    /// <param name="networks">How many networks they are of.</param>
    /// <param name="title">Heading.</param>
    /// <param name="theoryOuter">Radius of the disc that theory predicts; null draws none.</param>
    /// <param name="theoryInner">Inner radius of a ring; null or 0 for a disc.</param>
    public static Figure Of(IReadOnlyList<Complex> eigenvalues, int networks, string title, double? theoryOuter, double? theoryInner)
    {
        double[] reaches = [.. eigenvalues.Select(Reach).Where(reach => reach < 1e30).Order()];
        var core = Math.Max(1, theoryOuter ?? 0);
        var wanted = reaches.Length == 0 ? core : reaches[(int)(Shown * (reaches.Length - 1))];
        var usual = reaches.Length == 0 ? core : 1.2 * reaches[reaches.Length / 2];
        var half = Border * Math.Clamp(wanted, core, Math.Max(MaxZoomOut * core, usual));
        var plot = FigureSheet.NewPanel("Re λ", "Im λ", new AxisLimits(-half, half, -half, half), 6, 6);
        var counts = new double[Cells, Cells];
        var beyond = 0;
        foreach (var z in eigenvalues)
            if (Reach(z) < half) counts[Cell(-z.Imaginary), Cell(z.Real)]++;
            else beyond++;
        for (var i = 0; i < Cells; i++)
            for (var j = 0; j < Cells; j++) counts[i, j] = counts[i, j] == 0 ? double.NaN : Math.Sqrt(counts[i, j]);
        if (counts.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).Max() is > 0 and var densest)
        {
            var map = plot.Add.Heatmap(counts);
            (map.Position, map.Colormap, map.Smooth) = (new CoordinateRect(-half, half, -half, half), s_colours, false);
            map.ManualRange = new ScottPlot.Range(0, Math.Max(2, densest));
        }
        UnitCircle.Add(plot);
        if (theoryOuter is > 0 and < 1e30) AddCircle(plot, theoryOuter.Value);
        if (theoryInner is > 0 and < 1e30) AddCircle(plot, theoryInner.Value);
        List<LegendItem> legend =
        [
            new() { LabelText = "eigenvalues (the darker, the more)", FillColor = Palette.Blue },
            SpectrumPlane.UnitCircleItem,
        ];
        if (theoryOuter is > 0)
            legend.Add(new() { LabelText = SpectrumPlane.TheoryLabel, LineColor = Palette.Vermillion, LineWidth = 1.5f });
        var of = networks == 1 ? "1 network" : $"{networks} networks";
        var hidden = beyond > 0 ? $", {beyond} beyond the frame" : "";
        return new Figure(new FigureSheet(1, 1, new PixelSize(400, 400)), title,
            [(plot, $"{eigenvalues.Count} eigenvalues of {of}{hidden}")], legend);

        int Cell(double value) => Math.Clamp((int)((value + half) / (2 * half) * Cells), 0, Cells - 1);
    }

    private static void AddCircle(Plot plot, double radius)
    {
        var circle = plot.Add.Circle(0, 0, radius);
        (circle.FillColor, circle.LineColor, circle.LineWidth) = (Colors.Transparent, Palette.Vermillion, 1.5f);
    }

    private static double Reach(Complex z) =>
        Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary)) is var reach && double.IsNaN(reach) ? double.PositiveInfinity : reach;
}
