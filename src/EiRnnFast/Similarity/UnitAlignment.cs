using EiRnnFast.Dynamics;
using EiRnnFast.Kernels;

namespace EiRnnFast.Similarity;

/// <summary>
/// How much of the variance of one network's activity lies in the first components of another's, unit by unit (Elsayed et al. 2016, Nat.
/// Commun. 7, 13239): A = tr(DᵀCD)/Σ of the d largest eigenvalues of C, with the covariance C, [N×N], of the one and the first d principal
/// components D, [N×d], of the other; 0 to 1. Not symmetric. It supposes that unit i of both networks is the same unit.
/// </summary>
/// <param name="Components">d.</param>
/// <param name="Index">A.</param>
/// <param name="Random">Its expected value for d random directions: d·tr C/N over the same sum.</param>
/// <param name="Relabelled">Its mean over all ways to rename the units of the one within its populations: what excitatory and inhibitory
/// units as such, and the mean activity of each, have in common.</param>
public sealed record UnitAlignment(int Components, double Index, double Random, double Relabelled)
{
    /// <summary>Compares two networks.</summary>
    /// <param name="one">Principal components of all units of the network whose variance it is.</param>
    /// <param name="other">Those of the network whose components it is held to.</param>
    /// <param name="signs">Of the units of the one, [N]: 1 excitatory, −1 inhibitory, 0 for others.</param>
    /// <param name="components">d, 1 or more; no more than either has above rounding.</param>
    /// <returns>Null where the networks have different numbers of units, or no unit of one ever changes.</returns>
    /// <exception cref="InvalidInputException">Other numbers of signs, or fewer than one component.</exception>
    public static UnitAlignment? Of(PrincipalComponents one, PrincipalComponents other, IReadOnlyList<int> signs, int components)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(signs);
        var n = one.Units.Count;
        if (signs.Count != n) throw InvalidInputException.Of("signs", signs.Count, $"{n}, one a unit", "give the sign of every unit");
        if (components < 1) throw InvalidInputException.Of("components to compare", components, "1 or more", "3 is usual");
        var d = Math.Min(components, Math.Min(one.Rank, other.Rank));
        if (other.Units.Count != n || d == 0) return null;
        double[][] axes = [.. Enumerable.Range(0, n).Select(k => one.Axis(k).ToArray())];
        double[][] held = [.. Enumerable.Range(0, d).Select(k => other.Axis(k).ToArray())];
        var most = one.Variances.Take(d).Sum();
        var share = axes.Zip(one.Variances, (axis, variance) =>
            variance * held.Sum(direction => Square(DoubleProducts.Dot(direction, axis)))).Sum() / most;
        return new UnitAlignment(d, Math.Min(1, share), d * one.Variances.Sum() / n / most,
            TraceOfRelabelled(axes, one.Variances, held, signs) / most);
    }

    /// <summary>
    /// tr(DᵀE[PCPᵀ]D) over permutations P within populations: entries of C between two units become the mean of all such entries between
    /// their populations, a diagonal entry the mean of its population's.
    /// </summary>
    private static double TraceOfRelabelled(double[][] axes, IReadOnlyList<double> variances, double[][] held, IReadOnlyList<int> signs)
    {
        int[][] populations = [.. signs.Index().GroupBy(unit => unit.Item).OrderBy(group => group.Key)
            .Select(group => group.Select(unit => unit.Index).ToArray())];
        double[][] sums = [.. axes.Select(axis => Sums(axis))], parts = [.. held.Select(axis => Sums(axis))];
        var trace = 0.0;
        for (var p = 0; p < populations.Length; p++)
        {
            double size = populations[p].Length;
            var diagonal = axes.Zip(variances, (axis, variance) => variance * populations[p].Sum(unit => Square(axis[unit]))).Sum();
            var squares = held.Sum(axis => populations[p].Sum(unit => Square(axis[unit])));
            trace += diagonal / size * squares;
            for (var q = 0; q < populations.Length; q++)
            {
                var all = sums.Zip(variances, (sum, variance) => variance * sum[p] * sum[q]).Sum() - (p == q ? diagonal : 0);
                var pairs = size * populations[q].Length - (p == q ? size : 0);
                if (pairs > 0) trace += all / pairs * (parts.Sum(part => part[p] * part[q]) - (p == q ? squares : 0));
            }
        }
        return trace;

        double[] Sums(double[] axis) => [.. populations.Select(units => units.Sum(unit => axis[unit]))];
    }

    private static double Square(double value) => value * value;
}
