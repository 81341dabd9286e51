using System.Numerics;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>Several spectra in one complex plane with the unit circle, each with a colour and a marker of its own.</summary>
/// <remarks>No theory is drawn: it would be that of one of the matrices.</remarks>
public static class OverlaidSpectraFigure
{
    /// <summary>Most spectra that colour and marker tell apart.</summary>
    public const int Most = 12;

    /// <summary>Draws one panel.</summary>
    /// <param name="spectra">Names and eigenvalues, 1 to <see cref="Most"/>.</param>
    /// <param name="title">Heading.</param>
    /// <exception cref="InvalidInputException">None, or too many.</exception>
    public static Figure Of(IReadOnlyList<(string Name, IReadOnlyList<Complex> Eigenvalues)> spectra, string title)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        if (spectra.Count is 0 or > Most)
            throw InvalidInputException.Of("spectra in one figure", spectra.Count, $"1 to {Most}, which colours and markers tell apart",
                "overlay fewer");
        var half = SpectrumPlane.HalfWidth([.. spectra.Select(spectrum => spectrum.Eigenvalues)]);
        var plot = SpectrumPlane.New(half);
        foreach (var (i, (_, eigenvalues)) in spectra.Index())
        {
            SpectrumPlane.AddMarkers(plot, eigenvalues, half, Mark(i, SpectrumPlane.DotSize(eigenvalues.Count) + 0.5f));
            SpectrumPlane.AddRim(plot, eigenvalues, half, Palette.Series(i));
        }
        SpectrumPlane.AddLost(plot, spectra.SelectMany(spectrum => spectrum.Eigenvalues), half);
        List<LegendItem> legend =
            [.. spectra.Select((spectrum, i) => new LegendItem { LabelText = spectrum.Name, MarkerStyle = Mark(i, 7) })];
        if (spectra.Any(spectrum => SpectrumPlane.Beyond(spectrum.Eigenvalues, half).Any()))
            legend.Add(SpectrumPlane.RimItem(Palette.Grey));
        legend.Add(SpectrumPlane.UnitCircleItem);
        return new Figure(new FigureSheet(1, 1, new PixelSize(SpectrumPlane.Side, SpectrumPlane.Side)), title,
            [(plot, $"{spectra.Count} spectra")], legend);
    }

    private static MarkerStyle Mark(int number, float size) => new(Palette.Marker(number), size, Palette.Series(number).WithAlpha(0.75));
}
