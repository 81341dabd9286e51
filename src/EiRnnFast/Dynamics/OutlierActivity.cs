using System.Numerics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Dynamics;

/// <summary>
/// What a space of d directions among N units has in common with their activity. Q, [N×d], is an orthonormal basis of the space,
/// U_k, [N×k], the first k principal components of the rates, C their covariance and m their mean. A space of random directions has the
/// expected shares k/N, d/N and d/N.
/// </summary>
/// <param name="Dimension">d.</param>
/// <param name="InComponents">‖U_kᵀQ‖²/d for each k of <see cref="OutlierActivity.Components"/>: the share of the space that lies in these
/// components; at most k/d.</param>
/// <param name="Variance">tr(QᵀCQ)/tr C: the share of the activity's variance that lies in the space.</param>
/// <param name="Mean">‖Qᵀm‖²/‖m‖²: the same of the mean activity; null where that is 0.</param>
public sealed record ActivityOverlap(int Dimension, IReadOnlyList<double> InComponents, double Variance, double? Mean);

/// <summary>An outlier and what the planes of its eigenvectors (<see cref="Eigenvectors"/>) have in common with the activity.</summary>
/// <param name="Eigenvalue">Of a pair the one above the real axis.</param>
/// <param name="Pattern">Of the real and imaginary part of the pattern p, p·W = λ·p: d is 2, and 1 for a real eigenvalue.</param>
/// <param name="Sensitivity">The same of the sensitivity s, W·s = λ·s.</param>
public sealed record ActiveMode(Complex Eigenvalue, ActivityOverlap Pattern, ActivityOverlap Sensitivity);

/// <summary>Whether a network's activity lies where its outliers are: the eigenvalues of W_rec beyond the bulk.</summary>
/// <param name="Components">k, ascending: 1, 2, 3, 5, 10 and how many hold 90 % of the variance, as far as there are so many above
/// rounding.</param>
/// <param name="Modes">The outliers, largest modulus first; a pair once.</param>
/// <param name="Patterns">The space of all their patterns.</param>
/// <param name="Sensitivities">The space of all their sensitivities.</param>
public sealed record OutlierActivity(IReadOnlyList<int> Components, IReadOnlyList<ActiveMode> Modes, ActivityOverlap Patterns,
    ActivityOverlap Sensitivities)
{
    /// <summary>The number of components that summaries name: as many as activity is usually drawn in.</summary>
    public const int UsualComponents = 3;

    /// <summary>Compares the outliers of a network with its activity.</summary>
    /// <param name="network">The network.</param>
    /// <param name="spectrum">Its spectrum.</param>
    /// <param name="components">Principal components of its rates, of all units.</param>
    /// <param name="solver">For the Schur form; the current one unless said.</param>
    /// <param name="cancellation">Checked for every eigenvalue.</param>
    /// <returns>Null without outliers, and where no unit ever changes.</returns>
    /// <exception cref="InvalidInputException">A spectrum or components of another number of units.</exception>
    /// <exception cref="ComputationException">The QR iteration did not converge.</exception>
    public static OutlierActivity? Of(EiRnn network, Spectrum spectrum, PrincipalComponents components, EigenSolver? solver = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(spectrum);
        return Of([.. network.RecurrentWeights.ToArray().Select(weight => (double)weight)], spectrum.Eigenvalues, spectrum.Outliers.Count,
            components, solver, cancellation);
    }

    /// <summary>Compares the leading eigenvalues of a matrix with activity.</summary>
    /// <param name="matrix">Row-major [N×N], finite.</param>
    /// <param name="eigenvalues">All of its eigenvalues, largest modulus first.</param>
    /// <param name="outliers">How many of them are outliers.</param>
    /// <param name="components">Principal components of the activity of N units.</param>
    /// <param name="solver">For the Schur form; the current one unless said.</param>
    /// <param name="cancellation">Checked for every eigenvalue.</param>
    /// <returns>Null without outliers, and where no unit ever changes.</returns>
    /// <exception cref="InvalidInputException">Another number of eigenvalues, outliers or units.</exception>
    /// <exception cref="ComputationException">The QR iteration did not converge.</exception>
    public static OutlierActivity? Of(ReadOnlySpan<double> matrix, IReadOnlyList<Complex> eigenvalues, int outliers,
        PrincipalComponents components, EigenSolver? solver = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        ArgumentNullException.ThrowIfNull(components);
        var n = eigenvalues.Count;
        if (components.Units.Count != n)
            throw InvalidInputException.Of("principal components", $"those of {components.Units.Count} units", $"those of all {n} units",
                "find the components of all units");
        if (outliers < 0 || outliers > n)
            throw InvalidInputException.Of("outliers", outliers, $"0 to {n}", "count those of the spectrum");
        if (outliers == 0 || components.Rank == 0) return null;
        var vectors = Eigenvectors.Of(matrix, eigenvalues, solver, cancellation);
        int[] counts = [.. new[] { 1, 2, 3, 5, 10, components.Holding(0.9) }.Where(count => count <= components.Rank).Distinct().Order()];
        int[] own = [.. Enumerable.Range(0, outliers)
            .Where(k => k == 0 || eigenvalues[k].Imaginary >= 0 || eigenvalues[k] != Complex.Conjugate(eigenvalues[k - 1]))];
        return new OutlierActivity(counts,
            [.. own.Select(k => new ActiveMode(eigenvalues[k], Overlap([vectors.Pattern(k)]), Overlap([vectors.Sensitivity(k)])))],
            Overlap([.. own.Select(vectors.Pattern)]), Overlap([.. own.Select(vectors.Sensitivity)]));

        ActivityOverlap Overlap(IReadOnlyList<Complex>[] of) => OverlapOf(Basis(of), components, counts);
    }

    private static ActivityOverlap OverlapOf(double[][] basis, PrincipalComponents components, int[] counts)
    {
        // ‖Qᵀu‖² of every component
        double[] held = [.. Enumerable.Range(0, components.Units.Count).Select(k => Held(basis, [.. components.Axis(k)]))];
        double[] mean = [.. components.Mean];
        double total = components.Variances.Sum(), square = DoubleProducts.Dot(mean, mean);
        return new ActivityOverlap(basis.Length, [.. counts.Select(count => held.Take(count).Sum() / basis.Length)],
            components.Variances.Zip(held, (variance, part) => variance * part).Sum() / total,
            square == 0 ? null : Held(basis, mean) / square);
    }

    private static double Held(double[][] basis, double[] vector) => basis.Sum(direction =>
    {
        var along = DoubleProducts.Dot(direction, vector);
        return along * along;
    });

    /// <summary>An orthonormal basis of real and imaginary parts, without what is rounding beside the largest.</summary>
    private static double[][] Basis(IReadOnlyList<Complex>[] vectors)
    {
        double[][] parts = [.. vectors.SelectMany(v => new[] { v.Select(z => z.Real).ToArray(), v.Select(z => z.Imaginary).ToArray() })
            .Where(part => part.Any(value => value != 0))];
        var (values, left) = SingularVectors.Of(parts, parts.Length);
        return [.. left.Where((_, k) => values[k] > 1e-10 * values[0])];
    }
}
