using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>|λ| = 1, dashed.</summary>
internal static class UnitCircle
{
    private const int Corners = 180;

    /// <summary>Adds it as a polygon: Skia can dash paths in SVG but not ellipses.</summary>
    public static void Add(Plot plot)
    {
        var line = plot.Add.ScatterLine(Enumerable.Range(0, Corners + 1).Select(i => 2 * Math.PI * i / Corners)
            .Select(angle => new Coordinates(Math.Cos(angle), Math.Sin(angle))).ToArray());
        (line.LineColor, line.LineWidth, line.LinePattern) = (Palette.Grey, 1.5f, LinePattern.DenselyDashed);
    }
}
