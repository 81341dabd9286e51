using ScottPlot;
using ScottPlot.Colormaps;

namespace EiRnnFast.Reports.Figures;

/// <summary>The colours of Okabe and Ito, distinguishable with every kind of colour vision, and two greys.</summary>
internal static class Palette
{
    public static readonly Color Black = Color.FromHex("#000000");
    public static readonly Color Orange = Color.FromHex("#E69F00");
    public static readonly Color SkyBlue = Color.FromHex("#56B4E9");
    public static readonly Color Green = Color.FromHex("#009E73");
    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Vermillion = Color.FromHex("#D55E00");
    public static readonly Color Purple = Color.FromHex("#CC79A7");
    public static readonly Color Grey = Color.FromHex("#6E6E6E");
    public static readonly Color FaintGrey = Color.FromHex("#E4E4E4");

    private static readonly Color[] s_series = [Blue, Vermillion, Green, Orange, Purple, SkyBlue];
    private static readonly Plasma s_ordered = new();
    private static readonly MarkerShape[] s_markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];
    private static readonly LinePattern[] s_patterns = [LinePattern.Solid, LinePattern.DenselyDashed, LinePattern.Dotted];

    /// <summary>Series differ in colour and in shape: also in grey they can be told apart.</summary>
    public static Color Series(int number) => s_series[number % s_series.Length];

    /// <summary>Colours of a number, 0 to 1: from dark blue to orange, told apart by lightness alone, too.</summary>
    public static Color Ordered(double place) => s_ordered.GetColor(0.9 * place);

    public static MarkerShape Marker(int number) => s_markers[number % s_markers.Length];

    public static LinePattern Pattern(int number) => s_patterns[number % s_patterns.Length];
}
