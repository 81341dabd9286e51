using EiRnnFast.Kernels;

namespace EiRnnFast.Spectra;

/// <summary>
/// Singular values and left vectors of a real matrix: Householder's QR with column pivoting, then one-sided Jacobi rotations of the rows
/// of R (Hestenes 1958; Drmač and Veselić 2008).
/// </summary>
internal static class SingularVectors
{
    private const int MostSweeps = 60; // 6 to 10 are usual

    /// <summary>The singular values, largest first, [min(n, p)].</summary>
    /// <param name="columns">The matrix [n×p] by columns, [p][n], finite; overwritten.</param>
    public static double[] ValuesOf(double[][] columns) => Of(columns, 0).Values;

    /// <summary>The singular values, largest first, [min(n, p)], and the left vectors of the first of them.</summary>
    /// <param name="columns">The matrix [n×p] by columns, [p][n], finite; overwritten.</param>
    /// <param name="vectors">Most left vectors, [n] each; they are orthonormal, also where singular values are 0.</param>
    public static (double[] Values, double[][] Left) Of(double[][] columns, int vectors)
    {
        var (triangle, factors) = Triangle(columns);
        var rotations = new double[triangle.Length][];
        if (vectors > 0)
            for (var i = 0; i < rotations.Length; i++) (rotations[i] = new double[triangle.Length])[i] = 1;
        Rotate(triangle, vectors > 0 ? rotations : null);
        double[] values = [.. triangle.Select(row => Math.Sqrt(DoubleProducts.Dot(row, row)))];
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(k => values[k])];
        return ([.. order.Select(k => values[k])],
            [.. order.Take(vectors).Select(k => Reflected(columns, factors, rotations[k]))]);
    }

    /// <summary>The rows of R, [min(n, p)][p]; in the columns, from the diagonal down, the vectors of the reflections.</summary>
    private static (double[][] Rows, double[] Factors) Triangle(double[][] columns)
    {
        int p = columns.Length, n = columns[0].Length, m = Math.Min(n, p);
        double[] factors = new double[m], diagonal = new double[m];
        for (var k = 0; k < m; k++)
        {
            var (pivot, square) = (k, -1.0);
            for (var j = k; j < p; j++)
            {
                var rest = columns[j].AsSpan(k);
                var own = DoubleProducts.Dot(rest, rest);
                if (own > square) (pivot, square) = (j, own);
            }
            if (square == 0) break;
            (columns[k], columns[pivot]) = (columns[pivot], columns[k]);
            var v = columns[k].AsSpan(k);
            var norm = Math.Sqrt(square);
            factors[k] = 1 / (square + norm * Math.Abs(v[0]));
            diagonal[k] = v[0] > 0 ? -norm : norm;
            v[0] -= diagonal[k];
            for (var j = k + 1; j < p; j++) Reflect(v, factors[k], columns[j].AsSpan(k));
        }
        var rows = new double[m][];
        for (var i = 0; i < m; i++)
        {
            rows[i] = new double[p];
            rows[i][i] = diagonal[i];
            for (var j = i + 1; j < p; j++) rows[i][j] = columns[j][i];
        }
        return (rows, factors);
    }

    /// <summary>Turns pairs of rows until all are orthogonal.</summary>
    private static void Rotate(double[][] rows, double[][]? rotations)
    {
        var tolerance = 2.3e-16 * Math.Sqrt(rows[0].Length);
        var squares = new double[rows.Length];
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            for (var i = 0; i < rows.Length; i++) squares[i] = DoubleProducts.Dot(rows[i], rows[i]);
            var turned = false;
            for (var i = 0; i < rows.Length; i++)
                for (var j = i + 1; j < rows.Length; j++)
                {
                    var g = DoubleProducts.Dot(rows[i], rows[j]);
                    if (Math.Abs(g) <= tolerance * Math.Sqrt(Math.Abs(squares[i] * squares[j]))) continue;
                    turned = true;
                    var zeta = (squares[j] - squares[i]) / (2 * g);
                    var t = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + double.Hypot(1, zeta));
                    var c = 1 / double.Hypot(1, t);
                    DoubleProducts.Turn(rows[i], rows[j], c, c * t);
                    if (rotations is not null) DoubleProducts.Turn(rotations[i], rotations[j], c, c * t);
                    (squares[i], squares[j]) = (squares[i] - t * g, squares[j] + t * g);
                }
            if (!turned) return;
        }
        throw new ComputationException($"singular values of {rows.Length} rows: no convergence in {MostSweeps} sweeps; "
            + "the activity may not be finite");
    }

    /// <summary>Q·(y, 0 …), [n].</summary>
    private static double[] Reflected(double[][] columns, double[] factors, double[] y)
    {
        var x = new double[columns[0].Length];
        y.CopyTo(x, 0);
        for (var k = factors.Length - 1; k >= 0; k--) Reflect(columns[k].AsSpan(k), factors[k], x.AsSpan(k));
        return x;
    }

    /// <summary>x − factor·(v·x)·v.</summary>
    private static void Reflect(ReadOnlySpan<double> v, double factor, Span<double> x)
    {
        if (factor != 0) DoubleProducts.Add(-factor * DoubleProducts.Dot(v, x), v, x);
    }
}
