using System.Text.RegularExpressions;

namespace EiRnnFast.Studies.Figures;

/// <summary>SVG as SkiaSharp writes it, made fit for a page: it scales, and its text has fonts to fall back on.</summary>
internal static partial class VectorPicture
{
    /// <summary>Verdana has the widths of DejaVu Sans, whose letters Skia places one by one.</summary>
    private const string Fonts = "DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif";

    /// <summary>The element alone, with a viewBox and fonts.</summary>
    public static string Tidy(string svg, float width, float height)
    {
        var element = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].TrimEnd();
        element = Root().Replace(element, match => FormattableString.Invariant($"<svg{match.Groups[1].Value} viewBox=\"0 0 {width} {height}\">"), 1);
        return Family().Replace(element, $"font-family=\"{Fonts}\"");
    }

    [GeneratedRegex("^<svg([^>]*)>")]
    private static partial Regex Root();

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex Family();
}
