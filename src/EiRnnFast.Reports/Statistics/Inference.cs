namespace EiRnnFast.Reports;

/// <summary>A sample of one measure.</summary>
/// <param name="Count">n.</param>
/// <param name="Mean">Arithmetic mean; NaN of none.</param>
/// <param name="Sd">Standard deviation, n − 1 in the denominator; NaN below two.</param>
/// <param name="Sem">Standard error of the mean, Sd/√n.</param>
public sealed record Sample(int Count, double Mean, double Sd, double Sem)
{
    /// <summary>Describes values.</summary>
    public static Sample Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0) return new Sample(0, double.NaN, double.NaN, double.NaN);
        var mean = all.Average();
        var sd = all.Length < 2 ? double.NaN : Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1));
        return new Sample(all.Length, mean, sd, sd / Math.Sqrt(all.Length));
    }
}

/// <summary>A straight line through points by least squares.</summary>
/// <param name="Count">Points.</param>
/// <param name="Slope">Change of y for 1 of x.</param>
/// <param name="Intercept">y at x = 0.</param>
/// <param name="StandardError">Of the slope, with n − 2 degrees of freedom.</param>
/// <param name="Low">Lower end of the slope's 95 % confidence interval (Student's t).</param>
/// <param name="High">Upper end.</param>
/// <param name="P">Two-sided probability of such a slope, or a steeper one, if there were none.</param>
public sealed record LinearFit(int Count, double Slope, double Intercept, double StandardError, double Low, double High, double P)
{
    /// <summary>Fits a line; null with fewer than three points or a single x.</summary>
    public static LinearFit? Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw InvalidInputException.Of("points of a line", $"{x.Count} x and {y.Count} y", "as many of both", "pass pairs");
        // Not Σ(x − x̄)²: the mean of equal values may differ from them in the last bit.
        if (x.Count < 3 || x.Min() == x.Max()) return null;
        double meanX = x.Average(), meanY = y.Average(), sxx = 0, sxy = 0, residual = 0;
        for (var i = 0; i < x.Count; i++)
        {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            sxy += (x[i] - meanX) * (y[i] - meanY);
        }
        var slope = sxy / sxx;
        for (var i = 0; i < x.Count; i++) residual += Math.Pow(y[i] - meanY - slope * (x[i] - meanX), 2);
        var freedom = x.Count - 2;
        var error = Math.Sqrt(residual / freedom / sxx);
        var reach = StudentT.Quantile(0.975, freedom) * error;
        var p = error == 0 ? slope == 0 ? 1 : 0 : 2 * StudentT.Cdf(-Math.Abs(slope / error), freedom);
        return new LinearFit(x.Count, slope, meanY - slope * meanX, error, slope - reach, slope + reach, p);
    }
}

/// <summary>
/// Two one-sided t tests (Schuirmann): whether a quantity is as good as equal to a target. It is, at 5 %, exactly when its 90 % confidence
/// interval lies within target ± margin. Not equivalent does not mean different: with few runs the interval is wide.
/// </summary>
/// <param name="Estimate">What was measured.</param>
/// <param name="Target">What it is held against.</param>
/// <param name="Margin">The largest difference that does not matter.</param>
/// <param name="Low">Lower end of the estimate's 90 % confidence interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="P">The larger of the two one-sided probabilities.</param>
/// <param name="Equivalent">Whether P is below 0.05.</param>
public sealed record Equivalence(double Estimate, double Target, double Margin, double Low, double High, double P, bool Equivalent)
{
    /// <summary>Tests an estimate with its standard error; null without degrees of freedom.</summary>
    public static Equivalence? Of(double estimate, double standardError, double freedom, double target, double margin)
    {
        if (freedom < 1 || !double.IsFinite(standardError)) return null;
        var reach = StudentT.Quantile(0.95, freedom) * standardError;
        var p = Math.Max(Above(estimate - target + margin), Above(margin - estimate + target));
        return new Equivalence(estimate, target, margin, estimate - reach, estimate + reach, p, p < 0.05);

        double Above(double distance) => standardError == 0 ? distance > 0 ? 0 : 1 : StudentT.Cdf(-distance / standardError, freedom);
    }

    /// <summary>Tests the mean of a sample; null with fewer than two values.</summary>
    public static Equivalence? Of(Sample sample, double target, double margin)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Of(sample.Mean, sample.Sem, sample.Count - 1, target, margin);
    }
}

/// <summary>Student's distribution.</summary>
public static class StudentT
{
    /// <summary>Probability of a value up to <paramref name="t"/> with so many degrees of freedom: half of the regularised incomplete
    /// beta function I_{ν/(ν+t²)}(ν/2, ½), or 1 less it.</summary>
    public static double Cdf(double t, double freedom)
    {
        if (double.IsNaN(t)) return double.NaN;
        if (double.IsInfinity(t)) return t > 0 ? 1 : 0;
        var tail = 0.5 * IncompleteBeta(freedom / (freedom + t * t), t * t / (freedom + t * t), freedom / 2, 0.5);
        return t > 0 ? 1 - tail : tail;
    }

    /// <summary>The value up to which the probability is <paramref name="probability"/>, above 0 and below 1; by bisection, to the last
    /// bits.</summary>
    public static double Quantile(double probability, double freedom)
    {
        if (probability is not (> 0 and < 1))
            throw InvalidInputException.Of("probability", probability, "above 0 and below 1", "ask for 0.975 to get a 95 % interval");
        if (probability > 0.5) return -Quantile(1 - probability, freedom); // the lower tail is the exact one
        double low = -1, high = 0;
        while (Cdf(low, freedom) > probability) low *= 2;
        for (var step = 0; step < 200 && low < (low + high) / 2 && (low + high) / 2 < high; step++)
            if (Cdf((low + high) / 2, freedom) < probability) low = (low + high) / 2;
            else high = (low + high) / 2;
        return high;
    }

    /// <summary>I_x(a, b) by Lentz's continued fraction, where it converges fast: below (a + 1)/(a + b + 2); else by the symmetry
    /// 1 − I_{1−x}(b, a).</summary>
    private static double IncompleteBeta(double x, double complement, double a, double b)
    {
        if (x <= 0) return 0;
        if (complement <= 0) return 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - IncompleteBeta(complement, x, b, a);
        const double tiny = 1e-300;
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(complement)) / a;
        double c = 1, d = 1 / NotZero(1 - (a + b) * x / (a + 1)), fraction = d;
        for (var m = 1; m < 10_000; m++)
        {
            Step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
            if (Math.Abs(Step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))) - 1) < 1e-16) break;
        }
        return front * fraction;

        double Step(double numerator)
        {
            d = 1 / NotZero(1 + numerator * d);
            c = NotZero(1 + numerator / c);
            fraction *= c * d;
            return c * d;
        }

        static double NotZero(double value) => Math.Abs(value) < tiny ? tiny : value;
    }

    /// <summary>ln Γ(x) for x above 0, by Lanczos (g = 7, nine terms): 15 digits.</summary>
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        var sum = terms[0];
        for (var i = 1; i < terms.Length; i++) sum += terms[i] / (x - 1 + i);
        var t = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
