using EiRnnFast.Files;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>A composed figure, to be drawn in either form, by one thread at a time.</summary>
public sealed class Figure
{
    private readonly FigureSheet _sheet;
    private readonly IReadOnlyList<(Plot Plot, string Title)> _panels;
    private readonly LegendItem[] _legend;

    internal Figure(FigureSheet sheet, string title, IReadOnlyList<(Plot Plot, string Title)> panels, IEnumerable<LegendItem> legend)
    {
        (_sheet, Title) = (sheet, title);
        (_panels, _legend) = (panels, [.. legend]);
        foreach (var (plot, _) in panels) UndashedMarkers.AddTo(plot);
    }

    /// <summary>A part of a figure, whose panels have been made ready.</summary>
    private Figure(string title, FigureSheet sheet, IReadOnlyList<(Plot Plot, string Title)> panels, LegendItem[] legend) =>
        (_sheet, Title, _panels, _legend) = (sheet, title, panels, legend);

    /// <summary>The heading.</summary>
    public string Title { get; }

    /// <summary>Every panel by itself, then the legend: a page puts them side by side or, on a phone, below one another. A figure of one
    /// panel is whole.</summary>
    internal IReadOnlyList<Figure> Parts() => _panels.Count < 2 ? [this]
        : [.. _panels.Select(panel => new Figure(panel.Title, _sheet.Of(1, 1), [(panel.Plot, "")], [])),
            new Figure("", _sheet.Of(1, 0), [], _legend)];

    /// <summary>Draws it as PNG.</summary>
    /// <param name="scale">Pixels per point of length.</param>
    /// <exception cref="ComputationException">The picture is too large for memory.</exception>
    public byte[] Png(float scale = 2) => _sheet.Png(Title, _panels, _legend, scale);

    /// <summary>Draws it as an SVG element, which is an SVG file too, and grows and shrinks with its place.</summary>
    public string Svg() => _sheet.Svg(Title, _panels, _legend);

    /// <summary>Writes it whole or not at all: as SVG if the path ends in .svg, else as PNG.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written there.</exception>
    public void Write(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)) AtomicFile.WriteText(path, Svg() + "\n");
        else AtomicFile.Write(path, stream => stream.Write(Png()));
    }

    /// <summary>Writes <paramref name="stem"/>.png and, if asked for, <paramref name="stem"/>.svg.</summary>
    internal void Write(string stem, bool svg)
    {
        Write(stem + ".png");
        if (svg) Write(stem + ".svg");
    }
}
