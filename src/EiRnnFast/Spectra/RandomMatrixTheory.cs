using EiRnnFast.Model;

namespace EiRnnFast.Spectra;

/// <summary>One population of a matrix of independent entries: a block of rows (presynaptic axis) or of columns (postsynaptic).</summary>
/// <param name="Fraction">Its share of the units.</param>
/// <param name="Mean">Mean of its entries.</param>
/// <param name="Variance">Variance of its entries.</param>
public sealed record WeightPopulation(double Fraction, double Mean, double Variance);

/// <summary>
/// Where random matrix theory puts the eigenvalues of the initial matrix as it acts, N → ∞: projected, |V|∘D or max(V, 0)∘D, of any
/// density. Rectified entries of variance σ²/N keep the variance σ²(1/2 − 1/2π)/N and the mean ±σ/√(2πN); a projected orthogonal
/// matrix is ½O plus independent noise. Of mean m and mean square q before a mask of density p, entries have mean pm and variance
/// pq − p²m² after it.
/// </summary>
/// <param name="OuterRadius">Edge of the bulk: √(1/2 − 1/2π) = 0.5838 × gain, whatever N and the E/I ratio;
/// gain without a constraint.</param>
/// <param name="InnerRadius">Inner edge: √(1/2π) = 0.3989 × gain for orthogonal, less when balanced; 0 for independent entries.</param>
/// <param name="Outlier">The eigenvalue that the mean adds: (1 − 2f_I)·0.3989·gain·√N;
/// 0 when balanced, at 50-50 and without a constraint.</param>
public sealed record RandomMatrixTheory(double OuterRadius, double InnerRadius, double Outlier)
{
    /// <summary>The theory for a network's initialisation; null where there is none: identity, foreign weights, areas, given masks, and a
    /// spectral radius before the network is drawn, whose factor it needs.</summary>
    public static RandomMatrixTheory? Of(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Init is not { Kind: not RecurrentInitKind.Identity } init) return null;
        if (spec.Wiring.Areas is not null || spec.Wiring.Given?.Masks.Recurrent is not null) return null;
        var theory = OfUnscaled(spec, init);
        return init.SpectralRadius is null ? theory : init.RadiusScale is { } factor ? theory.Times(factor) : null;
    }

    private static RandomMatrixTheory OfUnscaled(NetworkSpec spec, RecurrentInit init)
    {
        var (orthogonal, p) = (init.Kind == RecurrentInitKind.Orthogonal, spec.Wiring.Density);
        if (spec.Signs.Axis == SignAxis.None)
            return new RandomMatrixTheory(init.Gain * Math.Sqrt(p), orthogonal ? init.Gain * Math.Sqrt(Math.Max(0, 2 * p * p - p)) : 0, 0);

        var fI = (double)spec.Signs.InhibitoryCount(spec.Units) / spec.Units;
        var fE = 1 - fI;
        var ((meanE, varianceE), (meanI, varianceI)) = Magnitudes(spec, init);
        var ratio = Ratio(meanE, meanI);
        var (squareE, squareI) = init.Balanced ? (fI / fE / ratio, fE / fI * ratio) : (1.0, 1.0);
        var theory = OfPopulations(spec.Units,
            new WeightPopulation(fE, p * meanE * Math.Sqrt(squareE), (p * varianceE + p * (1 - p) * meanE * meanE) * squareE),
            new WeightPopulation(fI, -p * meanI * Math.Sqrt(squareI), (p * varianceI + p * (1 - p) * meanI * meanI) * squareI));
        var narrowed = init.Balanced ? Math.Sqrt(fE * fE / fI + fI * fI / fE) : 1;
        // ½(O + |O|)∘D with a mask keeps p/2 of the orthogonal matrix, and the rest is noise; |O|∘D keeps nothing of it.
        var square = Math.Max(0, p * p / 2 - p / 2 + p * p / (2 * Math.PI));
        var inner = orthogonal && spec.Signs.Mode != SignMode.Magnitude ? Math.Sqrt(square) * init.Gain / narrowed : 0;
        return theory with { InnerRadius = inner, Outlier = init.Balanced ? 0 : theory.Outlier };
    }

    /// <summary>Mean magnitude of excitatory weights over that of inhibitory ones, before balancing.</summary>
    internal static double MeanRatio(NetworkSpec spec)
    {
        if (spec.Init is null or { Kind: RecurrentInitKind.Identity }) return 1;
        var (excitatory, inhibitory) = Magnitudes(spec, spec.Init);
        return Ratio(excitatory.Mean, inhibitory.Mean);
    }

    private static double Ratio(double excitatory, double inhibitory) => excitatory > 0 && inhibitory > 0 ? excitatory / inhibitory : 1;

    private RandomMatrixTheory Times(double factor) => new(factor * OuterRadius, factor * InnerRadius, factor * Outlier);

    /// <summary>Mean and variance of the magnitudes of excitatory and of inhibitory entries, before mask and balancing.</summary>
    private static ((double Mean, double Variance) E, (double Mean, double Variance) I) Magnitudes(NetworkSpec spec, RecurrentInit init)
    {
        if (init.IsSigned)
        {
            var mean = init.MeanOf(spec.Units);
            var own = (mean, mean * init.MagnitudeVariation * mean * init.MagnitudeVariation);
            return (own, own);
        }
        var (mu, sigma) = (init.Kind == RecurrentInitKind.TwoGaussian ? init.Mu : 0, init.Gain / Math.Sqrt(spec.Units));
        // An inhibitory weight is drawn about −μ. Projection judges its sign; the mode rectified does not.
        return (Magnitude(spec.Signs.Mode, mu, sigma),
            Magnitude(spec.Signs.Mode, spec.Signs.Mode == SignMode.Rectified ? -mu : mu, sigma));
    }

    /// <summary>
    /// The theory of independent entries whose mean and variance follow from the population of their row, or of their column
    /// (Rajan and Abbott 2006, PRL 97, 188104): outer edge √(N·Σ f·variance), a disc; the mean has rank one and the
    /// eigenvalue N·Σ f·mean, an outlier where it lies beyond the edge.
    /// </summary>
    /// <param name="units">N.</param>
    /// <param name="populations">Fractions of sum 1.</param>
    /// <exception cref="InvalidInputException">Fractions that do not add up to 1, or a number that cannot be used.</exception>
    public static RandomMatrixTheory OfPopulations(int units, params IReadOnlyList<WeightPopulation> populations)
    {
        ArgumentNullException.ThrowIfNull(populations);
        if (units < 1) throw InvalidInputException.Of("units", units, "1 or more", "give the number of rows");
        foreach (var (fraction, mean, variance) in populations)
            if (!(fraction is >= 0 and <= 1 && double.IsFinite(mean) && variance >= 0 && double.IsFinite(variance)))
                throw InvalidInputException.Of("population", $"fraction {fraction}, mean {mean}, variance {variance}",
                    "a fraction from 0 to 1, a finite mean and a variance of 0 or above", "correct that population");
        var sum = populations.Sum(population => population.Fraction);
        if (Math.Abs(sum - 1) > 1e-9)
            throw InvalidInputException.Of("fractions of the populations", $"a sum of {sum}", "1",
                "give every population its share of the units");
        return new RandomMatrixTheory(Math.Sqrt(units * populations.Sum(population => population.Fraction * population.Variance)), 0,
            units * populations.Sum(population => population.Fraction * population.Mean));
    }

    /// <summary>
    /// The law of a matrix whose rows are the outgoing weights of excitatory and inhibitory units, from the mean and variance that the
    /// weights of each kind have in it.
    /// </summary>
    /// <param name="matrix">[N, N], row-major, from row to column.</param>
    /// <param name="signs">[N], +1 or −1 for each row.</param>
    /// <exception cref="InvalidInputException">Another number of signs, a sign of another value, or numbers that are not
    /// finite.</exception>
    public static RandomMatrixTheory OfSigns(ReadOnlySpan<double> matrix, ReadOnlySpan<sbyte> signs)
    {
        var units = signs.Length;
        if (units == 0 || matrix.Length != (long)units * units)
            throw InvalidInputException.Of("signs", units, $"one for each row of a square matrix of {matrix.Length} numbers",
                "give +1 or -1 for every unit");
        foreach (var weight in matrix)
            if (!(Math.Abs(weight) < 1e100)) throw InvalidInputException.Of("matrix", weight, "finite weights, below 1e100", "correct it");
        List<WeightPopulation> populations = [];
        foreach (var sign in (ReadOnlySpan<sbyte>)[1, -1])
        {
            var (rows, sum, squares) = (0, 0.0, 0.0);
            for (var i = 0; i < units; i++)
            {
                if (signs[i] is not (1 or -1)) throw InvalidInputException.Of($"signs[{i}]", signs[i], "1 or -1", "correct it");
                if (signs[i] != sign) continue;
                rows++;
                foreach (var weight in matrix.Slice(i * units, units)) sum += weight;
            }
            if (rows == 0) continue;
            var mean = sum / ((double)rows * units);
            for (var i = 0; i < units; i++)
                if (signs[i] == sign)
                    foreach (var weight in matrix.Slice(i * units, units)) squares += (weight - mean) * (weight - mean);
            populations.Add(new WeightPopulation((double)rows / units, mean, squares / ((double)rows * units)));
        }
        return OfPopulations(units, populations);
    }

    private static (double Mean, double Variance) Magnitude(SignMode mode, double mu, double sigma)
    {
        if (mode != SignMode.Magnitude) return Rectified(mu, sigma);
        // |x| is max(0, x) + max(0, −x), of which one is always 0.
        var mean = Rectified(mu, sigma).Mean + Rectified(-mu, sigma).Mean;
        return (mean, Math.Max(0, mu * mu + sigma * sigma - mean * mean));
    }

    /// <summary>Mean and variance of max(0, x), x from N(μ, σ²): what projection leaves of an excitatory weight.</summary>
    /// <param name="mu">μ.</param>
    /// <param name="sigma">σ, above 0.</param>
    public static (double Mean, double Variance) Rectified(double mu, double sigma)
    {
        var a = mu / sigma;
        double density = Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI), below = Normal(a);
        double mean = a * below + density, square = (a * a + 1) * below + a * density;
        return (mean * sigma, Math.Max(0, square - mean * mean) * sigma * sigma);
    }

    /// <summary>Φ(a) = ½ + φ(a)·(a + a³/3 + a⁵/15 + …); 0 or 1 beyond 12 σ, where the rest is below 1e-32.</summary>
    internal static double Normal(double a)
    {
        if (Math.Abs(a) > 12) return a > 0 ? 1 : 0;
        double sum = a, term = a;
        for (var k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2) sum += term *= a * a / k;
        return 0.5 + sum * Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI);
    }
}
