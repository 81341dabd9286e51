using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;
using EiRnnFast.Numerics;

namespace EiRnnFast.Benchmarks;

/// <summary>One timestep of a batch forward and backward, with two inputs and one output as in AND.</summary>
public class TimestepBenchmark : KernelBenchmark, ICountedWork
{
    private const int Inputs = 2, Outputs = 1;
    private KernelSet _kernels = null!;
    private AlignedBuffer _before = null!, _after = null!, _packed = null!, _x = null!, _dy = null!, _wIn = null!, _bias = null!,
        _wOut = null!, _result = null!, _dWIn = null!, _dBias = null!, _dWOut = null!;
    private int _rows, _stride;

    double? ICountedWork.Operations => 2.0 * UpdateLoop.Batch * Units * Units;

    [GlobalSetup]
    public void Setup()
    {
        _kernels = KernelSet.Get(Kernels);
        _rows = _kernels.PadRows(UpdateLoop.Batch);
        _stride = _kernels.ChannelStride(_rows);
        var width = _kernels.PadUnits(Units);
        (_before, _after, _result) = (RandomMatrix.Uniform(_rows, Units, width), RandomMatrix.Uniform(_rows, Units, width),
            new AlignedBuffer(_rows * width));
        (_x, _dy) = (RandomMatrix.Uniform(Inputs, UpdateLoop.Batch, _stride), RandomMatrix.Uniform(Outputs, UpdateLoop.Batch, _stride));
        (_wIn, _bias, _wOut) = (RandomMatrix.Uniform(Inputs, Units, width), RandomMatrix.Uniform(1, Units, width),
            RandomMatrix.Uniform(Outputs, Units, width));
        (_dWIn, _dBias, _dWOut) = (new AlignedBuffer(Inputs * width), new AlignedBuffer(width), new AlignedBuffer(Outputs * width));
        _packed = new AlignedBuffer(Units * width);
        _kernels.Pack(RandomMatrix.Uniform(Units, Units, width, 1 / MathF.Sqrt(Units)).Span, Units, transpose: false, _packed.Span);
    }

    [Benchmark(Description = "forward-step")]
    public void Forward() =>
        _kernels.ForwardStep(new ForwardOperands
        {
            Rows = _rows, Units = Units, Stride = _stride, HPrevious = _before.Span, Packed = _packed.Span, X = _x.Span,
            WIn = _wIn.Span, Bias = _bias.Span, H = _result.Span,
        });

    [Benchmark(Description = "backward-step")]
    public void Backward() =>
        _kernels.BackwardStep(new BackwardOperands
        {
            Rows = _rows, Units = Units, Stride = _stride, DNext = _after.Span, Packed = _packed.Span, X = _x.Span, Dy = _dy.Span,
            WOut = _wOut.Span, H = _before.Span, D = _result.Span,
            Edge = new EdgeGradients { WIn = _dWIn.Span, Bias = _dBias.Span, WOut = _dWOut.Span },
        });
}
