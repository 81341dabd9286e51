#define DEBUG // the checks are compiled into their callers in Debug builds only: here the caller is this file
using EiRnnFast.Kernels;

namespace EiRnnFast.Tests.Kernels;

/// <summary>What a Debug build says of operands that are too short.</summary>
public sealed class OperandLengthTests
{
    private const int Units = 5, Rows = 4, Inputs = 2, Outputs = 1;

    public static TheoryData<string> Sets => [.. KernelSet.Available.Select(set => set.Name)];

    [Theory, MemberData(nameof(Sets))]
    public void Operands_of_the_right_lengths_pass(string name)
    {
        var set = KernelSet.Get(name);
        OperandLengths.Check(set, Forward(set, 0, 0, 0));
        OperandLengths.Check(set, Backward(set, 0, 0));
    }

    [Theory, MemberData(nameof(Sets))]
    public void An_operand_that_is_too_short_is_named(string name)
    {
        var set = KernelSet.Get(name);
        Refused("H", () => OperandLengths.Check(set, Forward(set, shortState: 1, 0, 0)));
        Refused("X", () => OperandLengths.Check(set, Forward(set, 0, shortInput: 1, 0)));
        Refused("Bias", () => OperandLengths.Check(set, Forward(set, 0, 0, shortBias: 1)));
        Refused("Dy", () => OperandLengths.Check(set, Backward(set, shortPull: 1, 0)));
        Refused("D", () => OperandLengths.Check(set, Backward(set, 0, shortDelta: 1)));
    }

    private static void Refused(string operand, Action check) => Assert.Equal(operand, Assert.Throws<ArgumentException>(check).ParamName);

    private static ForwardOperands Forward(KernelSet set, int shortState, int shortInput, int shortBias)
    {
        var (width, stride) = (set.PadUnits(Units), set.ChannelStride(Rows));
        return new ForwardOperands
        {
            Rows = Rows, Units = Units, Stride = stride, HPrevious = new float[Rows * width], Packed = new float[Units * width],
            X = new float[Inputs * stride - shortInput], WIn = new float[Inputs * width], Bias = new float[width - shortBias],
            H = new float[Rows * width - shortState],
        };
    }

    private static BackwardOperands Backward(KernelSet set, int shortPull, int shortDelta)
    {
        var (width, stride) = (set.PadUnits(Units), set.ChannelStride(Rows));
        return new BackwardOperands
        {
            Rows = Rows, Units = Units, Stride = stride, DNext = new float[Rows * width], Packed = new float[Units * width],
            X = new float[Inputs * stride], Dy = new float[Outputs * stride - shortPull], WOut = new float[Outputs * width],
            H = new float[Rows * width], D = new float[Rows * width - shortDelta],
            Edge = new EdgeGradients { WIn = new float[Inputs * width], Bias = new float[width], WOut = new float[Outputs * width] },
        };
    }
}
