using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace EiRnnFast.Studies.Statistics;

/// <summary>The distribution of Student's t where the effect is not zero.</summary>
internal static class NoncentralT
{
    private const double LeastWeight = 1e-17;

    /// <summary>
    /// P(T ≤ t) with noncentrality δ (Lenth 1989): for t ≥ 0, Φ(−δ) + ½·Σ_j [p_j·I_x(j + ½, df/2) + q_j·I_x(j + 1, df/2)],
    /// x = t²/(t² + df), p_j = Poisson(j; δ²/2), q_j = sgn δ·e^(−δ²/2)·(δ²/2)^(j + ½)/Γ(j + 3/2). Summed from the largest weight outwards.
    /// </summary>
    public static double Cdf(double t, double df, double noncentrality)
    {
        if (noncentrality == 0) return StudentT.CDF(0, 1, df, t);
        if (t < 0) return 1 - Cdf(-t, df, -noncentrality);
        var (half, x) = (noncentrality * noncentrality / 2, t * t / (t * t + df));
        var largest = (int)half;
        var sum = 0.0;
        for (var j = largest; j >= 0 && Add(j); j--) { }
        for (var j = largest + 1; Add(j); j++) { }
        return Normal.CDF(0, 1, -noncentrality) + sum / 2;

        bool Add(int j)
        {
            var whole = Math.Exp(j * Math.Log(half) - half - SpecialFunctions.GammaLn(j + 1));
            var between = Math.Exp((j + 0.5) * Math.Log(half) - half - SpecialFunctions.GammaLn(j + 1.5));
            sum += whole * SpecialFunctions.BetaRegularized(j + 0.5, df / 2, x)
                + Math.Sign(noncentrality) * between * SpecialFunctions.BetaRegularized(j + 1, df / 2, x);
            return Math.Max(whole, between) > LeastWeight;
        }
    }

    /// <summary>The noncentrality with which P(T ≤ t) is <paramref name="probability"/>.</summary>
    public static double Noncentrality(double t, double df, double probability)
    {
        // P falls with the noncentrality.
        var reach = 4.0;
        while (Cdf(t, df, t - reach) < probability || Cdf(t, df, t + reach) > probability) reach *= 2;
        return Brent.FindRoot(noncentrality => Cdf(t, df, noncentrality) - probability, t - reach, t + reach, 1e-13 * (1 + reach), 200);
    }
}
