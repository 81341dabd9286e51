namespace EiRnnFast.Studies.Statistics;

/// <summary>Holm's correction for the number of tests.</summary>
public static class Holm
{
    /// <summary>
    /// Corrected probabilities, in the order of the given ones. Whoever rejects where they are below 5 % rejects a true hypothesis in at
    /// most 5 % of all such families of tests.
    /// </summary>
    public static double[] Corrected(IReadOnlyList<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var corrected = new double[probabilities.Count];
        int[] order = [.. Enumerable.Range(0, corrected.Length).OrderBy(i => probabilities[i])];
        var largest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * probabilities[order[rank]]));
            corrected[order[rank]] = largest;
        }
        return corrected;
    }
}
