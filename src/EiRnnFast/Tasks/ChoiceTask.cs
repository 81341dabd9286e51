namespace EiRnnFast.Tasks;

/// <summary>
/// A task with discrete answers, posed with one output for each: the targets are probabilities, for the loss cross-entropy. Where a target
/// weighs something before the answer, the first output stands for "not yet" (fixation). Inputs, draws and weights are those of the task.
/// </summary>
public sealed class ChoiceTask : ITask
{
    private readonly AnswerSet _answers;

    private ChoiceTask(CatalogTask task, AnswerSet answers) => (Task, _answers) = (task, answers);

    /// <summary>The task posed so.</summary>
    /// <exception cref="InvalidInputException">It has no discrete answers.</exception>
    public static ChoiceTask Of(CatalogTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Answers is { } answers ? new ChoiceTask(task, answers)
            : throw InvalidInputException.Of("loss cross_entropy", $"task '{task.Name}', whose answers are not discrete",
                $"one of {string.Join(", ", TaskCatalog.All.Where(known => known.Answers is not null).Select(known => known.Name))}",
                "choose one of these, or the loss mse");
    }

    /// <summary>
    /// A task as a loss needs it. For cross-entropy a task of the catalogue has one output per answer, and given trials are judged by the
    /// largest output; a task of one's own judges by its own rule, for which <see cref="TrialAccuracy.OfProbabilities"/> is there.
    /// </summary>
    /// <exception cref="InvalidInputException">It has no discrete answers.</exception>
    public static ITask For(ITask task, LossFunction loss) => loss != LossFunction.CrossEntropy ? task : task switch
    {
        CatalogTask known => Of(known),
        ArrayTask given => given.For(loss),
        _ => task,
    };

    /// <summary>A task as a network with so many outputs learned it: with one output per answer where only that fits.</summary>
    public static ITask For(ITask task, int outputs)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task is CatalogTask { Answers: { } answers } known && outputs != task.Outputs && outputs == answers.Names.Count
            ? new ChoiceTask(known, answers) : task;
    }

    /// <summary>The task as the squared error has it.</summary>
    public CatalogTask Task { get; }

    /// <summary>What the outputs stand for, in their order.</summary>
    public IReadOnlyList<string> AnswerNames => _answers.Names;

    /// <inheritdoc/>
    public string Name => Task.Name;

    /// <inheritdoc/>
    public int Inputs => Task.Inputs;

    /// <inheritdoc/>
    public int Outputs => AnswerNames.Count;

    /// <inheritdoc/>
    public int Steps => Task.Steps;

    /// <inheritdoc/>
    public double StepMs => Task.StepMs;

    /// <inheritdoc/>
    public int DefaultTrials => Task.DefaultTrials;

    /// <inheritdoc/>
    public uint DefaultDataSeed => Task.DefaultDataSeed;

    /// <inheritdoc/>
    public IReadOnlyList<string> TrialTypes => Task.TrialTypes;

    /// <inheritdoc/>
    public IReadOnlyList<string> InputLabels => Task.InputLabels;

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputLabels => AnswerNames;

    /// <inheritdoc/>
    public TrialBatch Generate(int trials, uint dataSeed) => Posed(Task.Generate(trials, dataSeed));

    /// <summary>Trials of the task with one output per answer.</summary>
    internal TrialBatch Posed(TrialBatch trials)
    {
        var outputs = Outputs;
        float[] y = new float[trials.Y.Length * outputs], mask = trials.Mask is null ? [] : new float[y.Length];
        for (var i = 0; i < trials.Y.Length; i++)
        {
            var isAnswer = i % Steps >= trials.ResponseStart[i / Steps];
            y[i * outputs + _answers.PlaceOf(isAnswer ? trials.Y[i] : null)] = 1;
            if (trials.Mask is { } weights) mask.AsSpan(i * outputs, outputs).Fill(weights[i]);
        }
        return new TrialBatch
        {
            Count = trials.Count, Steps = Steps, Inputs = Inputs, Outputs = outputs, X = trials.X, Y = y,
            Mask = trials.Mask is null ? null : mask, ResponseStart = trials.ResponseStart, Types = trials.Types,
        };
    }

    /// <summary>Fraction of trials whose largest mean output, over the weighted steps of the answer, is the target's.</summary>
    public double? Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(trials);
        int right = 0, counted = 0;
        for (var trial = 0; trial < trials.Count; trial++)
        {
            ReadOnlySpan<float> target = trials.TargetsOf(trial), mask = trials.MaskOf(trial);
            double[] found = new double[Outputs], expected = new double[Outputs];
            for (var t = trials.ResponseStart[trial]; t < Steps; t++)
                for (var o = 0; o < Outputs && (mask.IsEmpty || mask[t * Outputs] > 0); o++)
                {
                    found[o] += outputs[(trial * Steps + t) * Outputs + o];
                    expected[o] += target[t * Outputs + o];
                }
            if (expected.Sum() == 0) continue;
            counted++;
            if (Array.IndexOf(found, found.Max()) == Array.IndexOf(expected, expected.Max())
                && TrialAccuracy.IsFinite(outputs.Slice(trial * Steps * Outputs, Steps * Outputs))) right++;
        }
        return counted == 0 ? null : (double)right / counted;
    }
}

/// <summary>The answers of a task.</summary>
/// <param name="Levels">The target of each on the one output.</param>
/// <param name="HasFixation">Whether targets before the answer weigh something.</param>
internal sealed record AnswerSet(IReadOnlyList<double> Levels, bool HasFixation)
{
    /// <summary>What the outputs stand for.</summary>
    public IReadOnlyList<string> Names { get; } = [
        .. HasFixation ? ["fixation"] : Array.Empty<string>(),
        .. Levels.Select(level => FormattableString.Invariant($"{level:0.###;−0.###;0}"))];

    /// <summary>The output of a target of the one output; null stands for none yet.</summary>
    public int PlaceOf(float? target)
    {
        if (target is not { } value) return 0;
        var nearest = 0;
        for (var i = 1; i < Levels.Count; i++)
            if (Math.Abs(Levels[i] - value) < Math.Abs(Levels[nearest] - value)) nearest = i;
        return nearest + (HasFixation ? 1 : 0);
    }
}
