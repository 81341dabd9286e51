namespace EiRnnFast.Similarity;

/// <summary>Two clusters that become one.</summary>
/// <param name="First">Number of the one: a thing, 0 … n − 1, or n + k for what the merge k made; below <paramref name="Second"/>.</param>
/// <param name="Second">Number of the other.</param>
/// <param name="Distance">Mean distance over all pairs of theirs.</param>
/// <param name="Count">Things in both.</param>
public readonly record struct Merge(int First, int Second, double Distance, int Count);

/// <summary>
/// Hierarchical clustering with average linkage (UPGMA, Sokal and Michener 1958): rows and leaf order as
/// <c>scipy.cluster.hierarchy.linkage(method="average")</c> and <c>leaves_list</c>. Of equal distances the first pair merges first.
/// </summary>
public sealed class AverageLinkage
{
    private AverageLinkage(IReadOnlyList<Merge> merges, IReadOnlyList<int> leaves) => (Merges, Leaves) = (merges, leaves);

    /// <summary>From the nearest to the farthest, n − 1.</summary>
    public IReadOnlyList<Merge> Merges { get; }

    /// <summary>The things in an order in which no branches cross, [n].</summary>
    public IReadOnlyList<int> Leaves { get; }

    /// <summary>Clusters things.</summary>
    /// <param name="distances">[n, n], symmetric, finite, 0 or above; at least one thing.</param>
    /// <exception cref="InvalidInputException">Other distances.</exception>
    public static AverageLinkage Of(double[,] distances)
    {
        RequireDistances(distances);
        var n = distances.GetLength(0);
        var between = (double[,])distances.Clone();
        int[] number = [.. Enumerable.Range(0, n)], count = [.. Enumerable.Repeat(1, n)];
        List<int> alive = [.. number];
        List<Merge> merges = [];
        while (alive.Count > 1)
        {
            var (first, second) = (alive[0], alive[1]);
            for (var a = 0; a < alive.Count; a++)
                for (var b = a + 1; b < alive.Count; b++)
                    if (between[alive[a], alive[b]] < between[first, second]) (first, second) = (alive[a], alive[b]);
            merges.Add(new Merge(Math.Min(number[first], number[second]), Math.Max(number[first], number[second]),
                between[first, second], count[first] + count[second]));
            alive.Remove(first);
            foreach (var other in alive.Where(other => other != second))
                between[other, second] = between[second, other] =
                    (count[first] * between[first, other] + count[second] * between[second, other]) / (count[first] + count[second]);
            count[second] += count[first];
            number[second] = n + merges.Count - 1;
        }
        return new AverageLinkage(merges, LeavesOf(merges, n));
    }

    /// <summary>Refuses what is not a matrix of distances.</summary>
    internal static void RequireDistances(double[,] distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        var n = distances.GetLength(0);
        var isGood = n > 0 && distances.GetLength(1) == n;
        for (var i = 0; isGood && i < n; i++)
            for (var j = 0; j < n; j++)
                isGood &= distances[i, j] is >= 0 and <= double.MaxValue && distances[i, j] == distances[j, i];
        if (!isGood)
            throw InvalidInputException.Of("distances", $"{n}×{distances.GetLength(1)} values that are not distances",
                "a symmetric square of finite numbers of 0 or above", "leave out what cannot be compared");
    }

    private static int[] LeavesOf(List<Merge> merges, int n)
    {
        List<int> leaves = [];
        Stack<int> waiting = [];
        waiting.Push(n + merges.Count - 1);
        while (waiting.TryPop(out var cluster))
            if (cluster < n) leaves.Add(cluster);
            else
            {
                waiting.Push(merges[cluster - n].Second);
                waiting.Push(merges[cluster - n].First);
            }
        return [.. leaves];
    }
}
