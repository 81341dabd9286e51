using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>A whole update of the reference workload.</summary>
public class UpdateBenchmark : KernelBenchmark, ICountedWork
{
    private UpdateLoop _loop = null!;

    [Params(false, true)]
    public bool Sharing { get; set; }

    /// <summary>With sharing, how many states are computed depends on the batch.</summary>
    double? ICountedWork.Operations => Sharing ? null : UpdateLoop.Operations(Units);

    [GlobalSetup]
    public void Setup() => _loop = new UpdateLoop(Units, Sharing, KernelSet.Get(Kernels));

    [Benchmark(Description = "update")]
    public double Update() => _loop.Update();
}
