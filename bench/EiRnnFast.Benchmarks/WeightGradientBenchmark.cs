using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;
using EiRnnFast.Numerics;
using EiRnnFast.Training;

namespace EiRnnFast.Benchmarks;

/// <summary>The share of dW_rec of one block of timesteps, as many as an update takes at once.</summary>
public class WeightGradientBenchmark : KernelBenchmark, ICountedWork
{
    private KernelSet _kernels = null!;
    private AlignedBuffer _h = null!, _d = null!, _dWRec = null!, _scratch = null!;

    double? ICountedWork.Operations => 2.0 * Rows * Units * Units;

    private int Rows => new TrainingWorkspace(UpdateLoop.Spec(Units), 1, UpdateLoop.Batch,
        KernelSet.Get(Kernels)).BlockRows / UpdateLoop.Batch * UpdateLoop.Batch;

    [GlobalSetup]
    public void Setup()
    {
        _kernels = KernelSet.Get(Kernels);
        var width = _kernels.PadUnits(Units);
        (_h, _d, _dWRec) = (RandomMatrix.Uniform(Rows, Units, width), RandomMatrix.Uniform(Rows, Units, width),
            new AlignedBuffer(width * width));
        _scratch = new AlignedBuffer(_kernels.GradientScratch(Units));
    }

    [Benchmark(Description = "weight-gradient")]
    public void Accumulate() => _kernels.AccumulateRecurrentGradient(new RecurrentGradientOperands
    {
        Rows = _h.Length / _kernels.PadUnits(Units), Units = Units,
        HPrevious = _h.Span, D = _d.Span, DWRec = _dWRec.Span, Scratch = _scratch.Span,
    });
}
