using System.Text.RegularExpressions;

namespace EiRnnFast.Reports.Figures;

/// <summary>
/// SVG as SkiaSharp writes it, made fit for a page: it scales, its text has fonts to fall back on, and its ids are its own.
/// </summary>
internal static partial class VectorPicture
{
    /// <summary>Verdana has the widths of DejaVu Sans, whose letters Skia places one by one.</summary>
    private const string Fonts = "DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif";

    /// <summary>The element alone, with a viewBox and fonts.</summary>
    public static string Tidy(string svg, float width, float height)
    {
        var element = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].TrimEnd();
        element = Root().Replace(element,
            match => FormattableString.Invariant($"<svg{match.Groups[1].Value} viewBox=\"0 0 {width} {height}\">"), 1);
        // a cell is a number: none in between
        element = element.Replace("<image ", "<image style=\"image-rendering:pixelated\" ", StringComparison.Ordinal);
        element = Family().Replace(element, $"font-family=\"{Fonts}\"");
        // Skia numbers its clips through the whole process; from 0 in every picture, the same picture is the same text.
        Dictionary<string, string> names = [];
        foreach (Match id in Definition().Matches(element))
            names.TryAdd(id.Groups[1].Value, FormattableString.Invariant($"c{names.Count}"));
        return Reference().Replace(element,
            match => match.Groups[1].Value + names.GetValueOrDefault(match.Groups[2].Value, match.Groups[2].Value));
    }

    [GeneratedRegex("^<svg([^>]*)>")]
    private static partial Regex Root();

    [GeneratedRegex("\\bid=\"([^\"]+)")]
    private static partial Regex Definition();

    [GeneratedRegex("(\\bid=\"|url\\(#|href=\"#)([^\")]+)")]
    private static partial Regex Reference();

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex Family();
}
