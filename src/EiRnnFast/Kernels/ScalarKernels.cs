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

    internal override void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int stride, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units)
    {
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < units; j++)
            {
                var sum = bias[j];
                for (var k = 0; k < units; k++) sum += hPrevious[r * units + k] * packed[k * units + j];
                for (var i = 0; i < inputs; i++) sum += x[i * stride + r] * wIn[i * units + j];
                h[r * units + j] = MathF.Abs(sum) < LeastState ? 0 : MathF.Tanh(sum);
            }
    }

    internal override void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int stride,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units)
    {
        int inputs = edge.WIn.Length / units, outputs = edge.WOut.Length / units;
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < units; j++)
            {
                var (sum, state) = (0f, h[r * units + j]);
                for (var k = 0; k < units; k++) sum += dNext[r * units + k] * packed[k * units + j];
                for (var o = 0; o < outputs; o++) sum += dy[o * stride + r] * wOut[o * units + j];
                sum *= 1 - state * state;
                if (MathF.Abs(sum) < LeastDelta) sum = 0;
                d[r * units + j] = sum;
                edge.Bias[j] += sum;
                for (var i = 0; i < inputs; i++) edge.WIn[i * units + j] += x[i * stride + r] * sum;
                for (var o = 0; o < outputs; o++) edge.WOut[o * units + j] += dy[o * stride + r] * state;
            }
    }

    internal override int GradientScratch(int units) => 0;

    internal override void AccumulateRecurrentGradient(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> d, int rows, int units, Span<float> dWRec, Span<float> scratch)
    {
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
            {
                var sum = 0f;
                for (var r = 0; r < rows; r++) sum += hPrevious[r * units + i] * d[r * units + j];
                dWRec[i * units + j] += sum;
            }
    }

    internal override void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int stride, int rows, int units, Span<float> y)
    {
        for (var r = 0; r < rows; r++)
            for (var o = 0; o < bOut.Length; o++)
            {
                var sum = bOut[o];
                for (var j = 0; j < units; j++) sum += h[r * units + j] * wOut[o * units + j];
                y[o * stride + r] = sum;
            }
    }

    internal override double LossGradient(Span<float> y, ReadOnlySpan<float> target, ReadOnlySpan<float> weight, int stride, double scale, Span<double> dBOut)
    {
        var loss = 0.0;
        for (var o = 0; o < dBOut.Length; o++)
            for (var i = o * stride; i < (o + 1) * stride; i++)
            {
                var error = (double)y[i] - target[i];
                loss += weight[i] * error * error;
                y[i] = (float)(scale * weight[i] * error);
                dBOut[o] += y[i];
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
