using EiRnnFast.Numerics;

namespace EiRnnFast.Similarity;

/// <summary>
/// Whether two groups of things lie apart, by their distances: PERMANOVA (Anderson 2001) and ANOSIM (Clarke 1993). The probabilities are
/// those of the statistic among all ways to divide the things into groups of these sizes, or among random ones where they are many.
/// </summary>
public sealed record GroupSeparation
{
    /// <summary>Ways that are drawn where there are more than <see cref="MostExact"/>.</summary>
    public const int Drawn = 9999;

    /// <summary>Most ways that are all tried.</summary>
    public const int MostExact = 10_000;

    private const double Rounding = 1e-12;

    /// <summary>Mean distance between things of the same group; null where no group has two.</summary>
    public required double? Within { get; init; }

    /// <summary>Mean distance between things of different groups.</summary>
    public required double Between { get; init; }

    /// <summary>PERMANOVA's pseudo-F, (SS_between/1)/(SS_within/(n − 2)); null without spread within groups.</summary>
    public required double? PseudoF { get; init; }

    /// <summary>Probability of a pseudo-F as large among the ways; null where there is no pseudo-F.</summary>
    public required double? PseudoFProbability { get; init; }

    /// <summary>ANOSIM's R, −1 to 1: mean rank between minus within, over n(n − 1)/4.</summary>
    public required double? AnosimR { get; init; }

    /// <summary>Probability of an R as large among the ways.</summary>
    public required double? AnosimProbability { get; init; }

    /// <summary>Ways tried, the actual one among them.</summary>
    public required int Ways { get; init; }

    /// <summary>Whether these are all ways.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Tests two groups; null unless both have two things or more.</summary>
    /// <param name="distances">[n, n], symmetric, finite, 0 or above.</param>
    /// <param name="isSecond">Which things are of the second group, [n].</param>
    /// <param name="seed">Of the ways that are drawn, 0 or above.</param>
    /// <exception cref="InvalidInputException">Other distances, or another number of things.</exception>
    public static GroupSeparation? Of(double[,] distances, IReadOnlyList<bool> isSecond, long seed = 1)
    {
        AverageLinkage.RequireDistances(distances);
        ArgumentNullException.ThrowIfNull(isSecond);
        var n = distances.GetLength(0);
        if (isSecond.Count != n) throw InvalidInputException.Of("groups", isSecond.Count, $"{n}, one a thing", "name the group of each");
        var second = isSecond.Count(one => one);
        if (second < 2 || n - second < 2) return null;
        var ranks = Ranks(distances);
        var actual = Statistics(isSecond);
        var ways = WaysOf(n, second);
        var isExact = ways <= MostExact;
        int tried = 0, largerF = 0, largerR = 0;
        foreach (var way in isExact ? All(n, second) : Random([.. isSecond], seed))
        {
            var other = Statistics(way);
            tried++;
            if (other.F >= actual.F - Rounding * Math.Abs(actual.F)) largerF++;
            if (other.R >= actual.R - Rounding) largerR++;
        }
        return new GroupSeparation
        {
            Within = actual.Within, Between = actual.Between, Ways = tried, IsExact = isExact,
            PseudoF = double.IsFinite(actual.F) ? actual.F : null,
            PseudoFProbability = double.IsFinite(actual.F) ? (double)largerF / tried : null,
            AnosimR = actual.R, AnosimProbability = (double)largerR / tried,
        };

        (double F, double R, double Within, double Between) Statistics(IReadOnlyList<bool> way)
        {
            double total = 0, within = 0, near = 0, far = 0, rankNear = 0, rankFar = 0;
            int pairs = 0, apart = 0;
            for (var i = 0; i < n; i++)
                for (var j = i + 1; j < n; j++)
                {
                    var (d, rank) = (distances[i, j], ranks[i, j]);
                    total += d * d / n;
                    if (way[i] == way[j])
                    {
                        within += d * d / (way[i] ? second : n - second);
                        (near, rankNear, pairs) = (near + d, rankNear + rank, pairs + 1);
                    }
                    else (far, rankFar, apart) = (far + d, rankFar + rank, apart + 1);
                }
            return ((total - within) / (within / (n - 2)), (rankFar / apart - rankNear / pairs) / (n * (n - 1) / 4.0), near / pairs,
                far / apart);
        }
    }

    /// <summary>Ranks of the pairs, 1 for the least; equal distances share the mean of theirs.</summary>
    private static double[,] Ranks(double[,] distances)
    {
        var n = distances.GetLength(0);
        (int I, int J)[] pairs = [.. from i in Enumerable.Range(0, n) from j in Enumerable.Range(i + 1, n - i - 1)
                                     orderby distances[i, j] select (i, j)];
        var ranks = new double[n, n];
        for (int first = 0, end; first < pairs.Length; first = end)
        {
            for (end = first + 1; end < pairs.Length && Distance(end) == Distance(first); end++) { }
            for (var k = first; k < end; k++) ranks[pairs[k].I, pairs[k].J] = (first + 1 + end) / 2.0;
        }
        return ranks;

        double Distance(int pair) => distances[pairs[pair].I, pairs[pair].J];
    }

    /// <summary>n over k, no further than is asked for.</summary>
    private static double WaysOf(int n, int k)
    {
        var ways = 1.0;
        for (var i = 1; i <= Math.Min(k, n - k); i++) ways = ways * (n - i + 1) / i;
        return Math.Round(ways);
    }

    private static IEnumerable<bool[]> All(int n, int second)
    {
        int[] chosen = [.. Enumerable.Range(0, second)];
        while (true)
        {
            var way = new bool[n];
            foreach (var one in chosen) way[one] = true;
            yield return way;
            var last = second - 1;
            while (last >= 0 && chosen[last] == n - second + last) last--;
            if (last < 0) yield break;
            chosen[last]++;
            for (var k = last + 1; k < second; k++) chosen[k] = chosen[k - 1] + 1;
        }
    }

    /// <summary>The actual way, then random ones.</summary>
    private static IEnumerable<bool[]> Random(bool[] actual, long seed)
    {
        yield return actual;
        var random = new RandomStream(seed, "group permutations");
        int[] order = [.. Enumerable.Range(0, actual.Length)];
        for (var draw = 0; draw < Drawn; draw++)
        {
            random.Shuffle(order);
            yield return [.. order.Select(one => actual[one])];
        }
    }
}
