using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Similarity;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Similarity;

/// <summary>The alignment index unit by unit: against NumPy and every renaming of units (alignments.py), and where the answer is known.
/// </summary>
public sealed class UnitAlignmentTests(ITestOutputHelper output)
{
    private const int Moments = 40, Sources = 5;

    [Fact]
    public void Index_and_both_chance_levels_are_those_of_numpy()
    {
        var worst = 0.0;
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Similarity", "alignments.json")));
        foreach (var one in reference.RootElement.EnumerateArray())
        {
            int Int(string name) => one.GetProperty(name).GetInt32();
            int inhibitory = Int("inhibitory"), n = inhibitory + Int("others");
            long state = Int("seed");
            PrincipalComponents own = Drawn(ref state, n), other = Drawn(ref state, n);
            int[] signs = [.. Enumerable.Range(0, n).Select(unit => inhibitory == 0 ? 0 : unit < inhibitory ? -1 : 1)];
            var found = UnitAlignment.Of(own, other, signs, Int("components"))!;
            Assert.Equal(Int("components"), found.Components);
            foreach (var (name, value) in ((string, double)[])
                [("index", found.Index), ("random", found.Random), ("relabelled", found.Relabelled)])
            {
                var difference = Math.Abs(one.GetProperty(name).GetDouble() - value);
                Assert.True(difference <= 1e-8, $"{name}: {value}");
                worst = Math.Max(worst, difference);
            }
        }
        output.WriteLine($"worst difference {worst:0.0e0}");
    }

    [Fact]
    public void A_network_is_aligned_with_itself_and_not_with_one_that_uses_other_units()
    {
        float[] first = [1, 0, 0, 0, -1, 0, 0, 0, 2, 1, 0, 0, -2, 1, 0, 0], second = [.. first];
        for (var t = 0; t < 16; t += 4)
            (second[t], second[t + 1], second[t + 2], second[t + 3]) = (0, 0, first[t], first[t + 1]);
        PrincipalComponents own = PrincipalComponents.Of(first, 4), moved = PrincipalComponents.Of(second, 4);
        Assert.Equal(1, UnitAlignment.Of(own, own, new int[4], 2)!.Index, 12);
        var other = UnitAlignment.Of(own, moved, new int[4], 3)!;
        Assert.Equal(2, other.Components); // as many as there are above rounding
        Assert.Equal(0, other.Index, 12);
        Assert.Equal(0.5, other.Random, 12); // two of four directions
        Assert.InRange(other.Relabelled, 0.3, 0.7);
    }

    [Fact]
    public void Networks_that_cannot_be_compared_have_no_value_and_the_other_measures_keep_theirs()
    {
        long state = 1;
        PrincipalComponents five = Drawn(ref state, 5), six = Drawn(ref state, 6), still = PrincipalComponents.Of(new float[10], 5);
        Assert.Null(UnitAlignment.Of(five, six, new int[5], 3));
        Assert.Null(UnitAlignment.Of(five, still, new int[5], 3));
        Assert.Throws<InvalidInputException>(() => UnitAlignment.Of(five, five, new int[4], 3));
        Assert.Throws<InvalidInputException>(() => UnitAlignment.Of(five, five, new int[5], 0));
        List<ComparedNetwork> networks = [];
        foreach (var n in (int[])[5, 5, 6]) networks.Add(ComparedNetwork.Of(States(ref state, n), 2, n, [1]));
        var all = NetworkDistances.Of(networks);
        foreach (var (name, values) in all)
        {
            Assert.Equal(name == NetworkDistances.UnitAlignmentName, double.IsNaN(values[0, 2]));
            Assert.InRange(values[0, 1], 0, Math.PI);
        }
        var pairs = NetworkDistances.Alignments(networks);
        var distance = all.Single(one => one.Measure == NetworkDistances.UnitAlignmentName).Values;
        Assert.Equal(1 - (pairs[0, 1]!.Index + pairs[1, 0]!.Index) / 2, distance[0, 1], 12);
        Assert.Null(pairs[2, 0]);
        Assert.Equal(1, pairs[2, 2]!.Index, 12);
    }

    private static PrincipalComponents Drawn(ref long state, int units) => PrincipalComponents.Of(States(ref state, units), units);

    /// <summary>As activity() of alignments.py.</summary>
    private static float[] States(ref long state, int units)
    {
        int[] sources = Next(ref state, Moments * Sources), mixing = Next(ref state, Sources * units);
        return
        [
            .. Enumerable.Range(0, Moments * units).Select(k => (float)Enumerable.Range(0, Sources)
                .Sum(i => sources[k / units * Sources + i] * Math.Pow(2, -i) * (mixing[i * units + k % units] + 6))),
        ];

        static int[] Next(ref long state, int count)
        {
            var numbers = new int[count];
            for (var k = 0; k < count; k++)
                numbers[k] = (int)((state = (state * 1103515245 + 12345) % (1L << 31)) / 65536 % 17) - 8;
            return numbers;
        }
    }
}
