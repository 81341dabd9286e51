using ScottPlot;
using ScottPlot.Plottables;

namespace EiRnnFast.Reports.Figures;

/// <summary>
/// Takes the dashes of the last line off the pen. ScottPlot hands them on to the markers that come next, which Skia cannot dash in SVG:
/// it says so on standard error.
/// </summary>
internal sealed class UndashedMarkers : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp) => rp.Paint.SKPathEffect = null!; // which is how Skia says none

    /// <summary>Before all markers of a plot.</summary>
    public static void AddTo(Plot plot)
    {
        for (var i = plot.PlottableList.Count - 1; i >= 0; i--)
            if (plot.PlottableList[i] is Markers) plot.PlottableList.Insert(i, new UndashedMarkers { Axes = plot.PlottableList[i].Axes });
    }
}
