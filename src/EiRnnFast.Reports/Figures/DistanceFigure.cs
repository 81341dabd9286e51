using System.Globalization;
using EiRnnFast.Similarity;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace EiRnnFast.Reports.Figures;

/// <summary>One measure of distance.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="Values">[n, n]; NaN where there is none.</param>
/// <param name="Leaves">The order of the things; null for the order as given.</param>
/// <param name="Merges">The tree above them; none for no tree.</param>
public sealed record DistancePanel(string Title, double[,] Values, IReadOnlyList<int>? Leaves, IReadOnlyList<Merge> Merges);

/// <summary>Distances between things as heat maps, in the order of their clusters, whose tree stands above; every panel has colours of its
/// own.</summary>
public static class DistanceFigure
{
    private const int MostNumbers = 10, MostColumns = 3;
    private const float Cell = 34, Least = 260, Most = 620;
    private const double TreeHeight = 0.3, TreeGap = 0.02; // of the map's height

    /// <summary>Draws panels.</summary>
    /// <param name="panels">At least one, of as many things as there are names.</param>
    /// <param name="title">Heading.</param>
    /// <param name="names">Short names of the things.</param>
    /// <param name="label">What the things are.</param>
    /// <exception cref="InvalidInputException">Nothing to draw.</exception>
    public static Figure Of(IReadOnlyList<DistancePanel> panels, string title, IReadOnlyList<string> names, string label)
    {
        ArgumentNullException.ThrowIfNull(panels);
        ArgumentNullException.ThrowIfNull(names);
        if (panels.Count == 0 || names.Count == 0)
            throw InvalidInputException.Of("distances to draw", 0, "at least one", "leave the figure out");
        var width = Math.Clamp(Cell * names.Count, Least, Most);
        var columns = Math.Min(MostColumns, panels.Count);
        return new Figure(new FigureSheet(columns, (panels.Count + columns - 1) / columns,
            new PixelSize(width, (float)(width * (1 + TreeHeight)))), title, [.. panels.Select(panel => Drawn(panel, names, label, width))],
        [
            new LegendItem
            {
                LabelText = "nearest of a panel", FillColor = HeatMapFigure.Colours.GetColor(0), OutlineColor = Palette.Grey,
                OutlineWidth = 1,
            },
            new LegendItem { LabelText = "farthest", FillColor = HeatMapFigure.Colours.GetColor(1) },
        ]);
    }

    private static (Plot, string) Drawn(DistancePanel panel, IReadOnlyList<string> names, string label, float width)
    {
        var n = names.Count;
        var order = panel.Leaves ?? [.. Enumerable.Range(0, n)];
        var plot = FigureSheet.NewPanel(label, "", new AxisLimits(-0.5, n - 0.5, -0.5, n * (1 + TreeHeight) - 0.5), 6, 6);
        var ordered = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) ordered[i, j] = panel.Values[order[i], order[j]];
        double[] known = [.. ordered.Cast<double>().Where(double.IsFinite)];
        var (low, high) = known.Length > 0 ? (known.Min(), known.Max()) : (0, 0);
        var image = plot.Add.Heatmap(ordered);
        (image.FlipVertically, image.Colormap, image.Smooth) = (true, HeatMapFigure.Colours, false);
        image.ManualRange = new ScottPlot.Range(low, high > low ? high : low + 1);
        if (n <= MostNumbers)
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) HeatMapFigure.AddNumber(plot, i, j, ordered[i, j], (low, high), width / n < 46 ? 9 : 13);
        var ticks = new NumericManual();
        var every = Math.Max(1, (int)Math.Ceiling(22 * n / width));
        for (var i = 0; i < n; i++) ticks.AddMajor(i, i % every == 0 ? names[order[i]] : "");
        (plot.Axes.Bottom.TickGenerator, plot.Axes.Left.TickGenerator) = (ticks, ticks);
        if (panel.Merges.Count > 0) AddTree(plot, order, panel.Merges);
        return (plot, string.Create(CultureInfo.InvariantCulture, $"{panel.Title}: {low:0.###} to {high:0.###}"));
    }

    /// <summary>Every merge is a bracket over its two parts, as high as their distance.</summary>
    private static void AddTree(Plot plot, IReadOnlyList<int> leaves, IReadOnlyList<Merge> merges)
    {
        var n = leaves.Count;
        var farthest = merges.Max(merge => merge.Distance);
        double ground = n * (1 + TreeGap) - 0.5, height = n * (TreeHeight - 2 * TreeGap);
        var (across, up) = (new double[2 * n - 1], new double[2 * n - 1]);
        foreach (var (place, leaf) in leaves.Index()) across[leaf] = place;
        Array.Fill(up, ground);
        foreach (var (k, merge) in merges.Index())
        {
            across[n + k] = (across[merge.First] + across[merge.Second]) / 2;
            up[n + k] = ground + height * (farthest > 0 ? merge.Distance / farthest : 1);
            var line = plot.Add.ScatterLine(new Coordinates[]
            {
                new(across[merge.First], up[merge.First]), new(across[merge.First], up[n + k]),
                new(across[merge.Second], up[n + k]), new(across[merge.Second], up[merge.Second]),
            });
            (line.LineColor, line.LineWidth) = (Palette.Black, 1.2f);
        }
    }
}
