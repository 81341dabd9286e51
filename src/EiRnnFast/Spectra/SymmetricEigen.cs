namespace EiRnnFast.Spectra;

/// <summary>
/// Eigenvalues and orthonormal eigenvectors of a real symmetric matrix: Householder's tridiagonal form, then implicit QL steps
/// (EISPACK tred2 and tql2; Wilkinson and Reinsch 1971).
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSteps = 60; // per eigenvalue; 2 are usual

    /// <summary>Eigenvalues d, ascending, and in row k of the result the eigenvector of d[k].</summary>
    /// <param name="matrix">[n×n], symmetric, finite; overwritten.</param>
    /// <param name="n">Rows.</param>
    public static (double[] Values, double[][] Vectors) Of(double[] matrix, int n)
    {
        double[] d = new double[n], e = new double[n];
        Tridiagonalise(matrix, n, d, e);
        Diagonalise(matrix, n, d, e);
        int[] order = [.. Enumerable.Range(0, n).OrderBy(k => d[k])];
        return ([.. order.Select(k => d[k])], [.. order.Select(k => Enumerable.Range(0, n).Select(i => matrix[i * n + k]).ToArray())]);
    }

    /// <summary>v becomes Q with Qᵀ·A·Q tridiagonal: d on the diagonal, e[1 …] below it.</summary>
    private static void Tridiagonalise(double[] v, int n, double[] d, double[] e)
    {
        for (var j = 0; j < n; j++) d[j] = v[(n - 1) * n + j];
        for (var i = n - 1; i > 0; i--)
        {
            double scale = 0, h = 0;
            for (var k = 0; k < i; k++) scale += Math.Abs(d[k]);
            if (scale == 0)
            {
                e[i] = d[i - 1];
                for (var j = 0; j < i; j++)
                {
                    d[j] = v[(i - 1) * n + j];
                    v[i * n + j] = v[j * n + i] = 0;
                }
            }
            else
            {
                for (var k = 0; k < i; k++)
                {
                    d[k] /= scale;
                    h += d[k] * d[k];
                }
                var f = d[i - 1];
                var g = f > 0 ? -Math.Sqrt(h) : Math.Sqrt(h);
                e[i] = scale * g;
                h -= f * g;
                d[i - 1] = f - g;
                Array.Clear(e, 0, i);
                for (var j = 0; j < i; j++)
                {
                    f = d[j];
                    v[j * n + i] = f;
                    g = e[j] + v[j * n + j] * f;
                    for (var k = j + 1; k < i; k++)
                    {
                        g += v[k * n + j] * d[k];
                        e[k] += v[k * n + j] * f;
                    }
                    e[j] = g;
                }
                f = 0;
                for (var j = 0; j < i; j++)
                {
                    e[j] /= h;
                    f += e[j] * d[j];
                }
                var half = f / (h + h);
                for (var j = 0; j < i; j++) e[j] -= half * d[j];
                for (var j = 0; j < i; j++)
                {
                    (f, g) = (d[j], e[j]);
                    for (var k = j; k < i; k++) v[k * n + j] -= f * e[k] + g * d[k];
                    d[j] = v[(i - 1) * n + j];
                    v[i * n + j] = 0;
                }
            }
            d[i] = h;
        }
        for (var i = 0; i < n - 1; i++)
        {
            v[(n - 1) * n + i] = v[i * n + i];
            v[i * n + i] = 1;
            var h = d[i + 1];
            if (h != 0)
            {
                for (var k = 0; k <= i; k++) d[k] = v[k * n + i + 1] / h;
                for (var j = 0; j <= i; j++)
                {
                    var g = 0.0;
                    for (var k = 0; k <= i; k++) g += v[k * n + i + 1] * v[k * n + j];
                    for (var k = 0; k <= i; k++) v[k * n + j] -= g * d[k];
                }
            }
            for (var k = 0; k <= i; k++) v[k * n + i + 1] = 0;
        }
        for (var j = 0; j < n; j++)
        {
            d[j] = v[(n - 1) * n + j];
            v[(n - 1) * n + j] = 0;
        }
        v[n * n - 1] = 1;
        e[0] = 0;
    }

    /// <summary>QL steps with Wilkinson's shift, applied to the columns of v.</summary>
    private static void Diagonalise(double[] v, int n, double[] d, double[] e)
    {
        for (var i = 1; i < n; i++) e[i - 1] = e[i];
        e[n - 1] = 0;
        double shift = 0, largest = 0;
        for (var l = 0; l < n; l++)
        {
            largest = Math.Max(largest, Math.Abs(d[l]) + Math.Abs(e[l]));
            var m = l;
            while (m < n - 1 && Math.Abs(e[m]) > double.Epsilon && Math.Abs(e[m]) > 1.1e-16 * largest) m++;
            for (var step = 0; m > l && Math.Abs(e[l]) > 1.1e-16 * largest; step++)
            {
                if (step == MostSteps)
                    throw new ComputationException($"eigenvectors of a symmetric {n}×{n} matrix: no convergence in {MostSteps} steps; "
                        + "the activity may not be finite");
                var g = d[l];
                var p = (d[l + 1] - g) / (2 * e[l]);
                var r = p < 0 ? -Hypotenuse(p, 1) : Hypotenuse(p, 1);
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                var next = d[l + 1];
                var h = g - d[l];
                for (var i = l + 2; i < n; i++) d[i] -= h;
                shift += h;
                p = d[m];
                double c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0;
                var below = e[l + 1];
                for (var i = m - 1; i >= l; i--)
                {
                    (c3, c2, s2) = (c2, c, s);
                    g = c * e[i];
                    h = c * p;
                    r = Hypotenuse(p, e[i]);
                    e[i + 1] = s * r;
                    s = e[i] / r;
                    c = p / r;
                    p = c * d[i] - s * g;
                    d[i + 1] = h + s * (c * g + s * d[i]);
                    for (var k = 0; k < n; k++)
                    {
                        h = v[k * n + i + 1];
                        v[k * n + i + 1] = s * v[k * n + i] + c * h;
                        v[k * n + i] = c * v[k * n + i] - s * h;
                    }
                }
                p = -s * s2 * c3 * below * e[l] / next;
                e[l] = s * p;
                d[l] = c * p;
            }
            d[l] += shift;
            e[l] = 0;
        }
    }

    private static double Hypotenuse(double x, double y) => double.Hypot(x, y);
}
