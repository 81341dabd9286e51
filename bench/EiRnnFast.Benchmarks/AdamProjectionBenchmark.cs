using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Training;

namespace EiRnnFast.Benchmarks;

/// <summary>Norm, clipping, Adam and the projection of all weights: bound by memory, so no share of the peak.</summary>
public class AdamProjectionBenchmark : KernelBenchmark
{
    private Optimizer _optimizer = null!;

    [GlobalSetup]
    public void Setup()
    {
        var workspace = new TrainingWorkspace(UpdateLoop.Spec(Units), 1, UpdateLoop.Batch, KernelSet.Get(Kernels));
        workspace.Layout.CopyFrom(EiRnn.Create(UpdateLoop.Spec(Units), 1), workspace.Parameters.Span);
        RandomMatrix.Uniform(1, workspace.Gradients.Length, workspace.Gradients.Length, 0.01f).Span.CopyTo(workspace.Gradients.Span);
        _optimizer = new Optimizer(workspace, UpdateLoop.Spec(Units), new TrainingOptions());
    }

    [Benchmark(Description = "Adam+projection")]
    public void Adam() => _optimizer.Update(_optimizer.GradientNorm());
}
