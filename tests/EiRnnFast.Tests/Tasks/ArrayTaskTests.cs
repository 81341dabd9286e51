using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Tasks;

/// <summary>Given trials with a step, types and names.</summary>
public sealed class ArrayTaskTests
{
    private static readonly TrialBatch s_trials = new()
    {
        Count = 3, Steps = 2, Inputs = 2, Outputs = 1, X = new float[12], Y = [1, 1, 0, 0, 1, 1], Types = [1, 0, 1],
    };

    [Fact]
    public void Types_and_names_are_kept()
    {
        var task = new ArrayTask("given", s_trials, 20, ["no", "yes"], ["left", "right"], ["choice"]);
        Assert.Equal((20, "no yes", "left right", "choice"), (task.StepMs, string.Join(' ', task.TrialTypes),
            string.Join(' ', task.InputLabels), string.Join(' ', task.OutputLabels)));
        var byType = TrialAccuracy.ByType(task, task.Generate(3, 0), [1, 1, 1, 1, 1, 1])!;
        Assert.Equal((0.0, 1.0), (byType["no"]!.Value, byType["yes"]!.Value));
        var plain = new ArrayTask("given", s_trials);
        Assert.Equal((1, 0, 0, 0), (plain.StepMs, plain.TrialTypes.Count, plain.InputLabels.Count, plain.OutputLabels.Count));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        foreach (var step in (double[])[0, -1, double.NaN, double.PositiveInfinity, 1e-7, 1e7])
            Refused("milliseconds per step", () => new ArrayTask("given", s_trials, step));
        Refused("types of trials", () => new ArrayTask("given", s_trials, trialTypes: ["only one"]));
        var untyped = new TrialBatch { Count = 3, Steps = 2, Inputs = 2, Outputs = 1, X = new float[12], Y = new float[6] };
        Refused("types of trials", () => new ArrayTask("given", untyped, trialTypes: ["no", "yes"]));
        Refused("names of inputs", () => new ArrayTask("given", s_trials, inputLabels: ["left"]));
        Refused("names of outputs", () => new ArrayTask("given", s_trials, outputLabels: ["a", "b"]));

        static void Refused(string what, Func<ArrayTask> make)
        {
            var message = Assert.Throws<InvalidInputException>(make).Message;
            Assert.Contains($"task 'given', {what}", message, StringComparison.Ordinal);
        }
    }
}
