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
    /// Decomposes a matrix: LAPACK's dgees where the solver is native and has it, else Householder and shifted QR steps of our own.
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
        // the shifts multiply entries, which would vanish or overflow
        var exponent = largest is > 0 and < Tiny or > Huge ? -Math.ILogB(largest) : 0;
        double[] scaled = [.. matrix];
        for (var k = 0; k < scaled.Length; k++) scaled[k] = Math.ScaleB(scaled[k], exponent);
        var h = (solver ?? EigenSolver.Current).QuasiTriangle(scaled, n) ?? Hessenberg(scaled, n);
        var t = new Complex[h.Length];
        for (var k = 0; k < h.Length; k++) t[k] = h[k]; // a quasi-triangle is a Hessenberg matrix whose 2×2 blocks one shifted step splits
        Triangularize(t, n);
        for (var k = 0; k < t.Length && exponent != 0; k++)
            t[k] = new Complex(Math.ScaleB(t[k].Real, -exponent), Math.ScaleB(t[k].Imaginary, -exponent));
        return new SchurForm(t, n);
    }

    /// <summary>Householder reduction to upper Hessenberg form, row-major.</summary>
    private static double[] Hessenberg(ReadOnlySpan<double> matrix, int n)
    {
        double[] h = [.. matrix], v = new double[n];
        for (var k = 0; k + 2 < n; k++)
        {
            var scale = 0.0;
            for (var i = k + 1; i < n; i++) scale = Math.Max(scale, Math.Abs(h[i * n + k]));
            if (scale == 0) continue;
            var norm2 = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                v[i] = h[i * n + k] / scale;
                norm2 += v[i] * v[i];
            }
            var first = v[k + 1];
            v[k + 1] += Math.CopySign(Math.Sqrt(norm2), first);
            var beta = 1 / (norm2 + Math.Abs(first) * Math.Sqrt(norm2)); // 2/vᵀv
            for (var j = k; j < n; j++)
            {
                var sum = 0.0;
                for (var i = k + 1; i < n; i++) sum += v[i] * h[i * n + j];
                for (var i = k + 1; i < n; i++) h[i * n + j] -= beta * sum * v[i];
            }
            for (var i = 0; i < n; i++)
            {
                var sum = 0.0;
                for (var j = k + 1; j < n; j++) sum += h[i * n + j] * v[j];
                for (var j = k + 1; j < n; j++) h[i * n + j] -= beta * sum * v[j];
            }
            for (var i = k + 2; i < n; i++) h[i * n + k] = 0;
        }
        return h;
    }

    /// <summary>Explicit single-shift QR steps on the active block, applied to all rows and columns; deflates from the bottom.</summary>
    private static void Triangularize(Complex[] h, int n)
    {
        const int stepsPerEigenvalue = 60;
        var norm = 0.0;
        foreach (var value in h) norm = Math.Max(norm, Magnitude1(value));
        var cosines = new double[n];
        var sines = new Complex[n];
        for (int high = n - 1, steps = 0; high > 0;)
        {
            var low = high;
            for (; low > 0; low--)
            {
                var neighbours = Magnitude1(h[(low - 1) * n + low - 1]) + Magnitude1(h[low * n + low]);
                if (Magnitude1(h[low * n + low - 1]) > double.Epsilon + Math.ScaleB(neighbours == 0 ? norm : neighbours, -53)) continue;
                h[low * n + low - 1] = 0;
                break;
            }
            if (low == high)
            {
                high--;
                steps = 0;
                continue;
            }
            if (++steps > stepsPerEigenvalue)
                throw new ComputationException($"Schur form of a {n}×{n} matrix: the QR iteration did not converge; "
                    + "install a native LAPACK (see: eirnn info)");
            var shift = steps % 10 == 0 ? h[high * n + high] + Magnitude1(h[high * n + high - 1]) : WilkinsonShift(h, n, high);
            for (var i = low; i <= high; i++) h[i * n + i] -= shift;
            for (var k = low; k < high; k++)
            {
                Complex a = h[k * n + k], b = h[(k + 1) * n + k];
                var length = Math.Sqrt(Square(a) + Square(b));
                var modulus = Math.Sqrt(Square(a));
                var phase = modulus == 0 ? Complex.One : a / modulus;
                // rows: [c s; −s̄ c]
                var (c, s) = length == 0 ? (1.0, Complex.Zero) : (modulus / length, phase * Complex.Conjugate(b) / length);
                (cosines[k], sines[k]) = (c, s);
                for (var j = k; j < n; j++)
                {
                    Complex x = h[k * n + j], y = h[(k + 1) * n + j];
                    h[k * n + j] = c * x + s * y;
                    h[(k + 1) * n + j] = c * y - Complex.Conjugate(s) * x;
                }
                h[(k + 1) * n + k] = 0;
            }
            for (var k = low; k < high; k++)
            {
                var (c, s) = (cosines[k], sines[k]);
                for (var i = 0; i <= k + 1; i++)
                {
                    Complex x = h[i * n + k], y = h[i * n + k + 1];
                    h[i * n + k] = c * x + Complex.Conjugate(s) * y;
                    h[i * n + k + 1] = c * y - s * x;
                }
            }
            for (var i = low; i <= high; i++) h[i * n + i] += shift;
        }
    }

    /// <summary>The eigenvalue of the trailing 2×2 block that lies nearer to its last entry.</summary>
    private static Complex WilkinsonShift(Complex[] h, int n, int high)
    {
        Complex a = h[(high - 1) * n + high - 1], d = h[high * n + high];
        var product = h[(high - 1) * n + high] * h[high * n + high - 1];
        var half = (a - d) / 2;
        var root = Complex.Sqrt(half * half + product);
        if (Square(half + root) < Square(half - root)) root = -root;
        var far = half + root;
        return far == Complex.Zero ? d : d - product / far;
    }

    private static double Square(Complex z) => z.Real * z.Real + z.Imaginary * z.Imaginary;

    private static double Magnitude1(Complex z) => Math.Abs(z.Real) + Math.Abs(z.Imaginary);
}
