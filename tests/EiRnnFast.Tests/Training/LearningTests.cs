using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>What counts as learned, what chance is, and what is advised.</summary>
public sealed class LearningTests
{
    [Theory]
    [InlineData(1.0, 0.01, 0.12, true)]
    [InlineData(0.98, 0.01, 0.12, false)]
    [InlineData(1.0, 0.07, 0.12, false)]
    [InlineData(null, 0.01, 0.12, true)]
    [InlineData(null, 0.07, 0.12, false)]
    [InlineData(1.0, null, null, true)]
    [InlineData(1.0, 0.01, null, true)]
    [InlineData(null, null, 0.12, null)]
    [InlineData(null, 0.01, 0.0, null)]
    public void Accuracy_and_loss_decide_where_they_are_known(double? accuracy, double? loss, double? constant, bool? learned) =>
        Assert.Equal(learned, Learning.Of(accuracy, loss, constant));

    [Fact]
    public void Chance_of_and_is_the_share_of_its_commonest_answer()
    {
        var task = TaskCatalog.Get("and");
        var trials = task.Generate(400, 3);
        var right = trials.Types.Count(type => task.TrialTypes[type] != "11") / 400.0;
        Assert.Equal(right, ConstantAnswer.Accuracy(task, trials)!.Value, 1e-12);
    }

    [Fact]
    public void Chance_is_null_where_no_trial_asks_and_at_most_1_everywhere()
    {
        foreach (var task in TaskCatalog.All)
        {
            var trials = task.Generate(40, 5);
            var outputs = (float[])trials.Y.Clone();
            var chance = ConstantAnswer.Accuracy(task, trials);
            Assert.Equal(task.Accuracy(trials, outputs) is null, chance is null);
            if (chance is { } share) Assert.InRange(share, 0, 1);
        }
    }

    [Fact]
    public void A_spike_of_the_last_epoch_is_no_verdict()
    {
        // The loss of the training trials jumps; the test trials say what the network can do.
        var result = TrainingRun.Execute(Short() with { Units = 30 }).Result;
        var spiky = result with { Losses = [.. result.Losses.SkipLast(1), 100], TaskLosses = [.. result.TaskLosses.SkipLast(1), 100] };
        Assert.Equal(result.Learned, spiky.Learned);
        Assert.Equal(true, (spiky with { Accuracy = 1, TestLoss = 0.01 }).Learned);
    }

    [Fact]
    public void Unequal_populations_without_a_balanced_start_are_advised_to_balance()
    {
        var values = new Dictionary<string, object> { ["units"] = 20L, ["excitatory"] = 0.8, ["trials"] = 300L, ["epochs"] = 2L };
        var run = RunSettings.From(values, 1);
        var advice = LearningAdvice.Of(TrainingRun.Execute(run));
        Assert.StartsWith("--balanced", advice[0], StringComparison.Ordinal);
        Assert.DoesNotContain(LearningAdvice.Of(TrainingRun.Execute(run with { Init = run.Init with { Balanced = true } })),
            sentence => sentence.StartsWith("--balanced", StringComparison.Ordinal));
    }

    [Fact]
    public void The_summary_says_what_the_result_says()
    {
        var run = TrainingRun.Execute(Short());
        var summary = new TrainingSummary(run);
        Assert.Equal((run.Result.Learned, run.Result.Chance), (summary.Learned, summary.Chance));
        Assert.Equal(run.Result.ConstantLoss, summary.ConstantLoss);
        Assert.NotNull(summary.Chance);
        Assert.NotEmpty(summary.Advice);
    }

    private static RunSettings Short() =>
        RunSettings.From(new Dictionary<string, object> { ["units"] = 10L, ["trials"] = 200L, ["epochs"] = 2L }, 1);
}
