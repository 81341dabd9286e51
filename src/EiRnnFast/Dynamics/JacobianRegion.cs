using System.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Where independent weights would put a Jacobian's eigenvalues: {λ : Σ_k g_k/|λ − c_k|² ≥ 1} with c_k = 1 − α_k and g_k = α_k²·f′_k²·σ_k²
/// (Ahmadian, Fumarola and Miller 2015, PRE 91, 012820, for M + L·X·R with diagonal M, L, R). With one α it is the disc of
/// <see cref="JacobianTheory"/>.
/// </summary>
/// <param name="centres">c_k, [N], 0 to 1.</param>
/// <param name="squares">g_k, [N], 0 or above.</param>
internal sealed class JacobianRegion(double[] centres, double[] squares)
{
    private const double Rounding = 1e-12; // this near to a centre is there
    private const int MostSteps = 100; // of Newton; ten are usual

    /// <summary>The region at a state.</summary>
    /// <param name="map">The network.</param>
    /// <param name="slopes">f′ of every unit there, [N].</param>
    public static JacobianRegion Of(RecurrentMap map, ReadOnlySpan<double> slopes)
    {
        var (alphas, variances) = (map.Alphas.ToArray(), map.WeightVariances);
        double[] centres = new double[map.Units], squares = new double[map.Units];
        for (var k = 0; k < centres.Length; k++)
        {
            var reach = alphas[k] * slopes[k];
            (centres[k], squares[k]) = (1 - alphas[k], reach * reach * variances[k]);
        }
        return new JacobianRegion(centres, squares);
    }

    /// <summary>Whether theory expects an eigenvalue there. A unit without a slope keeps its own c_k, which is of the region.</summary>
    public bool Contains(Complex z)
    {
        var sum = 0.0;
        for (var k = 0; k < centres.Length; k++)
        {
            var (x, y) = (z.Real - centres[k], z.Imaginary);
            var distance2 = x * x + y * y;
            if (distance2 <= Rounding * Rounding) return true;
            sum += squares[k] / distance2;
        }
        return sum >= 1;
    }

    /// <summary>
    /// The spectral radius that theory expects, which is its abscissa too: no c_k is below 0, so the point farthest from 0 is the one
    /// farthest to the right on the real axis.
    /// </summary>
    public double Reach()
    {
        var x = 0.0;
        for (var k = 0; k < centres.Length; k++) x = Math.Max(x, centres[k] + Math.Sqrt(squares[k]));
        for (var step = 0; step < MostSteps; step++) // the sum falls and is convex: Newton comes from the left and never goes too far
        {
            double sum = -1, slope = 0;
            for (var k = 0; k < centres.Length; k++)
            {
                if (squares[k] == 0) continue;
                var d = x - centres[k];
                sum += squares[k] / (d * d);
                slope -= 2 * squares[k] / (d * d * d);
            }
            if (!(sum > 0 && slope < 0)) break;
            var next = x - sum / slope;
            if (!(next > x)) break;
            x = next;
        }
        return x;
    }
}
