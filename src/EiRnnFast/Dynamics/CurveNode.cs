using System.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>A corrected point of a curve with its direction and eigenvalues.</summary>
/// <param name="U">h and s, [N + 1].</param>
/// <param name="Tangent">Unit direction of the curve there, in the metric ‖Δh‖²/N + Δs².</param>
/// <param name="Eigenvalues">Of the Jacobian.</param>
internal sealed record CurveNode(double[] U, double[] Tangent, Complex[] Eigenvalues)
{
    /// <summary>s.</summary>
    public double S => U[^1];

    /// <summary>h.</summary>
    public ReadOnlySpan<double> H => U.AsSpan(0, U.Length - 1);

    /// <summary>Eigenvalues outside the unit circle.</summary>
    public int Unstable { get; } = Eigenvalues.Count(z => z.Magnitude > 1);

    /// <summary>Whether det(I − J) is above 0.</summary>
    public bool IsPositive { get; } = Eigenvalues.Count(z => z.Imaginary == 0 && z.Real > 1) % 2 == 0;

    /// <summary>Whether det(I + J) is above 0.</summary>
    private bool IsUnflipped { get; } = Eigenvalues.Count(z => z.Imaginary == 0 && z.Real < -1) % 2 == 0;

    /// <summary>Whether s grows along the tangent.</summary>
    public bool Rises => Tangent[^1] > 0;

    /// <summary>Whether no bifurcation is known to lie between the two.</summary>
    public bool IsLike(CurveNode other) => Unstable == other.Unstable && IsPositive == other.IsPositive
        && IsUnflipped == other.IsUnflipped && Rises == other.Rises;

    /// <summary>The point in the other direction.</summary>
    public CurveNode Turned() => this with { Tangent = [.. Tangent.Select(t => -t)] };

    /// <summary>What a curve keeps of it.</summary>
    public CurvePoint Kept(RecurrentMap map) => new(S, H.ToArray(), map.Rates(H), Eigenvalues[0].Magnitude, Eigenvalues[0], Unstable,
        Eigenvalues.Any(z => (z - 1).Magnitude <= FixedPoint.Rounding) ? null : IsPositive ? 1 : -1);
}
