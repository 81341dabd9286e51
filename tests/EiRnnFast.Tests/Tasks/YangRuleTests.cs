using EiRnnFast.Numerics;
using EiRnnFast.Tasks.Yang;

namespace EiRnnFast.Tests.Tasks;

/// <summary>What the 20 rules of Yang et al. draw, against the numbers of the study's code in milliseconds.</summary>
public sealed class YangRuleTests
{
    private const int N = 6000;

    public static TheoryData<string> Names => [.. YangRules.All.Select(rule => rule.Name)];

    [Fact]
    public void The_rules_are_the_studys_in_its_order() => Assert.Equal(
        "fdgo reactgo delaygo fdanti reactanti delayanti dm1 dm2 contextdm1 contextdm2 multidm delaydm1 delaydm2 contextdelaydm1 "
        + "contextdelaydm2 multidelaydm dmsgo dmsnogo dmcgo dmcnogo", string.Join(' ', YangRules.All.Select(rule => rule.StudyName)));

    [Theory]
    [InlineData("go anti", "300-700", "500-1500", "500")]
    [InlineData("rt-go rt-anti", "500-2500", "500")]
    [InlineData("dly-go dly-anti", "300,500,700", "200,400,600", "200,400,800,1600", "500")]
    [InlineData("dm-1 dm-2 ctx-dm-1 ctx-dm-2 multi-dm", "100-400", "400,800,1600", "500")]
    [InlineData("dly-dm-1 dly-dm-2 ctx-dly-dm-1 ctx-dly-dm-2 multi-dly-dm", "200,400,600", "200,400,600", "200,400,800,1600", "200,400,600",
        "100-300", "500")]
    [InlineData("dms dnms", "200,400,600", "200,400,600", "200,400,800,1600", "500")]
    [InlineData("dmc dnmc", "200,400,600", "200,400,600", "200,400,800,1600", "200,400,600")]
    public void Durations_are_uniform_and_reach_their_bounds(string names, params string[] milliseconds)
    {
        foreach (var name in names.Split(' '))
        {
            var trials = Draw(name, N);
            var edges = trials.Select(trial => (int[])[0, .. trial.Stimuli.SelectMany(s => new[] { s.On, s.Off }).Append(trial.Go)
                .Append(trial.End).Where(t => t > 0).Distinct().Order()]).ToArray();
            for (var part = 0; part < milliseconds.Length; part++)
            {
                int[] bounds = [.. milliseconds[part].Split('-', ',').Select(text => int.Parse(text, null) / 20)];
                int[] steps = milliseconds[part].Contains('-', StringComparison.Ordinal)
                    ? [.. Enumerable.Range(bounds[0], bounds[1] - bounds[0])] : bounds;
                Uniform(edges.Select(times => times[part + 1] - times[part]), steps);
            }
            Assert.All(edges, times => Assert.Equal(milliseconds.Length + 1, times.Length));
            Assert.Equal(YangRules.All.Single(rule => rule.Name == name).Longest,
                milliseconds.Sum(text => text.Contains('-', StringComparison.Ordinal) ? int.Parse(text.Split('-')[1], null) / 20 - 1
                    : text.Split(',').Max(one => int.Parse(one, null)) / 20));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fixation_goes_off_with_the_answer_unless_the_stimulus_itself_asks_for_it(string name)
    {
        var stays = name.StartsWith("rt-", StringComparison.Ordinal) || YangRules.All.Single(rule => rule.Name == name).MayFixate;
        Assert.All(Draw(name, 2000), trial =>
        {
            Assert.Equal(stays ? trial.End : trial.Go, trial.FixationOff);
            if (stays) Assert.Equal((trial.Go, trial.End), (trial.Stimuli[^1].On, trial.Stimuli[^1].Off));
            if (name is "go" or "anti") Assert.Equal(trial.End, trial.Stimuli[0].Off);
        });
    }

    [Theory]
    [InlineData("go", false)]
    [InlineData("rt-go", false)]
    [InlineData("dly-go", false)]
    [InlineData("anti", true)]
    [InlineData("rt-anti", true)]
    [InlineData("dly-anti", true)]
    public void One_stimulus_is_answered_with_its_direction_or_the_opposite(string name, bool anti)
    {
        var trials = Draw(name, N);
        Assert.All(trials, trial =>
        {
            var stimulus = Assert.Single(trial.Stimuli);
            Assert.Equal(1, stimulus.Strength);
            Assert.InRange(trial.Response!.Value, 0, Math.Tau);
            Assert.Equal(anti ? Math.PI : 0, Angle(trial.Response!.Value, stimulus.Direction), 1e-12);
        });
        Uniform(trials.Select(trial => trial.Stimuli[0].Ring), 0, 1);
        Uniform(trials.Select(trial => (int)(trial.Stimuli[0].Direction / Math.Tau * 16)), [.. Enumerable.Range(0, 16)]);
    }

    [Theory]
    [InlineData("dm-1", 1, 0.01, 0.02, 0.04, 0.08)]
    [InlineData("dm-2", 2, 0.01, 0.02, 0.04, 0.08)]
    [InlineData("ctx-dm-1", 1, 0.01, 0.02, 0.04, 0.08)]
    [InlineData("ctx-dm-2", 2, 0.01, 0.02, 0.04, 0.08)]
    [InlineData("multi-dm", 0, 0.01, 0.02, 0.04, 0.08)]
    [InlineData("dly-dm-1", 1, 0.08, 0.16, 0.32)]
    [InlineData("dly-dm-2", 2, 0.08, 0.16, 0.32)]
    [InlineData("ctx-dly-dm-1", 1, 0.08, 0.16, 0.32)]
    [InlineData("ctx-dly-dm-2", 2, 0.08, 0.16, 0.32)]
    [InlineData("multi-dly-dm", 0, 0.08, 0.16, 0.32)]
    public void The_stronger_of_two_is_answered(string name, int attended, params double[] coherences)
    {
        foreach (var easy in new[] { false, true })
        {
            var factor = !easy ? 1 : coherences.Length == 4 ? 10 : 2;
            var trials = Draw(name, N, easy);
            var alone = name.StartsWith("dm", StringComparison.Ordinal) || name.StartsWith("dly", StringComparison.Ordinal);
            List<(double Mean, double Difference)> pairs = [], attendedPairs = [];
            foreach (var trial in trials)
            {
                Assert.Equal(alone ? [attended] : [1, 2], trial.Stimuli.Select(s => s.Ring + 1).Distinct());
                var byDirection = trial.Stimuli.GroupBy(s => s.Direction).ToArray();
                Assert.Equal(2, byDirection.Length);
                double Strength(int ring, int which) => byDirection[which].Where(s => s.Ring + 1 == ring).Sum(s => s.Strength);
                double[] counted = [.. Enumerable.Range(0, 2).Select(which => attended == 0
                    ? (Strength(1, which) + Strength(2, which)) / 2 : Strength(attended, which))];
                Assert.Equal(byDirection[counted[0] > counted[1] ? 0 : 1].Key, trial.Response);
                attendedPairs.Add(((counted[0] + counted[1]) / 2, (counted[0] - counted[1]) / 2));
                if (!alone && attended > 0)
                    pairs.Add(((Strength(3 - attended, 0) + Strength(3 - attended, 1)) / 2,
                        (Strength(3 - attended, 0) - Strength(3 - attended, 1)) / 2));
                if (attended == 0)
                    foreach (var which in new[] { 0, 1 }) // the rings differ by 0.2 to 0.8 of the strength
                        Assert.InRange(Math.Abs(Strength(1, which) - Strength(2, which)) / counted[which], 0.2 - 1e-9, 0.8 + 1e-9);
            }
            foreach (var drawn in new[] { attendedPairs, pairs })
            {
                if (drawn.Count == 0) continue;
                Uniform(drawn.Select(pair => (int)Math.Round(1000 * pair.Difference)),
                    [.. coherences.SelectMany(c => new[] { 1, -1 }.Select(sign => (int)Math.Round(1000 * c * factor * sign)))]);
                Uniform(drawn.Select(pair => (int)((pair.Mean - 0.8) / 0.4 * 10 + 1e-12)), [.. Enumerable.Range(0, 10)]);
            }
            if (pairs.Count > 0) // the other ring says nothing about the answer
                Uniform(attendedPairs.Zip(pairs, (one, other) => Math.Sign(one.Difference * other.Difference)), -1, 1);
            if (attended == 0)
                Uniform(trials.Select(trial => 2 * Math.Sign(trial.Stimuli[0].Strength - trial.Stimuli[2].Strength)
                    + Math.Sign(trial.Stimuli[1].Strength - trial.Stimuli[3].Strength)), -3, -1, 1, 3);
            Uniform(trials.Select(trial => (int)(Turn(trial) / (Math.PI / 10))), [.. Enumerable.Range(5, 10)]);
            Uniform(trials.Select(trial => (int)(trial.Stimuli[0].Direction / Math.Tau * 16)), [.. Enumerable.Range(0, 16)]);
        }
    }

    [Theory]
    [InlineData("dms", true)]
    [InlineData("dnms", false)]
    public void Directions_match_in_half_of_the_trials(string name, bool respondToMatch)
    {
        var trials = Draw(name, N);
        Uniform(trials.Select(trial => trial.Stimuli[0].Direction == trial.Stimuli[1].Direction ? 1 : 0), 0, 1);
        Uniform(trials.Select(trial => 2 * trial.Stimuli[0].Ring + trial.Stimuli[1].Ring), 0, 1, 2, 3);
        Assert.All(trials, trial => Assert.Equal(
            trial.Stimuli[0].Direction == trial.Stimuli[1].Direction == respondToMatch ? trial.Stimuli[1].Direction : null,
            trial.Response));
        var apart = trials.Where(trial => trial.Stimuli[0].Direction != trial.Stimuli[1].Direction).Select(Turn).ToArray();
        Assert.InRange(apart.Min(), Math.PI / 9, Math.PI / 8);
        Assert.InRange(apart.Max(), Math.PI * 15 / 8, Math.PI * 17 / 9);
        Uniform(apart.Select(turn => (int)(turn / (Math.PI / 9))), [.. Enumerable.Range(1, 16)]);
    }

    [Theory]
    [InlineData("dmc", true)]
    [InlineData("dnmc", false)]
    public void Categories_are_halves_of_the_ring(string name, bool respondToMatch)
    {
        var trials = Draw(name, N);
        Uniform(trials.Select(trial => 2 * trial.Stimuli[0].Ring + trial.Stimuli[1].Ring), 0, 1, 2, 3);
        Uniform(trials.Select(trial => trial.Response is null ? 0 : 1), 0, 1);
        foreach (var which in new[] { 0, 1 })
        {
            double[] tenths = [.. trials.Select(trial => trial.Stimuli[which].Direction / Math.PI * 10)];
            Uniform(tenths.Select(tenth => (int)Math.Round(tenth)), 1, 3, 5, 7, 9, 11, 13, 15, 17, 19);
            Assert.All(tenths, tenth => Assert.Equal(Math.Round(tenth), tenth, 1e-12));
        }
        Assert.All(trials, trial =>
        {
            double first = trial.Stimuli[0].Direction, second = trial.Stimuli[1].Direction;
            Assert.Equal(first < Math.PI == second < Math.PI == respondToMatch ? second : null, trial.Response);
        });
    }

    private static YangTrial[] Draw(string name, int count, bool easy = false)
    {
        var (rule, random) = (YangRules.All.Single(rule => rule.Name == name), new NumPyRandom(7));
        return [.. Enumerable.Range(0, count).Select(_ => rule.Draw(random, easy))];
    }

    /// <summary>From the first direction to the second, 0 … 2π.</summary>
    private static double Turn(YangTrial trial) =>
        (trial.Stimuli[1].Direction - trial.Stimuli[0].Direction + Math.Tau) % Math.Tau;

    private static double Angle(double one, double other) => Math.Acos(Math.Clamp(Math.Cos(one - other), -1, 1));

    /// <summary>Values are the expected ones, each equally often: χ² within 4.5 of its standard deviations.</summary>
    private static void Uniform(IEnumerable<int> values, params int[] expected)
    {
        var counts = expected.ToDictionary(value => value, _ => 0);
        foreach (var value in values)
        {
            Assert.True(counts.ContainsKey(value), $"{value} is none of {string.Join(", ", expected)}");
            counts[value]++;
        }
        var each = counts.Values.Average();
        double square = counts.Values.Sum(found => (found - each) * (found - each) / each), freedom = expected.Length - 1;
        Assert.InRange(square, 0, freedom + 4.5 * Math.Sqrt(2 * freedom) + 3);
    }
}
