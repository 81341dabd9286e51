using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>A whole update of the reference workload.</summary>
public class UpdateBenchmark : ICountedWork
{
    private UpdateLoop _loop = null!;

    [Params(50, 100, 200, 500, 1000)]
    public int Units { get; set; }

    [Params(false, true)]
    public bool Sharing { get; set; }

    [ParamsSource(nameof(Sets))]
    public string Kernels { get; set; } = "";

    public static IEnumerable<string> Sets => [KernelSet.Current.Name];

    /// <summary>With sharing, how many states are computed depends on the batch.</summary>
    double? ICountedWork.Operations => Sharing ? null : UpdateLoop.Operations(Units);

    [GlobalSetup]
    public void Setup() => _loop = new UpdateLoop(Units, Sharing, KernelSet.Get(Kernels));

    [Benchmark]
    public double Update() => _loop.Update();
}
