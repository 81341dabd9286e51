using EiRnnFast.Model;

namespace EiRnnFast.Dynamics;

/// <summary>
/// The disc that random matrix theory expects a Jacobian's eigenvalues in, if the weights of a population were independent: centre 1 − α,
/// radius α·√(Σ_k f′_k²·σ_k²), with σ_k² the variance of the weights of unit k's population. By this formula N·mean_ij(f′²·var W_ij)
/// is the spectral radius of the matrix of variances (Rajan and Abbott 2006, PRL 97, 188104, with a slope for each unit), in both forms of
/// a cell.
/// </summary>
/// <param name="Centre">1 − α.</param>
/// <param name="Radius">Of the disc; 0 where no unit has a slope.</param>
public sealed record JacobianTheory(double Centre, double Radius)
{
    /// <summary>The disc at a state.</summary>
    /// <param name="map">The network.</param>
    /// <param name="slopes">f′ of every unit there, [N].</param>
    /// <returns>Null where α differs from unit to unit.</returns>
    internal static JacobianTheory? Of(RecurrentMap map, ReadOnlySpan<double> slopes)
    {
        if (map.Alpha is not { } alpha) return null;
        var (variances, squares) = (map.WeightVariances, 0.0);
        for (var k = 0; k < slopes.Length; k++) squares += variances[k] * slopes[k] * slopes[k];
        return new JacobianTheory(1 - alpha, alpha * Math.Sqrt(squares));
    }

    /// <summary>
    /// σ_k², [N]: variances are those of the weights as they are, each population about its own mean: excitatory and inhibitory
    /// rows of W_rec on the presynaptic axis, columns on the postsynaptic one, the whole matrix without a constraint.
    /// </summary>
    internal static double[] VariancesOf(RecurrentMap map)
    {
        var (n, isPostsynaptic) = (map.Units, map.Signs.Axis == SignAxis.Postsynaptic);
        var variances = new double[n];
        foreach (var population in map.Signs.SignsOf(n).Index().GroupBy(unit => unit.Item, unit => unit.Index))
        {
            var mean = population.Average(unit => WeightsOf(unit).Average());
            var variance = population.Average(unit => WeightsOf(unit).Average(w => (w - mean) * (w - mean)));
            foreach (var unit in population) variances[unit] = variance;
        }
        return variances;

        IEnumerable<double> WeightsOf(int unit) =>
            Enumerable.Range(0, n).Select(other => map.Weights[isPostsynaptic ? other * n + unit : unit * n + other]);
    }
}
