using System.Text.Json.Serialization;
using EiRnnFast.Studies.Statistics;
using MathNet.Numerics.Distributions;

namespace EiRnnFast.Reports;

/// <summary>A sample of one measure.</summary>
/// <param name="Count">n.</param>
/// <param name="Mean">Arithmetic mean; NaN of none.</param>
/// <param name="Sd">Standard deviation, n − 1 in the denominator; NaN below two.</param>
/// <param name="Sem">Standard error of the mean, Sd/√n.</param>
public sealed record Sample(int Count, [property: JsonConverter(typeof(UndefinedAsNull))] double Mean,
    [property: JsonConverter(typeof(UndefinedAsNull))] double Sd, [property: JsonConverter(typeof(UndefinedAsNull))] double Sem)
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
    /// <summary>The slope's standard error where the spread about the line may differ from point to point: HC3 of MacKinnon and White
    /// (1985). NaN where one point alone decides the slope.</summary>
    [JsonConverter(typeof(UndefinedAsNull))]
    public required double RobustStandardError { get; init; }

    /// <summary>Lower end of the 95 % confidence interval with that error, Student's t with n − 2 degrees of freedom.</summary>
    [JsonConverter(typeof(UndefinedAsNull))]
    public required double RobustLow { get; init; }

    /// <summary>Upper end.</summary>
    [JsonConverter(typeof(UndefinedAsNull))]
    public required double RobustHigh { get; init; }

    /// <summary>Two-sided probability with that error.</summary>
    [JsonConverter(typeof(UndefinedAsNull))]
    public required double RobustP { get; init; }

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
        var scattered = 0.0;
        for (var i = 0; i < x.Count; i++)
        {
            var (distance, leverage) = (x[i] - meanX, 1.0 / x.Count + (x[i] - meanX) * (x[i] - meanX) / sxx);
            var left = y[i] - meanY - slope * distance;
            residual += left * left;
            // A point of leverage 1 lies on the line whatever it is: nothing tells its spread.
            scattered += leverage > 1 - 1e-12 ? double.NaN : Math.Pow(distance * left / (1 - leverage), 2);
        }
        var freedom = x.Count - 2;
        var (error, robust) = (Math.Sqrt(residual / freedom / sxx), Math.Sqrt(scattered) / sxx);
        var reach = StudentT.InvCDF(0, 1, freedom, 0.975);
        return new LinearFit(x.Count, slope, meanY - slope * meanX, error, slope - reach * error, slope + reach * error, Probability(error))
        {
            RobustStandardError = robust,
            RobustLow = slope - reach * robust,
            RobustHigh = slope + reach * robust,
            RobustP = Probability(robust),
        };

        double Probability(double error) => error switch
        {
            0 => slope == 0 ? 1 : 0,
            double.NaN => double.NaN,
            _ => 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(slope / error)),
        };
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
        var reach = StudentT.InvCDF(0, 1, freedom, 0.95) * standardError;
        var p = Math.Max(Above(estimate - target + margin), Above(margin - estimate + target));
        return new Equivalence(estimate, target, margin, estimate - reach, estimate + reach, p, p < 0.05);

        double Above(double distance) => standardError == 0 ? distance > 0 ? 0 : 1 : StudentT.CDF(0, 1, freedom, -distance / standardError);
    }

    /// <summary>Tests the mean of a sample; null with fewer than two values.</summary>
    public static Equivalence? Of(Sample sample, double target, double margin)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Of(sample.Mean, sample.Sem, sample.Count - 1, target, margin);
    }
}
