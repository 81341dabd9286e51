namespace EiRnnFast.Spectra;

/// <summary>Shape of the bulk of a spectrum in the complex plane.</summary>
public enum SpectrumShape
{
    /// <summary>Eigenvalues down to 0.</summary>
    Disc,

    /// <summary>A hole around 0.</summary>
    Ring,
}

/// <summary>
/// The bulk of a spectrum, split from its outliers by the moduli alone. With p the fraction of bulk eigenvalues of smaller
/// modulus, |λ|² grows smoothly with p (linearly for a uniform disc), so the edges are read off fits that leave the
/// extremes out, where a few stray eigenvalues hide them: the outer edge from a parabola through p in 0.3 … 0.92 taken to
/// p = 1, the inner one from a line through p in 0.1 … 0.5 taken to p = 0. Outliers, a tenth of all at most, lie
/// beyond 1.1 × the outer edge. One fit: fitting again without them eats into bulks that thin out towards their edge.
/// Projected initial matrices, 50-50, N = 100: outer edge 0.613 ± 0.015 (theory 0.584; at N = 200 0.60).
/// </summary>
/// <param name="OuterRadius">Outer edge.</param>
/// <param name="InnerRadius">Inner edge; 0 for a disc.</param>
/// <param name="Shape">Ring when the inner edge's square exceeds (0.06 + 2/N) of the outer edge's.</param>
/// <param name="OutlierCount">Eigenvalues beyond the bulk, the largest of all.</param>
public sealed record SpectralBulk(double OuterRadius, double InnerRadius, SpectrumShape Shape, int OutlierCount)
{
    /// <summary>Beyond this multiple of the outer edge an eigenvalue is an outlier.</summary>
    private const double OutlierFactor = 1.1;

    /// <summary>Below this size the moduli themselves are the edges: there is nothing to fit.</summary>
    private const int FewestForFits = 12;

    /// <summary>Splits moduli, given in any order.</summary>
    public static SpectralBulk Of(IEnumerable<double> moduli)
    {
        double[] sorted = [.. moduli.Order()];
        var n = sorted.Length;
        if (n == 0 || sorted[^1] == 0) return new SpectralBulk(0, 0, SpectrumShape.Disc, 0);
        var largest = sorted[^1];
        for (var i = 0; i < n; i++) sorted[i] /= largest; // squares below neither overflow nor vanish
        var bulk = n;
        var outer = 1.0;
        var inner2 = sorted[0] * sorted[0];
        if (n >= FewestForFits)
        {
            outer = Math.Min(OuterEdge(sorted), 1); // no bulk reaches beyond the largest modulus
            var fewest = n - Math.Max(n / 10, Math.Min(6, n / 4));
            while (bulk > fewest && sorted[bulk - 1] > OutlierFactor * outer) bulk--;
            inner2 = Fit(sorted.AsSpan(0, bulk), 0.1, 0.5, at: 0, quadratic: false);
        }
        var ring = outer > 0 && inner2 > (0.06 + 2.0 / n) * outer * outer;
        return new SpectralBulk(outer * largest, ring ? Math.Min(Math.Sqrt(inner2), outer) * largest : 0, ring ? SpectrumShape.Ring : SpectrumShape.Disc, n - bulk);
    }

    private static double OuterEdge(ReadOnlySpan<double> sorted)
    {
        var fitted = Math.Sqrt(Math.Max(0, Fit(sorted, 0.3, 0.92, at: 1, quadratic: true)));
        return Math.Max(fitted, sorted[(int)(0.92 * (sorted.Length - 1))]); // the edge encloses what it was fitted to
    }

    /// <summary>Least squares of modulus² on p within [from, to], evaluated at p = <paramref name="at"/>.</summary>
    private static double Fit(ReadOnlySpan<double> sorted, double from, double to, double at, bool quadratic)
    {
        // Moments about p = at, so that the fitted constant is the value sought.
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, y0 = 0, y1 = 0, y2 = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var p = (i + 0.5) / sorted.Length;
            if (p < from || p > to) continue;
            double x = p - at, y = sorted[i] * sorted[i];
            s0++;
            s1 += x;
            s2 += x * x;
            s3 += x * x * x;
            s4 += x * x * x * x;
            y0 += y;
            y1 += y * x;
            y2 += y * x * x;
        }
        if (!quadratic) return (y0 * s2 - y1 * s1) / (s0 * s2 - s1 * s1);
        var determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s3 * s2) + s2 * (s1 * s3 - s2 * s2);
        return (y0 * (s2 * s4 - s3 * s3) - s1 * (y1 * s4 - s3 * y2) + s2 * (y1 * s3 - s2 * y2)) / determinant;
    }
}
