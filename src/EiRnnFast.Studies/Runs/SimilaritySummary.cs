using System.Globalization;
using System.Text;
using EiRnnFast.Similarity;

namespace EiRnnFast.Studies.Runs;

/// <summary>A comparison of networks in JSON and as CSV.</summary>
internal static class SimilaritySummary
{
    /// <summary>Part <c>similarity</c> of <c>dynamics.json</c>.</summary>
    public static object Of(NetworkSimilarity similarity, IReadOnlyList<NetworkDynamics> networks) => new
    {
        Files = networks.Select(network => network.File), Against = networks.Select(network => network.Against),
        similarity.Moments, similarity.Options.Components, similarity.Options.Variance,
        EmbeddedComponents = similarity.Options.Delay.Components, similarity.Delays, similarity.Options.Delay.Interval,
        similarity.Options.Delay.Rank, similarity.Options.AlignmentStarts, similarity.Options.Seed,
        Measures = similarity.Measures.Select(measure => new
        {
            Name = measure.Distances.Measure, Distances = Rows(measure.Distances.Values),
            Leaves = measure.Clusters?.Leaves, Linkage = measure.Clusters?.Merges, measure.Groups,
        }),
        UnitAlignment = new
        {
            Index = Rows(similarity.Alignments, one => one.Index), Random = Rows(similarity.Alignments, one => one.Random),
            Relabelled = Rows(similarity.Alignments, one => one.Relabelled),
        },
    };

    /// <summary>The alignment of populations as <c>dynamics.json</c> has it.</summary>
    public static object? Of(PopulationAlignment? alignment) => alignment is null ? null : new
    {
        alignment.Cka, alignment.DebiasedCka, alignment.CanonicalCorrelation, alignment.PrincipalAngles, alignment.SubspaceAngle,
        alignment.InhibitoryInExcitatory, alignment.ExcitatoryInInhibitory,
    };

    /// <summary>A row for each measure and pair; nothing for a distance that there is not.</summary>
    public static string Table(NetworkSimilarity similarity, IReadOnlyList<NetworkDynamics> networks)
    {
        var text = new StringBuilder("measure,network_a,network_b,value,file_a,file_b,group_a,group_b\n");
        foreach (var (name, values) in similarity.Measures.Select(measure => measure.Distances))
            for (var i = 0; i < networks.Count; i++)
                for (var j = i + 1; j < networks.Count; j++)
                {
                    double? value = double.IsFinite(values[i, j]) ? values[i, j] : null;
                    text.Append(CultureInfo.InvariantCulture, $"{name},{i + 1},{j + 1},{value:R},");
                    text.Append(Pair(networks[i], networks[j]));
                }
        return text.ToString();
    }

    /// <summary>A row for each ordered pair of networks that can be compared unit by unit.</summary>
    public static string Alignments(NetworkSimilarity similarity, IReadOnlyList<NetworkDynamics> networks)
    {
        var text = new StringBuilder("network_a,network_b,components,index,random,relabelled,file_a,file_b,group_a,group_b\n");
        for (var i = 0; i < networks.Count; i++)
            for (var j = 0; j < networks.Count; j++)
            {
                if (i == j || similarity.Alignments[i, j] is not { } one) continue;
                text.Append(CultureInfo.InvariantCulture, $"{i + 1},{j + 1},{one.Components},{one.Index:R},{one.Random:R},");
                text.Append(CultureInfo.InvariantCulture, $"{one.Relabelled:R},");
                text.Append(Pair(networks[i], networks[j]));
            }
        return text.ToString();
    }

    /// <summary>Files and groups of a pair, the end of its row.</summary>
    private static string Pair(NetworkDynamics a, NetworkDynamics b) =>
        $"{DynamicsTables.Quoted(a.File)},{DynamicsTables.Quoted(b.File)},"
            + $"{DynamicsTables.GroupName(a.Against)},{DynamicsTables.GroupName(b.Against)}\n";

    private static double?[][] Rows(UnitAlignment?[,] pairs, Func<UnitAlignment, double> value) =>
        [.. Enumerable.Range(0, pairs.GetLength(0)).Select(i => Enumerable.Range(0, pairs.GetLength(1))
            .Select(j => pairs[i, j] is { } one ? value(one) : (double?)null).ToArray())];

    private static double?[][] Rows(double[,] values) =>
        [.. Enumerable.Range(0, values.GetLength(0)).Select(i => Enumerable.Range(0, values.GetLength(1))
            .Select(j => double.IsFinite(values[i, j]) ? values[i, j] : (double?)null).ToArray())];
}
