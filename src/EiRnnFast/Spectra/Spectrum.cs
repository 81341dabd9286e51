using System.Numerics;
using EiRnnFast.Model;

namespace EiRnnFast.Spectra;

/// <summary>
/// The eigenvalues of a recurrent matrix and what they say (arXiv 2208.10304, spectra). Figures named "published" are
/// computed as the published code does, with entries below 1e-4 set to 0; all others are of the weights as they are.
/// </summary>
public sealed record Spectrum
{
    /// <summary>Weights smaller than this are 0 to the published code.</summary>
    public const double PublishedThreshold = 1e-4;

    /// <summary>What <see cref="OutlierCapMet"/> says, for a person.</summary>
    public const string CapMetWords =
        "the law of a disc or ring does not fit: more eigenvalues lie beyond its edge than may be outliers; "
        + "do not rely on radius, shape and outliers";

    /// <summary>N.</summary>
    public required int Units { get; init; }

    /// <summary>All eigenvalues, largest modulus first.</summary>
    public required IReadOnlyList<Complex> Eigenvalues { get; init; }

    /// <summary>Largest |λ|.</summary>
    public double SpectralRadius => Eigenvalues[0].Magnitude;

    /// <summary>Largest Re λ.</summary>
    public double SpectralAbscissa => Eigenvalues.Max(z => z.Real);

    /// <summary>7th largest |λ| of the thresholded weights; null when N &lt; 7.</summary>
    public required double? OuterRadiusPublished { get; init; }

    /// <summary>Smallest |λ| of the thresholded weights.</summary>
    public required double InnerRadiusPublished { get; init; }

    /// <summary>Outer edge of the bulk.</summary>
    public required double OuterRadius { get; init; }

    /// <summary>Inner edge of the bulk; 0 for a disc.</summary>
    public required double InnerRadius { get; init; }

    /// <summary>Disc or ring.</summary>
    public required SpectrumShape Shape { get; init; }

    /// <summary>Eigenvalues beyond the bulk.</summary>
    public required IReadOnlyList<Complex> Outliers { get; init; }

    /// <summary>Root mean square distance of the bulk's moduli from the radial law, over their root mean square; null below 12
    /// units.</summary>
    public double? BulkResidual { get; init; }

    /// <summary>Whether more eigenvalues lie beyond the bulk than may be outliers: the radial law does not fit.</summary>
    public bool OutlierCapMet { get; init; }

    /// <summary>Whether the law describes the matrix.</summary>
    public required LawCheck Law { get; init; }

    /// <summary>
    /// Henrici's departure from normality, √(‖W‖_F² − Σ|λ|²)/‖W‖_F, the residual clamped at 0: 0 normal, towards 1 nilpotent.
    /// </summary>
    public required double Henrici { get; init; }

    /// <summary>
    /// The eigenvalue whose frequency the published code reports: of the complex ones outside the unit circle the one of largest
    /// modulus, above the real axis; without any, that of largest |Re λ|.
    /// </summary>
    public Complex FrequencyEigenvalue =>
        Eigenvalues.FirstOrDefault(z => z.Imaginary != 0 && z.Magnitude > 1, Eigenvalues.MaxBy(z => Math.Abs(z.Real)));

    /// <summary>
    /// 1000·|Im λ/(2π·Re λ)| in Hz at 1 ms a step, λ the <see cref="FrequencyEigenvalue"/> of the thresholded weights;
    /// infinite for Re λ = 0, 0 for λ = 0.
    /// </summary>
    public double FrequencyPublished =>
        (Published ?? this).FrequencyEigenvalue is var z && z.Imaginary == 0 ? 0 : 1000 * Math.Abs(z.Imaginary / (2 * Math.PI * z.Real));

    /// <summary>1000·|arg λ|/2π in Hz at 1 ms a step, λ the <see cref="FrequencyEigenvalue"/>: 500 on the negative real axis.</summary>
    public double Frequency => 1000 * Math.Abs(FrequencyEigenvalue.Phase) / (2 * Math.PI);

    /// <summary>Theory of the initial matrix as it acts; null where there is none.</summary>
    public required RandomMatrixTheory? Theory { get; init; }

    /// <summary>Spectrum of the thresholded weights; null on that spectrum itself.</summary>
    public required Spectrum? Published { get; init; }

    /// <summary>The solver that found the eigenvalues.</summary>
    public required string Lapack { get; init; }

    /// <summary>Spectrum of a network's W_rec.</summary>
    /// <exception cref="ComputationException">The eigenvalue iteration did not converge.</exception>
    public static Spectrum Of(EiRnn network, EigenSolver? solver = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var w = new double[network.RecurrentWeights.Length];
        for (var i = 0; i < w.Length; i++) w[i] = network.RecurrentWeights[i];
        return Of(w, network.Units, RandomMatrixTheory.Of(network.Spec), solver);
    }

    /// <summary>
    /// Spectrum of a matrix after the projection of its network's sign constraint, which sets weights of the wrong sign to 0: the matrix
    /// that the first update of a training leaves of an initial one, and the one of which <see cref="RandomMatrixTheory"/> speaks.
    /// </summary>
    /// <param name="matrix">W_rec as it acts, row-major [N×N], finite.</param>
    /// <param name="spec">The network that it is of.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <returns>Null where no weight has the wrong sign: the matrix is its own projection.</returns>
    /// <exception cref="InvalidInputException">Not square, or a value that is not finite.</exception>
    /// <exception cref="ComputationException">The eigenvalue iteration did not converge.</exception>
    public static Spectrum? OfProjected(ReadOnlySpan<double> matrix, NetworkSpec spec, EigenSolver? solver = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var n = spec.Units;
        if (matrix.Length != (long)n * n)
            throw InvalidInputException.Of("recurrent matrix", $"{matrix.Length} values", $"{n}×{n}, as its network has units",
                "give the matrix of that network");
        return WeightSigns.Of(spec).Projected(matrix) is { } projected ? Of(projected, n, RandomMatrixTheory.Of(spec), solver) : null;
    }

    /// <summary>Spectrum of any square matrix.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows.</param>
    /// <param name="theory">What random matrix theory says of it, if anything.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <exception cref="InvalidInputException">Not square, or a value that is not finite.</exception>
    /// <exception cref="ComputationException">The eigenvalue iteration did not converge.</exception>
    public static Spectrum Of(ReadOnlySpan<double> matrix, int n, RandomMatrixTheory? theory = null, EigenSolver? solver = null)
    {
        solver ??= EigenSolver.Current;
        var raw = Measure(matrix, n, theory, solver, VarianceLaw.Of(matrix, n));
        double[] thresholded = [.. matrix];
        var changed = false;
        for (var i = 0; i < thresholded.Length; i++)
            if (thresholded[i] != 0 && Math.Abs(thresholded[i]) < PublishedThreshold)
            {
                thresholded[i] = 0;
                changed = true;
            }
        var published = changed ? Measure(thresholded, n, theory, solver) : raw;
        return raw with
        {
            OuterRadiusPublished = published.OuterRadiusPublished,
            InnerRadiusPublished = published.InnerRadiusPublished,
            Published = published,
        };
    }

    /// <summary>Spectra of many square matrices of one size. Any number of threads finds the same bits.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="matrix">The matrix of an index, from 0, row-major [n×n]; called on every thread, once an index.</param>
    /// <param name="n">Rows of one matrix.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <param name="threads">Threads to compute on; all cores unless said.</param>
    /// <param name="progress">Called after every matrix with the number done, one call at a time, on the thread that has done it.</param>
    /// <param name="cancellation">Checked before every matrix.</param>
    /// <exception cref="InvalidInputException">A matrix that cannot be used: the message says which.</exception>
    /// <exception cref="ComputationException">The eigenvalue iteration of a matrix did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Spectrum[] OfMany(int count, Func<int, double[]> matrix, int n, EigenSolver? solver = null, int? threads = null,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (count < 0) throw InvalidInputException.Of("number of matrices", count, "0 or more", "give the number that there are");
        solver ??= EigenSolver.Current;
        var spectra = new Spectrum[count];
        Spectra.Eigenvalues.ForEach(count, threads, progress, i => spectra[i] = Of(matrix(i), n, null, solver), cancellation);
        return spectra;
    }

    /// <summary>One matrix as it is; its published radii are its own.</summary>
    private static Spectrum Measure(ReadOnlySpan<double> matrix, int n, RandomMatrixTheory? theory, EigenSolver solver,
        VarianceLaw? variances = null)
    {
        var eigenvalues = solver.Eigenvalues(matrix, n);
        return OfEigenvalues(eigenvalues, DepartureFromNormality(matrix, eigenvalues), theory, solver.Name, variances);
    }

    /// <summary>The spectrum of a matrix that is no longer there; its published radii are its own.</summary>
    /// <param name="eigenvalues">All, largest modulus first.</param>
    /// <param name="henrici">Henrici's departure from normality of the matrix.</param>
    /// <param name="theory">What random matrix theory says of it, if anything.</param>
    /// <param name="lapack">The solver that found them.</param>
    /// <param name="variances">What the variances of the matrix's entries say of its edge, if it is known.</param>
    public static Spectrum OfEigenvalues(IReadOnlyList<Complex> eigenvalues, double henrici, RandomMatrixTheory? theory, string lapack,
        VarianceLaw? variances = null)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        if (eigenvalues.Count == 0) throw InvalidInputException.Of("spectrum", "no eigenvalue", "one or more", "give all of them");
        var bulk = SpectralBulk.Of(eigenvalues.Select(z => z.Magnitude));
        return new Spectrum
        {
            Units = eigenvalues.Count, Eigenvalues = eigenvalues, Theory = theory, Lapack = lapack, Published = null,
            OuterRadiusPublished = eigenvalues.Count >= 7 ? eigenvalues[6].Magnitude : null,
            InnerRadiusPublished = eigenvalues[^1].Magnitude,
            OuterRadius = bulk.OuterRadius, InnerRadius = bulk.InnerRadius, Shape = bulk.Shape,
            Outliers = [.. eigenvalues.Take(bulk.OutlierCount)],
            BulkResidual = bulk.Residual, OutlierCapMet = bulk.CapMet, Henrici = henrici,
            Law = LawCheck.Of(bulk, eigenvalues, variances),
        };
    }

    private static double DepartureFromNormality(ReadOnlySpan<double> matrix, Complex[] eigenvalues)
    {
        var largest = 0.0;
        foreach (var w in matrix) largest = Math.Max(largest, Math.Abs(w));
        if (largest == 0) return 0;
        double frobenius2 = 0, spectral2 = 0; // of the matrix over its largest entry, whose squares neither overflow nor vanish
        foreach (var w in matrix) frobenius2 += w / largest * (w / largest);
        foreach (var z in eigenvalues) spectral2 += z.Magnitude / largest * (z.Magnitude / largest);
        return Math.Sqrt(Math.Max(0, frobenius2 - spectral2) / frobenius2);
    }
}
