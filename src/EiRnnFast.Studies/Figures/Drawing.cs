using ScottPlot;

namespace EiRnnFast.Studies.Figures;

/// <summary>A figure that is composed and can be drawn once, in either form.</summary>
internal sealed record Drawing(FigureSheet Sheet, string Title, IReadOnlyList<(Plot Plot, string Title)> Panels, IEnumerable<LegendItem> Legend)
{
    public byte[] Png() => Sheet.Png(Title, Panels, Legend);

    public string Svg() => Sheet.Svg(Title, Panels, Legend);
}
