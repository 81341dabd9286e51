namespace EiRnnFast.Similarity;

/// <summary>Small square matrices by rows, [n×n].</summary>
internal static class SquareMatrix
{
    /// <summary>a·b.</summary>
    public static double[] Product(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var k = 0; k < n; k++)
            {
                var value = a[i * n + k];
                var row = product.AsSpan(i * n, n);
                var other = b.AsSpan(k * n, n);
                for (var j = 0; j < row.Length; j++) row[j] += value * other[j];
            }
        return product;
    }

    /// <summary>a·bᵀ.</summary>
    public static double[] ProductTransposed(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) product[i * n + j] = Inner(a.AsSpan(i * n, n), b.AsSpan(j * n, n));
        return product;
    }

    /// <summary>aᵀ.</summary>
    public static double[] Transposed(double[] a, int n)
    {
        var transposed = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) transposed[j * n + i] = a[i * n + j];
        return transposed;
    }

    /// <summary>Σ a_ij·b_ij.</summary>
    public static double Inner(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>√Σ a_ij².</summary>
    public static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Inner(a, a));

    /// <summary>a⁻¹·b by elimination with partial pivoting.</summary>
    /// <exception cref="ComputationException">a is singular.</exception>
    public static double[] Solve(double[] a, double[] b, int n)
    {
        (a, b) = ([.. a], [.. b]);
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
                if (Math.Abs(a[i * n + k]) > Math.Abs(a[pivot * n + k])) pivot = i;
            if (a[pivot * n + k] == 0)
                throw new ComputationException("a singular matrix in the fit of linear dynamics; ask for a lower rank");
            if (pivot != k)
                for (var j = 0; j < n; j++)
                {
                    (a[k * n + j], a[pivot * n + j]) = (a[pivot * n + j], a[k * n + j]);
                    (b[k * n + j], b[pivot * n + j]) = (b[pivot * n + j], b[k * n + j]);
                }
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i * n + k] / a[k * n + k];
                if (factor == 0) continue;
                for (var j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
                for (var j = 0; j < n; j++) b[i * n + j] -= factor * b[k * n + j];
            }
        }
        for (var k = n - 1; k >= 0; k--)
            for (var j = 0; j < n; j++)
            {
                for (var i = k + 1; i < n; i++) b[k * n + j] -= a[k * n + i] * b[i * n + j];
                b[k * n + j] /= a[k * n + k];
            }
        return b;
    }
}
