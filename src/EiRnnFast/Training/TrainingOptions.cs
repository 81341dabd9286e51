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
        Require("learning rate", LearningRate, double.IsFinite(LearningRate) && LearningRate > 0, "a finite number above 0", "1e-4 is the published value");
        Require("decay", Decay, double.IsFinite(Decay) && Decay >= 0, "a finite number, 0 or above", "1e-4 is the published value");
        Require("beta1", Beta1, Beta1 is >= 0 and < 1, "0 or above and below 1", "0.9 is the published value");
        Require("beta2", Beta2, Beta2 is >= 0 and < 1, "0 or above and below 1", "0.999 is the published value");
        Require("epsilon", Epsilon, double.IsFinite(Epsilon) && Epsilon > 0, "a finite number above 0", "1e-8 is the published value");
        Require("clip norm", ClipNorm, ClipNorm > 0, "a number above 0", "0.5 is the published value");
        Require("stop loss", StopLoss, StopLoss >= 0, "0 or above", "9e-5 is the published value");
        Require("divergence loss", DivergenceLoss, DivergenceLoss > 0, "a number above 0", "1e6 is the default");
        Require("test trials", TestTrials, TestTrials >= 1, "1 or more", "50 is the published value");
        if (Trials is { } trials) Require("trials", trials, trials > TestTrials, $"more than the {TestTrials} test trials", "draw more trials");
    }

    private static void Require(string what, object found, bool holds, string expected, string remedy)
    {
        if (!holds) throw InvalidInputException.Of(what, found, expected, remedy);
    }
}
