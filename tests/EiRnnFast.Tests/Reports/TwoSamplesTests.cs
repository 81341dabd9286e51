using System.Text.Json;
using EiRnnFast.Studies.Statistics;
using EiRnnFast.Tests.Files;
using static EiRnnFast.Tests.Reports.Reference;

namespace EiRnnFast.Tests.Reports;

/// <summary>Comparisons of two samples against SciPy 1.10.1: committed numbers, and the library itself where it is installed. Both come
/// from comparisons.py.</summary>
public sealed class TwoSamplesTests
{
    private static readonly JsonElement s_reference = Reference.Read("comparisons.json");

    public static TheoryData<string> Cases => Reference.Cases("comparisons.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_number_is_that_of_scipy(string name) => Same(s_reference.GetProperty(name));

    [StatsmodelsFact]
    public void The_committed_numbers_are_what_scipy_gives_here()
    {
        using var reference = JsonDocument.Parse(StatsmodelsFactAttribute.RunFile("-W", "ignore", PathOf("comparisons.py")));
        Assert.Equal(s_reference.EnumerateObject().Count(), reference.RootElement.EnumerateObject().Count());
        foreach (var one in reference.RootElement.EnumerateObject()) Same(one.Value);
    }

    [Fact]
    public void Turning_the_samples_round_turns_the_signs()
    {
        double[] a = [0.61, 0.58, 0.63, 0.6], b = [0.55, 0.53, 0.6];
        var (there, back) = (TwoSamples.Of(a, b)!, TwoSamples.Of(b, a)!);
        Close([-there.Welch!.Difference, there.Welch.P, -there.Welch.High, -there.Hedges!.High, 1 - there.Superiority, there.Permutation.P],
            [back.Welch!.Difference, back.Welch.P, back.Welch.Low, back.Hedges!.Low, back.Superiority, back.Permutation.P]);
        Assert.Equal((35, true), (there.Permutation.Arrangements, there.Permutation.Exact));
    }

    [Fact]
    public void Without_spread_there_is_no_test_of_t_and_no_size()
    {
        var same = TwoSamples.Of([0.1, 0.1, 0.1], [0.1, 0.1])!;
        Assert.Equal((null, null, 1.0, 0.5), (same.Welch, same.Hedges, same.Permutation.P, same.Superiority));
        var apart = TwoSamples.Of([0.7, 0.7, 0.7], [0.1, 0.1, 0.1])!;
        Assert.Equal((null, null, 0.1, 1.0), (apart.Welch, apart.Hedges, apart.Permutation.P, apart.Superiority));
        Assert.Null(PairedSamples.Of([0.3, 0.5, 0.9], [0.1, 0.3, 0.7])!.T); // 0.2 apart but for rounding
        Assert.Equal(0.25, PairedSamples.Of([0.3, 0.5, 0.9], [0.1, 0.3, 0.7])!.Permutation.P);
    }

    [Fact]
    public void Too_few_values_and_unequal_pairs_are_refused()
    {
        Assert.Null(TwoSamples.Of([1], [1, 2, 3]));
        Assert.Null(TwoSamples.Of([1, 2, 3], []));
        Assert.Null(PairedSamples.Of([1], [2]));
        Assert.Throws<InvalidInputException>(() => PairedSamples.Of([1, 2], [1]));
        Assert.Throws<InvalidInputException>(() => TwoSamples.Of([1, double.NaN], [1, 2]));
    }

    [Fact]
    public void The_interval_of_the_size_holds_what_was_put_in()
    {
        var random = new EiRnnFast.Numerics.NumPyRandom(3);
        const int studies = 400, each = 6;
        var held = Enumerable.Range(0, studies).Count(_ => HedgesG.Of(Normal(1.0), Normal(0))! is { Low: < 1, High: > 1 });
        Assert.InRange(held, 365, 394); // 95 % of 400 are 380, with a standard error of 4.4

        double[] Normal(double mean) => [.. Enumerable.Range(0, each).Select(_ => mean + random.RandN())];
    }

    private static void Same(JsonElement expected)
    {
        double[] a = Numbers(expected, "a"), b = Numbers(expected, "b");
        var samples = TwoSamples.Of(a, b)!;
        Close(Numbers(expected, "welch"), Values(samples.Welch!));
        Close(Numbers(expected, "permutation"), Values(samples.Permutation));
        Close(Numbers(expected, "hedges"), [samples.Hedges!.G, samples.Hedges.Low, samples.Hedges.High]);
        Close([expected.GetProperty("superiority").GetDouble()], [samples.Superiority]);
        Close([a.Average(), b.Average(), a.Length, b.Length], [samples.Mean, samples.MeanAgainst, samples.Count, samples.CountAgainst]);
        if (!expected.TryGetProperty("paired", out _)) return;
        var pairs = PairedSamples.Of(a, b)!;
        Close(Numbers(expected, "paired"), Values(pairs.T!));
        Close(Numbers(expected, "signs"), Values(pairs.Permutation));
    }

    private static double[] Values(DifferenceTest test) =>
        [test.Difference, test.StandardError, test.DegreesOfFreedom, test.T, test.P, test.Low, test.High];

    private static double[] Values(PermutationTest test) => [test.P, test.Exact ? 1 : 0, test.Arrangements];
}
