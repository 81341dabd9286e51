using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>A Householder reflector I − τ·v·vᵀ of three neighbouring rows or columns, v = (1, v₁, v₂); T_i = τ·v_i.</summary>
internal readonly unsafe record struct SmallReflector(double V1, double V2, double T0, double T1, double T2)
{
    private const double Least = 1e-140; // squares of smaller values lose digits

    /// <summary>The one that turns (x₀, x₁, x₂) into (β, 0, 0).</summary>
    public static SmallReflector Of(double x0, double x1, double x2, out double beta)
    {
        beta = x0;
        if (x1 == 0 && x2 == 0) return default;
        var unit = 1.0;
        if (Math.Abs(x0) < Least && Math.Abs(x1) < Least && Math.Abs(x2) < Least)
        {
            unit = Math.ScaleB(1, 900);
            (x0, x1, x2) = (x0 * unit, x1 * unit, x2 * unit);
        }
        beta = -Math.CopySign(Math.Sqrt(x0 * x0 + (x1 * x1 + x2 * x2)), x0);
        double tau = (beta - x0) / beta, inverse = 1 / (x0 - beta), v1 = x1 * inverse, v2 = x2 * inverse;
        beta /= unit;
        return new(v1, v2, tau, tau * v1, tau * v2);
    }

    /// <summary>Three rows, each a row's length after the one before.</summary>
    public void Rows(double* x, nint row, int count) => SmallReflections.Rows(x, row, count, V1, V2, T0, T1, T2);

    /// <summary>Three columns of <paramref name="count"/> rows.</summary>
    public void Columns(double* x, nint row, int count) => SmallReflections.Columns(x, row, count, V1, V2, T0, T1, T2);

    /// <summary>Two rows, where there is no third.</summary>
    public void TwoRows(double* x, nint row, int count) => SmallReflections.TwoRows(x, row, count, V1, T0, T1);

    /// <summary>Two columns.</summary>
    public void TwoColumns(double* x, nint row, int count) => SmallReflections.TwoColumns(x, row, count, V1, T0, T1);
}
