using System.Numerics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// The largest eigenvalue of a Hermitian operator that is positive semidefinite, by Lanczos steps with full
/// reorthogonalization. Of (AᴴA)⁻¹ it is σ_min(A)⁻², of AᴴA the square of the 2-norm.
/// </summary>
internal sealed class LargestEigenvalue(int n)
{
    /// <summary>Ritz values converge faster and faster at the end of the spectrum: three changes below this are the end.</summary>
    private const double Tolerance = 1e-14;

    private readonly List<Complex[]> _basis = [];
    private readonly List<double> _diagonal = [], _below = [];
    private readonly Complex[] _start = Start(n);

    /// <summary>Runs to convergence, at most n steps, after which the value is exact up to rounding.</summary>
    /// <param name="apply">Replaces a vector [n] by the operator's image.</param>
    public double Of(Action<Complex[]> apply)
    {
        _diagonal.Clear();
        _below.Clear();
        var (value, settled) = (0.0, 0);
        var next = (Complex[])_start.Clone();
        for (var step = 0; step < n; step++)
        {
            if (step == _basis.Count) _basis.Add(new Complex[n]);
            var q = _basis[step];
            next.CopyTo(q, 0);
            apply(next);
            _diagonal.Add(Dot(q, next).Real);
            for (var pass = 0; pass < 2; pass++) // twice is enough (Kahan and Parlett)
                for (var k = step; k >= 0; k--) Subtract(next, Dot(_basis[k], next), _basis[k]);
            var before = value;
            value = LargestOfTridiagonal();
            if (!double.IsFinite(value)) return double.PositiveInfinity;
            settled = Math.Abs(value - before) <= Tolerance * value ? settled + 1 : 0;
            var norm = Math.Sqrt(Dot(next, next).Real);
            if (settled == 3 || norm <= 1e-15 * value) return value;
            _below.Add(norm);
            for (var i = 0; i < n; i++) next[i] /= norm;
        }
        return value;
    }

    /// <summary>Bisection by Sturm's count of the sign changes.</summary>
    private double LargestOfTridiagonal()
    {
        double low = double.NegativeInfinity, high = 0;
        for (var i = 0; i < _diagonal.Count; i++)
        {
            var radius = (i > 0 ? _below[i - 1] : 0) + (i < _below.Count ? _below[i] : 0);
            low = Math.Max(low, _diagonal[i]);
            high = Math.Max(high, _diagonal[i] + radius);
        }
        if (!double.IsFinite(high)) return high;
        for (var middle = low + (high - low) / 2; middle > low && middle < high; middle = low + (high - low) / 2)
            if (HasEigenvalueAbove(middle)) low = middle;
            else high = middle;
        return low;
    }

    private bool HasEigenvalueAbove(double x)
    {
        var pivot = 1.0;
        for (var i = 0; i < _diagonal.Count; i++)
        {
            pivot = _diagonal[i] - x - (i > 0 ? _below[i - 1] * (_below[i - 1] / pivot) : 0);
            if (pivot >= 0) return true;
        }
        return false;
    }

    private static Complex Dot(Complex[] a, Complex[] b)
    {
        double re = 0, im = 0; // Σ āᵢ·bᵢ
        for (var i = 0; i < a.Length; i++)
        {
            re += a[i].Real * b[i].Real + a[i].Imaginary * b[i].Imaginary;
            im += a[i].Real * b[i].Imaginary - a[i].Imaginary * b[i].Real;
        }
        return new Complex(re, im);
    }

    private static void Subtract(Complex[] y, Complex factor, Complex[] x)
    {
        for (var i = 0; i < y.Length; i++) y[i] -= factor * x[i];
    }

    /// <summary>A vector with a part along every eigenvector, the same each time.</summary>
    private static Complex[] Start(int n)
    {
        var random = new RandomStream(0, "Lanczos start");
        var v = new Complex[n];
        for (var i = 0; i < n; i++) v[i] = new Complex(random.NextGaussian(), random.NextGaussian());
        var norm = Math.Sqrt(Dot(v, v).Real);
        for (var i = 0; i < n; i++) v[i] /= norm;
        return v;
    }
}
