using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Finite-time Lyapunov exponents of one trajectory: mean logarithmic growth per step of small deviations under the product of the Jacobians
/// along it, kept apart by QR steps (modified Gram–Schmidt, twice).
/// </summary>
public sealed record LyapunovExponents
{
    /// <summary>The largest, in natural logarithms per step, largest first; −∞ for a deviation that vanishes.</summary>
    public required IReadOnlyList<double> PerStep { get; init; }

    /// <summary>Logarithm of how much the leading deviation has grown up to each step, [T].</summary>
    public required IReadOnlyList<double> LeadingGrowth { get; init; }

    /// <summary>Follows a trial from h = 0.</summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Inputs of the trial, [T×I].</param>
    /// <param name="count">Exponents, 1 to N.</param>
    /// <param name="seed">Of the first, random directions; 0 or above.</param>
    /// <exception cref="InvalidInputException">Inputs that do not fit the network, or a count out of range.</exception>
    public static LyapunovExponents Of(EiRnn network, ReadOnlySpan<float> x, int count, long seed = 1)
    {
        var map = RecurrentMap.Of(network);
        var (n, trajectory) = (map.Units, Trajectory.Of(map, x));
        if (count < 1 || count > n) throw InvalidInputException.Of("Lyapunov exponents", count, $"1 to {n}", "ask for fewer");
        var random = new RandomStream(seed, "deviations");
        double[][] q = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, n).Select(_ => random.NextGaussian()).ToArray())];
        Orthonormalise(q, new double[count]);
        double[] sums = new double[count], growth = new double[trajectory.Length], lengths = new double[count], next = new double[n];
        for (var t = 0; t < trajectory.Length; t++)
        {
            for (var k = 0; k < count; k++)
            {
                map.Push(q[k], trajectory[t], next);
                next.CopyTo(q[k], 0);
            }
            Orthonormalise(q, lengths);
            for (var k = 0; k < count; k++) sums[k] += Math.Log(lengths[k]);
            growth[t] = sums[0];
        }
        return new LyapunovExponents { PerStep = [.. sums.Select(sum => sum / trajectory.Length).OrderDescending()], LeadingGrowth = growth };
    }

    /// <summary>Rows orthonormal, with what is left of each as its length; a row without a rest of its own becomes 0.</summary>
    private static void Orthonormalise(double[][] rows, double[] lengths)
    {
        for (var k = 0; k < rows.Length; k++)
        {
            var row = rows[k];
            var before = Length(row);
            for (var pass = 0; pass < 2; pass++) // once leaves a remainder where rows are nearly parallel
                for (var l = 0; l < k; l++)
                {
                    var along = 0.0;
                    for (var i = 0; i < row.Length; i++) along += row[i] * rows[l][i];
                    for (var i = 0; i < row.Length; i++) row[i] -= along * rows[l][i];
                }
            var length = Length(row);
            if (length <= 1e-14 * before) length = 0; // rounding, no direction
            lengths[k] = length;
            for (var i = 0; i < row.Length; i++) row[i] = length == 0 ? 0 : row[i] / length;
        }
    }

    private static double Length(double[] row) => Math.Sqrt(row.Sum(value => value * value));
}
