using EiRnnFast.Kernels.Sparse;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;

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

    /// <summary>Whether an update takes all training trials, whatever <see cref="BatchSize"/> says.</summary>
    public bool FullBatch { get; init; }

    /// <summary>What is made small.</summary>
    public LossFunction Loss { get; init; }

    /// <summary>What updates are made of. With <see cref="TrainingData.Fresh"/> every update draws its trials.</summary>
    public TrainingData Data { get; init; }

    /// <summary>Updates of an epoch with fresh data.</summary>
    public int EpochUpdates { get; init; } = 100;

    /// <summary>Stages before the task itself, in their order; validation trials end them. What stops a training stops it in the last stage
    /// only.</summary>
    public IReadOnlyList<CurriculumStage> Curriculum { get; init; } = [];

    /// <summary>Terms of one's own in the loss. No states are shared then.</summary>
    public IReadOnlyList<ILossTerm> Terms { get; init; } = [];

    /// <summary>What makes a step of a gradient.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Learning rate before its schedule.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Of the schedule Decay: after k updates the rate is LearningRate/(1 + Decay·k).</summary>
    public double Decay { get; init; } = 1e-4;

    /// <summary>Of the schedule Steps: the factor …</summary>
    public double ScheduleFactor { get; init; } = 0.1;

    /// <summary>… after every so many epochs.</summary>
    public int ScheduleEpochs { get; init; } = 10;

    /// <summary>μ of Sgd.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether Sgd looks ahead (Nesterov).</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// λ: before every step W_in, W_rec (V, where that is trained) and W_out are multiplied by 1 − lr_k·λ (Loshchilov and Hutter 2019).
    /// </summary>
    public double WeightDecay { get; init; }

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

    /// <summary>How products with W_rec are formed; null for the form that costs least.</summary>
    internal RecurrentForm? RecurrentForm { get; init; }

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
    /// Training stops once the validation loss has not fallen for so many epochs. Unless <see cref="Keep"/> says otherwise, the network is
    /// then, as at any other end, that of the epoch with the least validation loss; 0 never stops.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>Which epoch's weights the network has in the end; null for the best one's with patience, else the last one's.</summary>
    public KeptEpoch? Keep { get; init; }

    /// <summary>Whether those of the epoch with the least validation loss are kept.</summary>
    public bool KeepsBest => (Keep ?? (Patience > 0 ? KeptEpoch.Best : KeptEpoch.Last)) == KeptEpoch.Best;

    /// <summary>Seed of the data set; null for the task's own.</summary>
    public uint? DataSeed { get; init; }

    /// <summary>Seed of the shuffling; null for the network's own seed.</summary>
    public long? ShuffleSeed { get; init; }

    internal static readonly ValueRange EpochsRange = new(1, 1_000_000), BatchRange = new(1, 65536);

    internal static readonly ValueRange LearningRateRange = ValueRange.PositiveSingle, DecayRange = new(0, double.MaxValue),
        BetaRange = new(0, 1, BelowMost: true), FactorRange = new(0, 1, AboveLeast: true), WeightDecayRange = new(0, float.MaxValue),
         EpsilonRange = ValueRange.PositiveSingle, ClipNormRange = new(0, AboveLeast: true);

    internal static readonly ValueRange StopLossRange = new(0), DivergenceLossRange = new(0, AboveLeast: true),
        AccuracyRange = new(0, 1), PatienceRange = new(0, int.MaxValue);

    internal static readonly ValueRange TrialsRange = new(1, int.MaxValue), ValidationTrialsRange = new(0, int.MaxValue),
        DataSeedRange = new(0, uint.MaxValue);

    /// <summary>
    /// Tensors that are not trained: they have no gradient and enter no norm. The sign constraint holds for them, from the first update
    /// on.
    /// </summary>
    public IReadOnlyList<NetworkTensor> Frozen { get; init; } = [];

    /// <summary>What is added to the loss of the task.</summary>
    public Penalties Penalties { get; init; } = Penalties.None;

    /// <summary>The network as kernels and workspace have to know it.</summary>
    internal NetworkSpec SpecFor(NetworkSpec spec) =>
        Penalties.L2Rate == 0 && Terms is [] ? spec : spec with { Cell = spec.Cell with { CarriesGradient = true } };

    /// <summary>Trials to train on, of a data set of the task.</summary>
    internal int TrainingTrialsOf(ITask task) => (Trials ?? task.DefaultTrials) - TestTrials - ValidationTrials;

    /// <summary>Trials of an update, of so many to train on.</summary>
    internal int BatchOf(int trials) => FullBatch ? trials : Math.Min(BatchSize, trials);

    private static readonly TrainingOptions s_usual = new();

    /// <summary>Checks every setting.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public void Validate()
    {
        Required.Known(Loss, "loss");
        Required.Known(Data, "data");
        Required.Known(Optimizer, "optimizer");
        Required.Known(Schedule, "schedule");
        Required.Known(Clipping, "clipping");
        if (Keep is { } keep) Required.Known(keep, "keep");
        Required.Value(Curriculum, "curriculum", "a list of stages, which may be empty");
        foreach (var stage in Curriculum) Required.Value(stage?.Task, "curriculum", "stages with a task each");
        Required.Value(Terms, "terms", "a list of terms, which may be empty");
        foreach (var term in Terms) Required.Value(term, "terms", "terms that are there");
        Required.Value(Frozen, "frozen", "a list of tensors, which may be empty");
        foreach (var tensor in Frozen) Required.Known(tensor, "frozen");
        Required.Value(Penalties, "penalties", "penalties, or Penalties.None");
        EpochsRange.Require("epochs", Epochs, s_usual.Epochs);
        BatchRange.Require("batch", BatchSize, s_usual.BatchSize);
        EpochsRange.Require("epoch updates", EpochUpdates, s_usual.EpochUpdates);
        if (FullBatch && Data == TrainingData.Fresh)
            throw InvalidInputException.Of("batch", "all together with fresh data", "a number of trials, or fixed data",
                "give the number of trials that an update draws");
        if (Curriculum.Count > 0 && ValidationTrials == 0)
            throw InvalidInputException.Of("curriculum", "no validation trials", "some, which end its stages",
                "set aside validation trials");
        if (Loss == LossFunction.None && Terms is [])
            throw InvalidInputException.Of("loss", "none, and no term of one's own", "one of the two", "add a term, or choose a loss");
        LearningRateRange.Require("learning rate", LearningRate, s_usual.LearningRate);
        DecayRange.Require("decay", Decay, s_usual.Decay);
        FactorRange.Require("schedule factor", ScheduleFactor, s_usual.ScheduleFactor);
        EpochsRange.Require("schedule epochs", ScheduleEpochs, s_usual.ScheduleEpochs);
        BetaRange.Require("momentum", Momentum, s_usual.Momentum);
        WeightDecayRange.Require("weight decay", WeightDecay, s_usual.WeightDecay);
        if (!(WeightDecay * LearningRate < 1))
            throw InvalidInputException.Of("weight decay", $"{WeightDecay} at a learning rate of {LearningRate}",
                "a product below 1, or weights change their signs", "use a smaller one");
        BetaRange.Require("beta1", Beta1, s_usual.Beta1);
        BetaRange.Require("beta2", Beta2, s_usual.Beta2);
        EpsilonRange.Require("epsilon", Epsilon, s_usual.Epsilon);
        ClipNormRange.Require("clip norm", ClipNorm, s_usual.ClipNorm);
        StopLossRange.Require("stop loss", StopLoss, s_usual.StopLoss);
        DivergenceLossRange.Require("divergence loss", DivergenceLoss, s_usual.DivergenceLoss);
        TrialsRange.Require("test trials", TestTrials, s_usual.TestTrials);
        ValidationTrialsRange.Require("validation trials", ValidationTrials, s_usual.ValidationTrials);
        StopLossRange.Require("stop validation loss", StopValidationLoss, s_usual.StopValidationLoss);
        if (StopValidationAccuracy is { } accuracy) AccuracyRange.Require("stop validation accuracy", accuracy, 1);
        PatienceRange.Require("patience", Patience, s_usual.Patience);
        if (ValidationTrials == 0 && (StopValidationLoss > 0 || StopValidationAccuracy is not null || Patience > 0))
            throw InvalidInputException.Of("validation trials", 0, "1 or more to stop by validation", "set aside validation trials");
        if (ValidationTrials == 0 && Keep == KeptEpoch.Best)
            throw InvalidInputException.Of("keep", "best without validation trials", "some, which say what is best",
                "set aside validation trials (--validation-trials 500), or keep the last epoch");
        if (Trials is { } trials) RequireTrainingTrials(trials);
    }

    /// <summary>Checks penalties, and that what is frozen leaves something to train.</summary>
    /// <exception cref="InvalidInputException">A penalty that cannot be used; all tensors are frozen, or the initial state is, which is
    /// trained only where it is
    /// asked for.</exception>
    public void RequireTrainable(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Penalties.Validate(spec.Units);
        if (Frozen.Contains(NetworkTensor.InitialState))
            throw InvalidInputException.Of("frozen",
                spec.Cell.TrainInitialState ? "initial_state together with train_initial_state" : "initial_state, which is not trained",
                "it trained, or left out", "leave it out of frozen");
        if (Enum.GetValues<NetworkTensor>().All(tensor => Frozen.Contains(tensor) || tensor == NetworkTensor.InitialState)
            && !spec.Cell.TrainInitialState)
            throw InvalidInputException.Of("frozen", "all tensors", "at least one that is trained", "leave one out of frozen");
    }

    /// <summary>Checks that of so many trials some are left to train on.</summary>
    /// <exception cref="InvalidInputException">None are.</exception>
    public void RequireTrainingTrials(int trials)
    {
        var kept = (long)TestTrials + ValidationTrials;
        if (trials > kept) return;
        var purpose = ValidationTrials > 0 ? "testing and validation" : "testing";
        throw InvalidInputException.Of("trials", trials, $"more than the {kept} kept for {purpose}", "use more trials, or keep fewer");
    }
}
