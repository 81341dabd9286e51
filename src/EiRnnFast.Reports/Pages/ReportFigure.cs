using EiRnnFast.Reports.Figures;

namespace EiRnnFast.Reports;

/// <summary>A figure of a page.</summary>
/// <param name="Name">What its file is called after.</param>
/// <param name="Caption">What stands below it.</param>
/// <param name="Alt">What it shows, for those who cannot see it.</param>
/// <param name="Svg">The picture as an SVG element; null when it is <paramref name="Png"/>.</param>
/// <param name="Png">The picture as PNG; null when it is <paramref name="Svg"/>.</param>
/// <param name="Figure">What both are drawn from; null for a picture from a file.</param>
internal sealed record ReportFigure(string Name, string Caption, string Alt, string? Svg, byte[]? Png, Figure? Figure = null)
{
    /// <summary>More characters of SVG than this make a page slow; the figure is PNG then.</summary>
    private const int MostSvg = 150_000;

    private const int LongestName = 100;

    public static ReportFigure Of(string name, string caption, string alt, Figure figure) =>
        figure.Svg() is { Length: <= MostSvg } text
            ? new ReportFigure(name, caption, alt, text, null, figure)
            : new ReportFigure(name, caption, alt, null, figure.Png(), figure);

    /// <summary>A figure of many dots, which are PNG on a page.</summary>
    public static ReportFigure Dotted(string name, string caption, string alt, Figure figure, float scale) =>
        new(name, caption, alt, null, figure.Png(scale), figure);

    /// <summary>The figures as SVG files of the folder <c>figures</c>, each with a name of its own.</summary>
    public static IEnumerable<(string Name, string Text)> Files(IEnumerable<ReportFigure> figures)
    {
        HashSet<string> taken = [];
        foreach (var figure in figures)
        {
            if (figure.Figure is null) continue;
            var words = new string([.. figure.Name.ToLowerInvariant()
                .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '.' ? letter : '-')])
                .Split('-', StringSplitOptions.RemoveEmptyEntries);
            var stem = string.Join('-', words);
            if (stem.Length > LongestName) stem = stem[..LongestName];
            var name = stem;
            for (var number = 2; !taken.Add(name); number++) name = $"{stem}-{number}";
            yield return ($"{ReportFiles.Figures}/{name}.svg", (figure.Svg ?? figure.Figure.Svg()) + "\n");
        }
    }
}
