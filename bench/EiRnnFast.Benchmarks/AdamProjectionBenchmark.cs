using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Training;

namespace EiRnnFast.Benchmarks;

/// <summary>Norm, clipping, Adam and the projection of all weights: bound by memory, so no share of the peak.</summary>
public class AdamProjectionBenchmark
{
    private AdamOptimizer _optimizer = null!;

    [Params(50, 100, 200, 500, 1000)]
    public int Units { get; set; }

    [ParamsSource(nameof(Sets))]
    public string Kernels { get; set; } = "";

    public static IEnumerable<string> Sets => [KernelSet.Current.Name];

    [GlobalSetup]
    public void Setup()
    {
        var workspace = new TrainingWorkspace(UpdateLoop.Spec(Units), 1, UpdateLoop.Batch, KernelSet.Get(Kernels));
        workspace.Layout.CopyFrom(EiRnn.Create(UpdateLoop.Spec(Units), 1), workspace.Parameters.Span);
        RandomMatrix.Uniform(1, workspace.Gradients.Length, workspace.Gradients.Length, 0.01f).Span.CopyTo(workspace.Gradients.Span);
        _optimizer = new AdamOptimizer(workspace, UpdateLoop.Spec(Units), new TrainingOptions());
    }

    [Benchmark]
    public void Adam() => _optimizer.Update(_optimizer.GradientNorm());
}
