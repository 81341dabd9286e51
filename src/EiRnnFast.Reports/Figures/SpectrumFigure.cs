using System.Numerics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>One spectrum in a figure.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="Eigenvalues">All eigenvalues, outliers included or not.</param>
/// <param name="Outliers">Eigenvalues to mark as outliers of the bulk.</param>
/// <param name="TheoryOuter">Radius of the disc theory predicts for this matrix; null draws none.</param>
/// <param name="TheoryInner">Inner radius, when theory predicts a ring; null or 0 for a disc.</param>
/// <param name="Unprojected">Eigenvalues of the same matrix before its projection, with a mark of their own; null for none.</param>
public sealed record SpectrumPanel(
    string Title,
    IReadOnlyList<Complex> Eigenvalues,
    IReadOnlyList<Complex> Outliers,
    double? TheoryOuter = null,
    double? TheoryInner = null,
    IReadOnlyList<Complex>? Unprojected = null)
{
    internal IEnumerable<Complex> All => Eigenvalues.Concat(Outliers).Concat(Unprojected ?? []);
}

/// <summary>Eigenvalues in the complex plane with the unit circle and the predicted disc or ring, before and after training.</summary>
public static class SpectrumFigure
{
    /// <summary>Draws one or two panels with the same limits, in which circles are round.</summary>
    /// <param name="before">The left panel.</param>
    /// <param name="after">The right panel; null for a figure of one panel.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <remarks>
    /// An eigenvalue too far out to show without crowding the others becomes an arrow on the frame, labelled with its value.
    /// One that is NaN or infinite is left out and counted in the panel.
    /// </remarks>
    public static Figure Of(SpectrumPanel before, SpectrumPanel? after, string title)
    {
        SpectrumPanel[] panels = after is null ? [before] : [before, after];
        var half = SpectrumPlane.HalfWidth([.. panels.SelectMany(panel => new[] { panel.Eigenvalues, panel.Unprojected ?? [] })],
            panels.SelectMany(panel => panel.Outliers), panels.Select(panel => SpectrumPlane.Radius(panel.TheoryOuter)));
        return new Figure(new FigureSheet(panels.Length, 1, new PixelSize(SpectrumPlane.Side, SpectrumPlane.Side)), title,
            [.. panels.Select(panel => (Draw(panel, half), panel.Title))], Legend(panels, half));
    }

    private static Plot Draw(SpectrumPanel panel, double half)
    {
        var plot = SpectrumPlane.New(half);
        AddTheory(plot, panel);
        var size = SpectrumPlane.DotSize(panel.Eigenvalues.Count);
        SpectrumPlane.AddMarkers(plot, panel.Unprojected ?? [], half, Circle(size + 1));
        HashSet<Complex> outliers = [.. panel.Outliers];
        SpectrumPlane.AddMarkers(plot, panel.Eigenvalues.Where(z => !outliers.Contains(z)), half, Dot(size));
        SpectrumPlane.AddMarkers(plot, outliers, half, Diamond);
        SpectrumPlane.AddRim(plot, panel.All, half, Palette.Vermillion);
        SpectrumPlane.AddLost(plot, panel.Eigenvalues.Concat(panel.Unprojected ?? []), half);
        return plot;
    }

    private static void AddTheory(Plot plot, SpectrumPanel panel)
    {
        double outer = SpectrumPlane.Radius(panel.TheoryOuter), inner = SpectrumPlane.Radius(panel.TheoryInner);
        if (outer <= 0)
            return;
        var region = plot.Add.Circle(0, 0, outer);
        if (inner > 0 && inner < outer)
            (region.InnerRadiusX, region.InnerRadiusY) = (inner, inner);
        region.FillColor = Palette.SkyBlue.WithAlpha(0.22);
        (region.LineColor, region.LineWidth) = (Palette.SkyBlue, 1.5f);
    }

    private static MarkerStyle Dot(float size) => new(MarkerShape.FilledCircle, size, Palette.Blue.WithAlpha(0.75));

    private static MarkerStyle Circle(float size) =>
        new(MarkerShape.OpenCircle, size, Palette.Orange) { LineColor = Palette.Orange, LineWidth = 1.2f };

    private static MarkerStyle Diamond =>
        new(MarkerShape.FilledDiamond, 12, Palette.Vermillion) { OutlineColor = Palette.Black, OutlineWidth = 0.8f };

    private static IEnumerable<LegendItem> Legend(SpectrumPanel[] panels, double half)
    {
        yield return new LegendItem { LabelText = "eigenvalues", MarkerStyle = Dot(6) };
        if (panels.Any(panel => panel.Unprojected is not null))
            yield return new LegendItem { LabelText = "before the projection", MarkerStyle = Circle(7) };
        if (panels.Any(panel => panel.Outliers.Any(z => SpectrumPlane.Holds(z, half))))
            yield return new LegendItem { LabelText = "outliers", MarkerStyle = Diamond };
        if (panels.Any(panel => SpectrumPlane.Beyond(panel.All, half).Any())) yield return SpectrumPlane.RimItem(Palette.Vermillion);
        yield return SpectrumPlane.UnitCircleItem;
        if (panels.Any(panel => SpectrumPlane.Radius(panel.TheoryOuter) > 0))
            yield return new LegendItem
            {
                LabelText = SpectrumPlane.TheoryLabel, FillColor = Palette.SkyBlue.WithAlpha(0.22),
                OutlineColor = Palette.SkyBlue, OutlineWidth = 1.5f
            };
    }
}
