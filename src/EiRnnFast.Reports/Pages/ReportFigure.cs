using EiRnnFast.Reports.Figures;

namespace EiRnnFast.Reports;

/// <summary>A figure of a page: one picture, or one for each panel and the legend, so that a narrow page stacks them.</summary>
/// <param name="Name">What its file is called after.</param>
/// <param name="Caption">What stands below it.</param>
/// <param name="Alt">What it shows, for those who cannot see it.</param>
/// <param name="Pictures">At least one.</param>
/// <param name="Figure">What they are drawn from; null for a picture from a file.</param>
internal sealed record ReportFigure(string Name, string Caption, string Alt, IReadOnlyList<ReportPicture> Pictures, Figure? Figure = null)
{
    private const int LongestName = 100;

    public static ReportFigure Of(string name, string caption, string alt, Figure figure) =>
        new(name, caption, alt, [.. figure.Parts().Select(ReportPicture.Of)], figure);

    /// <summary>A figure of many dots, which are PNG on a page.</summary>
    public static ReportFigure Dotted(string name, string caption, string alt, Figure figure, float scale) =>
        new(name, caption, alt, [.. figure.Parts().Select(part => new ReportPicture(part.Title, null, part.Png(scale)))], figure);

    /// <summary>A picture from a file.</summary>
    public static ReportFigure OfFile(string name, string caption, string alt, byte[] png) =>
        new(name, caption, alt, [new ReportPicture(name, null, png)]);

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
            yield return ($"{ReportFiles.Figures}/{name}.svg", figure.Figure.Svg() + "\n");
        }
    }
}

/// <summary>A picture of a figure.</summary>
/// <param name="Title">Heading of the panel; empty for a legend.</param>
/// <param name="Svg">The picture as an SVG element; null when it is <paramref name="Png"/>.</param>
/// <param name="Png">The picture as PNG; null when it is <paramref name="Svg"/>.</param>
internal sealed record ReportPicture(string Title, string? Svg, byte[]? Png)
{
    /// <summary>More characters of SVG than this make a page slow; the picture is PNG then.</summary>
    private const int MostSvg = 150_000;

    public static ReportPicture Of(Figure figure) => figure.Svg() is { Length: <= MostSvg } text
        ? new ReportPicture(figure.Title, text, null)
        : new ReportPicture(figure.Title, null, figure.Png());
}
