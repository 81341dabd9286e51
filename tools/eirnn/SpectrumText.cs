using System.Globalization;
using EiRnnFast.Spectra;

namespace EiRnnFast.CommandLine;

/// <summary>A spectrum in a few lines for a person.</summary>
internal static class SpectrumText
{
    public static void Write(string label, Spectrum s)
    {
        Console.WriteLine($"{label,-12} {s.Shape.ToString().ToLowerInvariant()}: outer radius {s.OuterRadius:0.000}, inner {s.InnerRadius:0.000}, spectral radius {s.SpectralRadius:0.000}, " +
            $"{s.Outliers.Count} {(s.Outliers.Count == 1 ? "outlier" : "outliers")}, Henrici {s.Henrici:0.000}");
        Console.WriteLine($"             published measures: 7th modulus {s.OuterRadiusPublished?.ToString("0.000", CultureInfo.InvariantCulture) ?? "none (fewer than 7 units)"}, smallest {s.InnerRadiusPublished:0.000}");
    }

    public static void Write(WeightStatistics w)
    {
        Console.WriteLine($"weights      mean {w.Mean:0.0000}, σ {w.Sigma:0.0000}, {Shape(w.Skew, w.Kurtosis)}; {w.PositiveCount} positive, {w.NegativeCount} negative, {w.ZeroCount} exactly 0");
        Console.WriteLine($"             published measures: {(w.SkewPublished is null ? "no fitted curve" : $"{Shape(w.SkewPublished, w.KurtosisPublished)} of the fitted curve")}; {w.PositivePublished.Total} > 0.005, {w.NegativePublished.Total} < +0.005");
    }

    public static void Write(NonNormality n)
    {
        Console.WriteLine($"growth       largest ‖Wᵏ‖ {n.LargestPower:g4} at k = {n.LargestPowerAt}{(n.PowersDecay ? "" : $" of the first {n.PowerNorms.Count - 1}: powers do not decay")}, " +
            $"Kreiss constant {(double.IsInfinity(n.KreissBound) ? "infinite (an eigenvalue outside the unit circle)" : string.Create(CultureInfo.InvariantCulture, $"at least {n.KreissBound:g4}"))}");
        Console.WriteLine($"             numerical abscissa {n.NumericalAbscissa:0.000}, Henrici {n.Henrici:0.000} (Schur form)");
    }

    private static string Shape(double? skew, double? kurtosis) =>
        skew is null ? "all equal" : string.Create(CultureInfo.InvariantCulture, $"skew {skew:0.00}, excess kurtosis {kurtosis:0.00}");
}
