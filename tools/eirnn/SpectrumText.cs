using EiRnnFast.Spectra;

namespace EiRnnFast.CommandLine;

/// <summary>A spectrum in a few lines for a person.</summary>
internal static class SpectrumText
{
    public static void Write(string label, Spectrum s)
    {
        var shape = s.Shape.ToString().ToLowerInvariant();
        Console.WriteLine($"{label,-12} {shape}: outer radius {Readable.Number(s.OuterRadius)}, inner {Readable.Number(s.InnerRadius)}, "
            + $"spectral radius {Readable.Number(s.SpectralRadius)}, "
            + $"{Readable.Count(s.Outliers.Count, "outlier")}, Henrici {s.Henrici:0.000}");
        if (s.OutlierCapMet) Console.WriteLine($"             {Spectrum.CapMetWords}");
        var seventh = s.OuterRadiusPublished is { } modulus ? Readable.Number(modulus) : "none (fewer than 7 units)";
        Console.WriteLine($"             published measures: 7th modulus {seventh}, smallest {Readable.Number(s.InnerRadiusPublished)}");
    }

    public static void Write(WeightStatistics w)
    {
        Console.WriteLine($"weights      mean {Readable.Number(w.Mean, "0.0000")}, σ {Readable.Number(w.Sigma, "0.0000")}, "
            + $"{Shape(w.Skew, w.Kurtosis)}; {w.PositiveCount} positive, {w.NegativeCount} negative, {w.ZeroCount} exactly 0");
        var curve = w.SkewPublished is null ? "no fitted curve" : $"{Shape(w.SkewPublished, w.KurtosisPublished)} of the fitted curve";
        Console.WriteLine($"             published measures: {curve}; "
            + $"{w.PositivePublished.Total} > 0.005, {w.NegativePublished.Total} < +0.005");
    }

    public static void Write(NonNormality n)
    {
        var ofHowMany = n.PowersDecay ? "" : $" of the first {n.PowerNorms.Count - 1}: powers do not decay";
        var kreiss = double.IsInfinity(n.KreissBound) ? "infinite (an eigenvalue outside the unit circle)" : $"at least {n.KreissBound:g4}";
        Console.WriteLine($"growth       largest ‖Wᵏ‖ {n.LargestPower:g4} at k = {n.LargestPowerAt}{ofHowMany}, Kreiss constant {kreiss}");
        var abscissa = Readable.Number(n.NumericalAbscissa);
        Console.WriteLine($"             numerical abscissa {abscissa}, Henrici {n.Henrici:0.000} (Schur form)");
    }

    private static string Shape(double? skew, double? kurtosis) =>
        skew is null ? "all equal" : $"skew {skew:0.00}, excess kurtosis {kurtosis:0.00}";
}
