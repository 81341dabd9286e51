using System.Numerics;
using EiRnnFast.Threads;

namespace EiRnnFast.Similarity;

/// <summary>A measure of the distance between networks.</summary>
/// <param name="Measure">Its name, one of <see cref="Names"/>.</param>
/// <param name="Values">[n, n], symmetric, 0 on the diagonal; NaN where a network has nothing that could be compared.</param>
public sealed record NetworkDistances(string Measure, double[,] Values)
{
    private static readonly (string Name, Func<SpaceComparison, SimilarityOptions, double> Of)[] s_spaces =
    [
        ("cka", (alike, _) => Math.Max(0, 1 - alike.Cka)),
        ("cka_debiased", (alike, _) => alike.DebiasedCka is { } cka ? Math.Max(0, 1 - cka) : double.NaN),
        ("procrustes", (alike, _) => alike.ProcrustesDisparity),
        ("shape_angle", (alike, _) => alike.ShapeAngle),
        ("svcca", (alike, options) => Math.Max(0, 1 - alike.CanonicalCorrelations(options.Variance).Average())),
        ("principal_angles", (alike, options) => alike.SubspaceDistance(options.Components)),
    ];

    /// <summary>The measures: of activity, then of dynamics, then of W_rec, then of activity unit by unit.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. s_spaces.Select(one => one.Name), "dsa", "dsa_eigenvalues", "spectrum", UnitAlignmentName];

    /// <summary>1 less the mean of both directions of <see cref="UnitAlignment"/>; NaN of networks of different numbers of units.</summary>
    public const string UnitAlignmentName = "unit_alignment";

    /// <summary>The alignment of each network's activity with every other's components, [n, n]: row the one, column the other; null where
    /// there is none.</summary>
    /// <param name="networks">At least one.</param>
    /// <param name="options">The usual ones unless said.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every network.</param>
    public static UnitAlignment?[,] Alignments(IReadOnlyList<ComparedNetwork> networks, SimilarityOptions? options = null, int threads = 1,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(networks);
        options ??= new SimilarityOptions();
        var found = new UnitAlignment?[networks.Count, networks.Count];
        ThreadTeam.ForEach(networks.Count, ThreadBudget.Checked(threads), i =>
        {
            for (var j = 0; j < networks.Count; j++) found[i, j] = Alignment(networks[i], networks[j], options);
        }, cancellation);
        return found;
    }

    /// <summary>All distances between networks that ran the same trials.</summary>
    /// <param name="networks">At least one.</param>
    /// <param name="options">The usual ones unless said.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="progress">Called after every pair with the number done, one call at a time.</param>
    /// <param name="cancellation">Checked before every pair.</param>
    /// <exception cref="InvalidInputException">Networks of other trials, or an option out of range.</exception>
    /// <exception cref="ComputationException">Singular values that did not converge.</exception>
    public static IReadOnlyList<NetworkDistances> Of(IReadOnlyList<ComparedNetwork> networks, SimilarityOptions? options = null,
        int threads = 1, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(networks);
        options ??= new SimilarityOptions();
        double[][,] all = [.. Names.Select(_ => new double[networks.Count, networks.Count])];
        ForEachPair(networks.Count, threads, progress, (i, j) =>
        {
            foreach (var (measure, value) in Between(networks[i], networks[j], options).Index())
                all[measure][i, j] = all[measure][j, i] = value;
        }, cancellation);
        return [.. Names.Zip(all, (name, values) => new NetworkDistances(name, values))];
    }

    /// <summary>Distances of sets of eigenvalues, <see cref="SpectralTransport"/>, [n, n].</summary>
    /// <inheritdoc cref="Of"/>
    public static double[,] OfSpectra(IReadOnlyList<IReadOnlyList<Complex>> spectra, int threads = 1, Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        var values = new double[spectra.Count, spectra.Count];
        ForEachPair(spectra.Count, threads, progress,
            (i, j) => values[i, j] = values[j, i] = SpectralTransport.Distance(spectra[i], spectra[j]), cancellation);
        return values;
    }

    private static IEnumerable<double> Between(ComparedNetwork one, ComparedNetwork other, SimilarityOptions options)
    {
        if (one.Dynamics is null || other.Dynamics is null)
        {
            for (var measure = 0; measure < s_spaces.Length + 2; measure++) yield return double.NaN;
        }
        else
        {
            var alike = SpaceComparison.Of(one.Space, other.Space);
            foreach (var (_, of) in s_spaces) yield return of(alike, options);
            yield return VectorFieldAlignment.Of(one.Dynamics.Matrix, other.Dynamics.Matrix, options.AlignmentStarts, options.Seed).Angle;
            yield return SpectralTransport.Distance(one.Modes, other.Modes);
        }
        yield return SpectralTransport.Distance(one.Spectrum, other.Spectrum);
        yield return Alignment(one, other, options) is { } alignment && Alignment(other, one, options) is { } reverse
            ? Math.Max(0, 1 - (alignment.Index + reverse.Index) / 2) : double.NaN;
    }

    private static UnitAlignment? Alignment(ComparedNetwork one, ComparedNetwork other, SimilarityOptions options) =>
        UnitAlignment.Of(one.Components, other.Components, one.Signs, options.Components);

    private static void ForEachPair(int count, int threads, Action<int>? progress, Action<int, int> body, CancellationToken cancellation)
    {
        (int I, int J)[] pairs = [.. from i in Enumerable.Range(0, count) from j in Enumerable.Range(i + 1, count - i - 1) select (i, j)];
        var done = new Tally(progress);
        ThreadTeam.ForEach(pairs.Length, ThreadBudget.Checked(threads), k =>
        {
            body(pairs[k].I, pairs[k].J);
            done.Add();
        }, cancellation);
    }
}
