using EiRnnFast.Kernels.Cells;
using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

/// <summary>The kernels over one lane type and one cell: each is written once in the file that its name says.</summary>
internal sealed class LaneKernels<TLane, TCell>(string name) : KernelSet where TLane : struct, ILane<TLane> where TCell : struct, ICell
{
    public override string Name => name;

    internal override KernelSet For(Cell cell) => typeof(TLane) == typeof(Vector512Lane) ? cell.Vector512 : cell.Vector;

    internal override bool HasLeak => TCell.HasLeak;

    public override int LaneWidth => TLane.Width;

    internal override int RowMultiple => GemmTile<TLane>.RowMultiple;

    internal override Columns[] Divide(int units, int members) => Columns.Divide(
        Fringe<TLane>.LanesBefore(units), TLane.Width, Fringe<TLane>.Columns(units) > 0, PadUnits(units), members);

    internal override void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed, Columns columns,
        BlockRanges? blocks) => RecurrentStep<TLane, TCell>.Pack(wRec, units, PadUnits(units), transpose, packed, columns, blocks);

    private protected override void Forward(in ForwardOperands step) => RecurrentStep<TLane, TCell>.Forward(step, PadUnits(step.Units));

    private protected override void Backward(in BackwardOperands step) => RecurrentStep<TLane, TCell>.Backward(step, PadUnits(step.Units));

    internal override int GradientScratch(int units) => WeightGradient<TLane>.ScratchLength(PadUnits(units));

    internal override int PanelScratch(int units) => WeightGradient<TLane>.PanelLength(PadUnits(units));

    internal override int CopiedStates(int units) => WeightGradient<TLane>.CopiedAtATime(PadUnits(units));

    private protected override void Copy(in RecurrentGradientOperands block) =>
        WeightGradient<TLane>.CopyStates(block, PadUnits(block.Units), 0, block.Rows);

    private protected override void RecurrentGradient(in RecurrentGradientOperands block) =>
        WeightGradient<TLane>.Recurrent(block, PadUnits(block.Units));

    private protected override void ReadoutStep(in ReadoutOperands readout) => ReadoutLoss<TLane>.Readout(readout, PadUnits(readout.Units));

    private protected override double Loss(in LossOperands loss) => ReadoutLoss<TLane>.Gradient(loss);

    private protected override double Entropy(in LossOperands loss) => CrossEntropy<TLane>.Gradient(loss);

    internal override void Add(ReadOnlySpan<float> values, Span<float> total) => WeightGradient<TLane>.Add(values, total);

    internal override double SumOfSquares(ReadOnlySpan<float> values) => AdamProjection<TLane>.SumOfSquares(values);

    private protected override void Adam(in AdamOperands row, in AdamStep adam) => AdamProjection<TLane>.Update(row, adam);
}
