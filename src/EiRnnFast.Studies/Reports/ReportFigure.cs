namespace EiRnnFast.Studies.Reports;

/// <summary>A figure of a page.</summary>
/// <param name="Caption">What stands below it.</param>
/// <param name="Alt">What it shows, for those who cannot see it.</param>
/// <param name="Svg">The picture as an SVG element; null when it is <paramref name="Png"/>.</param>
/// <param name="Png">The picture as PNG; null when it is <paramref name="Svg"/>.</param>
internal sealed record ReportFigure(string Caption, string Alt, string? Svg, byte[]? Png)
{
    /// <summary>More characters of SVG than this make a page slow; the figure is PNG then.</summary>
    private const int MostSvg = 150_000;

    public static ReportFigure Of(string caption, string alt, Func<string> svg, Func<byte[]> png) =>
        svg() is { Length: <= MostSvg } text ? new ReportFigure(caption, alt, text, null) : new ReportFigure(caption, alt, null, png());
}
