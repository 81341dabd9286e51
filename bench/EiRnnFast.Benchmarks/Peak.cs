using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>GFLOP/s of the peak loop for the lane of each kernel set, measured once, before the benchmarks.</summary>
internal static class Peak
{
    private static readonly Dictionary<string, double> s_gflops = Sets.ToDictionary(kernels => kernels.Name, Median);

    /// <summary>What the benchmarks are held against.</summary>
    public static string Before => string.Join(", ", s_gflops.Select(peak => Line(peak.Key, peak.Value)));

    private static IEnumerable<KernelSet> Sets => KernelSet.Available.Where(kernels => kernels != KernelSet.Scalar || KernelSet.Current == KernelSet.Scalar);

    public static double Of(string kernels) => s_gflops[kernels];

    /// <summary>The same, measured now.</summary>
    public static string Measured() => string.Join(", ", Sets.Select(kernels => Line(kernels.Name, Median(kernels))));

    private static string Line(string kernels, double gflops) => $"{kernels} {gflops:0.0} GFLOP/s";

    /// <summary>The median of nine: a shared machine slows some of them, and its clock speeds up others.</summary>
    private static double Median(KernelSet kernels)
    {
        PeakLoop.Measure(kernels, 100); // wide registers are off until they are used
        return Enumerable.Range(0, 9).Select(_ => PeakLoop.Measure(kernels)).Order().ElementAt(4);
    }
}
