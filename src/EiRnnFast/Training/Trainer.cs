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

    /// <summary>The test trials of <see cref="Run"/>, as soon as its first update begins; null before.</summary>
    public TrialBatch? TestTrials { get; private set; }

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
    /// <param name="checkpoints">How it is kept while it runs, and where it goes on; null for not at all.</param>
    /// <param name="cancellation">Checked before every update; the network then holds the last finished epoch, and a checkpoint is kept
    /// if there are any.</param>
    /// <exception cref="InvalidInputException">A setting or checkpoint that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingResult Run(TrainingOptions? options = null, Action<TrainingProgress>? progress = null, KernelSet? kernels = null,
        Action<int, EiRnn>? afterEpoch = null, Action<int, Func<EiRnn>>? afterUpdate = null, ThreadBudget? threads = null,
        Checkpointing? checkpoints = null, CancellationToken cancellation = default)
    {
        options ??= new TrainingOptions();
        options.Validate();
        options.RequireTrainable(_network.Spec);
        kernels ??= KernelSet.Current;
        threads ??= new ThreadBudget();
        var task = ChoiceTask.For(_task, options.Loss);
        RequireChannels(task);
        CurriculumStage[] stages =
            [.. options.Curriculum.Select(stage => stage with { Task = ChoiceTask.For(stage.Task, options.Loss) }), new(task)];
        foreach (var before in stages[..^1]) before.Validate(task);
        var source = BatchSource.Of(stages[0].Task, options);
        var own = stages.Length == 1 ? source : BatchSource.Of(task, options);
        var test = own.Kept.Slice(0, options.TestTrials);
        TestTrials = test;
        var shuffle = new RandomStream(options.ShuffleSeed ?? _network.Seed ?? 0, "shuffle");
        var workspace = new TrainingWorkspace(options.SpecFor(_network.Spec), stages.Max(stage => stage.Task.Steps),
            Math.Max(source.MostTrials, own.MostTrials), kernels);
        using var crew = workspace.Crew;
        workspace.Layout.CopyFrom(_network, workspace.Parameters.Span);
        var gradient = new BatchGradient(workspace, _network, options, GaussianNoise.Of(_network.Spec, _network.Seed ?? 0));
        var optimizer = new Optimizer(workspace, _network.Spec, options, source.Updates);
        var course = new Course(_network, workspace, gradient, optimizer, kernels, checkpoints);
        var ends = course.StageEnds;
        if (checkpoints?.From is { } from)
        {
            source = Replay(from);
            course.Validation = ValidationOf(source, options);
            course.TakeUp(from, options, source.Updates);
        }
        else
        {
            course.Validation = ValidationOf(source, options);
            course.KeepEnd(ended: null);
        }

        var tell = afterUpdate is null ? progress : told =>
        {
            progress?.Invoke(told);
            afterUpdate(optimizer.Updates, Copy);
        };

        int? divergedAt = null;
        var stopped = checkpoints?.From?.Ended ?? StopReason.Epochs;
        while (stopped == StopReason.Epochs && course.Losses.Count < options.Epochs)
        {
            source.StartEpoch(shuffle);
            var epoch = course.Begin(options, source.Updates);
            var end = RunEpoch(epoch, course, source, gradient, optimizer, tell, TakeThreads);
            if (end == EpochEnd.Interrupted)
            {
                stopped = StopReason.Interrupted;
                break;
            }
            if (end == EpochEnd.Diverged || workspace.Parameters.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                divergedAt = Math.Max(1, epoch.Diverged ? optimizer.Updates + 1 : optimizer.Updates);
                stopped = StopReason.Diverged;
                break;
            }
            workspace.Layout.CopyTo(workspace.Parameters.Span, _network);
            course.Losses.Add(epoch.MeanLoss);
            course.TaskLosses.Add(epoch.MeanTaskLoss);
            course.Norms.Add(epoch.MeanNorm);
            var number = course.Losses.Count;
            var stage = stages[ends.Count];
            var reason = course.Validation?.After(number, stage.Task, _network, kernels, crew.Size);
            course.EpochSeconds.Add(epoch.Seconds);
            afterEpoch?.Invoke(number, _network);
            if (ends.Count < stages.Length - 1)
            {
                if (course.Validation is not { Losses: [.., var loss], Accuracies: [.., var right] } || !stage.EndsWith(loss, right))
                    continue;
                ends.Add(number);
                source = SourceOf(ends.Count);
                course.Validation = ValidationOf(source, options)?.Continuing(course.Validation);
                continue;
            }
            if (course.TaskLosses[^1] < options.StopLoss) reason = StopReason.Loss;
            if (reason is { } early)
            {
                stopped = early;
                break;
            }
        }
        if (stopped is not (StopReason.Interrupted or StopReason.Diverged)) course.KeepEnd(stopped);
        var isLast = ends.Count == stages.Length - 1; // what was best in a stage is nothing to the task
        if (isLast) course.Validation?.RestoreBest(_network);

        var outputs = ForwardPass.Outputs(_network, test.X, test.Count, kernels, threads: crew.Size);
        return new TrainingResult
        {
            Stopped = stopped, Losses = course.Losses, TaskLosses = course.TaskLosses, GradientNorms = course.Norms,
            EpochSeconds = course.EpochSeconds, DivergedAtUpdate = divergedAt, StageEnds = ends,
            ValidationLosses = course.Validation?.Losses ?? [], ValidationAccuracies = course.Validation?.Accuracies ?? [],
            BestEpoch = isLast ? course.Validation?.BestEpoch : null,
            CurriculumFinished = stages.Length == 1 ? null : isLast && course.Losses.Count > ends[^1],
            TestLoss = test.WeightedLossOf(outputs, options.Loss),
            Accuracy = task.Accuracy(test, outputs), Test = test, TestOutputs = outputs,
            Chance = ConstantAnswer.Accuracy(task, test),
            ConstantLoss = ConstantAnswer.Loss(test, options.Loss) is > 0 and var constant ? constant : null,
            NoisyAccuracy = _network.Spec.Cell.IsNoisy
                ? task.Accuracy(test, ForwardPass.Outputs(_network, test.X, test.Count, kernels, _network.Seed ?? 0, crew.Size)) : null,
            AccuracyByType = TrialAccuracy.ByType(task, test, outputs), Audit = SignAudit.Of(_network), KernelSet = kernels.Name,
            RecurrentForm = course.RecurrentForm, DataSeed = options.DataSeed ?? task.DefaultDataSeed,
            States = gradient.States, StatesSaved = gradient.States - gradient.StatesComputed, Seconds = course.Elapsed.TotalSeconds,
        };

        BatchSource SourceOf(int stage) => stage == stages.Length - 1 ? own : BatchSource.Of(stages[stage].Task, options);

        // Orders of trials follow from one another: the source where it stood, as the finished epochs left it.
        BatchSource Replay(TrainingCheckpoint past)
        {
            var at = source;
            for (var (epoch, stage) = (1, 0); epoch <= past.EpochsRun; epoch++)
            {
                at.StartEpoch(shuffle);
                if (stage < Math.Min(past.StageEnds.Count, stages.Length - 1) && past.StageEnds[stage] == epoch) at = SourceOf(++stage);
            }
            return at;
        }

        EiRnn Copy()
        {
            var copy = _network.Clone();
            workspace.Layout.CopyTo(workspace.Parameters.Span, copy);
            return copy;
        }

        void TakeThreads(Epoch epoch)
        {
            if (cancellation.IsCancellationRequested) course.Keep(epoch.Sums);
            cancellation.ThrowIfCancellationRequested();
            crew.Take(threads.Now(_network.Units, kernels.LaneWidth));
        }
    }

    /// <summary>How an epoch ended.</summary>
    private enum EpochEnd
    {
        Finished,
        Diverged,
        Interrupted,
    }

    private void RequireChannels(ITask task)
    {
        if (_network.Inputs != task.Inputs || _network.Outputs != task.Outputs)
            throw InvalidInputException.Of("network", $"{_network.Inputs} inputs and {_network.Outputs} outputs",
                $"{task.Inputs} and {task.Outputs} for the task '{task.Name}'", "create the network with the task's channels");
    }

    private static Validation? ValidationOf(BatchSource source, TrainingOptions options) => options.ValidationTrials == 0 ? null
        : new Validation(source.Kept.Slice(options.TestTrials, options.ValidationTrials), options);

    private static EpochEnd RunEpoch(Epoch epoch, Course course, BatchSource source, BatchGradient gradient, Optimizer optimizer,
        Action<TrainingProgress>? progress, Action<Epoch> beforeUpdate)
    {
        for (var update = epoch.Sums.Updates; update < source.Updates; update++)
        {
            if (course.IsAskedToStop)
            {
                course.Keep(epoch.Sums);
                return EpochEnd.Interrupted;
            }
            course.KeepIfDue(epoch);
            beforeUpdate(epoch);
            var (data, trials) = source.Next(update, optimizer.Updates);
            gradient.Use(data);
            var loss = gradient.Compute(trials.Span);
            var norm = optimizer.GradientNorm();
            var isUsable = optimizer.CanUse(norm);
            if (!epoch.Add(loss, gradient.TaskLoss, norm, gradient.WeightedTrials(trials.Span), isUsable)) return EpochEnd.Diverged;
            optimizer.Update(norm);
            progress?.Invoke(epoch.Progress(course.Elapsed));
        }
        return EpochEnd.Finished;
    }
}
