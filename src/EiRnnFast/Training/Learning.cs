namespace EiRnnFast.Training;

/// <summary>
/// Whether a network learned its task: one definition for a single training, sweeps and reports. It is judged on test trials, of the
/// network that was kept, so a spike of the training loss in the last epoch does not count.
/// </summary>
public static class Learning
{
    /// <summary>Fraction of the test trials that a network has to answer correctly.</summary>
    public const double LeastAccuracy = 0.99;

    /// <summary>Its test loss has to be below this part of the best constant answer's.</summary>
    public const double MostLoss = 0.5;

    /// <summary>True, false, or null where nothing can be judged.</summary>
    /// <param name="accuracy">Fraction of the test trials answered correctly; null where none asks for an answer.</param>
    /// <param name="testLoss">Loss over the test trials; null where none weighs anything.</param>
    /// <param name="constantLoss">That of the best constant answer; null or 0 where the targets do not vary.</param>
    public static bool? Of(double? accuracy, double? testLoss, double? constantLoss)
    {
        bool? isLow = testLoss is { } loss && constantLoss is > 0 and var constant ? loss < MostLoss * constant : null;
        bool? isRight = accuracy is { } right ? right >= LeastAccuracy : null;
        return isLow is null && isRight is null ? null : isLow != false && isRight != false;
    }
}
