using EiRnnFast.Kernels;

namespace EiRnnFast.Dynamics;

/// <summary>Singular values of small matrices by one-sided Jacobi rotations (Hestenes 1958), each to its own relative precision.</summary>
internal static class SingularValues
{
    private const int MostSweeps = 60; // eight are usual

    /// <summary>Largest first; as many as the shorter side is long.</summary>
    /// <param name="matrix">[rows×columns], finite.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static double[] Of(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        var isTall = rows > columns;
        var (count, length) = isTall ? (columns, rows) : (rows, columns);
        var a = new double[count][];
        for (var i = 0; i < count; i++)
        {
            a[i] = new double[length];
            for (var j = 0; j < length; j++) a[i][j] = isTall ? matrix[j * columns + i] : matrix[i * columns + j];
        }
        for (var sweep = 0; sweep < MostSweeps && Rotate(a); sweep++) { }
        return [.. a.Select(row => Math.Sqrt(DoubleProducts.Dot(row, row))).OrderDescending()];
    }

    /// <summary>Makes every two rows orthogonal in turn; false when all were.</summary>
    private static bool Rotate(double[][] a)
    {
        var turned = false;
        for (var p = 0; p < a.Length; p++)
            for (var q = p + 1; q < a.Length; q++)
            {
                double pp = DoubleProducts.Dot(a[p], a[p]), qq = DoubleProducts.Dot(a[q], a[q]), pq = DoubleProducts.Dot(a[p], a[q]);
                if (Math.Abs(pq) <= 1e-15 * Math.Sqrt(pp * qq)) continue;
                turned = true;
                var zeta = (qq - pp) / (2 * pq);
                var t = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
                var c = 1 / Math.Sqrt(1 + t * t);
                for (var j = 0; j < a[p].Length; j++)
                    (a[p][j], a[q][j]) = (c * (a[p][j] - t * a[q][j]), c * (a[q][j] + t * a[p][j]));
            }
        return turned;
    }
}
