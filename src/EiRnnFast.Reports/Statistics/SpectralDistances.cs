using System.Numerics;
using EiRnnFast.Similarity;
using EiRnnFast.Threads;

namespace EiRnnFast.Reports;

/// <summary>How far apart the spectra of the networks of a sweep are: means of the Wasserstein distance W₁ over pairs of networks of two
/// conditions, or of one. Eigenvalues are as they are, not scaled by any radius.</summary>
/// <param name="Networks">Networks compared: of every condition the same number at most, taken evenly.</param>
/// <param name="OfNetworks">Networks that are done.</param>
/// <param name="OfConditions">Conditions with networks that are done.</param>
/// <param name="Conditions">Labels of those compared, taken evenly.</param>
/// <param name="Counts">Networks compared of each.</param>
/// <param name="Distances">[condition][condition]; on the diagonal, of pairs of different networks; null with fewer than two.</param>
/// <param name="Leaves">Conditions in the order of their clusters.</param>
/// <param name="Linkage">Average linkage of the conditions.</param>
public sealed record SpectralDistances(int Networks, int OfNetworks, int OfConditions, IReadOnlyList<string> Conditions,
    IReadOnlyList<int> Counts, IReadOnlyList<IReadOnlyList<double?>> Distances, IReadOnlyList<int> Leaves, IReadOnlyList<Merge> Linkage)
{
    /// <summary>Most conditions; fewer where there may be fewer networks.</summary>
    public const int MostConditions = 40;

    /// <summary>Most networks; fewer where these would carry more than <see cref="MostWork"/>.</summary>
    public const int MostNetworks = 200;

    /// <summary>Most pairs of networks times N³ of the largest network: some ten seconds of one core.</summary>
    public const double MostWork = 5e9;

    /// <summary>Compares networks; null with fewer than two conditions.</summary>
    /// <param name="conditions">All conditions.</param>
    /// <param name="read">Eigenvalues after training of some runs, by run: real and imaginary parts in turn.</param>
    /// <param name="cancellation">Checked before every pair.</param>
    internal static SpectralDistances? Of(IReadOnlyList<Condition> conditions,
        Func<HashSet<string>, IReadOnlyDictionary<string, List<double>>> read, CancellationToken cancellation)
    {
        Condition[] present = [.. conditions.Where(condition => condition.Done.Any())];
        if (present.Length < 2) return null;
        var units = present.SelectMany(condition => condition.Done).Max(run => Math.Max(1.0, run.Units));
        var most = (int)Math.Max(2, Math.Min(MostNetworks, Math.Sqrt(2 * MostWork / (units * units * units))));
        Condition[] compared = [.. Evenly(present, Math.Min(MostConditions, most))];
        var each = most / compared.Length;
        ReportRun[][] chosen = [.. compared.Select(condition => Evenly([.. condition.Done], each).ToArray())];
        var eigenvalues = read([.. chosen.SelectMany(runs => runs).Select(run => run.Id)]);
        (int Condition, Complex[] Spectrum)[] networks =
        [
            .. from condition in Enumerable.Range(0, compared.Length)
               from run in chosen[condition]
               where eigenvalues.ContainsKey(run.Id)
               let pairs = eigenvalues[run.Id]
               where pairs.Count > 0 && pairs.All(double.IsFinite)
               select (condition, Enumerable.Range(0, pairs.Count / 2).Select(i => new Complex(pairs[2 * i], pairs[2 * i + 1])).ToArray()),
        ];
        if (networks.Select(network => network.Condition).Distinct().Count() < compared.Length) return null; // a store without them
        var single = NetworkDistances.OfSpectra([.. networks.Select(network => network.Spectrum)], ThreadBudget.Cores,
            cancellation: cancellation);
        var means = Means(single, [.. networks.Select(network => network.Condition)], compared.Length);
        var apart = new double[compared.Length, compared.Length];
        for (var i = 0; i < compared.Length; i++)
            for (var j = 0; j < compared.Length; j++) apart[i, j] = i == j ? 0 : means[i][j]!.Value;
        var clusters = AverageLinkage.Of(apart);
        return new SpectralDistances(networks.Length, present.Sum(condition => condition.Done.Count()), present.Length,
            [.. compared.Select(condition => condition.Label)],
            [.. Enumerable.Range(0, compared.Length).Select(k => networks.Count(network => network.Condition == k))], means,
            clusters.Leaves, clusters.Merges);
    }

    private static double?[][] Means(double[,] single, int[] condition, int count)
    {
        var (sums, pairs) = (new double[count, count], new int[count, count]);
        for (var i = 0; i < condition.Length; i++)
            for (var j = 0; j < condition.Length; j++)
                if (i != j)
                {
                    sums[Math.Min(condition[i], condition[j]), Math.Max(condition[i], condition[j])] += single[i, j];
                    pairs[Math.Min(condition[i], condition[j]), Math.Max(condition[i], condition[j])]++;
                }
        return [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Select(j =>
            pairs[Math.Min(i, j), Math.Max(i, j)] is > 0 and var of
                ? sums[Math.Min(i, j), Math.Max(i, j)] / of : (double?)null).ToArray())];
    }

    private static IEnumerable<T> Evenly<T>(T[] all, int most) => all.Length <= most ? all
        : Enumerable.Range(0, most).Select(i => all[(int)((long)i * all.Length / most)]);

    /// <summary>The clusters as the figure takes them.</summary>
    internal double[,] Matrix()
    {
        var matrix = new double[Conditions.Count, Conditions.Count];
        for (var i = 0; i < Conditions.Count; i++)
            for (var j = 0; j < Conditions.Count; j++) matrix[i, j] = Distances[i][j] ?? double.NaN;
        return matrix;
    }
}
