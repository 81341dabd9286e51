using System.Globalization;
using EiRnnFast.Spectra;

namespace EiRnnFast.CommandLine;

/// <summary>A spectrum in a few lines for a person.</summary>
internal static class SpectrumText
{
    public static void Write(string label, Spectrum s)
    {
        Console.WriteLine($"{label,-12} {s.Shape.ToString().ToLowerInvariant()}: outer radius {Number(s.OuterRadius)}, inner {Number(s.InnerRadius)}, spectral radius {Number(s.SpectralRadius)}, " +
            $"{s.Outliers.Count} {(s.Outliers.Count == 1 ? "outlier" : "outliers")}, Henrici {s.Henrici:0.000}");
        if (s.OutlierCapMet) Console.WriteLine($"             {Spectrum.CapMetWords}");
        Console.WriteLine($"             published measures: 7th modulus {(s.OuterRadiusPublished is { } seventh ? Number(seventh) : "none (fewer than 7 units)")}, smallest {Number(s.InnerRadiusPublished)}");
    }

    public static void Write(WeightStatistics w)
    {
        Console.WriteLine($"weights      mean {Number(w.Mean, "0.0000")}, σ {Number(w.Sigma, "0.0000")}, {Shape(w.Skew, w.Kurtosis)}; {w.PositiveCount} positive, {w.NegativeCount} negative, {w.ZeroCount} exactly 0");
        Console.WriteLine($"             published measures: {(w.SkewPublished is null ? "no fitted curve" : $"{Shape(w.SkewPublished, w.KurtosisPublished)} of the fitted curve")}; {w.PositivePublished.Total} > 0.005, {w.NegativePublished.Total} < +0.005");
    }

    public static void Write(NonNormality n)
    {
        Console.WriteLine($"growth       largest ‖Wᵏ‖ {n.LargestPower:g4} at k = {n.LargestPowerAt}{(n.PowersDecay ? "" : $" of the first {n.PowerNorms.Count - 1}: powers do not decay")}, " +
            $"Kreiss constant {(double.IsInfinity(n.KreissBound) ? "infinite (an eigenvalue outside the unit circle)" : string.Create(CultureInfo.InvariantCulture, $"at least {n.KreissBound:g4}"))}");
        Console.WriteLine($"             numerical abscissa {Number(n.NumericalAbscissa)}, Henrici {n.Henrici:0.000} (Schur form)");
    }

    /// <summary>Decimals; powers of ten where decimals would hide the number.</summary>
    private static string Number(double value, string decimals = "0.000") =>
        value.ToString(value == 0 || Math.Abs(value) is >= 1e-5 and < 1e6 ? decimals : "0.000e+00", CultureInfo.InvariantCulture);

    private static string Shape(double? skew, double? kurtosis) =>
        skew is null ? "all equal" : string.Create(CultureInfo.InvariantCulture, $"skew {skew:0.00}, excess kurtosis {kurtosis:0.00}");
}
