using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Settings;

/// <summary>
/// Every setting of a run, once. A new one is one line here and what it does elsewhere. The order is that of the text behind run
/// ids: it stays as it is, and a new setting comes last in its part.
/// </summary>
public static class SettingTable
{
    /// <summary>Names of settings that others speak of.</summary>
    public const string Task = "task", TaskFile = "task_file", TaskOptions = "task_options", MaskFile = "mask_file",
        CostFile = "cost_file", StartFile = "start_file", Areas = "areas", DataSeed = "data_seed", PresetName = "preset";

    /// <summary>Data seed of a run that has the seed of its network: every network its own data set.</summary>
    public const string NetworkSeed = "network";

    /// <summary>Size of a batch that has all training trials.</summary>
    public const string AllTrials = "all";

    /// <summary>Settings of a network that is drawn: one from a file has none.</summary>
    public static IReadOnlyList<string> ReplacedByStart =>
        ["init", "gain", "mu", "balanced", "magnitude_mean", "magnitude_cv", "spectral_radius"];

    private const SettingPart Network = SettingPart.Network, Training = SettingPart.Training;

    private static readonly SettingCondition s_signed = new("sign_axis", "presynaptic", "postsynaptic"),
        s_twoGaussian = new("init", "two-gaussian"), s_magnitudes = new("init", "gamma", "lognormal"),
        s_adam = new("optimizer", "adam"), s_descent = new("optimizer", "sgd"), s_decay = new("schedule", "decay"),
        s_steps = new("schedule", "steps"), s_fixed = new("data", "fixed"), s_fresh = new("data", "fresh"),
        s_clipped = new("clipping", "global", "per-tensor");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new(run => run.Task.Sha256 is null ? run.Task.Name : null, (run, name) => run with { Task = TaskCatalog.Get((string)name) })
        {
            Name = Task, Kind = SettingKind.Choice, Part = SettingPart.Task, Sentence = "Task that is learned.",
            Choices = [.. TaskCatalog.All.Select(task => task.Name)], InEffect = run => run.Task.Name,
        },
        new(run => run.Task.Sha256, (run, task) => run with { Task = (ITask)task })
        {
            Name = TaskFile, Kind = SettingKind.File, Part = SettingPart.Task, IdName = "task_sha256",
            Excludes = [Task, TaskOptions, DataSeed],
            Sentence = "File (.npz) of trials to learn instead: x [n,T,I], y [n,T,O] and, optionally, mask [n,T] or [n,T,O]. "
                + "A trial is right when its last stretch of constant target is met.",
            InEffect = run => run.Task.SourceFile,
        },
        new(run => run.ChangedTaskOptions is { Count: > 0 } options ? options : null,
            (run, options) => run with { Task = TaskCatalog.Get(run.Task.Name, (IReadOnlyDictionary<string, double>)options) })
        {
            Name = TaskOptions, Kind = SettingKind.Options, Part = SettingPart.Task, OldNames = ["task_option"], IdName = "task_option",
            Sentence = "Parameters of the task, such as gap=40 (eirnn tasks NAME lists them).",
        },
        Whole("units", Network, "Number of units.", NetworkSpec.UnitsRange, run => run.Units, (run, n) => run with { Units = n }),
        Choice("sign_axis", Network, "Unit whose sign a weight has: the presynaptic one is Dale's law.", SettingNames.Axes,
            run => run.Signs.Axis, (run, axis) => run with { Signs = SignConstraint.Of(axis) }, idName: "sign"),
        Number("excitatory", Network, "Fraction of excitatory units.", SignConstraint.ExcitatoryRange, run => run.Signs.Excitatory,
            (run, fraction) => run with { Signs = SignConstraint.Of(run.Signs.Axis, fraction) }, when: s_signed),
        Flag("input_nonnegative", Network, "Keep input weights at 0 or above (by default where there is a sign constraint).",
            run => run.Signs.NonNegativeInput == (run.Signs.Axis != SignAxis.None) ? null : run.Signs.NonNegativeInput,
            (run, on) => run with { Signs = run.Signs with { NonNegativeInput = on } }, inEffect: run => run.Signs.NonNegativeInput),
        Choice("init", Network, "Initialisation of the recurrent matrix.", SettingNames.Inits,
            run => run.Init.Kind, (run, kind) => run with { Init = RecurrentInit.Of(kind) }),
        Number("gain", Network, "Scale of the recurrent matrix.", RecurrentInit.GainRange,
            run => run.Init.SpectralRadius is null ? run.Init.Gain : null,
            (run, gain) => run.WithInit(init => init with { Gain = gain })),
        Number("mu", Network, "Mean of the two Gaussians.", RecurrentInit.MuRange,
            run => run.Init.Mu, (run, mu) => run with { Init = run.Init with { Mu = mu } }, when: s_twoGaussian),
        Flag("balanced", Network, "Balance excitation and inhibition at the start: removes the outlier, keeps the radius.",
            run => run.Init.Balanced, (run, on) => run with { Init = run.Init with { Balanced = on } }),
        Choice("sign_mode", Network, "How signs are kept: by projection after every update, or as |V|·D or max(V, 0)·D of trained V.",
            SettingNames.SignModes, run => run.Signs.Mode, (run, mode) => run with { Signs = run.Signs with { Mode = mode } },
            when: s_signed),
        Flag("readout_nonnegative", Network, "Keep readout weights at 0 or above.", run => run.Signs.NonNegativeOutput,
            (run, on) => run with { Signs = run.Signs with { NonNegativeOutput = on } }),
        Choice("activation", Network, "Activation function of the units.", SettingNames.Activations,
            run => run.Cell.Activation, (run, activation) => run.WithCell(cell => cell with { Activation = activation })),
        Choice("cell_form", Network, "Place of the leak: in the rate, or in the voltage before the activation.", SettingNames.Forms,
            run => run.Cell.Form, (run, form) => run.WithCell(cell => cell with { Form = form })),
        Number("alpha", Network, "Leak: time step over time constant; 1 is no leak.", CellSpec.AlphaRange,
            run => run.Cell.Tau is null ? run.Cell.Alpha : null,
            (run, alpha) => run.WithCell(cell => cell with { Alpha = alpha, AlphaPerUnit = null })),
        Number("noise_rec", Network, "Standard deviation σ of the noise of the states in training.", CellSpec.NoiseRange,
            run => run.Cell.Noise, (run, sigma) => run.WithCell(cell => cell with { Noise = sigma })),
        Flag("train_initial_state", Network, "Also train the state before the first step.", run => run.Cell.TrainInitialState,
            (run, on) => run.WithCell(cell => cell with { TrainInitialState = on })),
        Number("noise_in", Network, "Standard deviation σ of the noise of the inputs in training.", CellSpec.NoiseRange,
            run => run.Cell.InputNoise, (run, sigma) => run.WithCell(cell => cell with { InputNoise = sigma })),
        Number("density", Network, "Fraction of the recurrent weights that exist, drawn from the seed; with areas, within an area.",
            Wiring.DensityRange, run => run.Wiring.Density, (run, p) => run.WithWiring(wiring => wiring with { Density = p })),
        Flag("autapses", Network, "Let units act on themselves.", run => run.Wiring.Autapses,
            (run, on) => run.WithWiring(wiring => wiring with { Autapses = on })),
        Flag("input_to_excitatory", Network, "Give input to excitatory units only.", run => run.Wiring.InputToExcitatory,
            (run, on) => run.WithWiring(wiring => wiring with { InputToExcitatory = on })),
        Flag("readout_from_excitatory", Network, "Read out excitatory units only.", run => run.Wiring.ReadoutFromExcitatory,
            (run, on) => run.WithWiring(wiring => wiring with { ReadoutFromExcitatory = on })),
        new(run => run.Wiring.Areas, (run, areas) =>
            run.WithWiring(wiring => wiring with { Areas = (IReadOnlyDictionary<string, double>)areas }))
        {
            Name = Areas, Kind = SettingKind.Options, Part = Network,
            Sentence = "Areas in their order, each with its share of the units, such as sensory=0.4 motor=0.6.",
        },
        new(run => run.Wiring.Projections is { Count: > 0 } projections ? projections : null, (run, projections) =>
            run.WithWiring(wiring => wiring with { Projections = (IReadOnlyList<string>)projections }))
        {
            Name = "projections", Kind = SettingKind.Texts, Part = Network,
            Sentence = "Weights between areas, with a density unless 1, such as 'sensory -> motor 0.2'; "
                + "input and output may be source and target.",
        },
        new(run => run.Wiring.Given?.Sha256, (run, masks) => run.WithWiring(wiring => wiring with { Given = (GivenMasks)masks }))
        {
            Name = MaskFile, Kind = SettingKind.File, Part = Network, IdName = "mask_sha256", Excludes = ["density", Areas],
            Sentence = "File of 0 and 1 that says which weights exist: a .npy [N,N], or a .npz with kernel_mask [I,N], "
                + "recurrent_kernel_mask [N,N] and dense_kernel_mask [N,O], or some of them.",
            InEffect = run => run.Wiring.Given?.SourceFile,
        },
        Time("tau", "Time constant τ of the units; the leak is then dt/τ.", run => run.Cell.Tau,
            (cell, tau) => cell with { Tau = tau, AlphaPerUnit = null }, excludes: "alpha"),
        Time("tau_max", "Longest time constant: each unit draws its own uniformly between tau and this value.", run => run.Cell.TauMost,
            (cell, tau) => cell with { TauMost = tau, AlphaPerUnit = null }, excludes: "alpha"),
        Time("dt", "Time step, with tau (by default that of the task).", run => run.Cell.Dt, (cell, dt) => cell with { Dt = dt },
            excludes: "alpha", inEffect: run => run.TimedCell.Dt),
        Number("initial_state", Network, "State of every unit before the first step.", CellSpec.StateRange,
            run => run.Cell.InitialState, (run, state) => run.WithCell(cell => cell with { InitialState = state })),
        Number("magnitude_mean", Network, "Mean of the magnitudes (by default entries get the variance of a normal initialisation).",
            RecurrentInit.GainRange, run => run.Init.MagnitudeMean,
            (run, mean) => run.WithInit(init => init with { MagnitudeMean = mean }), when: s_magnitudes),
        Number("magnitude_cv", Network, "Coefficient of variation of the magnitudes: standard deviation over mean.",
            RecurrentInit.VariationRange, run => run.Init.MagnitudeVariation,
            (run, variation) => run.WithInit(init => init with { MagnitudeVariation = variation }), when: s_magnitudes),
        new(run => run.Init.SpectralRadius, (run, radius) => run.WithInit(init => init with { SpectralRadius = (double)radius }))
        {
            Name = "spectral_radius", Kind = SettingKind.Number, Part = Network, Range = RecurrentInit.GainRange,
            Excludes = ["gain", "magnitude_mean"],
            Sentence = "Spectral radius to which the initial recurrent matrix, as it acts, is scaled (by default the gain is the scale).",
        },
        Whole("epochs", Training, "Maximum number of passes over the training trials; with fresh data an epoch has epoch_updates updates.",
            TrainingOptions.EpochsRange,
            run => run.Training.Epochs, (run, n) => run.Train(training => training with { Epochs = n })),
        new(run => run.Training.FullBatch ? AllTrials : (long)run.Training.BatchSize, (run, size) => run.Train(training =>
            size is long number ? training with { BatchSize = (int)number } : training with { FullBatch = true }))
        {
            Name = "batch", Kind = SettingKind.Whole, Part = Training, Range = TrainingOptions.BatchRange, Choices = [AllTrials],
            Sentence = $"Trials per update, or '{AllTrials}' for all training trials.",
            InEffect = run => run.Training.FullBatch ? run.Training.TrainingTrialsOf(run.Task) : (long)run.Training.BatchSize,
        },
        Choice("loss", Training, "Loss that training minimises; cross_entropy has one output per answer of the task.", SettingNames.Losses,
            run => run.Training.Loss, (run, loss) => run.Train(training => training with { Loss = loss })),
        Choice("data", Training, "One data set, or fresh trials for every update.", SettingNames.Data,
            run => run.Training.Data, (run, data) => run.Train(training => training with { Data = data })),
        Whole("epoch_updates", Training, "Updates of an epoch.", TrainingOptions.EpochsRange,
            run => s_fresh.Holds(run) ? run.Training.EpochUpdates : null,
            (run, n) => run.Train(training => training with { EpochUpdates = n }), when: s_fresh),
        Choice("optimizer", Training, "Optimiser: Adam, or gradient descent with momentum.", SettingNames.Optimizers,
            run => run.Training.Optimizer, (run, kind) => run.Train(training => training with { Optimizer = kind })),
        Number("learning_rate", Training, "Learning rate before its schedule.", TrainingOptions.LearningRateRange,
            run => run.Training.LearningRate, (run, rate) => run.Train(training => training with { LearningRate = rate })),
        Choice("schedule", Training, "How the learning rate changes: by decay, not at all, along a cosine to 0, or in steps.",
            SettingNames.Schedules,
            run => run.Training.Schedule, (run, schedule) => run.Train(training => training with { Schedule = schedule })),
        Number("decay", Training, "Time decay of the learning rate: after k updates it is divided by 1 + decay·k.",
            TrainingOptions.DecayRange,
            run => run.Training.Decay, (run, decay) => run.Train(training => training with { Decay = decay }), when: s_decay),
        Number("beta1", Training, "Adam's β₁, the decay of the gradient's mean.", TrainingOptions.BetaRange,
            run => run.Training.Beta1, (run, beta) => run.Train(training => training with { Beta1 = beta }), when: s_adam),
        Number("beta2", Training, "Adam's β₂, the decay of the gradient's mean square.", TrainingOptions.BetaRange,
            run => run.Training.Beta2, (run, beta) => run.Train(training => training with { Beta2 = beta }), when: s_adam),
        Number("epsilon", Training, "Adam's ε, added to the root of the mean square.", TrainingOptions.EpsilonRange,
            run => run.Training.Epsilon, (run, epsilon) => run.Train(training => training with { Epsilon = epsilon }), when: s_adam),
        Choice("clipping", Training, "Gradient clipping.", SettingNames.Clippings,
            run => run.Training.Clipping, (run, clipping) => run.Train(training => training with { Clipping = clipping }), oldName: "clip"),
        Number("clip_norm", Training, "Norm above which gradients are clipped.", TrainingOptions.ClipNormRange,
            run => run.Training.ClipNorm, (run, norm) => run.Train(training => training with { ClipNorm = norm }),
            when: s_clipped, inEffect: run => run.Training.ClipNorm),
        Number("stop_loss", Training, "Stop after the first epoch whose mean loss, without penalties, is below this; 0 never stops.",
            TrainingOptions.StopLossRange,
            run => run.Training.StopLoss, (run, loss) => run.Train(training => training with { StopLoss = loss })),
        Number("divergence_loss", Training, "Loss above which training counts as diverged.", TrainingOptions.DivergenceLossRange,
            run => run.Training.DivergenceLoss, (run, loss) => run.Train(training => training with { DivergenceLoss = loss })),
        Flag("shuffle", Training, "Draw a new order of the trials for every epoch.",
            run => s_fixed.Holds(run) ? run.Training.Shuffle : null,
            (run, on) => run.Train(training => training with { Shuffle = on }), when: s_fixed),
        Flag("sharing", Training, "Let trials share hidden states as long as their inputs are the same: exact, and faster.",
            run => run.Training.Sharing, (run, on) => run.Train(training => training with { Sharing = on })),
        Whole("trials", Training, "Trials of the data set (by default the task's own number).", TrainingOptions.TrialsRange,
            run => run.Training.Trials, (run, n) => run.Train(training => training with { Trials = n }),
            inEffect: run => s_fixed.Holds(run) ? run.Training.Trials ?? run.Task.DefaultTrials : null, when: s_fixed),
        Whole("test_trials", Training, "Number of trials that are kept for testing, the first ones of the data set.",
            TrainingOptions.TrialsRange,
            run => run.Training.TestTrials, (run, n) => run.Train(training => training with { TestTrials = n })),
        Whole("validation_trials", Training, "Number of trials for validation after every epoch; they follow the test trials.",
            TrainingOptions.ValidationTrialsRange,
            run => run.Training.ValidationTrials, (run, n) => run.Train(training => training with { ValidationTrials = n })),
        Number("stop_validation_loss", Training, "Stop after the first epoch whose validation loss is below this; 0 never stops.",
            TrainingOptions.StopLossRange,
            run => run.Training.StopValidationLoss, (run, loss) => run.Train(training => training with { StopValidationLoss = loss })),
        Number("stop_validation_accuracy", Training,
            "Stop after the first epoch with this fraction of validation trials right (by default never).",
            TrainingOptions.AccuracyRange, run => run.Training.StopValidationAccuracy,
            (run, fraction) => run.Train(training => training with { StopValidationAccuracy = fraction })),
        Whole("patience", Training,
            "Number of epochs without a lower validation loss after which training stops, with the best epoch's weights; 0 never stops.",
            TrainingOptions.PatienceRange,
            run => run.Training.Patience, (run, n) => run.Train(training => training with { Patience = n })),
        new(run => run.OwnDataSet ? NetworkSeed : (long?)run.Training.DataSeed,
            (run, seed) => seed is long number
                ? run.Train(training => training with { DataSeed = (uint)number })
                : run with { OwnDataSet = true })
        {
            Name = DataSeed, Kind = SettingKind.Whole, Part = Training, Range = TrainingOptions.DataSeedRange, Choices = [NetworkSeed],
            Sentence = $"Seed of the data set, or '{NetworkSeed}' for the seed of the network (by default the published one of the task).",
            InEffect = run => (long)(run.Training.DataSeed ?? run.Task.DefaultDataSeed),
        },
        new(run => run.Training.Frozen is { Count: > 0 } frozen ? TensorNames(frozen) : null, (run, names) =>
            run.Train(training => training with { Frozen = [.. ((IReadOnlyList<string>)names).Select(TensorOf)] }))
        {
            Name = "frozen", Kind = SettingKind.Texts, Part = Training,
            Sentence = $"Tensors that are not trained: {FreezableNames}. The sign constraint holds for them.",
        },
        Number("momentum", Training, "Momentum μ of the descent.", TrainingOptions.BetaRange,
            run => run.Training.Momentum, (run, mu) => run.Train(training => training with { Momentum = mu }), when: s_descent),
        Flag("nesterov", Training, "Look ahead by the momentum (Nesterov).", run => s_descent.Holds(run) ? run.Training.Nesterov : null,
            (run, on) => run.Train(training => training with { Nesterov = on }), when: s_descent),
        Number("weight_decay", Training, "Decoupled decay λ: before a step weights, not biases, are multiplied by 1 − lr·λ.",
            TrainingOptions.WeightDecayRange,
            run => run.Training.WeightDecay, (run, decay) => run.Train(training => training with { WeightDecay = decay })),
        Penalty("l2_rate", "Weight of the mean of squared rates in the loss; no states are shared then.", penalties => penalties.L2Rate,
            (penalties, weight) => penalties with { L2Rate = weight }),
        Penalty("l1_recurrent", "Weight of the sum of |W_rec| in the loss.", penalties => penalties.L1Recurrent,
            (penalties, weight) => penalties with { L1Recurrent = weight }),
        Penalty("l2_recurrent", "Weight of the sum of squared recurrent weights in the loss.", penalties => penalties.L2Recurrent,
            (penalties, weight) => penalties with { L2Recurrent = weight }),
        Number("cost_weight", Training, "Weight of the wiring cost in the loss, the sum of cost times |W_rec|.", Penalties.WeightRange,
            run => run.Training.Penalties.CostWeight, (run, weight) => run.Penalise(penalties => penalties with { CostWeight = weight })),
        new(run => run.Training.Penalties.Cost?.Sha256,
            (run, cost) => run.Penalise(penalties => penalties with { Cost = (WiringCost)cost }))
        {
            Name = CostFile, Kind = SettingKind.File, Part = Training, IdName = "cost_sha256", Excludes = ["cost_box"],
            Sentence = "File (.npy) of the wiring costs [N,N], or of places of the units, [N,2] or [N,3], "
                + "whose distances are the costs; a square array is costs.",
            InEffect = run => run.Training.Penalties.Cost?.SourceFile,
        },
        new(run => run.Training.Penalties.Cost?.Box, (run, box) =>
            run.Penalise(penalties => penalties with { Cost = WiringCost.Of((IReadOnlyDictionary<string, double>)box) }))
        {
            Name = "cost_box", Kind = SettingKind.Options, Part = Training,
            Sentence = "Box of units, such as x=5 y=5 z=4, whose distances are the wiring costs.",
        },
        new(run => run.Training.Curriculum is { Count: > 0 } stages ? stages.Select(CurriculumText.Of).ToArray() : null,
            (run, stages) => run.Train(training => training with
            {
                Curriculum = [.. ((IReadOnlyList<string>)stages).Select(stage => CurriculumText.Parse(stage, run.Task))],
            }))
        {
            Name = "curriculum", Kind = SettingKind.Texts, Part = Training,
            Sentence = "Stages before the task itself, such as 'delay_max=20 until accuracy=0.9' (or loss=0.01), judged by the "
                + "validation trials.",
        },
        Number("schedule_factor", Training, "Factor of the learning rate in steps.", TrainingOptions.FactorRange,
            run => run.Training.ScheduleFactor, (run, factor) => run.Train(training => training with { ScheduleFactor = factor }),
            when: s_steps),
        Whole("schedule_epochs", Training, "Epochs from one step of the learning rate to the next.", TrainingOptions.EpochsRange,
            run => s_steps.Holds(run) ? run.Training.ScheduleEpochs : null,
            (run, epochs) => run.Train(training => training with { ScheduleEpochs = epochs }), when: s_steps),
        new(run => run.Training.Keep is { } kept ? SettingNames.Of(SettingNames.Kept, kept) : null,
            (run, name) => run.Train(training => training with { Keep = SettingNames.Kept[(string)name] }))
        {
            Name = "keep", Kind = SettingKind.Choice, Part = Training, Choices = [.. SettingNames.Kept.Keys],
            Sentence = "Which epoch's weights are kept: the last one's, or those of least validation loss (by default with patience).",
            InEffect = run => SettingNames.Of(SettingNames.Kept, run.Training.KeepsBest ? KeptEpoch.Best : KeptEpoch.Last),
        },
        new(run => run.Start?.Sha256, (run, network) => run.StartingFrom((StartingNetwork)network))
        {
            Name = StartFile, OptionName = "from", Kind = SettingKind.File, Part = Training, OldNames = ["from"], IdName = "start_sha256",
            Excludes = ReplacedByStart,
            Sentence = "Start from the network of a file (.npz or Keras .h5): its weights, size, cell and signs, in place of drawn ones.",
            InEffect = run => run.Start?.SourceFile,
        },
    ];

    private static readonly Dictionary<string, Setting> s_byName =
        All.SelectMany(setting => setting.OldNames.Prepend(setting.Name).Select(name => (name, setting))).ToDictionary();

    /// <summary>The setting of a name, also of an old one; null where there is none.</summary>
    public static Setting? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The setting of a name that is known.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static Setting Get(string name) => Find(name) ?? throw InvalidInputException.Of("setting", SettingText.Shown(name),
        $"one of {string.Join(", ", All.Select(setting => setting.Name))}",
        NearestName.Remedy("correct the name", name, All.Select(setting => setting.Name)));

    private static Setting Whole(string name, SettingPart part, string sentence, ValueRange range,
        Func<RunSettings, int?> asked, Func<RunSettings, int, RunSettings> put, Func<RunSettings, int?>? inEffect = null,
        SettingCondition? when = null) =>
        new(run => (long?)asked(run), (run, value) => put(run, (int)(long)value))
        {
            Name = name, Kind = SettingKind.Whole, Part = part, Sentence = sentence, Range = range, When = when,
            InEffect = inEffect is null ? null : run => (long?)inEffect(run),
        };

    private static Setting Number(string name, SettingPart part, string sentence, ValueRange range,
        Func<RunSettings, double?> asked, Func<RunSettings, double, RunSettings> put,
        SettingCondition? when = null, Func<RunSettings, object?>? inEffect = null) =>
        new(run => when is null || when.Holds(run) ? asked(run) : null, (run, value) => put(run, (double)value))
        {
            Name = name, Kind = SettingKind.Number, Part = part, Sentence = sentence, Range = range, When = when, InEffect = inEffect,
        };

    private static Setting Penalty(string name, string sentence, Func<Penalties, double> asked,
        Func<Penalties, double, Penalties> put) =>
        Number(name, Training, sentence, Penalties.WeightRange, run => asked(run.Training.Penalties),
            (run, weight) => run.Penalise(penalties => put(penalties, weight)));

    /// <summary>Milliseconds.</summary>
    private static Setting Time(string name, string sentence, Func<RunSettings, double?> asked, Func<CellSpec, double, CellSpec> put,
        string? excludes = null, Func<RunSettings, double?>? inEffect = null) =>
        new(run => asked(run), (run, value) => run.WithCell(cell => put(cell, (double)value)))
        {
            Name = name, Kind = SettingKind.Number, Part = Network, Sentence = $"{sentence[..^1]}, in ms.",
            Range = CellSpec.MillisecondsRange, Excludes = excludes is null ? [] : [excludes],
            InEffect = inEffect is null ? null : run => inEffect(run),
        };

    /// <summary>An initial state is trained only where that is asked for: there is nothing to freeze.</summary>
    private static string FreezableNames => string.Join(", ",
        SettingNames.Tensors.Where(entry => entry.Value != NetworkTensor.InitialState).Select(entry => entry.Key));

    private static NetworkTensor TensorOf(string name) => SettingNames.Tensors.TryGetValue(name, out var tensor) ? tensor
        : throw InvalidInputException.Of("frozen", SettingText.Shown(name), $"some of {FreezableNames}",
            NearestName.Remedy("correct the name", name, SettingNames.Tensors.Keys));

    /// <summary>In the order of the table of names: what is frozen does not depend on the order it is named in.</summary>
    private static IReadOnlyList<string> TensorNames(IReadOnlyList<NetworkTensor> tensors) =>
        [.. SettingNames.Tensors.Where(entry => tensors.Contains(entry.Value)).Select(entry => entry.Key)];

    private static Setting Flag(string name, SettingPart part, string sentence,
        Func<RunSettings, bool?> asked, Func<RunSettings, bool, RunSettings> put, Func<RunSettings, object?>? inEffect = null,
        SettingCondition? when = null) =>
        new(run => asked(run), (run, value) => put(run, (bool)value))
        {
            Name = name, Kind = SettingKind.Flag, Part = part, Sentence = sentence, InEffect = inEffect, When = when,
        };

    private static Setting Choice<T>(string name, SettingPart part, string sentence, IReadOnlyDictionary<string, T> names,
        Func<RunSettings, T> asked, Func<RunSettings, T, RunSettings> put, string? oldName = null, string? idName = null,
        SettingCondition? when = null)
        where T : struct, Enum =>
        new(run => when is null || when.Holds(run) ? SettingNames.Of(names, asked(run)) : null,
            (run, value) => put(run, names[(string)value]))
        {
            Name = name, Kind = SettingKind.Choice, Part = part, Sentence = sentence, Choices = [.. names.Keys], When = when,
            OldNames = (oldName ?? idName) is { } old ? [old] : [], IdName = idName ?? name,
        };
}
