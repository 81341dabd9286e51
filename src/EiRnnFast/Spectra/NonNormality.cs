using System.Numerics;
using EiRnnFast.Threads;

namespace EiRnnFast.Spectra;

/// <summary>
/// How far a recurrent matrix is from normal and what that does to the linear map h ↦ h·W (Trefethen and Embree 2005, §§14, 16, 17):
/// with all |λ| &lt; 1 every state decays, but ‖Wᵏ‖ first grows to at least the Kreiss constant.
/// </summary>
public sealed record NonNormality
{
    /// <summary>Powers looked at when they do not fall below 1 before.</summary>
    public const int MostPowers = 200;

    /// <summary>Largest entry that a matrix may have: the norms square their entries.</summary>
    public const double LargestEntry = 1e60;

    /// <summary>What single precision leaves open: |λ| and ‖Wᵏ‖ this near to 1 count as 1.</summary>
    private const double OnTheCircle = 1e-6;

    private const int Angles = 49, Radii = 33;

    /// <summary>A power of fewer rows takes less than starting threads for it.</summary>
    private const int FewRows = 128;

    /// <summary>Eigenvalues of the symmetric part ½(W + Wᵀ), ascending.</summary>
    public required IReadOnlyList<double> SymmetricEigenvalues { get; init; }

    /// <summary>Largest eigenvalue of the symmetric part: the fastest rate at which ‖e^{tW}‖ can start to grow.</summary>
    public double NumericalAbscissa => SymmetricEigenvalues[^1];

    /// <summary>Henrici's departure from normality, off the Schur form.</summary>
    public required double Henrici { get; init; }

    /// <summary>
    /// Lower bound of the Kreiss constant, the largest (|z| − 1)/σ_min(zI − W) over a grid outside the unit circle, at least 1 (its
    /// limit far out), σ_min no less than rounding, 2⁻⁵³·‖W‖_F: max ‖Wᵏ‖ is no less. Infinite for an eigenvalue outside the unit circle
    /// (by 1e-6: weights are single precision).
    /// </summary>
    public required double KreissBound { get; init; }

    /// <summary>The grid point of the bound, on or above the real axis; null where it is 1 or infinite.</summary>
    public required Complex? KreissPoint { get; init; }

    /// <summary>
    /// Largest ‖Wᵏ‖₂, k ≥ 0. Once ‖Wᵏ‖ ≤ 1 (+ 1e-6), no later power is larger than all before it, so the search ends; it ends also after
    /// <see cref="MostPowers"/>, or where a power overflows: where eigenvalues on or outside the unit circle let powers stay or grow.
    /// </summary>
    public required double LargestPower { get; init; }

    /// <summary>The k of it.</summary>
    public required int LargestPowerAt { get; init; }

    /// <summary>‖Wᵏ‖₂ for k = 0, 1, … as far as looked at.</summary>
    public required IReadOnlyList<double> PowerNorms { get; init; }

    /// <summary>Whether the largest power is that of all k, not only of those looked at.</summary>
    public required bool PowersDecay { get; init; }

    /// <summary>The Schur form, for pseudospectra.</summary>
    public required SchurForm Schur { get; init; }

    /// <summary>Measures a square matrix. About 0.5 s at 100 units.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked between parts.</param>
    /// <exception cref="InvalidInputException">Not square, or a value that is not finite or beyond <see cref="LargestEntry"/>.</exception>
    /// <exception cref="ComputationException">An iteration that did not converge.</exception>
    public static NonNormality Of(ReadOnlySpan<double> matrix, int n, EigenSolver? solver = null, int threads = 1,
        CancellationToken cancellation = default)
    {
        ThreadBudget.Checked(threads);
        solver ??= EigenSolver.Current;
        foreach (var w in matrix)
            if (Math.Abs(w) > LargestEntry && double.IsFinite(w))
                throw InvalidInputException.Of("weights", w, $"no entry beyond {LargestEntry:0e0}, to measure the departure from normality",
                    "scale the matrix down, or leave this measure out");
        var schur = SchurForm.Of(matrix, n, solver);
        var symmetric = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) symmetric[i * n + j] = matrix[i * n + j] / 2 + matrix[j * n + i] / 2;
        double[] rates = [.. solver.Eigenvalues(symmetric, n).Select(z => z.Real).Order()];
        var (bound, at) = Kreiss(schur, solver.Eigenvalues(matrix, n)[0].Magnitude, threads, cancellation);
        var (norms, decay) = Powers([.. matrix], n, threads, cancellation);
        var largest = norms.Max();
        return new NonNormality
        {
            Schur = schur, SymmetricEigenvalues = rates, Henrici = schur.Henrici, KreissBound = bound, KreissPoint = at,
            PowerNorms = norms, LargestPower = largest, LargestPowerAt = norms.IndexOf(largest), PowersDecay = decay,
        };
    }

    /// <summary>
    /// Radii 1 + 10^(−3 … 1), angles 0 … π: the matrix is real. σ_min below the rounding of the Schur form is noise: there the rounding
    /// stands for it.
    /// </summary>
    private static (double Bound, Complex? At) Kreiss(SchurForm schur, double spectralRadius, int threads, CancellationToken cancellation)
    {
        if (spectralRadius > 1 + OnTheCircle) return (double.PositiveInfinity, null); // not of the Schur form, which is not balanced
        var rounding = Math.ScaleB(schur.Frobenius, -53);
        var ratios = new double[Angles * Radii];
        ThreadTeam.ForEach(Angles, threads, () => new Pseudospectrum.Resolvent(schur), (a, resolvent) =>
        {
            for (var r = 0; r < Radii; r++)
                ratios[a * Radii + r] = Outside(r) / Math.Max(resolvent.SmallestSingularValue(Point(a, r)), rounding);
        }, cancellation);
        var (bound, at) = (1.0, (Complex?)null);
        for (var k = 0; k < ratios.Length; k++)
            if (ratios[k] > bound) (bound, at) = (ratios[k], Point(k / Radii, k % Radii));
        return (bound, at);

        static double Outside(int r) => Math.Pow(10, 4.0 * r / (Radii - 1) - 3);

        static Complex Point(int a, int r) => Complex.FromPolarCoordinates(1 + Outside(r), Math.PI * a / (Angles - 1));
    }

    private static (List<double> Norms, bool Decay) Powers(double[] w, int n, int threads, CancellationToken cancellation)
    {
        List<double> norms = [1];
        double[] power = [.. w], next = new double[w.Length];
        var lanczos = new LargestEigenvalue(n);
        for (var k = 1; k <= MostPowers; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            var norm = Norm(lanczos, power, n);
            if (!double.IsFinite(norm)) break;
            norms.Add(norm);
            if (norm <= 1 + OnTheCircle) return (norms, true);
            Array.Clear(next);
            var (from, to) = (power, next);
            ThreadTeam.ForEach(n, n < FewRows ? 1 : threads, i =>
            {
                for (var m = 0; m < n; m++) AddScaled(to.AsSpan(i * n, n), from[i * n + m], w.AsSpan(m * n, n));
            }, cancellation);
            (power, next) = (next, power);
        }
        return (norms, false);
    }

    /// <summary>‖A‖₂ as the root of the largest eigenvalue of AᵀA, A over its largest entry so that squares do not overflow.</summary>
    private static double Norm(LargestEigenvalue lanczos, double[] a, int n)
    {
        var largest = 0.0;
        foreach (var value in a) largest = double.IsNaN(value) ? double.PositiveInfinity : Math.Max(largest, Math.Abs(value));
        if (largest == 0 || !double.IsFinite(largest)) return largest;
        var image = new Complex[n];
        return largest * Math.Sqrt(lanczos.Of(vector =>
        {
            for (var i = 0; i < n; i++)
            {
                double re = 0, im = 0;
                for (var j = 0; j < n; j++)
                {
                    var entry = a[i * n + j] / largest;
                    re += entry * vector[j].Real;
                    im += entry * vector[j].Imaginary;
                }
                image[i] = new Complex(re, im);
            }
            Array.Clear(vector);
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) vector[j] += a[i * n + j] / largest * image[i];
        }));
    }

    private static void AddScaled(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        var lanes = Vector<double>.Count;
        var end = y.Length - y.Length % lanes;
        for (var j = 0; j < end; j += lanes) (new Vector<double>(y[j..]) + factor * new Vector<double>(x[j..])).CopyTo(y[j..]);
        for (var j = end; j < y.Length; j++) y[j] += factor * x[j];
    }
}
