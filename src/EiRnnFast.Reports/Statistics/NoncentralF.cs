using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace EiRnnFast.Reports;

/// <summary>The distribution of F where the effect is not zero.</summary>
internal static class NoncentralF
{
    /// <summary>
    /// P(F ≤ f) with noncentrality λ: Σ_j Poisson(j; λ/2)·I_x(df/2 + j, error/2), x = df·f/(df·f + error). Summed from the largest weight
    /// outwards, up to weights below 1e-17.
    /// </summary>
    public static double Cdf(double f, double df, double error, double noncentrality)
    {
        var x = df * f / (df * f + error);
        if (noncentrality <= 0) return SpecialFunctions.BetaRegularized(df / 2, error / 2, x);
        var half = noncentrality / 2;
        var largest = (int)half;
        var sum = 0.0;
        for (var j = largest; j >= 0 && Poisson.PMF(half, j) is > 1e-17 and var weight; j--) sum += weight * Beta(j);
        for (var j = largest + 1; Poisson.PMF(half, j) is > 1e-17 and var weight; j++) sum += weight * Beta(j);
        return sum;

        double Beta(int j) => SpecialFunctions.BetaRegularized(df / 2 + j, error / 2, x);
    }

    /// <summary>The noncentrality with which P(F ≤ f) is <paramref name="probability"/>; 0 where it is smaller without any.</summary>
    public static double Noncentrality(double f, double df, double error, double probability)
    {
        if (Cdf(f, df, error, 0) <= probability) return 0;
        var high = Math.Max(1, 2 * df * f);
        while (Cdf(f, df, error, high) > probability) high *= 2;
        return Brent.FindRoot(noncentrality => Cdf(f, df, error, noncentrality) - probability, 0, high, 1e-12 * high, 200);
    }
}
