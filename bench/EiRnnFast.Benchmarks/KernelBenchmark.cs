using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>A benchmark of the kernel set in use, by size of the network.</summary>
public abstract class KernelBenchmark
{
    [Params(50, 100, 200, 500, 1000)]
    public int Units { get; set; }

    /// <summary>EIRNN_KERNELS names another.</summary>
    [ParamsSource(nameof(Current))]
    public string Kernels { get; set; } = "";

    public static IEnumerable<string> Current => [KernelSet.Current.Name];
}
