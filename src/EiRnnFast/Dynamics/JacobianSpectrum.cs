using System.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Dynamics;

/// <summary>The eigenvalues of one Jacobian ∂F_j/∂h_i, and what theory expects of them.</summary>
public sealed record JacobianSpectrum
{
    /// <summary>Eigenvalues this near to the centre, over the farthest, are those of units without a slope: no disc's law knows
    /// them.</summary>
    private const double Silent = 1e-9;

    private JacobianSpectrum()
    {
    }

    /// <summary>All eigenvalues, largest modulus first.</summary>
    public required IReadOnlyList<Complex> Eigenvalues { get; init; }

    /// <summary>The disc of theory about 1 − α; null where α differs from unit to unit.</summary>
    public required JacobianTheory? Theory { get; init; }

    /// <summary>The spectral radius of theory's region, in every cell; with one α 1 − α plus the disc's radius.</summary>
    public required double TheoryReach { get; init; }

    /// <summary>Fraction of the eigenvalues within theory's region: the disc, or with several α {λ : Σ_k α_k²·f′_k²·σ_k²/|λ − 1 + α_k|² ≥
    /// 1}.</summary>
    public required double FractionInside { get; init; }

    /// <summary>Outer edge of the bulk, its distance from 1 − α; null where α differs from unit to unit.</summary>
    public required double? Edge { get; init; }

    /// <summary>Eigenvalues beyond that bulk, farthest from 1 − α first; null where there is no edge.</summary>
    public required IReadOnlyList<Complex>? Outliers { get; init; }

    /// <summary>Largest |λ|.</summary>
    public double SpectralRadius => Eigenvalues[0].Magnitude;

    /// <summary>Largest Re λ.</summary>
    public double Abscissa => Eigenvalues.Max(z => z.Real);

    /// <summary>Of the Jacobian with given slopes.</summary>
    /// <param name="map">The network.</param>
    /// <param name="slopes">f′ as <see cref="RecurrentMap.Linear"/> takes it, [N].</param>
    /// <param name="solver">Of the eigenvalues.</param>
    internal static JacobianSpectrum Of(RecurrentMap map, ReadOnlySpan<double> slopes, EigenSolver solver)
    {
        var jacobian = new double[map.Units * map.Units];
        map.Linear(slopes, jacobian);
        var eigenvalues = solver.Eigenvalues(jacobian, map.Units);
        var region = JacobianRegion.Of(map, slopes);
        var (edge, outliers) = map.Alpha is { } alpha ? Bulk(eigenvalues, 1 - alpha) : ((double?)null, null);
        return new JacobianSpectrum
        {
            Eigenvalues = eigenvalues, Theory = JacobianTheory.Of(map, slopes), TheoryReach = region.Reach(),
            FractionInside = eigenvalues.Count(region.Contains) / (double)eigenvalues.Length, Edge = edge, Outliers = outliers,
        };
    }

    private static (double? Edge, IReadOnlyList<Complex>? Outliers) Bulk(Complex[] eigenvalues, double centre)
    {
        var farthest = eigenvalues.Max(z => (z - centre).Magnitude);
        Complex[] moving = [.. eigenvalues.Where(z => (z - centre).Magnitude > Silent * farthest)
            .OrderByDescending(z => (z - centre).Magnitude)];
        var bulk = SpectralBulk.Of(moving.Select(z => (z - centre).Magnitude));
        return (bulk.OuterRadius, [.. moving.Take(bulk.OutlierCount)]);
    }
}
