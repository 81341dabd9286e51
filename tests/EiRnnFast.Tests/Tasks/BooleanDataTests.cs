using EiRnnFast.Numerics;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Tasks;

/// <summary>The published data sets, draw by draw (check values of NumPy's legacy generator).</summary>
public sealed class BooleanDataTests
{
    private static readonly TrialBatch s_all = TaskCatalog.Get("and").Generate(15050, 3);

    [Fact]
    public void All_delays_and_types_are_NumPys()
    {
        int[] delays = [.. s_all.ResponseStart.Select(start => start - 100)];
        Assert.Equal([43, 25, 4, 9, 1, 22, 20, 11, 44, 42], delays[..10]);
        Assert.Equal(386732, delays.Sum());
        Assert.InRange(delays.Min(), 1, 1);
        Assert.InRange(delays.Max(), 50, 50);
        Assert.Equal([3, 0, 2, 3, 0, 0, 0, 2, 2, 3], s_all.Types.Take(10));
        Assert.Equal([3740, 3775, 3773, 3762], Enumerable.Range(0, 4).Select(type => s_all.Types.Count(t => t == type)));
        Assert.Equal([0, 1, 3, 2, 0, 2, 1, 2, 2, 2, 2, 3, 0, 1, 3], TaskCatalog.Get("xor").Generate(15, 3).Types);
    }

    [Theory]
    [InlineData("and", new[] { 0, 0, 0, 1 }, 0f)]
    [InlineData("or", new[] { 0, 1, 1, 1 }, 0.01f)]
    [InlineData("xor", new[] { 0, 1, 1, 0 }, 0f)]
    public void Inputs_and_targets_follow_the_timeline(string name, int[] truth, float baseline)
    {
        var task = TaskCatalog.Get(name);
        var data = task.Generate(15050, task.DefaultDataSeed);
        Assert.Equal((290, 2, 1), (data.Steps, data.Inputs, data.Outputs));
        for (var trial = 0; trial < data.Count; trial++)
        {
            int delay = data.ResponseStart[trial] - 100, type = data.Types[trial];
            ReadOnlySpan<float> x = data.InputsOf(trial), y = data.TargetsOf(trial);
            for (var t = 0; t < 290; t++)
            {
                var on = t >= 60 + delay && t < 80 + delay;
                var expectedX = (on && type is 1 or 3 && on ? 1f : 0f, on && type is 2 or 3 && on ? 1f : 0f);
                if (expectedX != (x[2 * t], x[2 * t + 1]) || y[t] != (t < 100 + delay ? baseline : truth[type]))
                    Assert.Fail($"{name}, trial {trial}, step {t}");
            }
        }
    }

    [Fact]
    public void Only_200_distinct_trials_exist() =>
        Assert.Equal(200, Enumerable.Range(0, s_all.Count).Select(i => (s_all.ResponseStart[i], s_all.Types[i])).Distinct().Count());

    [Fact]
    public void Gaussian_draws_are_NumPys()
    {
        var random = new NumPyRandom(1);
        double[] expected = [1.62434536, -0.61175641, -0.52817175, -1.07296862];
        foreach (var value in expected) Assert.Equal(value, random.RandN(), 5e-9);
    }

    [Fact]
    public void Accuracy_is_1_for_the_targets_and_counts_each_wrong_trial()
    {
        var task = TaskCatalog.Get("or");
        var test = task.Generate(50, 3);
        Assert.Equal(1, task.Accuracy(test, test.Y));
        float[] constant = new float[test.Y.Length];
        Assert.Equal(test.Types.Count(type => type == 0) / 50.0, task.Accuracy(test, constant));
        float[] oneWrong = [.. test.Y];
        oneWrong.AsSpan(0, 290).Fill(test.Types[0] == 0 ? 1 : 0);
        Assert.Equal(0.98, task.Accuracy(test, oneWrong)!.Value, 1e-12);
    }

    [Fact]
    public void An_unknown_task_lists_those_that_exist() =>
        Assert.Contains("and, or, xor", Assert.Throws<InvalidInputException>(() => TaskCatalog.Get("nand")).Message);
}
