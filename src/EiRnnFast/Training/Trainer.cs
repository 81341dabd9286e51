using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;

namespace EiRnnFast.Training;

/// <summary>
/// Trains one network in place on one task, on the calling thread and those that it may take beside it; fresh batches are drawn on
/// another. The same network, options and kernel set give the same bits, whatever the threads.
/// </summary>
public sealed class Trainer
{
    private readonly EiRnn _network;
    private readonly ITask _task;

    /// <summary>Prepares to train <paramref name="network"/> on <paramref name="task"/>.</summary>
    /// <exception cref="InvalidInputException">Their input or output channels differ.</exception>
    public Trainer(EiRnn network, ITask task)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        (_network, _task) = (network, task);
        if (task is not CatalogTask { Answers: { } answers } || network.Outputs != answers.Names.Count) RequireChannels(task);
    }

    /// <summary>Trains until the epochs are run, the loss is low enough or the run diverges, which is no exception but a result.</summary>
    /// <param name="options">How; the published settings unless said.</param>
    /// <param name="progress">Called after every update.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="afterEpoch">
    /// Called after every finished epoch with its number, from 1, and the network as it then stands, which it must not change.
    /// </param>
    /// <param name="afterUpdate">
    /// Called after every update with the number of updates run, from 1, and what copies the network as it then stands. The weights of a
    /// training about to diverge may not be finite.
    /// </param>
    /// <param name="threads">How many threads may compute an update; one unless said. Results do not depend on it.</param>
    /// <param name="cancellation">Checked before every update; the network then holds the last finished epoch.</param>
    /// <exception cref="InvalidInputException">A setting that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingResult Run(TrainingOptions? options = null, Action<TrainingProgress>? progress = null, KernelSet? kernels = null,
        Action<int, EiRnn>? afterEpoch = null, Action<int, Func<EiRnn>>? afterUpdate = null, ThreadBudget? threads = null,
        CancellationToken cancellation = default)
    {
        options ??= new TrainingOptions();
        options.Validate();
        options.RequireTrainable(_network.Spec);
        kernels ??= KernelSet.Current;
        threads ??= new ThreadBudget();
        var clock = Stopwatch.StartNew();
        var task = ChoiceTask.For(_task, options.Loss);
        RequireChannels(task);
        CurriculumStage[] stages =
            [.. options.Curriculum.Select(stage => stage with { Task = ChoiceTask.For(stage.Task, options.Loss) }), new(task)];
        foreach (var before in stages[..^1]) before.Validate(task);
        var source = BatchSource.Of(stages[0].Task, options);
        var own = stages.Length == 1 ? source : BatchSource.Of(task, options);
        var validation = ValidationOf(source, options);
        var shuffle = new RandomStream(options.ShuffleSeed ?? _network.Seed ?? 0, "shuffle");
        var workspace = new TrainingWorkspace(options.SpecFor(_network.Spec), stages.Max(stage => stage.Task.Steps),
            Math.Max(source.MostTrials, own.MostTrials), kernels);
        using var crew = workspace.Crew;
        workspace.Layout.CopyFrom(_network, workspace.Parameters.Span);
        var gradient = new BatchGradient(workspace, _network, options, GaussianNoise.Of(_network.Spec, _network.Seed ?? 0));
        var optimizer = new Optimizer(workspace, _network.Spec, options, source.Updates);

        var tell = afterUpdate is null ? progress : told =>
        {
            progress?.Invoke(told);
            afterUpdate(optimizer.Updates, Copy);
        };

        List<double> losses = [], taskLosses = [], norms = [], seconds = [];
        List<int> ends = [];
        int? divergedAt = null;
        var stopped = StopReason.Epochs;
        var started = clock.Elapsed;
        while (losses.Count < options.Epochs)
        {
            var epochStart = clock.Elapsed;
            source.StartEpoch(shuffle);
            var epoch = new Epoch(losses.Count + 1, options, source.Updates);
            if (!RunEpoch(epoch, source, gradient, optimizer, tell, clock, started, TakeThreads)
                || workspace.Parameters.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                divergedAt = Math.Max(1, epoch.Diverged ? optimizer.Updates + 1 : optimizer.Updates);
                stopped = StopReason.Diverged;
                break;
            }
            workspace.Layout.CopyTo(workspace.Parameters.Span, _network);
            losses.Add(epoch.MeanLoss);
            taskLosses.Add(epoch.MeanTaskLoss);
            norms.Add(epoch.MeanNorm);
            var stage = stages[ends.Count];
            var reason = validation?.After(losses.Count, stage.Task, _network, kernels, crew.Size);
            seconds.Add((clock.Elapsed - epochStart).TotalSeconds);
            afterEpoch?.Invoke(losses.Count, _network);
            if (ends.Count < stages.Length - 1)
            {
                if (validation is not { Losses: [.., var loss], Accuracies: [.., var right] } || !stage.EndsWith(loss, right)) continue;
                ends.Add(losses.Count);
                source = ends.Count == stages.Length - 1 ? own : BatchSource.Of(stages[ends.Count].Task, options);
                validation = ValidationOf(source, options)?.Continuing(validation);
                continue;
            }
            if (taskLosses[^1] < options.StopLoss) reason = StopReason.Loss;
            if (reason is { } early)
            {
                stopped = early;
                break;
            }
        }
        var isLast = ends.Count == stages.Length - 1; // what was best in a stage is nothing to the task
        if (isLast) validation?.RestoreBest(_network);

        var test = own.Kept.Slice(0, options.TestTrials);
        var outputs = ForwardPass.Outputs(_network, test.X, test.Count, kernels, threads: crew.Size);
        return new TrainingResult
        {
            Stopped = stopped, Losses = losses, TaskLosses = taskLosses, GradientNorms = norms,
            EpochSeconds = seconds, DivergedAtUpdate = divergedAt, StageEnds = ends,
            ValidationLosses = validation?.Losses ?? [], ValidationAccuracies = validation?.Accuracies ?? [],
            BestEpoch = isLast ? validation?.BestEpoch : null,
            CurriculumFinished = stages.Length == 1 ? null : isLast && losses.Count > ends[^1],
            TestLoss = test.Weighs(0, test.Count) ? test.LossOf(outputs, options.Loss) : null,
            Accuracy = task.Accuracy(test, outputs), Test = test, TestOutputs = outputs,
            NoisyAccuracy = _network.Spec.Cell.IsNoisy
                ? task.Accuracy(test, ForwardPass.Outputs(_network, test.X, test.Count, kernels, _network.Seed ?? 0, crew.Size)) : null,
            AccuracyByType = TrialAccuracy.ByType(task, test, outputs), Audit = SignAudit.Of(_network), KernelSet = kernels.Name,
            RecurrentForm = gradient.RecurrentForm.ToString().ToLowerInvariant(), DataSeed = options.DataSeed ?? task.DefaultDataSeed,
            States = gradient.States, StatesSaved = gradient.States - gradient.StatesComputed, Seconds = clock.Elapsed.TotalSeconds,
        };

        EiRnn Copy()
        {
            var copy = _network.Clone();
            workspace.Layout.CopyTo(workspace.Parameters.Span, copy);
            return copy;
        }

        void TakeThreads()
        {
            cancellation.ThrowIfCancellationRequested();
            crew.Take(threads.Now(_network.Units, kernels.LaneWidth));
        }
    }

    private void RequireChannels(ITask task)
    {
        if (_network.Inputs != task.Inputs || _network.Outputs != task.Outputs)
            throw InvalidInputException.Of("network", $"{_network.Inputs} inputs and {_network.Outputs} outputs",
                $"{task.Inputs} and {task.Outputs} for the task '{task.Name}'", "create the network with the task's channels");
    }

    private static Validation? ValidationOf(BatchSource source, TrainingOptions options) => options.ValidationTrials == 0 ? null
        : new Validation(source.Kept.Slice(options.TestTrials, options.ValidationTrials), options);

    private static bool RunEpoch(Epoch epoch, BatchSource source, BatchGradient gradient, Optimizer optimizer,
        Action<TrainingProgress>? progress, Stopwatch clock, TimeSpan started, Action beforeUpdate)
    {
        for (var update = 0; update < source.Updates; update++)
        {
            beforeUpdate();
            var (data, trials) = source.Next(update, optimizer.Updates);
            gradient.Use(data);
            var loss = gradient.Compute(trials.Span);
            var norm = optimizer.GradientNorm();
            if (!epoch.Add(loss, gradient.TaskLoss, norm, gradient.WeightedTrials(trials.Span), optimizer.CanUse(norm))) return false;
            optimizer.Update(norm);
            progress?.Invoke(epoch.Progress(clock.Elapsed - started));
        }
        return true;
    }

    /// <summary>Running sums of one epoch.</summary>
    private sealed class Epoch(int number, TrainingOptions options, int updates)
    {
        private double _loss, _taskLoss, _norm;
        private int _trials, _updates, _weighted;

        public bool Diverged { get; private set; }

        /// <summary>Mean over the trials that weigh something; 0 without any.</summary>
        public double MeanLoss => _trials == 0 ? 0 : _loss / _trials;

        /// <summary>The same without penalties.</summary>
        public double MeanTaskLoss => _trials == 0 ? 0 : _taskLoss / _trials;

        /// <summary>Mean over the updates that any trial had weight in; 0 without any.</summary>
        public double MeanNorm => _weighted == 0 ? 0 : _norm / _weighted;

        /// <summary>False, and diverged, when the batch's loss or gradient cannot be used.</summary>
        public bool Add(double loss, double taskLoss, double norm, int weightedTrials, bool isUsable)
        {
            Diverged = !(loss <= options.DivergenceLoss && isUsable);
            if (Diverged) return false;
            _updates++;
            if (weightedTrials == 0) return true;
            _loss += loss * weightedTrials;
            _taskLoss += taskLoss * weightedTrials;
            _norm += norm;
            _trials += weightedTrials;
            _weighted++;
            return true;
        }

        public TrainingProgress Progress(TimeSpan elapsed) =>
            new(number, options.Epochs, _updates, updates, MeanLoss, MeanNorm, elapsed);
    }
}
