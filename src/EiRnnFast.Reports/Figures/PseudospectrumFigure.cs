using System.Numerics;
using EiRnnFast.Spectra;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>Boundaries of ε-pseudospectra around the eigenvalues, and the spectrum of the symmetric part.</summary>
public static class PseudospectrumFigure
{
    private const float Side = 520;
    private const int Bins = 48;

    /// <summary>The levels drawn unless others are given: ε = 10^−0.5, 10^−1, … 10^−3.</summary>
    public static IReadOnlyList<double> Levels { get; } = [.. Enumerable.Range(1, 6).Select(k => Math.Pow(10, -k / 2.0))];

    private static readonly Color[] s_levelColors =
        [Palette.SkyBlue, Palette.Blue, Palette.Green, Palette.Orange, Palette.Vermillion, Palette.Purple];

    /// <summary>Draws a panel as wide as the grid and, beside it, a histogram of the symmetric part's eigenvalues.</summary>
    /// <param name="grid">σ_min on the grid.</param>
    /// <param name="eigenvalues">All eigenvalues.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <param name="levels">ε of the contours; <see cref="Levels"/> unless said.</param>
    /// <param name="symmetric">Eigenvalues of ½(W + Wᵀ), ascending; null for one panel.</param>
    /// <remarks>Levels that no grid cell crosses are left out of the legend.</remarks>
    /// <exception cref="InvalidInputException">A level not above 0.</exception>
    public static Figure Of(Pseudospectrum grid, IReadOnlyList<Complex> eigenvalues, string title, IReadOnlyList<double>? levels = null,
        IReadOnlyList<double>? symmetric = null)
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
            var color = s_levelColors[k % s_levelColors.Length];
            var pieces = grid.Contour(levels[k]);
            // One curve of separate pieces: a NaN lifts the pen.
            Coordinates[] points = [.. pieces.SelectMany(piece =>
                new[] { At(piece.From), At(piece.To), new Coordinates(double.NaN, double.NaN) })];
            if (points.Length == 0) continue;
            var curve = plot.Add.ScatterLine(points, color);
            curve.LineWidth = 1.8f;
            legend.Add(new LegendItem
            {
                LabelText = $"ε = {FigureSheet.Number(levels[k], "0.####")}", LineColor = color,
                LineWidth = 1.8f
            });
        }
        if (eigenvalues.Count > 0)
            plot.Add.Markers(eigenvalues.Select(At).ToArray()).MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 4, Palette.Black);
        legend.Add(new LegendItem { LabelText = "eigenvalues", MarkerStyle = new(MarkerShape.FilledCircle, 5, Palette.Black) });
        legend.Add(new LegendItem
        {
            LabelText = "unit circle", LineColor = Palette.Grey, LineWidth = 1.5f,
            LinePattern = LinePattern.DenselyDashed
        });
        List<(Plot, string)> panels = [(plot, "pseudospectra")];
        if (symmetric is { Count: > 0 })
            panels.Add((Symmetric(symmetric),
                $"eigenvalues of ½(W + Wᵀ), from {FigureSheet.Number(symmetric[0])} to {FigureSheet.Number(symmetric[^1])}"));
        return new Figure(new FigureSheet(panels.Count, 1, new PixelSize(Side, Side)), title, panels, legend);
    }

    /// <summary>Its right end is the numerical abscissa.</summary>
    private static Plot Symmetric(IReadOnlyList<double> eigenvalues)
    {
        var isOne = FigureSheet.AreOne(eigenvalues[0], eigenvalues[^1]);
        var room = isOne ? FigureSheet.RoomAround(eigenvalues[0]) : 0;
        double low = eigenvalues[0] - room, width = (eigenvalues[^1] + room - low) / Bins;
        var counts = new int[Bins];
        foreach (var value in eigenvalues) counts[Math.Min(Bins - 1, (int)((value - low) / width))]++;
        var plot = FigureSheet.NewPanel("eigenvalue", "count",
            new AxisLimits(low - width, low + (Bins + 1) * width, 0, 1.08 * counts.Max()), 8, 6);
        if (isOne) FigureSheet.TickAlone(plot.Axes.Bottom, eigenvalues[0]);
        for (var k = 0; k < Bins; k++)
        {
            if (counts[k] == 0) continue;
            var bar = plot.Add.Rectangle(low + k * width, low + (k + 1) * width, 0, counts[k]);
            (bar.FillColor, bar.LineColor, bar.LineWidth) = (Palette.SkyBlue, Palette.Blue, 1);
        }
        return plot;
    }

    private static Coordinates At(Complex z) => new(z.Real, z.Imaginary);
}
