using EiRnnFast.Similarity;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>Distances between networks, as <c>eirnn dynamics --compare</c> prints them.</summary>
internal static class SimilarityText
{
    public static void Print(NetworkSimilarity similarity)
    {
        Console.WriteLine("distances between networks");
        foreach (var (distances, _, groups) in similarity.Measures)
            Console.WriteLine($"  {distances.Measure,-17}{Text(distances)}{Text(groups)}");
    }

    private static string Text(NetworkDistances distances)
    {
        var n = distances.Values.GetLength(0);
        (double Value, int I, int J)[] pairs = [.. from i in Enumerable.Range(0, n) from j in Enumerable.Range(i + 1, n - i - 1)
                                                   where double.IsFinite(distances.Values[i, j])
                                                   orderby distances.Values[i, j] select (distances.Values[i, j], i + 1, j + 1)];
        if (pairs.Length == 0)
            return distances.Measure == NetworkDistances.UnitAlignmentName ? "none: it takes active networks with equal numbers of units"
                : "none: a network's activity never changes";
        var (nearest, farthest) = (pairs[0], pairs[^1]);
        return pairs.Length == 1 ? $"{nearest.Value:0.0000}" + (n > 2 ? $" ({nearest.I}, {nearest.J}), the only pair that has one" : "")
            : $"mean {pairs.Average(pair => pair.Value):0.0000}, nearest {nearest.Value:0.0000} ({nearest.I}, {nearest.J}), "
                + $"farthest {farthest.Value:0.0000} ({farthest.I}, {farthest.J})";
    }

    private static string Text(GroupSeparation? groups) => groups is not { PseudoF: { } f, PseudoFProbability: { } p } ? ""
        : $"; between groups {groups.Between:0.0000}, within {groups.Within:0.0000}, pseudo-F {f:g3} (p {p:g2})";
}
