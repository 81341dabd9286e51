namespace EiRnnFast.Tasks;

/// <summary>Shapes of stimuli. Smoothing stays within the stimulus's own steps: nothing spills.</summary>
internal static class PulseShape
{
    private static readonly double[] s_hann = [.. Enumerable.Range(0, 10).Select(k => (0.5 - 0.5 * Math.Cos(2 * Math.PI * k / 9)) / 4.5)];
    private static readonly double[] s_gaussian =
        [.. Enumerable.Range(0, 20).Select(k => 0.04 * Math.Exp(-0.5 * Math.Pow((k - 9.5) / 12, 2)))];

    /// <summary>out[j] = Σ_i u[i]·w[j+4−i]/4.5 with the Hann window w of 10 points.</summary>
    public static double[] Hann(ReadOnlySpan<double> u) => Smooth(u, s_hann, 4);

    /// <summary>A pulse of ones under <see cref="Hann"/>.</summary>
    public static double[] HannPulse(int steps) => Hann([.. Enumerable.Repeat(1.0, steps)]);

    /// <summary>A pulse of ones, out[j] = Σ_i g[j+9−i] with g the Gaussian of 20 points, σ 12 and height 0.04.</summary>
    public static double[] GaussianPulse(int steps) => Smooth([.. Enumerable.Repeat(1.0, steps)], s_gaussian, 9);

    /// <summary>
    /// Integral of equidistant values by Simpson's rule; with an even number of points the mean of starting and ending with a trapezoid.
    /// </summary>
    public static double Integral(ReadOnlySpan<double> values) => values.Length switch
    {
        < 2 => 0,
        2 => (values[0] + values[1]) / 2,
        var n when n % 2 == 1 => Simpson(values),
        _ => (Simpson(values[..^1]) + (values[^2] + values[^1]) / 2 + (values[0] + values[1]) / 2 + Simpson(values[1..])) / 2,
    };

    private static double Simpson(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var i = 1; i < values.Length; i += 2) sum += values[i - 1] + 4 * values[i] + values[i + 1];
        return sum / 3;
    }

    private static double[] Smooth(ReadOnlySpan<double> u, double[] window, int centre)
    {
        var result = new double[u.Length];
        for (var j = 0; j < result.Length; j++)
            for (var i = Math.Max(0, j + centre - window.Length + 1); i <= Math.Min(u.Length - 1, j + centre); i++)
                result[j] += u[i] * window[j + centre - i];
        return result;
    }
}
