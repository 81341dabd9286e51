namespace EiRnnFast.Kernels;

/// <summary>The reference set: the equations as plain loops over single-precision numbers, in the order of their indices.</summary>
internal sealed class ScalarKernels : KernelSet
{
    public override string Name => "scalar";

    public override int LaneWidth => 1;

    internal override int RowMultiple => 1;

    internal override void Pack(ReadOnlySpan<float> wRec, int units, bool transpose, Span<float> packed)
    {
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
                packed[i * units + j] = transpose ? wRec[j * units + i] : wRec[i * units + j];
    }

    internal override void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, TimeSlice x,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units)
    {
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < units; j++)
            {
                var sum = bias[j];
                for (var k = 0; k < units; k++) sum += hPrevious[r * units + k] * packed[k * units + j];
                for (var i = 0; i < x.Channels; i++) sum += x.Values[r * x.RowStride + i] * wIn[i * units + j];
                h[r * units + j] = MathF.Tanh(sum);
            }
    }

    internal override void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, TimeSlice x, TimeSlice dy,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units)
    {
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < units; j++)
            {
                var (sum, state) = (0f, h[r * units + j]);
                for (var k = 0; k < units; k++) sum += dNext[r * units + k] * packed[k * units + j];
                for (var o = 0; o < dy.Channels; o++) sum += dy.Values[r * dy.RowStride + o] * wOut[o * units + j];
                sum *= 1 - state * state;
                d[r * units + j] = sum;
                edge.Bias[j] += sum;
                for (var i = 0; i < x.Channels; i++) edge.WIn[i * units + j] += x.Values[r * x.RowStride + i] * sum;
                for (var o = 0; o < dy.Channels; o++) edge.WOut[o * units + j] += dy.Values[r * dy.RowStride + o] * state;
            }
    }

    internal override void AccumulateRecurrentGradient(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, Span<float> dWRec)
    {
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
            {
                var sum = 0f;
                for (var r = 0; r < rows; r++) sum += hPrevious[r * units + i] * d[r * units + j];
                dWRec[i * units + j] += sum;
            }
    }

    internal override void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int rows, int units, Span<float> y)
    {
        for (var r = 0; r < rows; r++)
            for (var o = 0; o < bOut.Length; o++)
            {
                var sum = bOut[o];
                for (var j = 0; j < units; j++) sum += h[r * units + j] * wOut[o * units + j];
                y[r * bOut.Length + o] = sum;
            }
    }

    internal override double ReadoutLoss(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, TimeSlice target,
        ReadOnlySpan<float> weight, double scale, Span<float> dy, Span<double> dBOut, int rows, int units)
    {
        var loss = 0.0;
        for (var r = 0; r < rows; r++)
            for (var o = 0; o < bOut.Length; o++)
            {
                var (y, at) = (bOut[o], r * target.RowStride + o);
                for (var j = 0; j < units; j++) y += h[r * units + j] * wOut[o * units + j];
                var error = (double)y - target.Values[at];
                loss += weight[at] * error * error;
                dy[at] = (float)(scale * weight[at] * error);
                dBOut[o] += dy[at];
            }
        return loss;
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

    internal override void AdamProject(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v,
        ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, float scale, in AdamStep adam)
    {
        for (var i = 0; i < p.Length; i++)
        {
            var gradient = g[i] * scale;
            m[i] = adam.Beta1 * m[i] + adam.OneMinusBeta1 * gradient;
            v[i] = adam.Beta2 * v[i] + adam.OneMinusBeta2 * gradient * gradient;
            var weight = p[i] - adam.Step * m[i] / (MathF.Sqrt(v[i]) + adam.Epsilon);
            p[i] = MathF.Min(MathF.Max(weight, lower[i]), upper[i]) + 0f;
        }
    }
}
