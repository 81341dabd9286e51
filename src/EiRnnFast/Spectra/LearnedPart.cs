using System.Numerics;
using EiRnnFast.Model;

namespace EiRnnFast.Spectra;

/// <summary>What a truncation of the learned part does to the spectrum.</summary>
/// <param name="Rank">Singular components that are kept.</param>
/// <param name="Norm">‖kept part‖_F over that of the whole learned part.</param>
/// <param name="OuterRadius">Edge of the bulk of the initial matrix with the kept part.</param>
/// <param name="SpectralRadius">Its largest |λ|.</param>
/// <param name="Outliers">Its outliers.</param>
/// <param name="Alone">Eigenvalues of the kept part by itself, largest modulus first: where its outliers lie if it knows nothing of the
/// initial matrix (Tao 2013, Probab. Theory Relat. Fields 155, 231).</param>
public sealed record TruncatedPart(int Rank, double Norm, double OuterRadius, double SpectralRadius, IReadOnlyList<Complex> Outliers,
    IReadOnlyList<Complex> Alone);

/// <summary>
/// What training has added, W − P(W₀): the trained recurrent matrix less the initial one after the projection of its sign constraint.
/// Of low rank in networks that are trained from small changes (Schuessler et al. 2020, NeurIPS 33).
/// </summary>
/// <param name="RelativeNorm">‖W − P(W₀)‖_F/‖P(W₀)‖_F.</param>
/// <param name="SingularValues">Descending, [N].</param>
/// <param name="EffectiveRank">(Σσ²)²/Σσ⁴, from 1 to N.</param>
/// <param name="NinetyPercentRank">Components that hold 90 % of Σσ².</param>
/// <param name="Truncations">Of rank 0 (the initial matrix), 1, 2, 3, 5, 10, 20, … and N (the trained one).</param>
public sealed record LearnedPart(double RelativeNorm, IReadOnlyList<double> SingularValues, double EffectiveRank, int NinetyPercentRank,
    IReadOnlyList<TruncatedPart> Truncations)
{
    private const string Remedy = "give the initial network of that training (initial.npz of its folder)";

    /// <summary>Compares two networks of one training.</summary>
    /// <param name="trained">After the training.</param>
    /// <param name="initial">As it was created.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <param name="cancellation">Checked before every truncation.</param>
    /// <exception cref="InvalidInputException">Networks of different sizes or signs.</exception>
    /// <exception cref="ComputationException">An iteration did not converge.</exception>
    public static LearnedPart Of(EiRnn trained, EiRnn initial, EigenSolver? solver = null, CancellationToken cancellation = default)
    {
        var (after, before) = LearnedComponents.MatricesOf(trained, initial);
        return Of(after, before, trained.Units, solver, cancellation);
    }

    /// <summary>Refuses networks that cannot be of one training. Seed and initialisation count where both have them; a network that
    /// started from another one has no initialisation of its own, and may be held against that one.</summary>
    /// <param name="trained">After the training.</param>
    /// <param name="initial">As it was created.</param>
    /// <param name="name">What the message calls the initial one.</param>
    /// <exception cref="InvalidInputException">Networks of different sizes, signs, seeds or initialisations.</exception>
    public static void RequireOneTraining(EiRnn trained, EiRnn initial, string name = "initial network")
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(initial);
        var n = trained.Units;
        if (initial.Units != n)
            throw InvalidInputException.Of(name, $"{initial.Units} units", $"{n}, as the trained one has", Remedy);
        var (signs, initialSigns) = (trained.Spec.Signs, initial.Spec.Signs);
        if (signs.Axis != initialSigns.Axis || !signs.SignsOf(n).SequenceEqual(initialSigns.SignsOf(n)))
            throw InvalidInputException.Of(name, $"other signs ({initialSigns.Axis.ToString().ToLowerInvariant()})",
                $"those of the trained one ({signs.Axis.ToString().ToLowerInvariant()})", Remedy);
        if (trained.Spec.Init is not { } drawn) return;
        if (trained.Seed is { } seed && initial.Seed is { } other && seed != other)
            throw InvalidInputException.Of(name, $"a network of seed {other}", $"seed {seed}, as the trained one has", Remedy);
        if (initial.Spec.Init is { } started && drawn != started)
            throw InvalidInputException.Of(name, "another initialisation (init, gain …)", "that of the trained one", Remedy);
    }

    /// <summary>Compares two matrices.</summary>
    /// <param name="after">Row-major [n×n], finite.</param>
    /// <param name="before">The same of the initial matrix, as it acts.</param>
    /// <param name="n">Rows.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <param name="cancellation">Checked before every truncation.</param>
    public static LearnedPart Of(ReadOnlySpan<double> after, ReadOnlySpan<double> before, int n, EigenSolver? solver = null,
        CancellationToken cancellation = default)
    {
        var components = new LearnedComponents(after, before, n);
        List<TruncatedPart> truncations = [];
        double[] sum = [.. before], kept = new double[n * n];
        var rank = 0;
        foreach (var next in Ranks(n))
        {
            cancellation.ThrowIfCancellationRequested();
            for (; rank < next; rank++)
            {
                components.Add(rank, sum);
                components.Add(rank, kept);
            }
            var spectrum = Spectrum.Of(sum, n, null, solver);
            var alone = next == 0 ? [] : (solver ?? EigenSolver.Current).Eigenvalues(kept, n).Take(next).ToArray();
            truncations.Add(new TruncatedPart(next, components.ShareOf(next), spectrum.OuterRadius, spectrum.SpectralRadius,
                spectrum.Outliers, alone));
        }
        double norm = components.Norm, fourth = components.Squares.Sum(s => s * s), most = 0, initial = 0;
        foreach (var weight in before) initial += weight * weight;
        var ninety = 0;
        while (ninety < n && most < 0.9 * norm) most += components.Squares[ninety++];
        return new LearnedPart(initial == 0 ? double.PositiveInfinity : Math.Sqrt(norm / initial), components.SingularValues,
            fourth == 0 ? 0 : norm * norm / fourth, ninety, truncations);
    }

    private static IEnumerable<int> Ranks(int n)
    {
        foreach (var rank in (int[])[0, 1, 2, 3, 5, 10, 20, 50, 100])
            if (rank < n) yield return rank;
        yield return n;
    }
}
