namespace EiRnnFast.Kernels;

/// <summary>The kernels over one lane type: each is written once in the file that its name says.</summary>
internal sealed class LaneKernels<TLane>(string name) : KernelSet where TLane : struct, ILane<TLane>
{
    public override string Name => name;

    public override int LaneWidth => TLane.Width;

    internal override int RowMultiple => GemmTile<TLane>.RowMultiple;

    internal override void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed) =>
        RecurrentStep<TLane>.Pack(wRec, units, PadUnits(units), transpose, packed);

    internal override void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int stride, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units) =>
        RecurrentStep<TLane>.Forward(hPrevious, packed, x, stride, inputs, wIn, bias, h, rows, units, PadUnits(units));

    internal override void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int stride,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units) =>
        RecurrentStep<TLane>.Backward(dNext, packed, x, dy, stride, wOut, h, d, edge, rows, units, PadUnits(units));

    internal override int GradientScratch(int units) => WeightGradient<TLane>.ScratchLength(PadUnits(units));

    internal override void AccumulateRecurrentGradient(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, Span<float> dWRec, Span<float> scratch) =>
        WeightGradient<TLane>.Recurrent(hPrevious, d, rows, units, PadUnits(units), dWRec, scratch);

    internal override void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int stride, int rows, int units, Span<float> y) =>
        ReadoutLoss<TLane>.Readout(h, wOut, bOut, stride, rows, PadUnits(units), y);

    internal override double LossGradient(Span<float> y, ReadOnlySpan<float> target, ReadOnlySpan<float> weight, int stride, double scale, Span<double> dBOut) =>
        ReadoutLoss<TLane>.Gradient(y, target, weight, stride, scale, dBOut);

    internal override void Add(ReadOnlySpan<float> values, Span<float> total) => WeightGradient<TLane>.Add(values, total);

    internal override double SumOfSquares(ReadOnlySpan<float> values) => AdamProjection<TLane>.SumOfSquares(values);

    internal override void AdamProject(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v,
        ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, float scale, in AdamStep adam) =>
        AdamProjection<TLane>.Update(p, g, m, v, lower, upper, scale, adam);
}
