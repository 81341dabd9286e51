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
/// The bulk of a spectrum, split from its outliers by the moduli alone: the radial law of a disc or ring (<see cref="RingLaw"/>:
/// one formula for independent, orthogonal, projected and balanced matrices) is fitted to the middle of the moduli; what lies beyond (1.1 +
/// 7.75/N) × its edge, a tenth of all at most, is an outlier, and the law is fitted again without them, until there are no more.
/// At finite N strays and the blurred edge add noise to the law, 5.5/N of its outer edge's square (less in a thin ring),
/// which is taken off again. Means of projected initial matrices of 100 units lie within 2 % of theory; error rates: docs/spectra.md.
/// </summary>
/// <param name="OuterRadius">Outer edge.</param>
/// <param name="InnerRadius">Inner edge; 0 for a disc.</param>
/// <param name="Shape">Ring when the inner edge's square exceeds (0.01 + 4.5/N) of the outer edge's.</param>
/// <param name="OutlierCount">Eigenvalues beyond the bulk, the largest of all; eigenvalues of one modulus are never parted.</param>
/// <param name="Residual">Root mean square distance of the bulk's moduli from the law, over their root mean square; null below 12 units,
/// which are not fitted.</param>
/// <param name="CapMet">Whether more eigenvalues lie beyond the edge than may be outliers: the law does not fit, and the edge is not to
/// be trusted.</param>
/// <param name="Distance">Kolmogorov's and Smirnov's distance of the bulk's moduli from the fitted law; null where there is no
/// residual.</param>
public sealed record SpectralBulk(double OuterRadius, double InnerRadius, SpectrumShape Shape, int OutlierCount, double? Residual = null,
    bool CapMet = false, double? Distance = null)
{
    /// <summary>The share A/(A + B) of an orthogonal part in the fitted law: 0 for independent entries, 1 for an orthogonal
    /// matrix.</summary>
    public double OrthogonalShare { get; init; }

    /// <summary>
    /// Beyond this multiple of the outer edge an eigenvalue is an outlier. At 50 units the largest modulus of one matrix
    /// of independent entries in 50 lies beyond 1.25 times its fitted edge.
    /// </summary>
    private static double OutlierFactor(int n) => 1.1 + 7.75 / n;

    /// <summary>
    /// What a spread of the populations costs a fit: much where a spread would take outliers into the bulk (six of 50 units), less
    /// where the edges of balanced matrices are read off.
    /// </summary>
    private const double OutlierSpreadCost = 8000, EdgeSpreadCost = 1500;

    /// <summary>
    /// From this size on the search starts with all eigenvalues, which lets bulks that thin out keep their edge. Of fewer,
    /// six outliers side by side look like such a bulk: there it starts with the fewest a bulk may have and takes in what belongs to it.
    /// </summary>
    private const int FewestToShrink = 100;

    /// <summary>Moduli below this times N of the largest are what rounding leaves of 0.</summary>
    private const double Rounding = 1e-14;

    /// <summary>Below this size the moduli themselves are the edges: there is nothing to fit.</summary>
    private const int FewestForFits = 12;

    /// <summary>
    /// Simulated at N = 100 … 1000: 2.6/N for independent entries, 7/N for projected matrices;
    /// 0 for orthogonal ones, which have no noise to take it from.
    /// </summary>
    private const double ExcessNoise = 5.5;

    /// <summary>Splits moduli, given in any order.</summary>
    public static SpectralBulk Of(IEnumerable<double> moduli)
    {
        double[] sorted = [.. moduli.Order()];
        var n = sorted.Length;
        if (n == 0 || sorted[^1] == 0) return new SpectralBulk(0, 0, SpectrumShape.Disc, 0);
        var largest = sorted[^1];
        // squares below neither overflow nor vanish
        for (var i = 0; i < n; i++) sorted[i] = sorted[i] < Rounding * n * largest ? 0 : sorted[i] / largest;
        var bulk = n;
        double outer = 1, inner = sorted[0];
        double? residual = null, distance = null;
        var (capMet, share) = (false, 0.0);
        if (n >= FewestForFits)
        {
            var fewest = n - Math.Max(n / 10, Math.Min(6, n / 4));
            var grow = n < FewestToShrink;
            if (grow) bulk = fewest;
            for (var next = bulk; ; bulk = next)
            {
                var edge = OutlierFactor(n) * RingLaw.Fit(sorted.AsSpan(0, bulk), OutlierSpreadCost).OuterRadius;
                for (next = n; next > fewest && sorted[next - 1] > edge;) next--;
                capMet = next == fewest && sorted[next - 1] > edge;
                if (grow ? next <= bulk : next >= bulk) break;
            }
            while (bulk < n && sorted[bulk - 1] == sorted[bulk]) bulk++; // the cap would part a conjugate pair
            var fitted = RingLaw.Fit(sorted.AsSpan(0, bulk), EdgeSpreadCost);
            var law = fitted.WithoutNoise(ExcessNoise / n);
            residual = double.IsNaN(law.Residual) ? null : law.Residual; // a bulk of zeros beside one huge eigenvalue
            if (residual is not null) share = law.A / (law.A + law.B);
            if (residual is not null) distance = fitted.Distance(sorted.AsSpan(0, bulk));
            outer = Math.Min(law.OuterRadius, 1); // no bulk reaches beyond the largest modulus
            inner = Math.Min(law.InnerRadius, outer);
        }
        var ring = outer > 0 && inner * inner > (0.01 + 4.5 / n) * outer * outer;
        return new SpectralBulk(outer * largest, ring ? inner * largest : 0, ring ? SpectrumShape.Ring : SpectrumShape.Disc, n - bulk,
            residual, capMet, distance)
        { OrthogonalShare = share };
    }
}
