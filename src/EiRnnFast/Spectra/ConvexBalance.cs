namespace EiRnnFast.Spectra;

/// <summary>
/// Finishes the balance of a badly scaled block. Sweeps over single units (Osborne 1960) end where neighbours are alike to a factor, which
/// along a chain of many units may still add up to 2^100. The sum of all squares is convex in the logarithms of the scales: Newton's method
/// finds where every row is as large as its column.
/// </summary>
internal static class ConvexBalance
{
    /// <summary>Exponents of a scale from which a block counts as badly scaled: no network has them.</summary>
    private const int Bad = 30;

    private const int MostUnits = 512, MostSteps = 60; // a step takes n³/3 operations; ten are usual
    private const double LongestStep = 2, Enough = 0.25; // of the logarithm to base 2 of an entry
    private const double Singular = 1e-10;

    /// <summary>Improves scales, if they are bad: entry (i, j) of the block is times 2^(scale[j] − scale[i]).</summary>
    /// <param name="mantissas">Column-major, 1 to 2 in magnitude or 0.</param>
    /// <param name="exponents">Of the entries.</param>
    /// <param name="scale">Exponents of the units' scales.</param>
    public static void Refine(double[] mantissas, int[] exponents, int[] scale)
    {
        var n = scale.Length;
        if (n is < 3 or > MostUnits || scale.All(exponent => Math.Abs(exponent) <= Bad)) return;
        double[] d = [.. scale.Select(exponent => (double)exponent)], squares = new double[n * n], laplacian = new double[n * n];
        for (var step = 0; step < MostSteps; step++)
        {
            Squares(mantissas, exponents, d, squares);
            var move = Newton(squares, laplacian, n);
            var longest = 0.0;
            for (var j = 0; j < n; j++)
                for (var i = 0; i < n; i++)
                    if (squares[j * n + i] > 0) longest = Math.Max(longest, Math.Abs(move[j] - move[i]));
            if (!double.IsFinite(longest)) return;
            var part = Math.Min(1, LongestStep / Math.Max(longest, double.Epsilon));
            for (var k = 0; k < n; k++) d[k] += part * move[k];
            if (longest < Enough) break;
        }
        for (var k = 0; k < n; k++) scale[k] = (int)Math.Round(d[k]);
    }

    /// <summary>Squares of the entries off the diagonal as they are scaled, over the largest.</summary>
    private static void Squares(double[] mantissas, int[] exponents, double[] d, double[] squares)
    {
        var n = d.Length;
        var top = double.NegativeInfinity;
        for (var j = 0; j < n; j++)
            for (var i = 0; i < n; i++)
                if (i != j && mantissas[j * n + i] != 0) top = Math.Max(top, exponents[j * n + i] + d[j] - d[i]);
        for (var j = 0; j < n; j++)
            for (var i = 0; i < n; i++)
            {
                var mantissa = i == j ? 0 : mantissas[j * n + i];
                squares[j * n + i] = mantissa == 0 ? 0 : mantissa * mantissa * double.Exp2(2 * (exponents[j * n + i] + d[j] - d[i] - top));
            }
    }

    /// <summary>Solves L·δ = (rows − columns)/(2·ln 2), L the Laplacian of the squares; unit 0 stays.</summary>
    private static double[] Newton(double[] squares, double[] l, int n)
    {
        var move = new double[n];
        for (var k = 0; k < n; k++)
        {
            double row = 0, column = 0;
            for (var m = 0; m < n; m++)
            {
                row += squares[m * n + k];
                column += squares[k * n + m];
                l[k * n + m] = -(squares[m * n + k] + squares[k * n + m]);
            }
            l[k * n + k] = row + column;
            move[k] = (row - column) / (2 * Math.Log(2));
        }
        // Cholesky's factor in the lower half, of units 1 … n−1; what rounding leaves of 0 moves nothing
        for (var k = 1; k < n; k++)
        {
            var pivot = l[k * n + k];
            for (var m = 1; m < k; m++) pivot -= l[k * n + m] * l[k * n + m];
            pivot = pivot > Singular * l[k * n + k] ? Math.Sqrt(pivot) : double.PositiveInfinity;
            for (var i = k + 1; i < n; i++)
            {
                var sum = l[i * n + k];
                for (var m = 1; m < k; m++) sum -= l[i * n + m] * l[k * n + m];
                l[i * n + k] = sum / pivot;
            }
            l[k * n + k] = pivot;
        }
        move[0] = 0;
        for (var k = 1; k < n; k++)
        {
            for (var m = 1; m < k; m++) move[k] -= l[k * n + m] * move[m];
            move[k] /= l[k * n + k];
        }
        for (var k = n - 1; k > 0; k--)
        {
            for (var m = k + 1; m < n; m++) move[k] -= l[m * n + k] * move[m];
            move[k] /= l[k * n + k];
        }
        return move;
    }
}
