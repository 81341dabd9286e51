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

    internal override void ForwardStep(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units)
    {
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < units; j++)
            {
                var sum = bias[j];
                for (var k = 0; k < units; k++) sum += hPrevious[r * units + k] * packed[k * units + j];
                for (var i = 0; i < inputs; i++) sum += x[r * inputs + i] * wIn[i * units + j];
                h[r * units + j] = MathF.Tanh(sum);
            }
    }

    internal override void BackwardStep(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> dy, int outputs,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, int rows, int units)
    {
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < units; j++)
            {
                var sum = 0f;
                for (var k = 0; k < units; k++) sum += dNext[r * units + k] * packed[k * units + j];
                for (var o = 0; o < outputs; o++) sum += dy[r * outputs + o] * wOut[o * units + j];
                d[r * units + j] = sum * (1 - h[r * units + j] * h[r * units + j]);
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

    internal override void AccumulateInputGradient(ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> d, int rows, int units,
        Span<float> dWIn, Span<float> dBias)
    {
        for (var j = 0; j < units; j++)
        {
            var sum = 0f;
            for (var r = 0; r < rows; r++) sum += d[r * units + j];
            dBias[j] += sum;
            for (var i = 0; i < inputs; i++)
            {
                sum = 0f;
                for (var r = 0; r < rows; r++) sum += x[r * inputs + i] * d[r * units + j];
                dWIn[i * units + j] += sum;
            }
        }
    }

    internal override void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int outputs, int rows, int units, Span<float> y)
    {
        for (var r = 0; r < rows; r++)
            for (var o = 0; o < outputs; o++)
            {
                var sum = bOut[o];
                for (var j = 0; j < units; j++) sum += h[r * units + j] * wOut[o * units + j];
                y[r * outputs + o] = sum;
            }
    }

    internal override void AccumulateReadoutGradient(ReadOnlySpan<float> h, ReadOnlySpan<float> dy, int outputs, int rows, int units, Span<float> dWOut)
    {
        for (var o = 0; o < outputs; o++)
            for (var j = 0; j < units; j++)
            {
                var sum = 0f;
                for (var r = 0; r < rows; r++) sum += dy[r * outputs + o] * h[r * units + j];
                dWOut[o * units + j] += sum;
            }
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
