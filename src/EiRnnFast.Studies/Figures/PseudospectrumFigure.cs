using System.Numerics;
using EiRnnFast.Spectra;
using ScottPlot;

namespace EiRnnFast.Studies.Figures;

/// <summary>Boundaries of ε-pseudospectra around the eigenvalues.</summary>
public static class PseudospectrumFigure
{
    private const float Side = 520;

    /// <summary>The levels drawn unless others are given: ε = 10^−0.5, 10^−1, … 10^−3.</summary>
    public static IReadOnlyList<double> Levels { get; } = [.. Enumerable.Range(1, 6).Select(k => Math.Pow(10, -k / 2.0))];

    private static readonly Color[] LevelColors = [Palette.SkyBlue, Palette.Blue, Palette.Green, Palette.Orange, Palette.Vermillion, Palette.Purple];

    /// <summary>Draws one panel as wide as the grid.</summary>
    /// <param name="grid">σ_min on the grid.</param>
    /// <param name="eigenvalues">All eigenvalues.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <param name="levels">ε of the contours; <see cref="Levels"/> unless said.</param>
    /// <param name="scale">Pixels per point of length.</param>
    /// <returns>The picture as PNG.</returns>
    /// <remarks>Levels that no grid cell crosses are left out of the legend.</remarks>
    /// <exception cref="InvalidInputException">A level not above 0.</exception>
    public static byte[] Png(Pseudospectrum grid, IReadOnlyList<Complex> eigenvalues, string title, IReadOnlyList<double>? levels = null, float scale = 2) =>
        Compose(grid, eigenvalues, title, levels, scale).Png();

    /// <summary>The same as an SVG element.</summary>
    /// <inheritdoc cref="Png"/>
    public static string Svg(Pseudospectrum grid, IReadOnlyList<Complex> eigenvalues, string title, IReadOnlyList<double>? levels = null) => Compose(grid, eigenvalues, title, levels, 1).Svg();

    private static Drawing Compose(Pseudospectrum grid, IReadOnlyList<Complex> eigenvalues, string title, IReadOnlyList<double>? levels, float scale)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(eigenvalues);
        levels ??= Levels;
        var plot = FigureSheet.NewPanel("Re z", "Im z", new AxisLimits(grid.Re[0], grid.Re[^1], grid.Im[0], grid.Im[^1]), 8, 8);
        UnitCircle.Add(plot);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        plot.Add.VerticalLine(0, 1, Palette.FaintGrey);
        List<LegendItem> legend = [];
        for (var k = 0; k < levels.Count; k++)
        {
            var color = LevelColors[k % LevelColors.Length];
            var pieces = grid.Contour(levels[k]);
            // One curve of separate pieces: a NaN lifts the pen.
            Coordinates[] points = [.. pieces.SelectMany(piece => new[] { At(piece.From), At(piece.To), new Coordinates(double.NaN, double.NaN) })];
            if (points.Length == 0) continue;
            var curve = plot.Add.ScatterLine(points, color);
            curve.LineWidth = 1.8f;
            legend.Add(new LegendItem { LabelText = $"ε = {FigureSheet.Number(levels[k], "0.####")}", LineColor = color, LineWidth = 1.8f });
        }
        if (eigenvalues.Count > 0) plot.Add.Markers(eigenvalues.Select(At).ToArray()).MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 4, Palette.Black);
        legend.Add(new LegendItem { LabelText = "eigenvalues", MarkerStyle = new(MarkerShape.FilledCircle, 5, Palette.Black) });
        legend.Add(new LegendItem { LabelText = "unit circle", LineColor = Palette.Grey, LineWidth = 1.5f, LinePattern = LinePattern.DenselyDashed });
        return new Drawing(new FigureSheet(1, 1, new PixelSize(Side, Side), scale), title, [(plot, "pseudospectra")], legend);
    }

    private static Coordinates At(Complex z) => new(z.Real, z.Imaginary);
}
