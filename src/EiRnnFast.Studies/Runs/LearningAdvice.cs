using System.Globalization;
using EiRnnFast.Model;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Runs;

/// <summary>What to try when a network did not learn its task, from what is known of its settings and of its losses.</summary>
public static class LearningAdvice
{
    /// <summary>From this share of one population on, networks hardly learn from a start that is not balanced.</summary>
    private const double Unequal = 0.65;

    /// <summary>A test loss above this part of the constant's is that of nearly the same answer to every trial.</summary>
    private const double NearlyConstant = 0.9;

    /// <summary>A last loss above this many times the least one is a spike.</summary>
    private const double Spike = 2;

    /// <summary>A loss below this part of that of a quarter of the epochs before is still falling.</summary>
    private const double Falling = 0.95;

    /// <summary>Below so many epochs nothing is said of the course of the loss.</summary>
    private const int ShortEpochs = 4;

    /// <summary>Sentences, the most likely remedy first; none where the task was learned or nothing can be judged.</summary>
    public static IReadOnlyList<string> Of(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (settings, result, training) = (run.Settings, run.Result, run.Settings.Training);
        if (result.Learned != false || result.Stopped is StopReason.Diverged or StopReason.Interrupted) return [];
        List<string> advice = [];
        if (settings.Signs.Axis != SignAxis.None && settings is { Start: null, Init.Balanced: false }
            && settings.Signs.InhibitoryCount(settings.Units) is var inhibitory
            && Math.Max(inhibitory, settings.Units - inhibitory) > Unequal * settings.Units)
            advice.Add("--balanced: with unequal populations the mean weight is not 0 at the start, and its outlier drowns the input");
        var losses = result.TaskLosses;
        if (losses.Count > 0 && losses[^1] > Spike * losses.Min())
            advice.Add(training.ValidationTrials > 0
                ? "--keep best: the loss rose at the end, and the best epoch's weights are better"
                : "--keep best --validation-trials 500: the loss rose at the end, and the best epoch's weights are better");
        var isConstant = result.ConstantLoss is { } constant && result.TestLoss > NearlyConstant * constant;
        var isShort = losses.Count is > 0 and < ShortEpochs;
        if (isShort || losses.Count >= ShortEpochs && losses[^1] < Falling * losses[^(losses.Count / 4 + 1)])
            advice.Add(string.Create(CultureInfo.InvariantCulture, $"--epochs {2 * training.Epochs}: ")
                + (isShort ? "so few epochs are seldom enough" : "the loss was still falling when the training ended"));
        if (isConstant && settings.Start is null && run.InitialSpectrum.Theory is { OuterRadius: var radius } && radius is < 0.5 or > 1.5)
            advice.Add(string.Create(CultureInfo.InvariantCulture,
                $"--gain: the initial matrix, as it acts, has an outer radius of {radius:0.00}, far from 1"));
        if (advice.Count < 2)
            advice.Add("--learning-rate: three times as large, or a third of it; or another --seed: some starts do not learn");
        return advice;
    }
}
