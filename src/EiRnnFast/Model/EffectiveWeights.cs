namespace EiRnnFast.Model;

/// <summary>W_rec as it acts, from the weights V that are trained: V itself, |V|∘D or max(V, 0)∘D, with D the signs.</summary>
internal sealed class EffectiveWeights
{
    private readonly SignMode _mode;
    private readonly int _units;
    private readonly float[] _rowSigns, _columnSigns;

    private EffectiveWeights(NetworkSpec spec)
    {
        (_mode, _units) = (spec.Signs.Mode, spec.Units);
        var (rows, columns) = WeightSigns.Of(spec).Split();
        (_rowSigns, _columnSigns) = (Factors(rows), Factors(columns));
    }

    /// <summary>Null where the trained weights act themselves.</summary>
    public static EffectiveWeights? Of(NetworkSpec spec) => spec.Signs.Mode == SignMode.Projection ? null : new EffectiveWeights(spec);

    private static float[] Factors(int[] signs) => [.. signs.Select(sign => sign < 0 ? -1f : 1)];

    /// <summary>W (=) as it acts. Rows lie <paramref name="stride"/> floats apart.</summary>
    public void Form(ReadOnlySpan<float> v, Span<float> w, int stride) => Form(v, w, stride, 0, _units);

    /// <summary>The same of rows first … end−1.</summary>
    public void Form(ReadOnlySpan<float> v, Span<float> w, int stride, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            var (sign, row) = (_rowSigns[i], i * stride);
            for (var j = 0; j < _units; j++)
            {
                var magnitude = _mode == SignMode.Magnitude ? MathF.Abs(v[row + j]) : MathF.Max(v[row + j], 0);
                w[row + j] = magnitude == 0 ? 0 : magnitude * sign * _columnSigns[j];
            }
        }
    }

    /// <summary>dV from dW, in place: d|V| = sign V, 0 at 0; d max(V, 0) = 1 above 0. Rows first … end−1.</summary>
    public void PullBack(ReadOnlySpan<float> v, Span<float> gradient, int stride, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            var (sign, row) = (_rowSigns[i], i * stride);
            for (var j = 0; j < _units; j++)
            {
                var weight = v[row + j];
                var slope = weight > 0 ? 1 : weight < 0 && _mode == SignMode.Magnitude ? -1 : 0;
                gradient[row + j] *= slope * sign * _columnSigns[j];
            }
        }
    }
}
