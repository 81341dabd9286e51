using System.Numerics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>One spectrum in a figure.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="Eigenvalues">All eigenvalues, outliers included or not.</param>
/// <param name="Outliers">Eigenvalues to mark as outliers of the bulk.</param>
/// <param name="TheoryOuter">Radius of the disc theory predicts; null draws none.</param>
/// <param name="TheoryInner">Inner radius, when theory predicts a ring; null or 0 for a disc.</param>
public sealed record SpectrumPanel(
    string Title,
    IReadOnlyList<Complex> Eigenvalues,
    IReadOnlyList<Complex> Outliers,
    double? TheoryOuter = null,
    double? TheoryInner = null);

/// <summary>Eigenvalues in the complex plane with the unit circle and the predicted disc or ring, before and after training.</summary>
public static class SpectrumFigure
{
    private const float Side = 420;        // of the square data area
    private const double Border = 1.12;    // room around what is shown
    private const double MaxZoomOut = 2.5; // how far outliers may shrink the bulk
    private const int MaxRimLabels = 4;    // per panel

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
        var half = HalfWidth(panels);
        return new Figure(new FigureSheet(panels.Length, 1, new PixelSize(Side, Side)), title,
            [.. panels.Select(p => (Draw(p, half), p.Title))], Legend(panels, half));
    }

    /// <summary>
    /// Half the side of the square shown, centred on 0: all of every panel, unless outliers would shrink the bulk too much.
    /// </summary>
    private static double HalfWidth(SpectrumPanel[] panels)
    {
        var bulk = panels.Select(p => Percentile90([.. Finite(p.Eigenvalues).Select(Reach)]));
        var core = bulk.Concat(panels.Select(p => Radius(p.TheoryOuter))).Append(1).Max();
        var farthest = panels.SelectMany(Shown).Select(Reach).DefaultIfEmpty(0).Max();
        return Border * Math.Clamp(farthest, core, MaxZoomOut * core);
    }

    private static Plot Draw(SpectrumPanel panel, double half)
    {
        var plot = FigureSheet.NewPanel("Re λ", "Im λ", new AxisLimits(-half, half, -half, half), 8, 8);
        UnitCircle.Add(plot);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        plot.Add.VerticalLine(0, 1, Palette.FaintGrey);
        AddTheory(plot, panel);

        HashSet<Complex> outliers = [.. Finite(panel.Outliers)];
        AddMarkers(plot, Finite(panel.Eigenvalues).Where(z => !outliers.Contains(z) && Reach(z) <= half), Dot(DotSize(panel)));
        AddMarkers(plot, outliers.Where(z => Reach(z) <= half), Diamond);
        AddRim(plot, [.. Shown(panel).Where(z => Reach(z) > half).Distinct()], half);

        var lost = panel.Eigenvalues.Count(z => !IsShowable(z));
        if (lost > 0)
            AddNote(plot, FormattableString.Invariant($"{lost} not finite or beyond 1e30, not shown"),
                new Coordinates(-half * 0.97, -half * 0.97), Alignment.LowerLeft, Palette.Black);
        return plot;
    }

    private static void AddTheory(Plot plot, SpectrumPanel panel)
    {
        double outer = Radius(panel.TheoryOuter), inner = Radius(panel.TheoryInner);
        if (outer <= 0)
            return;
        var region = plot.Add.Circle(0, 0, outer);
        if (inner > 0 && inner < outer)
            (region.InnerRadiusX, region.InnerRadiusY) = (inner, inner);
        region.FillColor = Palette.SkyBlue.WithAlpha(0.22);
        (region.LineColor, region.LineWidth) = (Palette.SkyBlue, 1.5f);
    }

    /// <summary>Arrows on the frame, in the direction of the eigenvalues beyond it; the farthest carry their value.</summary>
    private static void AddRim(Plot plot, List<Complex> beyond, double half)
    {
        var labels = 0;
        foreach (var z in beyond.OrderByDescending(Reach).ThenBy(z => z.Real).ThenBy(z => z.Imaginary))
        {
            var direction = z / Reach(z);
            var (x, y) = (direction.Real * half, direction.Imaginary * half);
            var tip = new Coordinates(x * 0.985, y * 0.985);
            var arrow = plot.Add.Arrow(new Coordinates(x * 0.9, y * 0.9), tip);
            (arrow.ArrowFillColor, arrow.ArrowLineColor, arrow.ArrowWidth) = (Palette.Vermillion, Palette.Vermillion, 2);
            (arrow.ArrowheadWidth, arrow.ArrowheadLength, arrow.ArrowheadAxisLength) = (11, 11, 11);
            if (labels++ < MaxRimLabels)
                AddNote(plot, Text(z), new Coordinates(x * 0.87, y * 0.87), Inward(direction), Palette.Vermillion);
        }
    }

    /// <summary>The corner or edge of a label to hold on to, so that it stands between an arrow and the middle of the panel.</summary>
    private static Alignment Inward(Complex direction) => (direction.Real, direction.Imaginary) switch
    {
        ( > 0.5, > 0.5) => Alignment.UpperRight,
        ( > 0.5, < -0.5) => Alignment.LowerRight,
        ( < -0.5, > 0.5) => Alignment.UpperLeft,
        ( < -0.5, < -0.5) => Alignment.LowerLeft,
        ( > 0.5, _) => Alignment.MiddleRight,
        ( < -0.5, _) => Alignment.MiddleLeft,
        (_, > 0) => Alignment.UpperCenter,
        _ => Alignment.LowerCenter,
    };

    private static string Text(Complex z)
    {
        if (z.Imaginary == 0)
            return FigureSheet.Number(z.Real, "0.##");
        var sign = z.Imaginary < 0 ? "−" : "+";
        return $"{FigureSheet.Number(z.Real, "0.##")} {sign} {FigureSheet.Number(Math.Abs(z.Imaginary), "0.##")}i";
    }

    private static void AddNote(Plot plot, string text, Coordinates at, Alignment alignment, Color color)
    {
        var note = plot.Add.Text(text, at);
        (note.LabelFontName, note.LabelFontSize, note.LabelFontColor, note.LabelAlignment) = (EmbeddedFont.Name, 13, color, alignment);
        note.LabelBackgroundColor = Colors.White.WithAlpha(0.75);
    }

    private static void AddMarkers(Plot plot, IEnumerable<Complex> values, MarkerStyle style)
    {
        Coordinates[] points = [.. values.Select(z => new Coordinates(z.Real, z.Imaginary))];
        if (points.Length > 0)
            plot.Add.Markers(points).MarkerStyle = style;
    }

    private static float DotSize(SpectrumPanel panel) => (float)Math.Clamp(60 / Math.Sqrt(panel.Eigenvalues.Count), 3, 6);

    private static MarkerStyle Dot(float size) => new(MarkerShape.FilledCircle, size, Palette.Blue.WithAlpha(0.75));

    private static MarkerStyle Diamond =>
        new(MarkerShape.FilledDiamond, 12, Palette.Vermillion) { OutlineColor = Palette.Black, OutlineWidth = 0.8f };

    private static IEnumerable<LegendItem> Legend(SpectrumPanel[] panels, double half)
    {
        yield return new LegendItem { LabelText = "eigenvalues", MarkerStyle = Dot(6) };
        if (panels.Any(p => Finite(p.Outliers).Any(z => Reach(z) <= half)))
            yield return new LegendItem { LabelText = "outliers", MarkerStyle = Diamond };
        if (panels.SelectMany(Shown).Any(z => Reach(z) > half))
            yield return new LegendItem
            {
                LabelText = "beyond the frame",
                MarkerStyle = new(MarkerShape.FilledTriangleUp, 11, Palette.Vermillion)
            };
        yield return new LegendItem
        {
            LabelText = "unit circle", LineColor = Palette.Grey, LineWidth = 1.5f,
            LinePattern = LinePattern.DenselyDashed
        };
        if (panels.Any(p => Radius(p.TheoryOuter) > 0))
            yield return new LegendItem
            {
                LabelText = "theory (projected)", FillColor = Palette.SkyBlue.WithAlpha(0.22),
                OutlineColor = Palette.SkyBlue, OutlineWidth = 1.5f
            };
    }

    private static IEnumerable<Complex> Shown(SpectrumPanel panel) => Finite(panel.Eigenvalues).Concat(Finite(panel.Outliers));

    private static IEnumerable<Complex> Finite(IEnumerable<Complex> values) => values.Where(IsShowable);

    // Beyond this, arithmetic on pixels overflows; such a number is infinite as far as a picture goes.
    private static bool IsShowable(Complex z) => Reach(z) < 1e30;

    private static double Reach(Complex z) => Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary));

    private static double Radius(double? value) => value is > 0 and < 1e30 ? value.Value : 0;

    private static double Percentile90(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(int)(0.9 * (values.Length - 1))];
    }
}
