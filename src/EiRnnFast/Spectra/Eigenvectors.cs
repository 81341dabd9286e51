using System.Numerics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// Eigenvectors of a recurrent matrix, W from row to column, so that states are rows: r ← f(r·W). A *pattern* p·W = λ·p is what a mode
/// looks like in the rates; its *sensitivity* W·s = λ·s says what input excites it. Both have length 1. They follow by inverse iteration
/// on the Hessenberg form; overlaps O = |p|²|s|²/|p·s|² from the Schur form (Chalker and Mehlig 1998, Phys. Rev. Lett. 81, 3367):
/// √O is the eigenvalue's condition number, 1 for a normal matrix.
/// </summary>
public sealed class Eigenvectors
{
    private const int Steps = 3;

    private readonly Complex[][] _patterns, _sensitivities;

    private Eigenvectors(Complex[] values, Complex[][] patterns, Complex[][] sensitivities, double[] overlaps) =>
        (Values, _patterns, _sensitivities, Overlaps) = (values, patterns, sensitivities, overlaps);

    /// <summary>Eigenvalues, in the order that was given.</summary>
    public IReadOnlyList<Complex> Values { get; }

    /// <summary>Overlap O of each eigenvalue, 1 or more; infinite for a defective one.</summary>
    public IReadOnlyList<double> Overlaps { get; }

    /// <summary>Mode k as it looks in the rates, [N].</summary>
    public IReadOnlyList<Complex> Pattern(int k) => _patterns[k];

    /// <summary>What excites mode k, [N].</summary>
    public IReadOnlyList<Complex> Sensitivity(int k) => _sensitivities[k];

    /// <summary>Over how many units a vector of length 1 spreads: 1/Σ|v|⁴, from 1 to N.</summary>
    public static double Participation(IReadOnlyList<Complex> vector) => 1 / vector.Sum(z => Square(z) * Square(z));

    /// <summary>The share of a vector of length 1 that lies on some units.</summary>
    public static double Share(IReadOnlyList<Complex> vector, Func<int, bool> units) =>
        Enumerable.Range(0, vector.Count).Where(units).Sum(i => Square(vector[i]));

    /// <summary>All eigenvectors.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="eigenvalues">All of its eigenvalues.</param>
    /// <param name="solver">For the Schur form; the current one unless said.</param>
    /// <param name="cancellation">Checked for every eigenvalue.</param>
    /// <exception cref="InvalidInputException">Not square, a value that is not finite, or another number of eigenvalues.</exception>
    /// <exception cref="ComputationException">The QR iteration did not converge.</exception>
    public static Eigenvectors Of(ReadOnlySpan<double> matrix, IReadOnlyList<Complex> eigenvalues, EigenSolver? solver = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        var n = eigenvalues.Count;
        EigenSolver.RequireFiniteSquare(matrix, n);
        var largest = 0.0;
        foreach (var value in matrix) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0) largest = 1;
        double[] h = [.. matrix], q = new double[n * n];
        for (var k = 0; k < h.Length; k++) h[k] /= largest;
        var overlaps = OverlapsOf(SchurForm.Of(h, n, solver), [.. eigenvalues.Select(z => z / largest)], cancellation);
        Hessenberg(h, q, n);
        Complex[][] patterns = new Complex[n][], sensitivities = new Complex[n][];
        for (var k = 0; k < n; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (k > 0 && eigenvalues[k].Imaginary < 0 && eigenvalues[k] == Complex.Conjugate(eigenvalues[k - 1]))
            {
                patterns[k] = [.. patterns[k - 1].Select(Complex.Conjugate)];
                sensitivities[k] = [.. sensitivities[k - 1].Select(Complex.Conjugate)];
                continue;
            }
            var factors = new ShiftedHessenberg(h, n, eigenvalues[k] / largest);
            sensitivities[k] = Iterate(factors, q, n, transposed: false);
            patterns[k] = Iterate(factors, q, n, transposed: true);
        }
        return new Eigenvectors([.. eigenvalues], patterns, sensitivities, overlaps);
    }

    private static Complex[] Iterate(ShiftedHessenberg factors, double[] q, int n, bool transposed)
    {
        var random = new RandomStream(1, "eigenvectors");
        var x = new Complex[n];
        for (var i = 0; i < n; i++) x[i] = random.NextGaussian();
        for (var step = 0; step < Steps; step++)
        {
            if (transposed) factors.SolveTransposed(x);
            else factors.Solve(x);
            Normalise(x);
        }
        var vector = new Complex[n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) vector[i] += q[i * n + j] * x[j];
        Normalise(vector);
        return vector;
    }

    /// <summary>Length 1, and the entry of largest modulus real and positive.</summary>
    private static void Normalise(Complex[] x)
    {
        var largest = x.MaxBy(z => z.Magnitude);
        if (largest == 0) return;
        for (var i = 0; i < x.Length; i++) x[i] /= largest;
        var length = Math.Sqrt(x.Sum(Square));
        for (var i = 0; i < x.Length; i++) x[i] /= length;
    }

    /// <summary>A = Q·H·Qᵀ by Householder reflectors, in place.</summary>
    private static void Hessenberg(double[] h, double[] q, int n)
    {
        for (var i = 0; i < n; i++) q[i * n + i] = 1;
        double[] v = new double[n], sums = new double[n];
        for (var k = 0; k + 2 < n; k++)
        {
            var norm = 0.0;
            for (var i = k + 1; i < n; i++) norm = double.Hypot(norm, h[i * n + k]);
            if (norm == 0) continue;
            Array.Clear(v);
            for (var i = k + 1; i < n; i++) v[i] = h[i * n + k];
            v[k + 1] += v[k + 1] < 0 ? -norm : norm;
            var square = 0.0;
            for (var i = k + 1; i < n; i++) square += v[i] * v[i];
            Array.Clear(sums);
            for (var i = k + 1; i < n; i++)
                for (var j = 0; j < n; j++) sums[j] += v[i] * h[i * n + j];
            for (var i = k + 1; i < n; i++)
                for (var j = 0; j < n; j++) h[i * n + j] -= 2 * v[i] / square * sums[j];
            FromRight(h);
            FromRight(q);
            for (var i = k + 2; i < n; i++) h[i * n + k] = 0;

            void FromRight(double[] a)
            {
                for (var i = 0; i < n; i++)
                {
                    var sum = 0.0;
                    for (var j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
                    for (var j = k + 1; j < n; j++) a[i * n + j] -= 2 * sum / square * v[j];
                }
            }
        }
    }

    /// <summary>O of every eigenvalue: vectors of the triangle by substitution; each eigenvalue takes the nearest of the
    /// diagonal.</summary>
    private static double[] OverlapsOf(SchurForm schur, Complex[] eigenvalues, CancellationToken cancellation)
    {
        var n = schur.Size;
        var small = Math.Max(schur.Frobenius, 1e-300) * 1e-16;
        var free = Enumerable.Range(0, n).ToList();
        var overlaps = new double[n];
        Complex[] right = new Complex[n], left = new Complex[n];
        for (var e = 0; e < n; e++)
        {
            cancellation.ThrowIfCancellationRequested();
            var k = free.MinBy(i => (schur[i, i] - eigenvalues[e]).Magnitude);
            free.Remove(k);
            var lambda = schur[k, k];
            // right: entries k … 0, left: k … n − 1, both 1 at k, so that their product is 1
            (right[k], left[k]) = (1, 1);
            double squareRight = 1, squareLeft = 1;
            for (var i = k - 1; i >= 0; i--)
            {
                Complex sum = 0;
                for (var j = i + 1; j <= k; j++) sum += schur[i, j] * right[j];
                squareRight += Square(right[i] = sum / Apart(lambda - schur[i, i], small));
            }
            for (var j = k + 1; j < n; j++)
            {
                Complex sum = 0;
                for (var i = k; i < j; i++) sum += left[i] * schur[i, j];
                squareLeft += Square(left[j] = sum / Apart(lambda - schur[j, j], small));
            }
            var overlap = squareRight * squareLeft;
            overlaps[e] = overlap < 1e30 ? overlap : double.PositiveInfinity;
        }
        return overlaps;
    }

    private static Complex Apart(Complex z, double small) => z.Magnitude > small ? z : small;

    private static double Square(Complex z) => z.Real * z.Real + z.Imaginary * z.Imaginary;

    /// <summary>H − λI = P·L·U of a Hessenberg matrix; a pivot that vanishes becomes as small as rounding.</summary>
    private sealed class ShiftedHessenberg
    {
        private readonly Complex[] _u, _multipliers;
        private readonly bool[] _swapped;
        private readonly int _n;

        public ShiftedHessenberg(double[] h, int n, Complex shift)
        {
            (_n, _u, _multipliers, _swapped) = (n, new Complex[n * n], new Complex[n], new bool[n]);
            var norm = 0.0;
            for (var k = 0; k < h.Length; k++) norm = Math.Max(norm, Math.Abs(h[k]));
            var small = Math.Max(norm, 1e-3) * 1e-16; // the matrix is over its largest entry; of zeros anything is a vector
            for (var k = 0; k < h.Length; k++) _u[k] = h[k];
            for (var i = 0; i < n; i++) _u[i * n + i] -= shift;
            for (var k = 0; k < n; k++)
            {
                if (k + 1 < n && _u[(k + 1) * n + k].Magnitude > _u[k * n + k].Magnitude)
                {
                    _swapped[k] = true;
                    for (var j = k; j < n; j++) (_u[k * n + j], _u[(k + 1) * n + j]) = (_u[(k + 1) * n + j], _u[k * n + j]);
                }
                if (_u[k * n + k].Magnitude < small) _u[k * n + k] = small;
                if (k + 1 == n) break;
                var m = _multipliers[k] = _u[(k + 1) * n + k] / _u[k * n + k];
                for (var j = k; j < n && m != 0; j++) _u[(k + 1) * n + j] -= m * _u[k * n + j];
            }
        }

        /// <summary>x becomes (H − λI)⁻¹x.</summary>
        public void Solve(Complex[] x)
        {
            for (var k = 0; k + 1 < _n; k++)
            {
                if (_swapped[k]) (x[k], x[k + 1]) = (x[k + 1], x[k]);
                x[k + 1] -= _multipliers[k] * x[k];
            }
            for (var i = _n - 1; i >= 0; i--)
            {
                for (var j = i + 1; j < _n; j++) x[i] -= _u[i * _n + j] * x[j];
                x[i] /= _u[i * _n + i];
                Shrink(x, i);
            }
        }

        /// <summary>Pivots as small as rounding, one after the other, would leave the numbers: only directions count.</summary>
        private static void Shrink(Complex[] x, int last)
        {
            if (x[last].Magnitude < 1e100) return;
            for (var i = 0; i < x.Length; i++) x[i] *= 1e-100;
        }

        /// <summary>x becomes (Hᵀ − λI)⁻¹x.</summary>
        public void SolveTransposed(Complex[] x)
        {
            for (var i = 0; i < _n; i++)
            {
                x[i] /= _u[i * _n + i];
                Shrink(x, i);
                for (var j = i + 1; j < _n; j++) x[j] -= _u[i * _n + j] * x[i];
            }
            for (var k = _n - 2; k >= 0; k--)
            {
                x[k] -= _multipliers[k] * x[k + 1];
                if (_swapped[k]) (x[k], x[k + 1]) = (x[k + 1], x[k]);
            }
        }
    }
}
