using System.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// The radial law of W = Λ(√A·O + √B·G), O Haar orthogonal, G independent entries of variance 1/N, Λ the balancing of two
/// populations (squares x and 1/x of mean 1, s = x + 1/x ≥ 2). W is R-diagonal and its squared quantile a product, by the
/// single ring theorem (Haagerup and Larsen 2000, J. Funct. Anal. 176, 331):
/// |λ|²(p) = ½[(2p−1)B + A + √(A² + B² + 2(2p−1)AB)] · R/p, with R² + ((1−p)s − 1)R − p(1−p) = 0 (R = p where s = 2).
/// Outer edge² A + B; inner edge² (A − B)/E[1/Λ²], or 0. B = 0 is a circle, A = 0 the circular law.
/// </summary>
internal readonly record struct RingLaw(double A, double B, double Spread)
{
    /// <summary>The window of p that is fitted: below, a hole closes up by strays; above, strays of the mean lie.</summary>
    private const double From = 0.05, To = 0.9;

    /// <summary>s on a grid as fine as 400 units resolve; 5.5 is balanced at 15 % inhibitory.</summary>
    private static readonly double[] s_spreads = [2, .. Enumerable.Range(0, 14).Select(k => 2 + 0.1 * Math.Pow(35, k / 13.0))];

    /// <summary>Root mean square distance of the fitted moduli from the law, over their root mean square.</summary>
    public double Residual { get; init; }

    public double OuterRadius => Math.Sqrt(A + B);

    public double InnerRadius => Math.Sqrt(Math.Max(0, A - B) / MeanInverse);

    /// <summary>E[1/Λ²] = f_E²/f_I + f_I²/f_E, of the fractions whose balancing has this spread.</summary>
    private double MeanInverse
    {
        get
        {
            var odds = (Spread + Math.Sqrt(Spread * Spread - 4)) / 2;
            double larger = odds / (1 + odds), smaller = 1 / (1 + odds);
            return larger * larger / smaller + smaller * smaller / larger;
        }
    }

    /// <summary>
    /// The law with <paramref name="excess"/> of its outer edge's square taken from the noise B; from a thin ring, where B is less than a
    /// quarter of it, less in proportion, so that a trained orthogonal matrix keeps its width.
    /// </summary>
    public RingLaw WithoutNoise(double excess) => this with { B = B - Math.Min(B, excess * Math.Min(A + B, 4 * B)) };

    /// <summary>|λ| below which a fraction p of the bulk lies.</summary>
    internal double QuantileAt(double p)
    {
        double c = 2 * p - 1, u = 1 - p, b = 1 - u * Spread;
        var factor = p == 0 ? u / Math.Max(u * Spread - 1, 1e-300) : (b + Math.Sqrt(b * b + 4 * u * p)) / (2 * p);
        if (Spread == 2) factor = 1;
        return Math.Sqrt(Math.Max(0, (c * B + A + Math.Sqrt(Math.Max(0, A * A + B * B + 2 * c * A * B))) / 2 * factor));
    }

    /// <summary>The fraction of the bulk below a modulus.</summary>
    private double Below(double modulus)
    {
        if (modulus >= QuantileAt(1)) return 1;
        if (modulus <= QuantileAt(0)) return 0;
        double low = 0, high = 1;
        for (var step = 0; step < 52; step++)
        {
            var middle = (low + high) / 2;
            if (QuantileAt(middle) < modulus) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>Kolmogorov's and Smirnov's distance of moduli from the law: the largest difference of fractions below a modulus.</summary>
    /// <param name="sorted">Moduli, ascending.</param>
    public double Distance(ReadOnlySpan<double> sorted)
    {
        double distance = 0, n = sorted.Length;
        // On a circle all moduli are one value, and rounding decides which lie below it.
        if (QuantileAt(1) - QuantileAt(0) <= 1e-6 * QuantileAt(1)) return 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            // The law is inverted by bisection, so only where that makes the distance larger.
            double low = (i + 1) / n - distance, high = i / n + distance;
            if ((low <= 0 || QuantileAt(low) <= sorted[i]) && (high >= 1 || QuantileAt(high) >= sorted[i])) continue;
            var below = Below(sorted[i]);
            distance = Math.Max(distance, Math.Max((i + 1) / n - below, below - i / n));
        }
        return distance;
    }

    /// <summary>Least squares of the moduli on the law's quantiles, over A/(A+B) and s; of the scale it is linear.</summary>
    /// <param name="sorted">Moduli, ascending, at least one above 0.</param>
    /// <param name="spreadCost">What a spread costs, in units of −2 log likelihood times N:
    /// few moduli fit a spread where there is none.</param>
    public static RingLaw Fit(ReadOnlySpan<double> sorted, double spreadCost)
    {
        var n = sorted.Length;
        var first = (int)Math.Ceiling(From * n - 0.5);
        var moduli = sorted[first..((int)Math.Floor(To * n - 0.5) + 1)];
        var squares = 0.0;
        foreach (var modulus in moduli) squares += modulus * modulus;
        var count = moduli.Length;
        double[] places = new double[count], factors = new double[count], quantiles2 = new double[count], quantiles = new double[count];
        for (var i = 0; i < count; i++) places[i] = 2 * (first + i + 0.5) / n - 1;
        var best = new RingLaw(1, 0, 2);
        var bestCost = double.PositiveInfinity;
        foreach (var spread in s_spreads)
        {
            for (var i = 0; i < count; i++)
            {
                double p = (first + i + 0.5) / n, u = 1 - p, b = 1 - u * spread;
                factors[i] = (b + Math.Sqrt(b * b + 4 * u * p)) / (2 * p);
            }
            var (share, law, residual) = (0.0, default(RingLaw), double.PositiveInfinity);
            for (var k = 0; k <= 10; k++) Try(k / 10.0, moduli);
            var middle = share;
            for (var k = -9; k <= 9; k++)
                if (middle + k / 100.0 is >= 0 and <= 1) Try(middle + k / 100.0, moduli);
            var cost = n * Math.Log(residual + 1e-12 * squares) + spreadCost / n * Math.Log(spread - 1);
            if (cost < bestCost) (best, bestCost) = (law, cost);

            void Try(double a, ReadOnlySpan<double> y)
            {
                Quantiles(a, places, factors, quantiles2, quantiles);
                double qy = 0, qq = 0;
                for (var i = 0; i < y.Length; i++)
                {
                    qy += y[i] * quantiles[i];
                    qq += quantiles2[i];
                }
                var error = Math.Max(0, squares - qy * qy / qq);
                if (error >= residual) return;
                var scale2 = qy / qq * (qy / qq);
                (share, residual) = (a, error);
                law = new RingLaw(a * scale2, (1 - a) * scale2, spread) { Residual = Math.Sqrt(error / squares) };
            }
        }
        return best;
    }

    /// <summary>|λ|(p) of A = a, B = 1 − a, at 2p − 1 in <paramref name="places"/>, and its squares: lanes of it, which round as single
    /// values do.</summary>
    private static void Quantiles(double a, ReadOnlySpan<double> places, ReadOnlySpan<double> factors, Span<double> squares,
        Span<double> roots)
    {
        var b = 1 - a;
        var (i, lanes) = (0, Vector<double>.Count);
        for (; i + lanes <= places.Length; i += lanes)
        {
            var c = new Vector<double>(places[i..]);
            var root = Vector.SquareRoot(Vector.Max(Vector<double>.Zero, new Vector<double>(a * a + b * b) + 2 * c * a * b));
            var square = (c * b + new Vector<double>(a) + root) / 2 * new Vector<double>(factors[i..]);
            square.CopyTo(squares[i..]);
            Vector.SquareRoot(square).CopyTo(roots[i..]);
        }
        for (; i < places.Length; i++)
        {
            var c = places[i];
            squares[i] = (c * b + a + Math.Sqrt(Math.Max(0, a * a + b * b + 2 * c * a * b))) / 2 * factors[i];
            roots[i] = Math.Sqrt(squares[i]);
        }
    }
}
