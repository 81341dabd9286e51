using System.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// The complex Schur form of a real matrix, A = U·T·Uᴴ with T upper triangular. Unitary similarity keeps all singular values of
/// zI − A, so T alone gives norms, pseudospectra and the departure from normality.
/// </summary>
public sealed class SchurForm
{
    private const double Tiny = 1e-100, Huge = 1e100;

    private readonly Complex[] _t;

    private SchurForm(Complex[] t, int n) => (_t, Size) = (t, n);

    /// <summary>N.</summary>
    public int Size { get; }

    /// <summary>T[row, column]; 0 below the diagonal, eigenvalues on it.</summary>
    public Complex this[int row, int column] => _t[row * Size + column];

    /// <summary>T, row-major [n×n].</summary>
    internal ReadOnlySpan<Complex> Triangle => _t;

    /// <summary>
    /// Henrici's departure from normality off the triangle itself: ‖T above its diagonal‖_F / ‖T‖_F, which unlike
    /// √(‖W‖_F² − Σ|λ|²)/‖W‖_F loses no digits where it is small.
    /// </summary>
    public double Henrici
    {
        get
        {
            var (above, all, _) = Squares();
            return all == 0 ? 0 : Math.Sqrt(above / all);
        }
    }

    /// <summary>‖T‖_F, which is ‖A‖_F.</summary>
    internal double Frobenius
    {
        get
        {
            var (_, all, unit) = Squares();
            return Math.Sqrt(all) * unit;
        }
    }

    /// <summary>Sums of squares above the diagonal and altogether, in units of the largest entry, so that they neither overflow nor
    /// vanish.</summary>
    private (double Above, double All, double Unit) Squares()
    {
        double above = 0, all = 0, largest = 0;
        foreach (var value in _t) largest = Math.Max(largest, Math.Max(Math.Abs(value.Real), Math.Abs(value.Imaginary)));
        if (largest == 0) return (0, 0, 0);
        for (var i = 0; i < Size; i++)
            for (var j = i; j < Size; j++)
            {
                var square = Square(_t[i * Size + j] / largest);
                all += square;
                if (j > i) above += square;
            }
        return (above, all, largest);
    }

    /// <summary>
    /// Decomposes a matrix: LAPACK's dgees where the solver is native and has it, else the engine's own QR algorithm.
    /// </summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows, 1 or more.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <exception cref="InvalidInputException">Not square, or a value that is not finite.</exception>
    /// <exception cref="ComputationException">The QR iteration did not converge.</exception>
    public static SchurForm Of(ReadOnlySpan<double> matrix, int n, EigenSolver? solver = null)
    {
        EigenSolver.RequireFiniteSquare(matrix, n);
        var largest = 0.0;
        foreach (var value in matrix) largest = Math.Max(largest, Math.Abs(value));
        // products of entries would vanish or overflow
        var exponent = largest is > 0 and < Tiny or > Huge ? -Math.ILogB(largest) : 0;
        double[] scaled = [.. matrix];
        for (var k = 0; k < scaled.Length; k++) scaled[k] = Math.ScaleB(scaled[k], exponent);
        var h = (solver ?? EigenSolver.Current).QuasiTriangle(scaled, n);
        var t = new Complex[h.Length];
        for (var k = 0; k < h.Length; k++) t[k] = h[k];
        SplitPairs(t, n);
        for (var k = 0; k < t.Length && exponent != 0; k++)
            t[k] = new Complex(Math.ScaleB(t[k].Real, -exponent), Math.ScaleB(t[k].Imaginary, -exponent));
        return new SchurForm(t, n);
    }

    /// <summary>Turns every block [a b; c a], b·c below 0, into a triangle by one rotation onto its eigenvector (b, i√−bc).</summary>
    private static void SplitPairs(Complex[] t, int n)
    {
        for (var k = 0; k + 1 < n; k++)
        {
            double b = t[k * n + k + 1].Real, below = t[(k + 1) * n + k].Real;
            if (below == 0) continue;
            var half = Math.Sqrt(Math.Abs(b)) * Math.Sqrt(Math.Abs(below));
            var length = double.Hypot(b, half);
            // rows: [c s; −s̄ c]
            var (c, s) = (Math.Abs(b) / length, new Complex(0, -half * Math.Sign(b) / length));
            var centre = t[k * n + k].Real;
            for (var j = k; j < n; j++)
            {
                Complex x = t[k * n + j], y = t[(k + 1) * n + j];
                t[k * n + j] = c * x + s * y;
                t[(k + 1) * n + j] = c * y - Complex.Conjugate(s) * x;
            }
            for (var i = 0; i <= k + 1; i++)
            {
                Complex x = t[i * n + k], y = t[i * n + k + 1];
                t[i * n + k] = c * x + Complex.Conjugate(s) * y;
                t[i * n + k + 1] = c * y - s * x;
            }
            (t[k * n + k], t[(k + 1) * n + k + 1], t[(k + 1) * n + k]) = (new(centre, half), new(centre, -half), 0);
            k++;
        }
    }

    private static double Square(Complex z) => z.Real * z.Real + z.Imaginary * z.Imaginary;
}
