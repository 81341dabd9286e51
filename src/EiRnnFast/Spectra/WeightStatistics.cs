namespace EiRnnFast.Spectra;

/// <summary>Counts in equal bins; the last bin holds its upper edge too.</summary>
/// <param name="Edges">Ascending, one more than <paramref name="Counts"/>; empty without values.</param>
/// <param name="Counts">Values in each bin.</param>
public sealed record WeightHistogram(IReadOnlyList<double> Edges, IReadOnlyList<int> Counts)
{
    /// <summary>All values counted.</summary>
    public int Total => Counts.Sum();

    /// <summary>Bins from the smallest to the largest value; equal values get one bin of width 0.</summary>
    internal static WeightHistogram Of(IReadOnlyList<double> values, int bins)
    {
        if (values.Count == 0) return new WeightHistogram([], []);
        double low = values.Min(), high = values.Max();
        if (!(high > low)) return new WeightHistogram([low, high], [values.Count]);
        var exponent = Math.ILogB(Math.Max(Math.Abs(low), Math.Abs(high))); // taken out, which is exact: ranges neither overflow nor vanish
        double from = Math.ScaleB(low, -exponent), to = Math.ScaleB(high, -exponent);
        var counts = new int[bins];
        foreach (var value in values)
        {
            var place = (Math.ScaleB(value, -exponent) / 2 - from / 2) / (to / 2 - from / 2);
            counts[Math.Min(bins - 1, (int)(place * bins))]++;
        }
        double Edge(int k) => k == bins ? high : Math.ScaleB(from + (to / bins - from / bins) * k, exponent);
        return new WeightHistogram([.. Enumerable.Range(0, bins + 1).Select(Edge)], counts);
    }
}

/// <summary>
/// The distribution of weights in two forms (arXiv 2208.10304, weight distributions). "Published": skewness and excess kurtosis of
/// the fitted Gaussian's curve, 201 ordinates from the smallest to the largest weight, and histograms of w &gt; 0.005 and
/// w &lt; +0.005, the second of which takes the zeros in. Ours: of the weights themselves, strict signs, zeros apart.
/// Nothing is thresholded.
/// </summary>
public sealed record WeightStatistics
{
    /// <summary>Where the published histograms are cut.</summary>
    public const double PublishedCut = 0.005;

    private const int CurvePoints = 201;

    /// <summary>Mean.</summary>
    public required double Mean { get; init; }

    /// <summary>σ of the population (divided by the count).</summary>
    public required double Sigma { get; init; }

    /// <summary>Smallest weight.</summary>
    public required double Min { get; init; }

    /// <summary>Largest weight.</summary>
    public required double Max { get; init; }

    /// <summary>Skewness of the fitted Gaussian's curve; null when all weights are equal.</summary>
    public required double? SkewPublished { get; init; }

    /// <summary>Excess kurtosis of the fitted Gaussian's curve; null when all weights are equal.</summary>
    public required double? KurtosisPublished { get; init; }

    /// <summary>Skewness of the weights, m₃/m₂^1.5; null when all are equal.</summary>
    public required double? Skew { get; init; }

    /// <summary>Excess kurtosis of the weights, m₄/m₂² − 3; null when all are equal.</summary>
    public required double? Kurtosis { get; init; }

    /// <summary>Weights above 0.</summary>
    public required int PositiveCount { get; init; }

    /// <summary>Weights below 0.</summary>
    public required int NegativeCount { get; init; }

    /// <summary>Weights exactly 0.</summary>
    public required int ZeroCount { get; init; }

    /// <summary>Histogram of the weights above 0.</summary>
    public required WeightHistogram Positive { get; init; }

    /// <summary>Histogram of the weights below 0.</summary>
    public required WeightHistogram Negative { get; init; }

    /// <summary>Histogram of the weights above +0.005.</summary>
    public required WeightHistogram PositivePublished { get; init; }

    /// <summary>Histogram of the weights below +0.005, zeros and small positive ones among them.</summary>
    public required WeightHistogram NegativePublished { get; init; }

    /// <summary>Statistics of all weights of a matrix.</summary>
    /// <param name="weights">At least one, finite.</param>
    /// <param name="bins">Of every histogram, 1 to 10 000.</param>
    /// <exception cref="InvalidInputException">No weights, one that is not finite, or a number of bins that cannot be used.</exception>
    public static WeightStatistics Of(ReadOnlySpan<double> weights, int bins = 50)
    {
        if (weights.IsEmpty) throw InvalidInputException.Of("weights", "none", "at least one", "give a matrix that is not empty");
        if (bins is < 1 or > 10_000)
            throw InvalidInputException.Of("bins of the weight histograms", bins, "1 to 10000", "choose a number in that range");
        foreach (var w in weights)
            if (!double.IsFinite(w))
                throw InvalidInputException.Of("weights", w, "finite values only", "the weights are damaged or diverged");
        double[] all = [.. weights];
        double low = all.Min(), high = all.Max();
        var largest = Math.Max(Math.Abs(low), Math.Abs(high));
        var moments = Moments(largest == 0 ? all : [.. all.Select(w => w / largest)]); // whose powers neither overflow nor vanish
        double mean = moments.Mean, sigma = moments.Sigma;
        Moment? curve = null;
        if (sigma > 0)
        {
            var ordinates = new double[CurvePoints];
            for (var k = 0; k < CurvePoints; k++)
            {
                var z = (low / largest + (high / largest - low / largest) * k / (CurvePoints - 1) - mean) / sigma;
                ordinates[k] = Math.Exp(-z * z / 2); // its factor 1/(σ√2π) cancels in both measures
            }
            curve = Moments(ordinates);
        }
        return new WeightStatistics
        {
            Mean = mean * (largest == 0 ? 1 : largest), Sigma = sigma * (largest == 0 ? 1 : largest), Min = low, Max = high,
            SkewPublished = curve?.Skew, KurtosisPublished = curve?.Kurtosis, Skew = moments.Skew, Kurtosis = moments.Kurtosis,
            PositiveCount = all.Count(w => w > 0), NegativeCount = all.Count(w => w < 0), ZeroCount = all.Count(w => w == 0),
            Positive = WeightHistogram.Of([.. all.Where(w => w > 0)], bins),
            Negative = WeightHistogram.Of([.. all.Where(w => w < 0)], bins),
            PositivePublished = WeightHistogram.Of([.. all.Where(w => w > PublishedCut)], bins),
            NegativePublished = WeightHistogram.Of([.. all.Where(w => w < PublishedCut)], bins),
        };
    }

    private readonly record struct Moment(double Mean, double Sigma, double? Skew, double? Kurtosis);

    private static Moment Moments(double[] values)
    {
        var mean = values.Average();
        double m2 = 0, m3 = 0, m4 = 0;
        foreach (var value in values)
        {
            double d = value - mean, d2 = d * d;
            m2 += d2 / values.Length;
            m3 += d2 * d / values.Length;
            m4 += d2 * d2 / values.Length;
        }
        var equal = values.Min() == values.Max() || m2 == 0; // equal values leave a residue of rounding
        return equal ? new Moment(mean, 0, null, null) : new Moment(mean, Math.Sqrt(m2), m3 / Math.Pow(m2, 1.5), m4 / (m2 * m2) - 3);
    }
}
