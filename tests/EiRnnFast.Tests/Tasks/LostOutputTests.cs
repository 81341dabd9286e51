using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Tasks;

/// <summary>A network whose outputs are no numbers answers nothing.</summary>
public sealed class LostOutputTests
{
    public static TheoryData<string> Tasks => [.. TaskCatalog.All.Select(task => task.Name)];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void No_trial_is_right_whose_outputs_are_not_finite(string name)
    {
        var task = TaskCatalog.Get(name);
        var trials = task.Generate(20, 3);
        foreach (var lost in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] outputs = [.. Enumerable.Repeat(lost, trials.Y.Length)];
            Assert.Equal(0, task.Accuracy(trials, outputs) ?? 0);
            if (task.Accuracy(trials, outputs) is not null) Assert.Equal(0, TrialAccuracy.OfTargets(trials, outputs) ?? 0);
        }
        // one step at the end is enough
        float[] almost = [.. trials.Y];
        for (var trial = 0; trial < trials.Count; trial++) almost[(trial + 1) * trials.Steps * trials.Outputs - 1] = float.NaN;
        Assert.Equal(0, task.Accuracy(trials, almost) ?? 0);
    }
}
