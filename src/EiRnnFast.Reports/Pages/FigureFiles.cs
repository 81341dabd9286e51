namespace EiRnnFast.Reports;

/// <summary>Names of figures as files.</summary>
internal static class FigureFiles
{
    /// <summary>All as PNG, then, if asked for, all as SVG.</summary>
    public static IReadOnlyList<string> Names(string[] figures, bool svg) =>
        [.. figures.Select(name => $"{name}.png"), .. svg ? figures.Select(name => $"{name}.svg") : []];
}
