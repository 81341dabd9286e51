namespace EiRnnFast.Kernels;

/// <summary>The kernels over one lane type: each is written once in the file that its name says.</summary>
internal sealed class LaneKernels<TLane>(string name) : KernelSet where TLane : struct, ILane<TLane>
{
    public override string Name => name;

    public override int LaneWidth => TLane.Width;

    internal override int RowMultiple => TLane.TileRows;

    internal override void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed) =>
        RecurrentStep<TLane>.Pack(wRec, units, PadUnits(units), transpose, packed);

    internal override void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units) =>
        RecurrentStep<TLane>.Forward(hPrevious, packed, x, inputs, wIn, bias, h, rows, units, PadUnits(units));

    internal override void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> dy, int outputs,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, int rows, int units) =>
        RecurrentStep<TLane>.Backward(dNext, packed, dy, outputs, wOut, h, d, rows, units, PadUnits(units));

    internal override void AccumulateRecurrentGradient(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, Span<float> dWRec) =>
        WeightGradient<TLane>.Recurrent(hPrevious, d, rows, units, PadUnits(units), dWRec);

    internal override void AccumulateInputGradient(ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> d, int rows, int units,
        Span<float> dWIn, Span<float> dBias) =>
        WeightGradient<TLane>.Input(x, inputs, d, rows, PadUnits(units), dWIn, dBias);

    internal override void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int outputs, int rows, int units, Span<float> y) =>
        ReadoutLayer<TLane>.Forward(h, wOut, bOut, outputs, rows, PadUnits(units), y);

    internal override void AccumulateReadoutGradient(ReadOnlySpan<float> h, ReadOnlySpan<float> dy, int outputs, int rows, int units, Span<float> dWOut) =>
        ReadoutLayer<TLane>.WeightGradient(h, dy, outputs, rows, PadUnits(units), dWOut);

    internal override double SumOfSquares(ReadOnlySpan<float> values) => AdamProjection<TLane>.SumOfSquares(values);

    internal override void AdamProject(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v,
        ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, float scale, in AdamStep adam) =>
        AdamProjection<TLane>.Update(p, g, m, v, lower, upper, scale, adam);
}
