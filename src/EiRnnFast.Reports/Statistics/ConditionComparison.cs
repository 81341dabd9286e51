using EiRnnFast.Studies.Statistics;

namespace EiRnnFast.Reports;

#pragma warning disable CS1591 // members of JSON objects; docs/report.md explains each
/// <summary>Two levels of a setting held against each other, where all other settings are equal.</summary>
public sealed record ConditionComparison
{
    public required string Factor { get; init; }
    public required string Measure { get; init; }
    public required string Within { get; init; }
    public required object? Level { get; init; }
    public required object? Against { get; init; }
    public required string Test { get; init; }
    public required double Difference { get; init; }
    public required double Low { get; init; }
    public required double High { get; init; }
    public required double P { get; init; }
    public double PHolm { get; init; } = double.NaN;
    public bool Significant => PHolm < 0.05;
    public required SeedInterval? Bootstrap { get; init; }
    public required TwoSamples Samples { get; init; }
    public required PairedSamples? Pairs { get; init; }

    internal bool IsPaired => Pairs is not null;

    /// <summary>Compares; null without two networks a side, and where they, or the differences of pairs, do not spread: a setting that
    /// changes nothing makes the same networks twice.</summary>
    internal static ConditionComparison? Of(string factor, string measure, Condition level, Condition against)
    {
        var (values, others) = (Values(level, measure), Values(against, measure));
        if (TwoSamples.Of(Only(values), Only(others)) is not { } samples) return null;
        var pairs = Paired(values, others);
        if ((pairs is null ? samples.Welch : pairs.T) is not { } test) return null;
        return new ConditionComparison
        {
            Factor = factor, Measure = measure, Within = level.LabelWithout(factor), Level = level.Value(factor),
            Against = against.Value(factor), Test = pairs is null ? "welch_t" : "paired_t",
            Difference = test.Difference, Low = test.Low, High = test.High, P = test.P,
            Bootstrap = SeedInterval.OfDifference(values, others), Samples = samples, Pairs = pairs,
        };

        static double[] Only((long Seed, double Value)[] side) => [.. side.Select(one => one.Value)];
    }

    /// <summary>A measure of the networks that are done; those without a seed have one of their own.</summary>
    internal static (long Seed, double Value)[] Values(Condition condition, string measure) =>
        [.. condition.Done.Where(run => run.Measure(measure) is not null)
            .Select((run, i) => (run["seed"] as long? ?? -1 - i, run.Measure(measure)!.Value))];

    /// <summary>Networks of the same seed, where at least half of the larger side has a partner.</summary>
    private static PairedSamples? Paired((long Seed, double Value)[] values, (long Seed, double Value)[] others)
    {
        var partners = others.Where(other => other.Seed >= 0).ToLookup(other => other.Seed, other => other.Value);
        (double Value, double Other)[] pairs = [.. values.DistinctBy(one => one.Seed)
            .SelectMany(one => partners[one.Seed].Take(1), (one, other) => (one.Value, other))];
        return 2 * pairs.Length < Math.Max(values.Length, others.Length) ? null
            : PairedSamples.Of([.. pairs.Select(pair => pair.Value)], [.. pairs.Select(pair => pair.Other)]);
    }
}

/// <summary>The comparisons of a report, corrected together for their number.</summary>
/// <param name="Tests">All of them.</param>
/// <param name="Rule">Which ones they are: <c>every_pair</c> of levels; <c>first_level</c>, each level against the first one;
/// <c>first_level_of_categories</c>, the same without settings that are numbers; <c>first_tests</c>, the first ones of those.</param>
/// <param name="LeftOut">Comparisons of two levels that the rule leaves out.</param>
public sealed record ConditionComparisons(IReadOnlyList<ConditionComparison> Tests, string Rule, int LeftOut)
{
    /// <summary>Tests of a report; with more of them it takes fewer, by a rule that does not look at the values.</summary>
    public const int Most = 300;

    /// <summary>Compares the levels of every setting that varies.</summary>
    public static ConditionComparisons Of(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(varied);
        Condition[] enough = [.. conditions.Where(condition => condition.Done.Skip(1).Any())];
        Candidate[] all = [.. varied.SelectMany(factor => Candidates(enough, factor))];
        var most = Most / SweepFindings.Measures.Count;
        var first = all.Where(candidate => candidate.IsFirst).ToArray();
        var categories = first.Where(candidate => !FactorRoles.IsNumber(conditions, candidate.Factor)).ToArray();
        var (rule, chosen) = all.Length <= most ? ("every_pair", all) : first.Length <= most ? ("first_level", first)
            : categories.Length > 0 && categories.Length <= most ? ("first_level_of_categories", categories)
            : ("first_tests", [.. (categories.Length > 0 ? categories : first).Take(most)]);
        ConditionComparison[] tests = [.. SweepFindings.Measures.SelectMany(measure => chosen.Select(candidate =>
            ConditionComparison.Of(candidate.Factor, measure.Name, candidate.Level, candidate.Against))).OfType<ConditionComparison>()];
        var corrected = Holm.Corrected([.. tests.Select(test => test.P)]);
        return new ConditionComparisons([.. tests.Select((test, i) => test with { PHolm = corrected[i] })], rule,
            SweepFindings.Measures.Count * (all.Length - chosen.Length));
    }

    private static IEnumerable<Candidate> Candidates(Condition[] conditions, string factor) =>
        from within in conditions.GroupBy(condition => condition.LabelWithout(factor))
        let levels = within.ToArray()
        from against in Enumerable.Range(0, levels.Length)
        from level in Enumerable.Range(against + 1, levels.Length - against - 1)
        select new Candidate(factor, levels[level], levels[against], against == 0);

    private sealed record Candidate(string Factor, Condition Level, Condition Against, bool IsFirst);
}
#pragma warning restore CS1591
