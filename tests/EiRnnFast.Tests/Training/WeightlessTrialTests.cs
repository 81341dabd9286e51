using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>A trial without weight has no loss and no answer: it counts nowhere.</summary>
public sealed class WeightlessTrialTests
{
    private const int Steps = 10;

    private static readonly TrainingOptions s_options = new()
    {
        Epochs = 1, Trials = 40, TestTrials = 10, BatchSize = 1, Shuffle = false,
        LearningRate = 1e-30
    };

    /// <summary>Noise to 0 or 1; the trials that <paramref name="weighs"/> names weigh <paramref name="weight"/>.</summary>
    private static ArrayTask Task(Func<int, bool> weighs, float weight = 1)
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 40 * Steps).Select(_ => random.NextSingle())];
        float[] y = [.. Enumerable.Range(0, 40 * Steps).Select(i => (float)(i / Steps % 2))];
        float[] mask = [.. Enumerable.Range(0, 40 * Steps).Select(i => weighs(i / Steps) ? weight : 0)];
        return new ArrayTask("noise", new TrialBatch { Count = 40, Steps = Steps, Inputs = 1, Outputs = 1, X = x, Y = y, Mask = mask });
    }

    private static TrainingResult Train(ArrayTask task, TrainingOptions options) =>
        new Trainer(EiRnn.Create(new NetworkSpec { Units = 8, Inputs = 1, Outputs = 1, Signs = SignConstraint.None }, 1),
            task).Run(options);

    [Fact]
    public void The_loss_of_an_epoch_is_the_mean_over_weighted_trials()
    {
        var all = Train(Task(_ => true), s_options).Losses[0];
        double odd = Train(Task(trial => trial % 2 == 1), s_options).Losses[0], even = Train(Task(trial => trial % 2 == 0),
            s_options).Losses[0];
        Assert.Equal(all, (odd + even) / 2, 1e-6);
        Assert.True(Math.Abs(odd - even) > 0.01 * all);
        // The batches do not matter: 4 trials, of which 2 weigh something.
        Assert.Equal(odd, Train(Task(trial => trial % 2 == 1), s_options with { BatchSize = 4 }).Losses[0], 1e-6);
    }

    [Fact]
    public void Training_trials_that_all_weigh_nothing_are_refused()
    {
        var message = Assert.Throws<InvalidInputException>(() => Train(Task(trial => trial < 10), s_options)).Message;
        Assert.StartsWith("training trials: found no weight in any of the 30 after the first 10, expected", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_gradient_norm_is_the_mean_over_updates_with_weight()
    {
        double all = Train(Task(_ => true), s_options).GradientNorms[0];
        double odd = Train(Task(trial => trial % 2 == 1), s_options).GradientNorms[0], even = Train(Task(trial => trial % 2 == 0),
            s_options).GradientNorms[0];
        Assert.Equal(1, (odd + even) / 2 / all, 1e-5);
    }

    [Fact]
    public void Test_trials_without_weight_have_no_accuracy_and_no_loss()
    {
        var result = Train(Task(trial => trial >= 10), s_options);
        Assert.Equal((null, null), (result.Accuracy, result.TestLoss));
        var some = Train(Task(trial => trial is 3 or >= 10), s_options);
        Assert.NotNull(some.Accuracy);
        Assert.NotNull(some.TestLoss);
    }

    [Fact]
    public void Validation_trials_without_weight_have_no_row()
    {
        var result = Train(Task(trial => trial is < 10 or >= 20), s_options with
        {
            ValidationTrials = 10,
            StopValidationLoss = 1e9,
            Epochs = 2
        });
        Assert.Equal((0, 0, null, 2), (result.ValidationLosses.Count, result.ValidationAccuracies.Count, result.BestEpoch,
            result.EpochsRun));
    }

    /// <summary>Only ratios of weights matter.</summary>
    [Fact]
    public void Weights_of_any_size_train_alike()
    {
        var options = s_options with { LearningRate = 1e-3, BatchSize = 4 };
        var usual = Train(Task(trial => trial % 3 > 0), options);
        foreach (var weight in new[] { 1e30f, 1e-30f, 3e38f, 1e-44f })
        {
            var scaled = Train(Task(trial => trial % 3 > 0, weight), options);
            Assert.Equal(usual.Losses[0], scaled.Losses[0], 1e-5);
            Assert.Equal(usual.TestLoss!.Value, scaled.TestLoss!.Value, 1e-5);
        }
    }
}
