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
    /// <summary>
    /// The disc at a state. Variances are those of the weights as they are, each population about its own mean: excitatory and inhibitory
    /// rows of W_rec on the presynaptic axis, columns on the postsynaptic one, the whole matrix without a constraint.
    /// </summary>
    /// <param name="map">The network.</param>
    /// <param name="slopes">f′ of every unit there, [N].</param>
    /// <returns>Null where α differs from unit to unit.</returns>
    internal static JacobianTheory? Of(RecurrentMap map, ReadOnlySpan<double> slopes)
    {
        if (map.Alpha is not { } alpha) return null;
        var (n, signs, isPostsynaptic) = (map.Units, map.Signs.SignsOf(map.Units), map.Signs.Axis == SignAxis.Postsynaptic);
        var squares = 0.0;
        foreach (var sign in signs.Distinct())
        {
            var (count, mean, variance, slope2) = (0, 0.0, 0.0, 0.0);
            for (var pass = 0; pass < 2; pass++)
                for (var k = 0; k < n; k++)
                {
                    if (signs[k] != sign) continue;
                    if (pass == 0) (count, slope2) = (count + n, slope2 + slopes[k] * slopes[k]);
                    for (var other = 0; other < n; other++)
                    {
                        var weight = map.Weights[isPostsynaptic ? other * n + k : k * n + other];
                        if (pass == 0) mean += weight;
                        else variance += (weight - mean / count) * (weight - mean / count) / count;
                    }
                }
            squares += slope2 * variance;
        }
        return new JacobianTheory(1 - alpha, alpha * Math.Sqrt(squares));
    }
}
