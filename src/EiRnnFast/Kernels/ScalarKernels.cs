using EiRnnFast.Kernels.Cells;
using EiRnnFast.Kernels.Sparse;

namespace EiRnnFast.Kernels;

/// <summary>The reference set: the equations as plain loops over single-precision numbers, in the order of their indices.</summary>
internal sealed class ScalarKernels<TCell> : KernelSet where TCell : struct, ICell
{
    public override string Name => "scalar";

    internal override KernelSet For(Cell cell) => cell.Scalar;

    internal override bool HasLeak => TCell.HasLeak;

    public override int LaneWidth => 1;

    internal override int RowMultiple => 1;

    internal override Columns[] Divide(int units, int members) => Columns.Divide(units, 1, hasFringe: false, units, members);

    internal override void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed, Columns columns,
        BlockRanges? blocks)
    {
        for (var i = 0; i < units; i++)
            for (var j = columns.First; j < columns.End(units); j++)
                packed[i * units + j] = transpose ? wRec[j * units + i] : wRec[i * units + j];
    }

    private protected override void Forward(in ForwardOperands step)
    {
        int units = step.Units, inputs = step.WIn.Length / units;
        var none = 0f;
        for (var r = 0; r < step.Rows; r++)
            for (var j = step.Columns.First; j < step.Columns.End(units); j++)
            {
                var sum = step.Bias[j];
                for (var k = 0; k < units; k++) sum += step.HPrevious[r * units + k] * step.Packed[k * units + j];
                for (var i = 0; i < inputs; i++) sum += step.X[i * step.Stride + r] * step.WIn[i * units + j];
                if (!step.Leak.Noise.IsEmpty) sum += step.Leak.Noise[r * units + j];
                step.H[r * units + j] = TCell.HasLeak
                    ? TCell.Rate(sum, step.Leak.Alpha[j], step.HPrevious[r * units + j], ref step.Leak.Kept[r * units + j])
                    : TCell.Rate(sum, 1, 0, ref none);
            }
    }

    private protected override void Backward(in BackwardOperands step)
    {
        var edge = step.Edge;
        int units = step.Units, stride = step.Stride;
        int inputs = edge.WIn.Length / units, outputs = edge.WOut.Length / units;
        var none = 0f;
        for (var r = 0; r < step.Rows; r++)
            for (var j = step.Columns.First; j < step.Columns.End(units); j++)
            {
                var (sum, state) = (0f, step.H[r * units + j]);
                for (var k = 0; k < units; k++) sum += step.DNext[r * units + k] * step.Packed[k * units + j];
                for (var o = 0; o < outputs; o++) sum += step.Dy[o * stride + r] * step.WOut[o * units + j];
                if (!step.Leak.RatePull.IsEmpty) sum += step.Leak.RatePull[r] * state;
                if (!step.Leak.RateGradient.IsEmpty) sum += step.Leak.RateGradient[r * units + j];
                sum = TCell.HasLeak
                    ? TCell.Delta(sum, state, step.Leak.Alpha[j], step.DNext[r * units + j], step.Leak.Kept[r * units + j],
                        ref step.Leak.Carry[r * units + j])
                    : TCell.Delta(sum, state, 1, 0, 0, ref none);
                if (MathF.Abs(sum) < LeastDelta) sum = 0;
                step.D[r * units + j] = sum;
                edge.Bias[j] += sum;
                for (var i = 0; i < inputs; i++) edge.WIn[i * units + j] += step.X[i * stride + r] * sum;
                for (var o = 0; o < outputs; o++) edge.WOut[o * units + j] += step.Dy[o * stride + r] * state;
            }
    }

    internal override int GradientScratch(int units) => 0;

    internal override int PanelScratch(int units) => 0;

    internal override int CopiedStates(int units) => 0;

    private protected override void Copy(in RecurrentGradientOperands block)
    {
        // read in its place
    }

    private protected override void RecurrentGradient(in RecurrentGradientOperands block)
    {
        var units = block.Units;
        for (var i = 0; i < units; i++)
            for (var j = block.Columns.First; j < block.Columns.End(units); j++)
            {
                var sum = 0f;
                for (var r = 0; r < block.Rows; r++) sum += block.HPrevious[r * units + i] * block.D[r * units + j];
                block.DWRec[i * units + j] += sum;
            }
    }

    private protected override void ReadoutStep(in ReadoutOperands readout)
    {
        var units = readout.Units;
        for (var r = readout.First; r < readout.Rows; r++)
            for (var o = 0; o < readout.BOut.Length; o++)
            {
                var sum = readout.BOut[o];
                for (var j = 0; j < units; j++) sum += readout.H[r * units + j] * readout.WOut[o * units + j];
                readout.Y[o * readout.Stride + r] = sum;
            }
    }

    private protected override double Loss(in LossOperands loss)
    {
        var (sum, stride) = (0.0, loss.Stride);
        for (var o = 0; o < loss.DBOut.Length; o++)
            for (var i = o * stride; i < (o + 1) * stride; i++)
            {
                var error = (double)loss.Y[i] - loss.Target[i];
                sum += loss.Weight[i] * error * error;
                loss.Y[i] = (float)(loss.Scale * loss.Weight[i] * error);
                loss.DBOut[o] += loss.Y[i];
            }
        return sum;
    }

    private protected override double Entropy(in LossOperands loss)
    {
        var sum = 0.0;
        for (var r = 0; r < loss.Stride; r++)
        {
            double weight = loss.Weight[r], largest = double.NegativeInfinity, total = 0, targets = 0;
            for (var o = 0; o < loss.DBOut.Length; o++) largest = Math.Max(largest, loss.Y[o * loss.Stride + r]);
            for (var o = 0; o < loss.DBOut.Length; o++)
            {
                total += Math.Exp(loss.Y[o * loss.Stride + r] - largest);
                targets += loss.Target[o * loss.Stride + r];
            }
            for (var o = 0; o < loss.DBOut.Length; o++)
            {
                var i = o * loss.Stride + r;
                var (logit, target) = (loss.Y[i] - largest, loss.Target[i]);
                sum += weight * target * (Math.Log(total) - logit);
                loss.Y[i] = (float)(loss.Scale * weight * (targets * Math.Exp(logit) / total - target));
                loss.DBOut[o] += loss.Y[i];
            }
        }
        return sum;
    }

    internal override void Add(ReadOnlySpan<float> values, Span<float> total)
    {
        for (var i = 0; i < total.Length; i++) total[i] += values[i];
    }

    internal override double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += (double)value * value;
        return sum;
    }

    private protected override void Adam(in AdamOperands row, in AdamStep adam)
    {
        Span<float> p = row.P, m = row.M, v = row.V;
        for (var i = 0; i < p.Length; i++)
        {
            var gradient = row.G[i] * row.Scale;
            m[i] = adam.Beta1 * m[i] + adam.OneMinusBeta1 * gradient;
            v[i] = adam.Beta2 * v[i] + adam.OneMinusBeta2 * gradient * gradient;
            var weight = p[i] - adam.Step * m[i] / (MathF.Sqrt(v[i]) + adam.Epsilon);
            p[i] = MathF.Min(MathF.Max(weight, row.Lower[i]), row.Upper[i]) + 0f;
        }
    }
}
