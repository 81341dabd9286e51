using System.Numerics;
using EiRnnFast.Threads;

namespace EiRnnFast.Spectra;

/// <summary>
/// σ_min(zI − A) on a grid in the complex plane. The ε-pseudospectrum is where it is at most ε: all eigenvalues that
/// a perturbation of A of norm ε can have (Trefethen and Embree 2005, Spectra and Pseudospectra, §2).
/// </summary>
public sealed class Pseudospectrum
{
    private readonly double[] _values;

    private Pseudospectrum(double[] re, double[] im, double[] values) => (Re, Im, _values) = (re, im, values);

    /// <summary>Real parts of the grid, ascending.</summary>
    public IReadOnlyList<double> Re { get; }

    /// <summary>Imaginary parts of the grid, ascending.</summary>
    public IReadOnlyList<double> Im { get; }

    /// <summary>σ_min at Re[column] + i·Im[row].</summary>
    public double this[int row, int column] => _values[row * Re.Count + column];

    /// <summary>σ_min(zI − A), to 1e-9 of itself and of ‖A‖·1e-15: inverse Lanczos steps with triangular solves.</summary>
    public static double SmallestSingularValue(SchurForm schur, Complex z)
    {
        ArgumentNullException.ThrowIfNull(schur);
        return new Resolvent(schur).SmallestSingularValue(z);
    }

    /// <summary>On a square grid around 0; a real matrix has the same values above and below the real axis, so half are computed.</summary>
    /// <param name="schur">The matrix.</param>
    /// <param name="reach">Largest real and imaginary part; null: 1.3 times the spectral radius, at least 1.2.</param>
    /// <param name="points">Along a side, 3 to 1001; an even number becomes the next odd one, so that the axes are on the grid.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every row.</param>
    /// <exception cref="InvalidInputException">A grid that cannot be used.</exception>
    public static Pseudospectrum Of(SchurForm schur, double? reach = null, int points = 61, int threads = 1,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schur);
        if (points is < 3 or > 1001)
            throw InvalidInputException.Of("grid points of the pseudospectrum", points, "3 to 1001", "choose a number in that range");
        var side = reach ?? Math.Max(1.2, 1.3 * Enumerable.Range(0, schur.Size).Max(i => schur[i, i].Magnitude));
        if (!(side > 0 && double.IsFinite(side)))
            throw InvalidInputException.Of("reach of the pseudospectrum", side, "a number above 0", "give the largest |Re z| to show");
        points |= 1;
        var middle = points / 2;
        double[] axis = [.. Enumerable.Range(-middle, points).Select(k => side * k / middle)];
        var values = new double[points * points];
        ThreadTeam.ForEach(points - middle, ThreadBudget.Checked(threads), () => new Resolvent(schur), (above, resolvent) =>
        {
            var row = middle + above;
            for (var column = 0; column < points; column++)
                values[row * points + column] = values[(points - 1 - row) * points + column] =
                    resolvent.SmallestSingularValue(new Complex(axis[column], axis[row]));
        }, cancellation);
        return new Pseudospectrum(axis, [.. axis], values);
    }

    /// <summary>
    /// The boundary of the ε-pseudospectrum as straight pieces: marching squares on log₁₀ σ_min. An ambiguous cell
    /// is decided by the mean of its corners.
    /// </summary>
    /// <param name="epsilon">The level, above 0.</param>
    /// <exception cref="InvalidInputException">ε not above 0.</exception>
    public IReadOnlyList<(Complex From, Complex To)> Contour(double epsilon)
    {
        if (!(epsilon > 0)) throw InvalidInputException.Of("level of the pseudospectrum", epsilon, "a number above 0", "write it like 0.1");
        List<(Complex, Complex)> pieces = [];
        var level = Math.Log10(epsilon);
        Span<double> height = stackalloc double[4];
        Span<Complex> crossings = stackalloc Complex[4];
        for (var row = 0; row + 1 < Im.Count; row++)
            for (var column = 0; column + 1 < Re.Count; column++)
            {
                // Corners and edges counter-clockwise from the lower left: edge k runs from corner k to k + 1.
                ReadOnlySpan<(int Row, int Column)> corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)];
                for (var k = 0; k < 4; k++) height[k] = Math.Log10(Math.Max(this[corners[k].Row, corners[k].Column], 1e-300)) - level;
                var count = 0;
                for (var k = 0; k < 4; k++)
                {
                    double a = height[k], b = height[(k + 1) % 4];
                    if (a < 0 == b < 0) continue;
                    Complex from = At(corners[k]), to = At(corners[(k + 1) % 4]);
                    crossings[count++] = from + (to - from) * (a / (a - b));
                }
                if (count == 2) pieces.Add((crossings[0], crossings[1]));
                if (count < 4) continue;
                // the middle belongs to corners 0 and 2: corners 1 and 3 are cut off
                var joined = height[0] + height[1] + height[2] + height[3] < 0 == height[0] < 0;
                pieces.Add(joined ? (crossings[0], crossings[1]) : (crossings[3], crossings[0]));
                pieces.Add(joined ? (crossings[2], crossings[3]) : (crossings[1], crossings[2]));
            }
        return pieces;
    }

    private Complex At((int Row, int Column) corner) => new(Re[corner.Column], Im[corner.Row]);

    /// <summary>(zI − T)⁻¹ and its adjoint, applied in place.</summary>
    internal sealed class Resolvent(SchurForm schur)
    {
        private readonly int _n = schur.Size;
        private readonly LargestEigenvalue _lanczos = new(schur.Size);

        public double SmallestSingularValue(Complex z)
        {
            for (var i = 0; i < _n; i++)
                if (z == schur[i, i]) return 0;
            return 1 / Math.Sqrt(_lanczos.Of(vector =>
            {
                SolveAdjoint(z, vector);
                Solve(z, vector);
            }));
        }

        /// <summary>(zI − T)·x = b from the last row up.</summary>
        private void Solve(Complex z, Complex[] x)
        {
            var t = schur.Triangle;
            for (var i = _n - 1; i >= 0; i--)
            {
                var row = t.Slice(i * _n, _n);
                double re = x[i].Real, im = x[i].Imaginary;
                for (var j = i + 1; j < _n; j++)
                {
                    re += row[j].Real * x[j].Real - row[j].Imaginary * x[j].Imaginary;
                    im += row[j].Real * x[j].Imaginary + row[j].Imaginary * x[j].Real;
                }
                x[i] = new Complex(re, im) / (z - row[i]);
            }
        }

        /// <summary>(zI − T)ᴴ·x = b from the first row down: each solved value goes into those that follow.</summary>
        private void SolveAdjoint(Complex z, Complex[] x)
        {
            var t = schur.Triangle;
            for (var i = 0; i < _n; i++)
            {
                var row = t.Slice(i * _n, _n);
                var solved = x[i] = x[i] / Complex.Conjugate(z - row[i]);
                for (var j = i + 1; j < _n; j++)
                    x[j] += new Complex(row[j].Real * solved.Real + row[j].Imaginary * solved.Imaginary,
                        row[j].Real * solved.Imaginary - row[j].Imaginary * solved.Real);
            }
        }
    }
}
