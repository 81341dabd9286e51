using System.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>What small deviations from a point do.</summary>
public enum PointStability
{
    /// <summary>They die out: spectral radius below 1.</summary>
    Stable,

    /// <summary>The spectral radius is 1 within <see cref="FixedPoint.Rounding"/>: the Jacobian does not decide.</summary>
    Marginal,

    /// <summary>Some grow: spectral radius above 1.</summary>
    Unstable,
}

/// <summary>A state where the network rests or lingers.</summary>
/// <param name="State">h, [N]: rates, or voltages where the map is of voltages.</param>
/// <param name="Q">½‖F(h) − h‖².</param>
/// <param name="Eigenvalues">Of the Jacobian ∂F_j/∂h_i there, largest modulus first.</param>
/// <param name="Starts">Descents that ended here.</param>
public sealed record FixedPoint(IReadOnlyList<double> State, double Q, IReadOnlyList<Complex> Eigenvalues, int Starts)
{
    /// <summary>What single-precision weights leave open: this near to 1 counts as 1.</summary>
    public const double Rounding = 1e-6;

    /// <summary>Whether <see cref="State"/> is of voltages.</summary>
    public bool IsOfVoltages { get; init; }

    /// <summary>The rates there, [N]: the state itself, or f(v).</summary>
    public IReadOnlyList<double> Rates { get; init; } = State;

    /// <summary>The disc that theory expects the eigenvalues in; null where α differs from unit to unit.</summary>
    public JacobianTheory? Theory { get; init; }

    /// <summary>The spectrum of the Jacobian with its bulk and what theory expects; null where the point was not made by a
    /// search.</summary>
    public JacobianSpectrum? Jacobian { get; init; }

    /// <summary>Largest |λ| of the Jacobian.</summary>
    public double SpectralRadius => Eigenvalues[0].Magnitude;

    /// <summary>By the spectral radius.</summary>
    public PointStability Stability => SpectralRadius > 1 + Rounding ? PointStability.Unstable : SpectralRadius < 1 - Rounding
        ? PointStability.Stable : PointStability.Marginal;

    /// <summary>Whether small deviations die out; a marginal point does not say.</summary>
    public bool IsStable => Stability == PointStability.Stable;

    /// <summary>Eigenvalues with |λ| > 1, beyond rounding.</summary>
    public int UnstableDirections => Eigenvalues.Count(z => z.Magnitude > 1 + Rounding);

    /// <summary>
    /// Sign of det(I − J), the index of the point: +1 or −1, by the number of real eigenvalues above 1. Null where an eigenvalue is 1
    /// within
    /// rounding: a degenerate point has no sign.
    /// </summary>
    public int? Index => Eigenvalues.Any(z => (z - 1).Magnitude <= Rounding) ? null : Eigenvalues.Count(z => z.Imaginary == 0
        && z.Real > 1) % 2 == 0 ? 1 : -1;
}
