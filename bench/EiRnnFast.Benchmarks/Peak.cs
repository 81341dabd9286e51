using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>GFLOP/s of the peak loop for each kernel set, measured once, before the benchmarks.</summary>
internal static class Peak
{
    private static readonly Dictionary<string, double> s_gflops = KernelSet.Available
        .Where(kernels => kernels != KernelSet.Scalar || KernelSet.Current == KernelSet.Scalar).ToDictionary(kernels => kernels.Name, Median);

    /// <summary>All of them, to print.</summary>
    public static string Description => string.Join(", ", s_gflops.Select(peak => $"{peak.Key} {peak.Value:0.0} GFLOP/s"));

    public static double Of(string kernels) => s_gflops[kernels];

    /// <summary>The median of nine: a shared machine slows some of them, and its clock speeds up others.</summary>
    private static double Median(KernelSet kernels)
    {
        PeakLoop.Measure(kernels, 100); // wide registers are off until they are used
        return Enumerable.Range(0, 9).Select(_ => PeakLoop.Measure(kernels)).Order().ElementAt(4);
    }
}
