using System.Globalization;
using EiRnnFast.Spectra;

namespace EiRnnFast.CommandLine;

/// <summary>A spectrum in two lines for a person.</summary>
internal static class SpectrumText
{
    public static void Write(string label, Spectrum s)
    {
        Console.WriteLine($"{label,-12} {s.Shape.ToString().ToLowerInvariant()}: outer radius {s.OuterRadius:0.000}, inner {s.InnerRadius:0.000}, spectral radius {s.SpectralRadius:0.000}, " +
            $"{s.Outliers.Count} {(s.Outliers.Count == 1 ? "outlier" : "outliers")}, Henrici {s.Henrici:0.000}");
        Console.WriteLine($"             published measures: 7th modulus {s.OuterRadiusPublished?.ToString("0.000", CultureInfo.InvariantCulture) ?? "none (fewer than 7 units)"}, smallest {s.InnerRadiusPublished:0.000}");
    }
}
