namespace EiRnnFast.Spectra.Qr;

/// <summary>Householder reflectors I − τ·v·vᵀ with v₀ = 1.</summary>
internal static unsafe class Reflector
{
    private const double Least = 1e-140; // squares of smaller values lose digits

    /// <summary>
    /// The reflector that turns x into (β, 0, …, 0): x becomes v but for v₀ = 1, which is not stored. τ = 0 where there is nothing to do.
    /// </summary>
    public static (double Beta, double Tau) Of(double* x, int count)
    {
        double largest = 0, squares = 0;
        for (var i = 1; i < count; i++) largest = Math.Max(largest, Math.Abs(x[i]));
        if (largest == 0) return (x[0], 0);
        var scale = Math.Max(largest, Math.Abs(x[0])) < Least ? Math.ScaleB(1, 900) : 1;
        for (var i = 0; i < count && scale != 1; i++) x[i] *= scale;
        for (var i = 1; i < count; i++) squares += x[i] * x[i];
        var beta = -Math.CopySign(Math.Sqrt(x[0] * x[0] + squares), x[0]);
        var tau = (beta - x[0]) / beta;
        var inverse = 1 / (x[0] - beta);
        for (var i = 1; i < count; i++) x[i] *= inverse;
        return (beta / scale, tau);
    }
}
