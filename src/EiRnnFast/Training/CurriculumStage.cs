using System.Globalization;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>
/// A stage before the task itself: the network is trained on <paramref name="Task"/>, which has the channels of the task itself, until it
/// is good enough on that stage's validation trials.
/// </summary>
/// <param name="Task">What is learned in this stage.</param>
public sealed record CurriculumStage(ITask Task)
{
    /// <summary>The stage ends once this fraction of validation trials is right; null for another criterion.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The stage ends once the validation loss is below this; null for another criterion.</summary>
    public double? Loss { get; init; }

    /// <summary>Whether a validation ends the stage.</summary>
    internal bool EndsWith(double loss, double? accuracy) => accuracy >= Accuracy || loss < Loss;

    /// <summary>Checks the criterion, and that the channels are those of the task itself.</summary>
    /// <exception cref="InvalidInputException">They cannot be used.</exception>
    internal void Validate(ITask task)
    {
        if (Accuracy is null == Loss is null)
            throw InvalidInputException.Of("curriculum", Accuracy is null ? "a stage without a criterion" : "a stage with two criteria",
                "an accuracy or a loss that ends it", "give one of the two");
        if (Accuracy is { } accuracy && !TrainingOptions.AccuracyRange.Holds(accuracy))
            throw InvalidInputException.Of("curriculum", $"an accuracy of {accuracy}", "a fraction of the trials from 0 to 1",
                "write it like accuracy=0.9");
        if (Loss is { } loss && !TrainingOptions.DivergenceLossRange.Holds(loss))
            throw InvalidInputException.Of("curriculum", $"a loss of {loss}", "a loss above 0", "write it like loss=0.01");
        if (Task.Inputs != task.Inputs || Task.Outputs != task.Outputs)
            throw InvalidInputException.Of("curriculum", string.Create(CultureInfo.InvariantCulture,
                $"a stage with {Task.Inputs} inputs and {Task.Outputs} outputs"), $"{task.Inputs} and {task.Outputs}, as the task has",
                "change other options");
    }
}
