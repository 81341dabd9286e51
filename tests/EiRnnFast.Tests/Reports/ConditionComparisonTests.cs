using EiRnnFast.Numerics;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Statistics;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Tests.Reports;

/// <summary>Levels of settings held against each other: which ones, as pairs or not, and corrected for how many. The tests themselves are
/// held to SciPy in <see cref="TwoSamplesTests"/>.</summary>
public sealed class ConditionComparisonTests
{
    private static readonly Dictionary<string, int> s_columns =
        RunColumns.All.Select((column, i) => (column.Name, i)).ToDictionary();

    private readonly NumPyRandom _random = new(1);

    [Fact]
    public void Networks_of_the_same_seed_are_pairs()
    {
        double[] normal = [0.61, 0.64, 0.58, 0.6], orthogonal = [0.6, 0.62, 0.575, 0.59];
        ReportRun[] runs = [.. normal.Select((value, i) => Run("normal", 20, 10 + i, value)),
            .. orthogonal.Select((value, i) => Run("orthogonal", 20, 10 + i, value)).Reverse()];
        var test = Assert.Single(Of(runs), test => test.Measure == "outer_radius");
        var expected = DifferenceTest.Paired(orthogonal, normal)!;
        Assert.Equal(("init", "all networks", "orthogonal", "normal", "paired_t"),
            (test.Factor, test.Within, test.Level, test.Against, test.Test));
        Assert.Equal((expected.Difference, expected.Low, expected.High, expected.P), (test.Difference, test.Low, test.High, test.P));
        Assert.Equal(TwoSamples.Of(orthogonal, normal)!.Hedges!.G, test.Samples.Hedges!.G, 1e-12);
        Assert.Equal((4, 0.125), (test.Pairs!.Pairs, test.Pairs.Permutation.P)); // 2 of 16 signs
        Assert.Equal(4, test.Bootstrap!.Seeds);
        Assert.True(test.Samples.Welch!.P > test.P); // what seeds share no longer counts as spread
    }

    [Fact]
    public void Networks_with_few_partners_are_independent()
    {
        ReportRun[] runs = [.. Enumerable.Range(0, 5).Select(i => Run("normal", 20, i, 0.6 + 0.01 * i)),
            .. Enumerable.Range(3, 5).Select(i => Run("orthogonal", 20, i, 0.59 + 0.002 * i * i))];
        var test = Assert.Single(Of(runs), test => test.Measure == "outer_radius");
        Assert.Equal("welch_t", test.Test);
        Assert.Equal(test.Samples.Welch!.P, test.P);
        Assert.Null(test.Pairs);
        Assert.Equal(8, test.Bootstrap!.Seeds);
        runs = [.. runs.Where(run => (long)run["seed"]! is < 7 and > 1)]; // 2 3 4 and 3 4 5 6: two of four have a partner
        Assert.Equal(2, Assert.Single(Of(runs), test => test.Measure == "outer_radius").Pairs!.Pairs);
    }

    [Fact]
    public void Diverged_networks_and_those_without_spread_are_in_no_test()
    {
        ReportRun[] runs = [Run("normal", 20, 1, 0.6), Run("normal", 20, 2, 0.61), Run("orthogonal", 20, 1, 0.5),
            Run("orthogonal", 20, 2, 99, RunStatus.Diverged)];
        Assert.Empty(Of(runs));
        runs = [Run("normal", 20, 1, 0.6), Run("normal", 20, 2, 0.6), Run("orthogonal", 20, 1, 0.5), Run("orthogonal", 20, 2, 0.5)];
        Assert.Empty(Of(runs));
        // A setting that changes nothing makes the same networks again: no test, and none to correct for.
        double[] values = [0.6, 0.62, 0.59];
        Assert.Empty(Of([.. values.Select((value, i) => Run("normal", 20, i, value)),
            .. values.Select((value, i) => Run("orthogonal", 20, i, value))]));
    }

    [Fact]
    public void The_number_said_is_the_number_corrected_for()
    {
        var findings = Findings(Crossed(units: 3, seeds: 4));
        // two initialisations at each of three sizes, and three pairs of sizes in each of two initialisations, for one measure
        Assert.Equal((9, 9, "every_pair", 0), (findings.Comparisons.Count, findings.ComparisonTests, findings.ComparisonRule,
            findings.ComparisonsLeftOut));
        Assert.Equal(Holm.Corrected([.. findings.Comparisons.Select(test => test.P)]), findings.Comparisons.Select(test => test.PHolm));
        var smallest = findings.Comparisons.MinBy(test => test.P)!;
        Assert.Equal(Math.Min(1, 9 * smallest.P), smallest.PHolm, 1e-15);
        Assert.Contains("corrected by Holm for 9 comparisons", ComparisonTable.Sentence(findings), StringComparison.Ordinal);
        Assert.Contains("corrected for all 9 tests", ComparisonTable.Caption(findings), StringComparison.Ordinal);
        Assert.All(findings.Comparisons, test => Assert.Equal(ComparisonTable.Headings.Count, ComparisonTable.Cells(test).Count));
    }

    [Theory]
    [InlineData(14, "first_level", 26, 3 * 156)] // 14 + 2·91 pairs of levels; with the first ones 14 + 2·13
    [InlineData(60, "first_level_of_categories", 60, 3 * 3540)] // 60 + 2·1770; 60 + 2·59 > 100
    [InlineData(120, "first_tests", 100, 3 * 14300)] // 120 + 2·7140, of which the first 100 with a first level
    public void Too_many_levels_are_held_against_the_first_only(int units, string rule, int tests, int leftOut)
    {
        var findings = Findings(Crossed(units, seeds: 2));
        if (rule == "first_level") tests += 14;
        Assert.Equal((rule, tests, leftOut), (findings.ComparisonRule, findings.ComparisonTests, findings.ComparisonsLeftOut));
        Assert.True(findings.ComparisonTests <= ConditionComparisons.Most);
        Assert.All(findings.Comparisons, test => Assert.Equal(test.Factor == "init" ? "normal" : (object)10L, test.Against));
    }

    [Fact]
    public void The_inner_edge_is_held_against_theory_where_theory_says_ring()
    {
        ReportRun[] runs = [.. from units in new[] { 50, 100, 200 }
            from seed in Enumerable.Range(0, 4)
            from init in new[] { "normal", "orthogonal" }
            let ring = init == "orthogonal"
            select Run(init, units, seed, 0.58 + 0.01 * _random.RandN(), inner: ring ? 0.4 + 0.002 * _random.RandN() : 0,
                theory: ring ? 0.399 : 0)];
        var findings = Findings(runs);
        var pooled = Assert.Single(findings.Pooled, pooled => pooled.Measure == "inner_radius");
        Assert.Equal((12, true), (pooled.Ratio.Count, pooled.Equivalence!.Equivalent));
        Assert.Equal(runs.Where(run => run["init"] is "orthogonal").Average(run => run.Measure("inner_radius")!.Value / 0.399),
            pooled.Ratio.Mean, 1e-12);
        foreach (var condition in findings.Conditions)
        {
            var ring = condition.Settings["init"] is "orthogonal";
            Assert.Equal(ring, condition.EquivalenceInner is { Target: 0.399, Equivalent: true });
            Assert.Equal(ring, condition.Intervals.Any(interval => interval.Measure == "inner_radius"));
        }
        var trend = Assert.Single(findings.Trends, trend => trend.Measure == "inner_radius");
        Assert.Equal(("orthogonal", true, 4), (trend.Within, trend.Change!.Equivalent, trend.Bootstrap!.Seeds));
        Assert.InRange(trend.Fit.Slope, trend.Bootstrap.Low, trend.Bootstrap.High);
        Assert.Contains("in 3 of 3", Assert.Single(SweepSummary.Radius(findings),
            sentence => sentence.StartsWith("The inner edge of rings is ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private ReportRun[] Crossed(int units, int seeds) =>
    [
        .. from size in Enumerable.Range(1, units)
            from seed in Enumerable.Range(0, seeds)
            from init in new[] { "normal", "orthogonal" }
            select Run(init, 10 * size, seed, 0.6 + (init == "normal" ? 0.02 : 0) + 0.01 * _random.RandN()),
    ];

    private static IReadOnlyList<ConditionComparison> Of(ReportRun[] runs) => Findings(runs).Comparisons;

    private static SweepFindings Findings(ReportRun[] runs)
    {
        var (varied, conditions) = Condition.Group(runs);
        return SweepFindings.Of(runs, varied, conditions, 0);
    }

    private static ReportRun Run(string init, long units, long seed, double value, string status = RunStatus.Done, double? inner = null,
        double? theory = null)
    {
        var row = new object?[RunColumns.All.Count];
        foreach (var (name, cell) in new (string, object?)[] { ("status", status), ("init", init), ("units", units), ("seed", seed),
            ("spectrum_outer_radius", value), ("spectrum_inner_radius", inner), ("spectrum_theory_inner_radius", theory) })
            row[s_columns[name]] = cell;
        return new ReportRun(row, null);
    }
}
