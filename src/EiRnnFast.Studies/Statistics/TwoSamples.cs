namespace EiRnnFast.Studies.Statistics;

/// <summary>Two independent samples of one measure, held against each other.</summary>
public sealed record TwoSamples
{
    /// <summary>Values.</summary>
    public required int Count { get; init; }

    /// <summary>Values they are held against.</summary>
    public required int CountAgainst { get; init; }

    /// <summary>Mean of the values.</summary>
    public required double Mean { get; init; }

    /// <summary>Mean of those they are held against.</summary>
    public required double MeanAgainst { get; init; }

    /// <summary>Welch's t test; null where neither spreads.</summary>
    public required DifferenceTest? Welch { get; init; }

    /// <summary>The permutation test of the difference of means.</summary>
    public required PermutationTest Permutation { get; init; }

    /// <summary>The size of the difference; null where neither spreads.</summary>
    public required HedgesG? Hedges { get; init; }

    /// <summary>The probability that a value exceeds one that it is held against, ties by half: Mann and Whitney's U over n·m.</summary>
    public required double Superiority { get; init; }

    /// <summary>Compares; null with fewer than two values in either.</summary>
    /// <exception cref="InvalidInputException">A value that is no finite number.</exception>
    public static TwoSamples? Of(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(against);
        if (!values.Concat(against).All(double.IsFinite))
            throw InvalidInputException.Of("values of two samples", "one that is not finite", "finite numbers", "leave it out");
        if (values.Count < 2 || against.Count < 2) return null;
        return new TwoSamples
        {
            Count = values.Count, CountAgainst = against.Count,
            Mean = DifferenceTest.Moments(values).Mean, MeanAgainst = DifferenceTest.Moments(against).Mean,
            Welch = DifferenceTest.Welch(values, against), Permutation = PermutationTest.Independent(values, against),
            Hedges = HedgesG.Of(values, against),
            Superiority = values.Sum(value => against.Sum(other => value > other ? 1 : value == other ? 0.5 : 0))
                / values.Count / against.Count,
        };
    }
}

/// <summary>Pairs of one measure: values that belong together two by two.</summary>
/// <param name="Pairs">How many.</param>
/// <param name="T">The t test of pairs; null where all differences are equal.</param>
/// <param name="Permutation">The test that flips the signs of differences.</param>
public sealed record PairedSamples(int Pairs, DifferenceTest? T, PermutationTest Permutation)
{
    /// <summary>Compares; null with fewer than two pairs.</summary>
    /// <exception cref="InvalidInputException">Not as many of both.</exception>
    public static PairedSamples? Of(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        var differences = Differences(values, against);
        return differences.Length < 2 ? null
            : new PairedSamples(differences.Length, DifferenceTest.Paired(values, against), PermutationTest.Signs(differences));
    }

    internal static double[] Differences(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(against);
        if (values.Count != against.Count)
            throw InvalidInputException.Of("pairs", $"{values.Count} values and {against.Count} to hold them against", "as many of both",
                "pass pairs");
        return [.. values.Zip(against, (value, other) => value - other)];
    }
}
