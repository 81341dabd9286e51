using EiRnnFast.Reports;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Tasks;

/// <summary>Tasks with discrete answers, posed with one output per answer.</summary>
public sealed class ChoiceTaskTests
{
    public static TheoryData<string> Posable => [.. TaskCatalog.All.Where(task => task.Answers is not null).Select(task => task.Name)];

    [Fact]
    public void Tasks_with_one_of_a_few_answers_are_posed_and_others_are_refused()
    {
        Assert.Equal(["and", "or", "xor", "not", "delayed-response", "long-short", "four-times", "eight-times", "amplitude-sign",
            "encoded-time", "interval-comparison", "windowed-integration", "continuous-integration", "cued-integration",
            "perceptual-decision", "working-memory", "context-decision", "match-to-sample"],
            TaskCatalog.All.Where(task => task.Answers is not null).Select(task => task.Name));
        var message = Assert.Throws<InvalidInputException>(() => ChoiceTask.Of(TaskCatalog.Get("oscillator"))).Message;
        Assert.Contains("'oscillator', whose answers are not discrete", message, StringComparison.Ordinal);
        Assert.Contains("perceptual-decision", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Posable))]
    public void Targets_are_one_answer_a_step_and_right_answers_are_found_right(string name)
    {
        var task = TaskCatalog.Get(name);
        var posed = ChoiceTask.Of(task);
        TrialBatch plain = task.Generate(200, 4), trials = posed.Generate(200, 4);
        trials.Validate(posed, 200);
        trials.RequireProbabilities(posed);
        Assert.Same(posed.Task, task);
        Assert.Equal(plain.X, trials.X);
        Assert.Equal(plain.Types, trials.Types);
        Assert.Equal(posed.Outputs, posed.AnswerNames.Count);
        Assert.Equal(1, posed.Accuracy(trials, trials.Y));
        var wrong = new float[trials.Y.Length];
        for (var i = 0; i < wrong.Length; i++) wrong[i] = -trials.Y[i];
        Assert.Equal(0, posed.Accuracy(trials, wrong));

        // Every answer is one of the task's levels, named by it; equal targets have equal answers.
        for (var trial = 0; trial < 200; trial++)
        {
            var t = trials.ResponseStart[trial];
            var target = plain.TargetsOf(trial)[t];
            var place = trials.TargetsOf(trial).Slice(t * posed.Outputs, posed.Outputs).IndexOf(1f);
            Assert.Equal(TrialAccuracy.Nearest(target, task.Answers!.Levels),
                task.Answers.Levels[place - (task.Answers.HasFixation ? 1 : 0)]);
        }
        Assert.Equal(task.Answers!.HasFixation, posed.AnswerNames[0] == "fixation");
    }

    [Fact]
    public void A_catch_trial_is_an_answer_of_its_own_where_it_weighs()
    {
        var posed = ChoiceTask.Of(TaskCatalog.Get("perceptual-decision", new Dictionary<string, double> { ["catch"] = 0.3 }));
        Assert.Equal(["−1", "0", "1"], posed.AnswerNames);
        Assert.Equal(["−1", "1"], ChoiceTask.Of(TaskCatalog.Get("perceptual-decision")).AnswerNames);
        Assert.Equal(["fixation", "0", "1"], ChoiceTask.Of(TaskCatalog.Get("and")).AnswerNames);
    }

    [Fact]
    public void Given_trials_are_judged_by_the_largest_output_under_cross_entropy()
    {
        // Two answers on steps 1 and 2; logits far from 0 and 1, as a softmax allows.
        var trials = new TrialBatch
        {
            Count = 2, Steps = 3, Inputs = 1, Outputs = 2, X = new float[6], Y = [1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0],
            Mask = [0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1],
        };
        float[] right = [9, 0, -7, -5, -7, -5, 9, 0, 30, 20, 30, 20], half = [0, 0, -7, -5, -7, -5, 0, 0, 20, 30, 20, 30];
        var task = new ArrayTask("given", trials);
        Assert.Equal(1, ChoiceTask.For(task, LossFunction.CrossEntropy).Accuracy(trials, right));
        Assert.Equal(0.5, ChoiceTask.For(task, LossFunction.CrossEntropy).Accuracy(trials, half));
        Assert.Equal(0, ((ITask)task).Accuracy(trials, right));
    }

    [Fact]
    public void The_best_constant_answer_costs_the_entropy_of_the_answers()
    {
        Assert.Equal(Math.Log(2), ConstantLoss.Of("perceptual-decision", null, isFile: false, "cross_entropy")!.Value, 1e-3);
        Assert.Equal(1, ConstantLoss.Of("perceptual-decision", null, isFile: false, "mse")!.Value, 1e-2);
    }

    [Fact]
    public void The_loss_of_outputs_is_the_mean_cross_entropy()
    {
        var trials = new TrialBatch
        {
            Count = 1, Steps = 2, Inputs = 1, Outputs = 2, X = [0, 0], Y = [1, 0, 0.5f, 0.5f], Mask = [1, 1, 3, 3],
        };
        double Entropy(double y, double logit, double other) => -y * Math.Log(Math.Exp(logit) / (Math.Exp(logit) + Math.Exp(other)));
        var expected = (Entropy(1, 2, -1) + 3 * (Entropy(0.5, 0.5, 0.25) + Entropy(0.5, 0.25, 0.5))) / 4;
        Assert.Equal(expected, trials.LossOf([2, -1, 0.5f, 0.25f], LossFunction.CrossEntropy), 1e-6);
        Assert.Equal(1000, trials.LossOf([-1000, 1000, 0, 0], LossFunction.CrossEntropy) * 4 / 2 - 3 * Math.Log(2) / 2, 1e-3);
    }
}
