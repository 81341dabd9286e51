using System.Numerics;

namespace EiRnnFast.Tests.Spectra.Qr;

/// <summary>How far a matrix is from one that has an eigenvalue: σ_min(A − λI)/‖A‖_F, from above by inverse iteration.</summary>
internal static class BackwardError
{
    public static double Of(double[] matrix, int n, Complex eigenvalue)
    {
        var largest = matrix.Max(Math.Abs);
        if (largest == 0) return eigenvalue.Magnitude;
        var norm = Math.Sqrt(matrix.Sum(value => value / largest * (value / largest))) * largest;
        var a = new Complex[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) a[i * n + j] = matrix[i * n + j] / norm - (i == j ? eigenvalue / norm : 0);
        var (lu, order) = Factorise(a, n);
        var x = new Complex[n];
        for (var i = 0; i < n; i++) x[i] = new Complex(1, Math.Sin(i)) / Math.Sqrt(n);
        var least = double.PositiveInfinity;
        for (var step = 0; step < 4; step++)
        {
            x = Unit(SolveAdjoint(lu, order, n, x));
            x = Unit(Solve(lu, order, n, x));
            least = Math.Min(least, Residual(a, n, x));
        }
        return least;
    }

    private static double Residual(Complex[] a, int n, Complex[] x)
    {
        var squares = 0.0;
        for (var i = 0; i < n; i++)
        {
            Complex sum = 0;
            for (var j = 0; j < n; j++) sum += a[i * n + j] * x[j];
            squares += sum.Real * sum.Real + sum.Imaginary * sum.Imaginary;
        }
        return Math.Sqrt(squares);
    }

    private static Complex[] Unit(Complex[] x)
    {
        var largest = x.Max(z => Math.Max(Math.Abs(z.Real), Math.Abs(z.Imaginary)));
        var length = Math.Sqrt(x.Sum(z => (z / largest).Magnitude * (z / largest).Magnitude));
        return [.. x.Select(z => z / largest / length)];
    }

    private static (Complex[] Lu, int[] Order) Factorise(Complex[] a, int n)
    {
        Complex[] lu = [.. a];
        int[] order = [.. Enumerable.Range(0, n)];
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
                if (Size(lu[order[i] * n + k]) > Size(lu[order[pivot] * n + k])) pivot = i;
            (order[k], order[pivot]) = (order[pivot], order[k]);
            if (Size(lu[order[k] * n + k]) < 1e-17) lu[order[k] * n + k] = 1e-17; // an exact eigenvalue
            for (var i = k + 1; i < n; i++)
            {
                var factor = lu[order[i] * n + k] /= lu[order[k] * n + k];
                if (factor == Complex.Zero) continue;
                for (var j = k + 1; j < n; j++) lu[order[i] * n + j] -= factor * lu[order[k] * n + j];
            }
        }
        return (lu, order);

        static double Size(Complex z) => Math.Abs(z.Real) + Math.Abs(z.Imaginary);
    }

    private static Complex[] Solve(Complex[] lu, int[] order, int n, Complex[] right)
    {
        var x = new Complex[n];
        for (var i = 0; i < n; i++)
        {
            x[i] = right[order[i]];
            for (var j = 0; j < i; j++) x[i] -= lu[order[i] * n + j] * x[j];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++) x[i] -= lu[order[i] * n + j] * x[j];
            x[i] /= lu[order[i] * n + i];
        }
        return x;
    }

    private static Complex[] SolveAdjoint(Complex[] lu, int[] order, int n, Complex[] right)
    {
        Complex[] y = [.. right], x = new Complex[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++) y[i] -= Complex.Conjugate(lu[order[j] * n + i]) * y[j];
            y[i] /= Complex.Conjugate(lu[order[i] * n + i]);
        }
        for (var i = n - 1; i >= 0; i--)
            for (var j = i + 1; j < n; j++) y[i] -= Complex.Conjugate(lu[order[j] * n + i]) * y[j];
        for (var i = 0; i < n; i++) x[order[i]] = y[i];
        return x;
    }
}
