using MathNet.Numerics;

namespace EiRnnFast.Studies.Statistics;

/// <summary>
/// The size of a difference in standard deviations, nearly unbiased (Hedges 1981): g = J·(x̄ − ȳ)/s with the pooled s, df = n + m − 2 and
/// J = Γ(df/2)/(√(df/2)·Γ((df − 1)/2)). The 95 % interval inverts the noncentral t (Steiger and Fouladi 1997): its ends are
/// J·δ·√(1/n + 1/m) with P(T ≤ t; δ) = 0.975 and 0.025. It takes the spreads of both populations as equal.
/// </summary>
/// <param name="G">The size.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
public sealed record HedgesG(double G, double Low, double High)
{
    /// <summary>Beyond this many standard deviations the samples have nothing in common, and the distribution is not worked out.</summary>
    private const double Most = 1e4;

    /// <summary>Of independent samples; null with fewer than two values in either, without spread, and beyond 10,000 standard
    /// deviations.</summary>
    public static HedgesG? Of(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(against);
        if (values.Count < 2 || against.Count < 2) return null;
        var (mean, variance) = DifferenceTest.Moments(values);
        var (other, otherVariance) = DifferenceTest.Moments(against);
        var freedom = values.Count + against.Count - 2;
        var pooled = Math.Sqrt(((values.Count - 1) * variance + (against.Count - 1) * otherVariance) / freedom);
        var (size, scale) = ((mean - other) / pooled, Math.Sqrt(1.0 / values.Count + 1.0 / against.Count));
        if (!(Math.Abs(size) < Most)) return null;
        var unbiased = Math.Exp(SpecialFunctions.GammaLn(freedom / 2.0) - SpecialFunctions.GammaLn((freedom - 1) / 2.0))
            / Math.Sqrt(freedom / 2.0);
        return new HedgesG(unbiased * size, End(0.975), End(0.025));

        double End(double probability) => unbiased * scale * NoncentralT.Noncentrality(size / scale, freedom, probability);
    }
}
