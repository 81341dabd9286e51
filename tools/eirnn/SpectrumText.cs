using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;

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
        foreach (var reason in s.Law.Reasons.Skip(s.OutlierCapMet ? 1 : 0)) Console.WriteLine($"             {reason}");
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

    public static void Write(EdgeInterval interval) => Console.WriteLine($"edge         95 % interval {Readable.Number(interval.Low)} to "
        + $"{Readable.Number(interval.High)} ({interval.Draws} matrices drawn like it; "
        + $"standard error {interval.RelativeError:0.0 %}, bias {interval.RelativeBias:+0.0 %;-0.0 %})");

    public static void Write(IReadOnlyList<ModeRecord> modes)
    {
        double[] conditions = [.. modes.Select(mode => mode.Condition ?? double.PositiveInfinity).Order()];
        Console.WriteLine($"eigenvectors condition numbers {conditions[0]:g3} to {conditions[^1]:g3}, "
            + $"median {conditions[modes.Count / 2]:g3}; "
            + $"patterns spread over {modes.Average(mode => mode.PatternParticipation):0.#} units, "
            + $"sensitivities over {modes.Average(mode => mode.SensitivityParticipation):0.#}");
        foreach (var mode in modes.Where(mode => mode.Outlier).Take(10))
        {
            var shares = mode.PatternExcitatory is { } share ? $", excitatory {share:0 %} and {mode.SensitivityExcitatory:0 %}" : "";
            var ends = mode.Inputs is { } inputs
                ? $", inputs {string.Join(" ", inputs.Select(value => $"{value:0.00}"))}, "
                    + $"readouts {string.Join(" ", mode.Readouts!.Select(value => $"{value:0.00}"))}"
                : "";
            var imaginary = mode.Eigenvalue[1] switch
            {
                0 => "",
                < 0 => $" - {Readable.Number(-mode.Eigenvalue[1])}i",
                _ => $" + {Readable.Number(mode.Eigenvalue[1])}i",
            };
            Console.WriteLine($"  outlier    {Readable.Number(mode.Eigenvalue[0])}{imaginary}: condition {mode.Condition:g3}, "
                + $"{mode.PatternParticipation:0.#} and {mode.SensitivityParticipation:0.#} units{shares}{ends}");
        }
    }

    public static void Write(LearnedPartRecord part)
    {
        var norm = part.RelativeNorm is { } relative ? Readable.Number(100 * relative, "0.0") : "infinitely many";
        Console.WriteLine($"learned      {norm} % of the initial matrix's norm, effective rank {part.EffectiveRank:0.0}, "
            + $"90 % in {Readable.Count(part.NinetyPercentRank, "component")}");
        foreach (var cut in part.Truncations)
            Console.WriteLine($"  rank {cut.Rank,-6} edge {Readable.Number(cut.OuterRadius)}, "
                + $"spectral radius {Readable.Number(cut.SpectralRadius)}, "
                + $"{Readable.Count(cut.Outliers.Count, "outlier")}");
    }

    private static string Shape(double? skew, double? kurtosis) =>
        skew is null ? "all equal" : $"skew {skew:0.00}, excess kurtosis {kurtosis:0.00}";
}
