namespace EiRnnFast.Dynamics;

/// <summary>A mean with its standard error.</summary>
/// <param name="Mean">Mean; NaN of nothing.</param>
/// <param name="StandardError">Sample σ (n − 1) over √n; null below two values.</param>
/// <param name="Count">n.</param>
public readonly record struct Estimate(double Mean, double? StandardError, int Count)
{
    /// <summary>Of some values.</summary>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) return new Estimate(double.NaN, null, 0);
        var first = values.First();
        // equal values have themselves as their mean, to the bit
        var mean = first + values.Average(value => value == first ? 0 : value - first);
        if (values.Count < 2) return new Estimate(mean, null, values.Count);
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new Estimate(mean, Math.Sqrt(squares / (values.Count - 1) / values.Count), values.Count);
    }
}
