using EiRnnFast.Model;

namespace EiRnnFast.Spectra;

/// <summary>
/// Where random matrix theory puts the eigenvalues of the projected initial matrix, N → ∞. Rectified entries of variance
/// σ²/N keep the variance σ²(1/2 − 1/2π)/N and the mean ±σ/√(2πN); a projected orthogonal matrix is ½O plus independent noise.
/// </summary>
/// <param name="OuterRadius">Edge of the bulk: √(1/2 − 1/2π) = 0.5838 × gain, whatever N and the E/I ratio; gain without a constraint.</param>
/// <param name="InnerRadius">Inner edge: √(1/2π) = 0.3989 × gain for orthogonal, less when balanced; 0 for normal.</param>
/// <param name="Outlier">The eigenvalue that the mean adds: (1 − 2f_I)·0.3989·gain·√N; 0 when balanced, at 50-50 and without a constraint.</param>
public sealed record RandomMatrixTheory(double OuterRadius, double InnerRadius, double Outlier)
{
    /// <summary>The theory for a network's initialisation; null where there is none (two-Gaussian, identity, foreign weights).</summary>
    public static RandomMatrixTheory? Of(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Init is not { Kind: RecurrentInitKind.Orthogonal or RecurrentInitKind.Normal } init) return null;
        var orthogonal = init.Kind == RecurrentInitKind.Orthogonal;
        if (spec.Signs.Axis == SignAxis.None) return new RandomMatrixTheory(init.Gain, orthogonal ? init.Gain : 0, 0);

        var half = Math.Sqrt(1 / (2 * Math.PI));
        var fI = (double)spec.Signs.InhibitoryCount(spec.Units) / spec.Units;
        var fE = 1 - fI;
        var inner = half * init.Gain;
        if (init.Balanced) inner /= Math.Sqrt(fE * fE / fI + fI * fI / fE);
        return new RandomMatrixTheory(
            Math.Sqrt(0.5 - 1 / (2 * Math.PI)) * init.Gain, orthogonal ? inner : 0,
            init.Balanced ? 0 : (1 - 2 * fI) * half * init.Gain * Math.Sqrt(spec.Units));
    }
}
