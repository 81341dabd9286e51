using EiRnnFast.Kernels;

namespace EiRnnFast.Dynamics;

/// <summary>A square system of linear equations, by Gaussian elimination with partial pivoting. Holds its buffers.</summary>
/// <param name="n">Equations.</param>
internal sealed class LinearSystem(int n)
{
    private readonly double[] _factor = new double[n * n], _column = new double[n];
    private readonly int[] _order = new int[n];

    /// <summary>The matrix, [n×n] row-major, to be filled before <see cref="Factorise"/>, which overwrites it.</summary>
    public Span<double> Matrix => _factor;

    /// <summary>P·A = L·U, by rows (Doolittle); false where the matrix is singular or not finite.</summary>
    public bool Factorise()
    {
        for (var i = 0; i < n; i++) _order[i] = i;
        for (var k = 0; k < n; k++)
        {
            // Column k of what is left: each row's dot product with what stands above it.
            for (var i = 0; i < k; i++) _column[i] = _factor[i * n + k];
            var (pivot, largest) = (-1, 0.0);
            for (var i = k; i < n; i++)
            {
                var rest = _factor[i * n + k] -= DoubleProducts.Dot(_factor.AsSpan(i * n, k), _column);
                if (!double.IsFinite(rest)) return false;
                if (Math.Abs(rest) > largest) (pivot, largest) = (i, Math.Abs(rest));
            }
            if (pivot < 0) return false;
            if (pivot != k)
            {
                for (var j = 0; j < n; j++)
                    (_factor[k * n + j], _factor[pivot * n + j]) = (_factor[pivot * n + j], _factor[k * n + j]);
                (_order[k], _order[pivot]) = (_order[pivot], _order[k]);
            }
            for (var i = k + 1; i < n; i++) _factor[i * n + k] /= _factor[k * n + k];
            for (var i = 0; i < k; i++) // row k of U, from the rows above
            {
                var own = _factor[k * n + i];
                if (own == 0) continue;
                var row = _factor.AsSpan(i * n, n);
                for (var j = k + 1; j < n; j++) _factor[k * n + j] -= own * row[j];
            }
        }
        return true;
    }

    /// <summary>x with A·x = b.</summary>
    /// <param name="b">Right side, [n].</param>
    /// <param name="x">Overwritten, [n]; not b itself.</param>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        for (var i = 0; i < n; i++) x[i] = b[_order[i]] - DoubleProducts.Dot(_factor.AsSpan(i * n, i), x[..i]);
        for (var i = n - 1; i >= 0; i--)
            x[i] = (x[i] - DoubleProducts.Dot(_factor.AsSpan(i * n + i + 1, n - i - 1), x[(i + 1)..])) / _factor[i * n + i];
    }
}
