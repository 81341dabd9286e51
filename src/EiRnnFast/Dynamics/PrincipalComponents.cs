using EiRnnFast.Spectra;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Principal components of the activity of some units: eigenvectors of its covariance over all moments (normalised by moments − 1).
/// </summary>
public sealed class PrincipalComponents
{
    private readonly double[][] _axes;

    private PrincipalComponents(int[] units, double[] mean, double[] variances, double[][] axes)
    {
        (Units, _axes) = (units, axes);
        (Mean, Variances) = (mean, variances);
    }

    /// <summary>The units it is of, M indices.</summary>
    public IReadOnlyList<int> Units { get; }

    /// <summary>Mean activity of those units, [M].</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Variance along each component, largest first, [M]; what rounding leaves below 0 is 0.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>Fraction of the variance along each component; 0 without variance.</summary>
    public IReadOnlyList<double> ExplainedVariance
    {
        get
        {
            var total = Variances.Sum();
            return [.. Variances.Select(variance => total > 0 ? variance / total : 0)];
        }
    }

    /// <summary>(Σ λ)²/Σ λ², the number of components that share the variance; 0 without variance.</summary>
    public double ParticipationRatio
    {
        get
        {
            var largest = Variances[0];
            if (largest == 0) return 0;
            var sum = Variances.Sum(variance => variance / largest);
            return sum * sum / Variances.Sum(variance => variance / largest * (variance / largest));
        }
    }

    /// <summary>Components above rounding: of more than 1e-12 of the largest variance, for rates are single precision.</summary>
    public int Rank => Variances.Count(variance => variance > 1e-12 * Variances[0]);

    /// <summary>How many components hold a fraction of the variance; 0 without variance.</summary>
    /// <param name="fraction">0 to 1.</param>
    public int Holding(double fraction)
    {
        var (explained, sum, count) = (ExplainedVariance, 0.0, 0);
        while (sum < fraction && count < explained.Count && explained[count] > 0) sum += explained[count++];
        return count;
    }

    /// <summary>Direction of component k, [M], of length 1; its largest entry is positive.</summary>
    public IReadOnlyList<double> Axis(int component) => _axes[component];

    /// <summary>Finds the components.</summary>
    /// <param name="states">Hidden states, [moments×N].</param>
    /// <param name="units">N.</param>
    /// <param name="chosen">Indices of the units it is of; all unless said.</param>
    /// <exception cref="InvalidInputException">Fewer than two moments, no units, or a state that is not finite.</exception>
    public static PrincipalComponents Of(ReadOnlySpan<float> states, int units, IReadOnlyList<int>? chosen = null)
    {
        if (units < 1 || states.Length % units != 0 || states.Length / units < 2)
            throw InvalidInputException.Of("states", $"{states.Length} values", $"moments×{units}, at least two moments",
                "give whole states");
        int[] own = chosen is null ? [.. Enumerable.Range(0, units)] : [.. chosen];
        if (own.Length == 0 || own.Any(unit => unit < 0 || unit >= units))
            throw InvalidInputException.Of("units of the components",
                own.Length == 0 ? "none" : $"{own.First(unit => unit < 0 || unit >= units)}", $"one or more of 0 to {units - 1}",
                "choose a population that has units");
        if (states.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw InvalidInputException.Of("states", "a value that is not finite", "finite activity",
                "the weights are damaged or diverged");

        int m = own.Length, moments = states.Length / units;
        var mean = new double[m];
        for (var t = 0; t < moments; t++)
            for (var i = 0; i < m; i++) mean[i] += states[t * units + own[i]];
        for (var i = 0; i < m; i++) mean[i] /= moments;
        double[] covariance = new double[m * m], centred = new double[m];
        for (var t = 0; t < moments; t++)
        {
            for (var i = 0; i < m; i++) centred[i] = states[t * units + own[i]] - mean[i];
            for (var i = 0; i < m; i++)
            {
                var value = centred[i];
                var row = covariance.AsSpan(i * m, i + 1);
                for (var j = 0; j < row.Length; j++) row[j] += value * centred[j];
            }
        }
        for (var i = 0; i < m; i++)
            for (var j = 0; j <= i; j++) covariance[j * m + i] = covariance[i * m + j] /= moments - 1;
        var (values, vectors) = SymmetricEigen.Of(covariance, m);
        Array.Reverse(values);
        Array.Reverse(vectors);
        foreach (var vector in vectors)
            if (vector.MaxBy(Math.Abs) < 0)
                for (var i = 0; i < m; i++) vector[i] = -vector[i];
        return new PrincipalComponents(own, mean, [.. values.Select(value => Math.Max(0, value))], vectors);
    }

    /// <summary>Coordinates of a state along the first components.</summary>
    /// <param name="state">Whole state, [N].</param>
    /// <param name="components">How many, at most M.</param>
    public double[] Project(ReadOnlySpan<double> state, int components)
    {
        var coordinates = new double[components];
        for (var k = 0; k < components; k++)
            for (var i = 0; i < _axes[k].Length; i++) coordinates[k] += _axes[k][i] * (state[Units[i]] - Mean[i]);
        return coordinates;
    }
}
