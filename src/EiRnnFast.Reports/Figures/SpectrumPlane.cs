using System.Numerics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>The square part of the complex plane that figures of spectra show, centred on 0, and how eigenvalues stand in it.</summary>
internal static class SpectrumPlane
{
    /// <summary>Side of the square, in points.</summary>
    public const float Side = 420;

    private const double Border = 1.12;    // room around what is shown
    private const double MaxZoomOut = 2.5; // how far outliers may shrink the bulk
    private const int MaxRimLabels = 4;    // per panel

    /// <summary>What theory says, in a legend.</summary>
    public const string TheoryLabel = "theory (initial matrix as it acts)";

    /// <summary>The unit circle in a legend.</summary>
    public static LegendItem UnitCircleItem =>
        new() { LabelText = "unit circle", LineColor = Palette.Grey, LineWidth = 1.5f, LinePattern = LinePattern.DenselyDashed };

    /// <summary>
    /// Half the side: all eigenvalues fit, unless outliers would shrink the bulk too much.
    /// </summary>
    /// <param name="spectra">All eigenvalues of each matrix: nine tenths of them always fit.</param>
    /// <param name="outliers">Eigenvalues that are drawn beside these.</param>
    /// <param name="radii">Radii that have to fit beside the unit circle.</param>
    public static double HalfWidth(IReadOnlyCollection<IReadOnlyList<Complex>> spectra, IEnumerable<Complex>? outliers = null,
        IEnumerable<double>? radii = null)
    {
        var bulk = spectra.Select(spectrum => Percentile90([.. Finite(spectrum).Select(Reach)]));
        var core = bulk.Concat(radii ?? []).Append(1).Max();
        var farthest = spectra.SelectMany(Finite).Concat(Finite(outliers ?? [])).Select(Reach).DefaultIfEmpty(0).Max();
        return Border * Math.Clamp(farthest, core, MaxZoomOut * core);
    }

    /// <summary>An empty plane with the unit circle and the axes.</summary>
    public static Plot New(double half)
    {
        var plot = FigureSheet.NewPanel("Re λ", "Im λ", new AxisLimits(-half, half, -half, half), 8, 8);
        UnitCircle.Add(plot);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        plot.Add.VerticalLine(0, 1, Palette.FaintGrey);
        return plot;
    }

    /// <summary>The eigenvalues that lie in the plane.</summary>
    public static void AddMarkers(Plot plot, IEnumerable<Complex> values, double half, MarkerStyle style)
    {
        Coordinates[] points = [.. Finite(values).Where(z => Reach(z) <= half).Select(z => new Coordinates(z.Real, z.Imaginary))];
        if (points.Length > 0) plot.Add.Markers(points).MarkerStyle = style;
    }

    /// <summary>Arrows on the frame, in the direction of the eigenvalues beyond it; the farthest carry their value.</summary>
    public static void AddRim(Plot plot, IEnumerable<Complex> values, double half, Color color)
    {
        var labels = 0;
        foreach (var z in Beyond(values, half).Distinct().OrderByDescending(Reach).ThenBy(z => z.Real).ThenBy(z => z.Imaginary))
        {
            var direction = z / Reach(z);
            var (x, y) = (direction.Real * half, direction.Imaginary * half);
            var tip = new Coordinates(x * 0.985, y * 0.985);
            var arrow = plot.Add.Arrow(new Coordinates(x * 0.9, y * 0.9), tip);
            (arrow.ArrowFillColor, arrow.ArrowLineColor, arrow.ArrowWidth) = (color, color, 2);
            (arrow.ArrowheadWidth, arrow.ArrowheadLength, arrow.ArrowheadAxisLength) = (11, 11, 11);
            if (labels++ < MaxRimLabels) AddNote(plot, Text(z), new Coordinates(x * 0.87, y * 0.87), Inward(direction), color);
        }
    }

    /// <summary>What arrows on the frame stand for, in a legend.</summary>
    public static LegendItem RimItem(Color color) =>
        new() { LabelText = "beyond the frame", MarkerStyle = new(MarkerShape.FilledTriangleUp, 11, color) };

    /// <summary>How many numbers no picture can show; said in the plane where there are any.</summary>
    public static void AddLost(Plot plot, IEnumerable<Complex> values, double half)
    {
        var lost = values.Count(z => !IsShowable(z));
        if (lost > 0)
            AddNote(plot, FormattableString.Invariant($"{lost} not finite or beyond 1e30, not shown"),
                new Coordinates(-half * 0.97, -half * 0.97), Alignment.LowerLeft, Palette.Black);
    }

    /// <summary>Whether an eigenvalue lies in the plane.</summary>
    public static bool Holds(Complex z, double half) => IsShowable(z) && Reach(z) <= half;

    /// <summary>Eigenvalues that lie beyond the plane and can be pointed at.</summary>
    public static IEnumerable<Complex> Beyond(IEnumerable<Complex> values, double half) => Finite(values).Where(z => Reach(z) > half);

    /// <summary>A size of dots that leaves many apart.</summary>
    public static float DotSize(int count) => (float)Math.Clamp(60 / Math.Sqrt(count), 3, 6);

    /// <summary>A radius that can be drawn; else 0.</summary>
    public static double Radius(double? value) => value is > 0 and < 1e30 ? value.Value : 0;

    private static IEnumerable<Complex> Finite(IEnumerable<Complex> values) => values.Where(IsShowable);

    // Beyond this, arithmetic on pixels overflows; such a number is infinite as far as a picture goes.
    private static bool IsShowable(Complex z) => Reach(z) < 1e30;

    private static double Reach(Complex z) => Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary));

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

    private static double Percentile90(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(int)(0.9 * (values.Length - 1))];
    }
}
