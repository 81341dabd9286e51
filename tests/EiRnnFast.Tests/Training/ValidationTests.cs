using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Oracle;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

public sealed class ValidationTests
{
    private static readonly TrainingOptions s_options = new() { Epochs = 6, Trials = 300, ValidationTrials = 40, LearningRate = 1e-3 };

    private static EiRnn Network() => EiRnn.Create(new NetworkSpec { Units = 16, Inputs = 4, Outputs = 1 }, 3);

    private static ITask Task => TaskCatalog.Get("context-decision");

    [Fact]
    public void Test_validation_and_training_trials_are_three_parts_of_the_data_set()
    {
        // nothing projects, and the rate moves nothing
        var network = EiRnn.Create(new NetworkSpec { Units = 16, Inputs = 4, Outputs = 1, Signs = SignConstraint.None }, 3);
        var result = new Trainer(network, Task).Run(s_options with { Epochs = 1, LearningRate = 1e-30 });
        var data = Task.Generate(300, Task.DefaultDataSeed);
        var naive = new NaiveModel(network);
        Assert.Equal(naive.Loss(data.Slice(0, 50)), result.TestLoss!.Value, 1e-6);
        Assert.Equal(naive.Loss(data.Slice(50, 40)), result.ValidationLosses[0], 1e-6);
        Assert.Equal(naive.Loss(data.Slice(90, 210)), result.Losses[0], 1e-6);
        Assert.Equal(Task.Accuracy(data.Slice(50, 40), network.Run(data.Slice(50, 40).X, 40).Outputs), result.ValidationAccuracies[0]);
    }

    [Fact]
    public void Validation_changes_nothing_about_the_training()
    {
        EiRnn with = Network(), without = Network();
        var watched = new Trainer(with, Task).Run(s_options);
        // Without validation the same trials: those of the validation become test trials.
        var unwatched = new Trainer(without, Task).Run(s_options with { ValidationTrials = 0, TestTrials = 90 });
        Assert.Equal(unwatched.Losses, watched.Losses);
        Assert.Equal(without.RecurrentWeights.ToArray(), with.RecurrentWeights.ToArray());
        Assert.Equal((6, 6), (watched.ValidationLosses.Count, watched.ValidationAccuracies.Count));
        Assert.Null(unwatched.BestEpoch);
    }

    [Fact]
    public void Loss_and_accuracy_of_the_validation_end_the_training()
    {
        var full = new Trainer(Network(), Task).Run(s_options);
        var loss = new Trainer(Network(), Task).Run(s_options with { StopValidationLoss = full.ValidationLosses[2] * 1.0001 });
        var expected = full.ValidationLosses.TakeWhile(value => value >= full.ValidationLosses[2] * 1.0001).Count() + 1;
        Assert.Equal((expected, StopReason.ValidationLoss), (loss.EpochsRun, loss.Stopped));
        var accuracy = new Trainer(Network(), Task).Run(s_options with { StopValidationAccuracy = full.ValidationAccuracies[1] });
        Assert.Equal(StopReason.ValidationAccuracy, accuracy.Stopped);
        Assert.Equal(full.ValidationAccuracies.TakeWhile(value => value < full.ValidationAccuracies[1]).Count() + 1, accuracy.EpochsRun);
        Assert.Equal(1, new Trainer(Network(), Task).Run(s_options with { StopValidationAccuracy = 0 }).EpochsRun);
    }

    [Fact]
    public void Patience_keeps_the_best_epoch()
    {
        var network = Network();
        // A learning rate that overshoots: the loss soon rises.
        var options = s_options with { Epochs = 40, Patience = 2, LearningRate = 0.05 };
        var result = new Trainer(network, Task).Run(options);
        Assert.Equal(StopReason.Patience, result.Stopped);
        var best = result.ValidationLosses.Min();
        Assert.Equal(best, result.ValidationLosses[result.BestEpoch!.Value - 1]);
        Assert.Equal(result.BestEpoch + 2, result.EpochsRun);
        var validation = Task.Generate(300, Task.DefaultDataSeed).Slice(50, 40);
        Assert.Equal(best, new NaiveModel(network).Loss(validation), 1e-5);
        Assert.Equal(0, result.Audit.Violations);
    }

    [Fact]
    public void Settings_that_cannot_be_used_are_refused()
    {
        foreach (var bad in new[]
        {
            s_options with { ValidationTrials = -1 }, s_options with { ValidationTrials = 250 },
            s_options with { ValidationTrials = 0, Patience = 1 }, s_options with { Patience = -1 },
            s_options with { ValidationTrials = 0, StopValidationLoss = 0.1 }, s_options with { StopValidationAccuracy = 1.5 },
            s_options with { StopValidationLoss = double.NaN },
            s_options with { Trials = null, TestTrials = 15050 },
        })
            Assert.Throws<InvalidInputException>(() => new Trainer(Network(), Task).Run(bad));
    }
}
