using System.Text.Json;
using EiRnnFast.Reports;
using EiRnnFast.Tests.Files;
using static EiRnnFast.Tests.Reports.Reference;

namespace EiRnnFast.Tests.Reports;

/// <summary>The bootstrap of whole seeds against NumPy: committed numbers, and NumPy itself where it is installed. Both come from
/// bootstrap.py.</summary>
public sealed class SeedIntervalTests
{
    public static TheoryData<string> Cases => Reference.Cases("bootstrap.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_ends_are_those_of_numpy(string name) => Same(Read("bootstrap.json").GetProperty(name));

    [StatsmodelsFact]
    public void The_committed_numbers_are_what_numpy_gives_here()
    {
        using var reference = JsonDocument.Parse(StatsmodelsFactAttribute.RunFile(PathOf("bootstrap.py")));
        foreach (var one in reference.RootElement.EnumerateObject()) Same(one.Value);
    }

    [Fact]
    public void Networks_of_a_seed_stay_together()
    {
        // What a seed does to all its networks leaves their differences alone: the interval of pairs is narrow.
        (long, double)[] a = [.. Enumerable.Range(0, 10).Select(i => ((long)i, i + 0.5))];
        (long, double)[] b = [.. a.Select(one => (one.Item1, one.Item2 - 0.5))];
        var pairs = SeedInterval.OfDifference(a, b)!;
        Assert.Equal((0.5, 0.5, 10), (Math.Round(pairs.Low, 12), Math.Round(pairs.High, 12), pairs.Seeds));
        var apart = SeedInterval.OfDifference(a, [.. b.Select(one => (one.Item1 + 100, one.Item2))])!;
        Assert.True(apart.High - apart.Low > 4);
    }

    [Fact]
    public void One_seed_or_one_place_has_none()
    {
        Assert.Null(SeedInterval.OfSlope([]));
        Assert.Null(SeedInterval.OfSlope([(1, 1, 2), (1, 2, 3), (1, 3, 4)]));
        Assert.Null(SeedInterval.OfSlope([(1, 7, 2), (2, 7, 3), (3, 7, 4)]));
        Assert.Null(SeedInterval.OfDifference([(1, 7)], [(1, 5)]));
    }

    private static void Same(JsonElement expected)
    {
        var found = expected.TryGetProperty("points", out var points)
            ? SeedInterval.OfSlope([.. points.EnumerateArray().Select(point => ((long)At(point, 0), At(point, 1), At(point, 2)))])
            : SeedInterval.OfDifference(Side("a"), Side("b"));
        Close(Numbers(expected, expected.TryGetProperty("slope", out _) ? "slope" : "difference"), [found!.Low, found.High]);

        (long, double)[] Side(string name) =>
            [.. expected.GetProperty(name).EnumerateArray().Select(one => ((long)At(one, 0), At(one, 1)))];

        static double At(JsonElement of, int place) => of[place].GetDouble();
    }
}
