using System.Diagnostics;

namespace EiRnnFast.Kernels;

/// <summary>
/// Kernels read and write without looking: what they are handed must be long enough. Calls are compiled in Debug builds only,
/// so that they cost nothing where it counts.
/// </summary>
internal static class OperandLengths
{
    [Conditional("DEBUG")]
    public static void Check(KernelSet set, in ForwardOperands step)
    {
        var width = set.PadUnits(step.Units);
        Multiple("WIn", step.WIn.Length, width);
        CheckRows(set, step.Rows, step.Stride);
        AtLeast("HPrevious", step.HPrevious.Length, step.Rows * width);
        AtLeast("Packed", step.Packed.Length, step.Units * width);
        AtLeast("X", step.X.Length, step.WIn.Length / width * step.Stride);
        AtLeast("Bias", step.Bias.Length, width);
        AtLeast("H", step.H.Length, step.Rows * width);
    }

    [Conditional("DEBUG")]
    public static void Check(KernelSet set, in BackwardOperands step)
    {
        var width = set.PadUnits(step.Units);
        Multiple("Edge.WIn", step.Edge.WIn.Length, width);
        Multiple("Edge.WOut", step.Edge.WOut.Length, width);
        CheckRows(set, step.Rows, step.Stride);
        AtLeast("DNext", step.DNext.Length, step.Rows * width);
        AtLeast("Packed", step.Packed.Length, step.Units * width);
        AtLeast("X", step.X.Length, step.Edge.WIn.Length / width * step.Stride);
        AtLeast("Dy", step.Dy.Length, step.Edge.WOut.Length / width * step.Stride);
        AtLeast("WOut", step.WOut.Length, step.Edge.WOut.Length);
        AtLeast("H", step.H.Length, step.Rows * width);
        AtLeast("D", step.D.Length, step.Rows * width);
        AtLeast("Edge.Bias", step.Edge.Bias.Length, width);
    }

    [Conditional("DEBUG")]
    public static void Check(KernelSet set, in RecurrentGradientOperands block)
    {
        var width = set.PadUnits(block.Units);
        AtLeast("HPrevious", block.HPrevious.Length, block.Rows * width);
        AtLeast("D", block.D.Length, block.Rows * width);
        AtLeast("DWRec", block.DWRec.Length, width * width);
        AtLeast("Scratch", block.Scratch.Length, set.GradientScratch(block.Units));
        if (!block.Panel.IsEmpty) AtLeast("Panel", block.Panel.Length, set.PanelScratch(block.Units));
    }

    [Conditional("DEBUG")]
    public static void Check(KernelSet set, in ReadoutOperands readout)
    {
        var (width, outputs) = (set.PadUnits(readout.Units), readout.BOut.Length);
        AtLeast("Stride", readout.Stride, set.ChannelStride(readout.Rows));
        Multiple("First", readout.First, set.LaneWidth);
        AtLeast("H", readout.H.Length, readout.Rows * width);
        AtLeast("WOut", readout.WOut.Length, outputs * width);
        AtLeast("Y", readout.Y.Length, outputs * readout.Stride);
    }

    [Conditional("DEBUG")]
    public static void Check(KernelSet set, in LossOperands loss)
    {
        var length = loss.DBOut.Length * loss.Stride;
        Multiple("Stride", loss.Stride, set.LaneWidth);
        Exactly("Weight", loss.Weight.Length, length);
        AtLeast("Y", loss.Y.Length, length);
        AtLeast("Target", loss.Target.Length, length);
    }

    [Conditional("DEBUG")]
    public static void Check(KernelSet set, in AdamOperands row)
    {
        var length = row.P.Length;
        Multiple("P", length, set.LaneWidth);
        Exactly("G", row.G.Length, length);
        Exactly("M", row.M.Length, length);
        Exactly("V", row.V.Length, length);
        Exactly("Lower", row.Lower.Length, length);
        Exactly("Upper", row.Upper.Length, length);
    }

    private static void CheckRows(KernelSet set, int rows, int stride)
    {
        Multiple("Rows", rows, set.RowMultiple);
        AtLeast("Stride", stride, set.ChannelStride(rows));
    }

    private static void AtLeast(string operand, int found, int least) => Require(operand, found >= least, found, $"at least {least}");

    private static void Exactly(string operand, int found, int length) => Require(operand, found == length, found, $"{length}");

    private static void Multiple(string operand, int found, int of) => Require(operand, found % of == 0, found, $"a multiple of {of}");

    private static void Require(string operand, bool holds, int found, string expected)
    {
        if (!holds) throw new ArgumentException($"found {found}, expected {expected}; see the summary of the operands", operand);
    }
}
