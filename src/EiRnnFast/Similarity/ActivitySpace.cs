using EiRnnFast.Kernels;
using EiRnnFast.Spectra;

namespace EiRnnFast.Similarity;

/// <summary>
/// The activity X of some units over the moments of trials, [moments×units], without its mean over moments: its singular values and its
/// temporal components, the directions in the space of moments that it holds. What two networks do on the same trials is compared there:
/// their units may differ in number.
/// </summary>
public sealed class ActivitySpace
{
    /// <summary>Moments that are compared unless said: more are sampled evenly.</summary>
    public const int UsualMoments = 2000;

    private readonly double[][] _components;
    private readonly double[] _values, _squares;

    private ActivitySpace(int moments, double[] values, double[][] components, double[] squares) =>
        (Moments, _values, _components, _squares) = (moments, values, components, squares);

    /// <summary>Moments that are compared.</summary>
    public int Moments { get; }

    /// <summary>σ of X, largest first, [min(moments, units)].</summary>
    public IReadOnlyList<double> SingularValues => _values;

    /// <summary>Components that are above rounding: σ of more than 1e-6 of the largest, for rates are single precision.</summary>
    public int Rank => _values.Count(value => value > 1e-6 * _values[0]);

    /// <summary>Whether no unit ever changes: then there is nothing to compare.</summary>
    public bool IsStill => Rank == 0;

    /// <summary>Left singular vectors of X, each over the moments and of length 1.</summary>
    internal IReadOnlyList<double[]> Components => _components;

    /// <summary>Squared length of each row of X.</summary>
    internal IReadOnlyList<double> RowSquares => _squares;

    /// <summary>Σ σ².</summary>
    internal double Power => _values.Sum(value => value * value);

    /// <summary>The space of states.</summary>
    /// <param name="states">Rates, [moments×N]; those that are compared must have run the same trials.</param>
    /// <param name="units">N.</param>
    /// <param name="chosen">Indices of the units it is of; all unless said.</param>
    /// <param name="mostMoments">Of more moments so many are taken, moment ⌊i·moments/most⌋ for i = 0 … most − 1.</param>
    /// <exception cref="InvalidInputException">Fewer than two moments, no units, or a state that is not finite.</exception>
    /// <exception cref="ComputationException">Singular values that did not converge.</exception>
    public static ActivitySpace Of(
        ReadOnlySpan<float> states, int units, IReadOnlyList<int>? chosen = null, int mostMoments = UsualMoments)
    {
        if (mostMoments < 4) throw InvalidInputException.Of("moments to compare", mostMoments, "4 or more", "2000 is usual");
        if (units < 1 || states.Length % units != 0 || states.Length / units < 2)
            throw InvalidInputException.Of("states", $"{states.Length} values", $"moments×{units}, at least two moments",
                "give whole states");
        int[] own = chosen is null ? [.. Enumerable.Range(0, units)] : [.. chosen];
        if (own.Length == 0 || own.Any(unit => unit < 0 || unit >= units))
            throw InvalidInputException.Of("units to compare",
                own.Length == 0 ? "none" : $"{own.First(unit => unit < 0 || unit >= units)}", $"one or more of 0 to {units - 1}",
                "choose a population that has units");
        if (states.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw InvalidInputException.Of("states", "a value that is not finite", "finite activity",
                "the weights are damaged or diverged");
        var all = states.Length / units;
        var moments = Math.Min(all, mostMoments);
        var (columns, squares) = (new double[own.Length][], new double[moments]);
        for (var k = 0; k < own.Length; k++)
        {
            columns[k] = new double[moments];
            for (var i = 0; i < moments; i++) columns[k][i] = states[(int)((long)i * all / moments) * units + own[k]];
            Centre(columns[k]);
            for (var i = 0; i < moments; i++) squares[i] += columns[k][i] * columns[k][i];
        }
        var (values, components) = SingularVectors.Of(columns, own.Length);
        return new ActivitySpace(moments, values, components, squares);
    }

    /// <summary>Takes the mean away; what does not change is 0 exactly.</summary>
    private static void Centre(double[] column)
    {
        var first = column[0];
        var mean = first + column.Average(value => value - first);
        for (var i = 0; i < column.Length; i++) column[i] -= mean;
    }

    /// <summary>Products of the components, [own][other's].</summary>
    internal double[][] Products(ActivitySpace other)
    {
        if (other.Moments != Moments)
            throw InvalidInputException.Of("moments to compare", other.Moments, $"{Moments}, as the other has", "run the same trials");
        return [.. _components.Select(own => other._components.Select(one => DoubleProducts.Dot(own, one)).ToArray())];
    }
}
