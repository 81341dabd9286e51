namespace EiRnnFast.Training;

/// <summary>How gradients are limited.</summary>
public enum GradientClipping
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All five tensors by one factor when their common norm exceeds the limit (the published code).</summary>
    Global,

    /// <summary>Each tensor by its own factor (the authors' later code, with limit 1).</summary>
    PerTensor,
}

/// <summary>How a network is trained; the defaults are the published ones (arXiv 2208.10304 and its code).</summary>
public sealed record TrainingOptions
{
    /// <summary>Most passes over the training trials.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Trials per update; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Adam's learning rate before decay.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Time decay: after k updates the rate is LearningRate/(1 + Decay·k).</summary>
    public double Decay { get; init; } = 1e-4;

    /// <summary>Adam's β₁.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's β₂.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam's ε, outside the square root.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>How gradients are limited.</summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.Global;

    /// <summary>The norm above which they are.</summary>
    public double ClipNorm { get; init; } = 0.5;

    /// <summary>Training stops after the first epoch whose mean loss is below this; 0 never stops.</summary>
    public double StopLoss { get; init; } = 9e-5;

    /// <summary>A run counts as diverged once a batch's loss is not finite or above this.</summary>
    public double DivergenceLoss { get; init; } = 1e6;

    /// <summary>Whether trials are shuffled before every epoch.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether trials of a batch whose inputs agree up to a step share their hidden states up to it: exact, and used where
    /// it saves work. False computes every trial by itself.
    /// </summary>
    public bool Sharing { get; init; } = true;

    /// <summary>Trials of the data set; null for the task's own number.</summary>
    public int? Trials { get; init; }

    /// <summary>The first so many trials are kept for testing.</summary>
    public int TestTrials { get; init; } = 50;

    /// <summary>The next so many trials are kept for validation, after every epoch; the rest is trained on.</summary>
    public int ValidationTrials { get; init; }

    /// <summary>Training stops after the first epoch whose validation loss is below this; 0 never stops.</summary>
    public double StopValidationLoss { get; init; }

    /// <summary>Training stops after the first epoch with at least this fraction of validation trials right; null never stops.</summary>
    public double? StopValidationAccuracy { get; init; }

    /// <summary>
    /// Training stops once the validation loss has not fallen for so many epochs, and the network is then, as at any other end,
    /// that of the epoch with the least validation loss; 0 never stops and keeps the last epoch's.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>Seed of the data set; null for the task's own.</summary>
    public uint? DataSeed { get; init; }

    /// <summary>Seed of the shuffling; null for the network's own seed.</summary>
    public long? ShuffleSeed { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public void Validate()
    {
        Require("epochs", Epochs, Epochs is >= 1 and <= 1_000_000, "1 to 1000000", "20 is the published value");
        Require("batch", BatchSize, BatchSize is >= 1 and <= 65536, "1 to 65536", "64 is the published value");
        Require("learning rate", LearningRate, LearningRate is > 0 and <= float.MaxValue, "a number above 0, within single precision",
            "1e-4 is the published value");
        Require("decay", Decay, double.IsFinite(Decay) && Decay >= 0, "a finite number, 0 or above", "1e-4 is the published value");
        Require("beta1", Beta1, Beta1 is >= 0 and < 1, "0 or above and below 1", "0.9 is the published value");
        Require("beta2", Beta2, Beta2 is >= 0 and < 1, "0 or above and below 1", "0.999 is the published value");
        Require("epsilon", Epsilon, (float)Epsilon > 0 && Epsilon <= float.MaxValue, "a number above 0, within single precision",
            "1e-8 is the published value");
        Require("clip norm", ClipNorm, ClipNorm > 0, "a number above 0", "0.5 is the published value");
        Require("stop loss", StopLoss, StopLoss >= 0, "0 or above", "9e-5 is the published value");
        Require("divergence loss", DivergenceLoss, DivergenceLoss > 0, "a number above 0", "1e6 is the default");
        Require("test trials", TestTrials, TestTrials >= 1, "1 or more", "50 is the published value");
        Require("validation trials", ValidationTrials, ValidationTrials >= 0, "0 or more", "0 is the published value");
        Require("stop validation loss", StopValidationLoss, StopValidationLoss >= 0, "0 or above", "0 never stops");
        Require("stop validation accuracy", StopValidationAccuracy ?? 1, StopValidationAccuracy is null or (>= 0 and <= 1), "0 to 1",
            "leave it out to never stop");
        Require("patience", Patience, Patience >= 0, "0 or more", "0 never stops");
        if (ValidationTrials == 0 && (StopValidationLoss > 0 || StopValidationAccuracy is not null || Patience > 0))
            throw InvalidInputException.Of("validation trials", 0, "1 or more to stop by validation", "set aside validation trials");
        if (Trials is { } trials) RequireTrainingTrials(trials);
    }

    /// <summary>Checks that of so many trials some are left to train on.</summary>
    /// <exception cref="InvalidInputException">None are.</exception>
    public void RequireTrainingTrials(int trials)
    {
        var kept = (long)TestTrials + ValidationTrials;
        var purpose = ValidationTrials > 0 ? "testing and validation" : "testing";
        Require("trials", trials, trials > kept, $"more than the {kept} kept for {purpose}", "use more trials, or keep fewer");
    }

    private static void Require(string what, object found, bool holds, string expected, string remedy)
    {
        if (!holds) throw InvalidInputException.Of(what, found, expected, remedy);
    }
}
