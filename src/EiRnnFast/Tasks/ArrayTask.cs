using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>A task whose trials are given, not drawn: a data set of n trials is the first n of them, whatever the seed.</summary>
public class ArrayTask : ITask
{
    /// <summary>The milliseconds that a timestep may have.</summary>
    public static ValueRange StepRange { get; } = new(1e-6, 1e6);

    private readonly TrialBatch _trials;

    /// <summary>A task of these trials, which must not be changed afterwards.</summary>
    /// <param name="name">How results name it.</param>
    /// <param name="trials">Inputs, targets and, optionally, their weights; with types where <paramref name="trialTypes"/> names
    /// them.</param>
    /// <param name="stepMs">Milliseconds per timestep, of <see cref="StepRange"/>.</param>
    /// <param name="trialTypes">Names of the types of trials; none unless said.</param>
    /// <param name="inputLabels">Names of the input channels, [I]; none unless said.</param>
    /// <param name="outputLabels">Names of the outputs, [O]; none unless said.</param>
    /// <exception cref="InvalidInputException">No trial, arrays or names that do not fit each other, values that are not finite,
    /// negative weights, or a step out of its range.</exception>
    public ArrayTask(string name, TrialBatch trials, double stepMs = 1, IReadOnlyList<string>? trialTypes = null,
        IReadOnlyList<string>? inputLabels = null, IReadOnlyList<string>? outputLabels = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(trials);
        StepRange.Require($"task '{name}', milliseconds per step", stepMs, 1);
        (Name, _trials, StepMs) = (name, trials, stepMs);
        (TrialTypes, InputLabels, OutputLabels) = (trialTypes ?? [], inputLabels ?? [], outputLabels ?? []);
        foreach (var (what, found) in new[] { ("trials", trials.Count), ("steps", trials.Steps), ("inputs", trials.Inputs),
            ("outputs", trials.Outputs) })
            if (found < 1)
                throw InvalidInputException.Of($"task '{name}', {what}", found, "1 or more", "give trials with inputs and targets");
        trials.Validate(this, trials.Count);
        RequireNames("names of inputs", InputLabels.Count, Inputs);
        RequireNames("names of outputs", OutputLabels.Count, Outputs);
        if (TrialTypes.Count == 0) return;
        if (trials.Types.Count != trials.Count)
            throw InvalidInputException.Of($"task '{name}', types of trials", trials.Types.Count, $"{trials.Count}, one for each trial",
                "give each trial its type, or no names of types");

        void RequireNames(string what, int found, int expected)
        {
            if (found != 0 && found != expected)
                throw InvalidInputException.Of($"task '{name}', {what}", found, $"{expected}, one for each", "name all of them or none");
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Inputs => _trials.Inputs;

    /// <inheritdoc/>
    public int Outputs => _trials.Outputs;

    /// <inheritdoc/>
    public int Steps => _trials.Steps;

    /// <inheritdoc/>
    public double StepMs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> TrialTypes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> InputLabels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputLabels { get; }

    /// <inheritdoc/>
    public int DefaultTrials => _trials.Count;

    /// <inheritdoc/>
    public uint DefaultDataSeed => 0;

    /// <summary>The loss by which its answers are judged: see <see cref="For"/>.</summary>
    private LossFunction Loss { get; set; }

    /// <summary>The same trials for a loss: with cross-entropy the largest mean output is the answer.</summary>
    internal ArrayTask For(LossFunction loss)
    {
        var task = (ArrayTask)MemberwiseClone();
        task.Loss = loss;
        return task;
    }

    /// <inheritdoc/>
    public double? Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs) => Loss == LossFunction.CrossEntropy
        ? TrialAccuracy.OfProbabilities(trials, outputs) : TrialAccuracy.OfTargets(trials, outputs);

    /// <inheritdoc/>
    public double? AccuracyOfSome(TrialBatch trials, ReadOnlySpan<float> outputs, IReadOnlyList<int> some)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return Loss == LossFunction.CrossEntropy
            ? TrialAccuracy.OfProbabilities(trials.Only(some), TrialAccuracy.Gathered(trials, outputs, some))
            : TrialAccuracy.OfTargets(trials, outputs, some);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">More trials than there are.</exception>
    public TrialBatch Generate(int trials, uint dataSeed)
    {
        if (trials < 1 || trials > _trials.Count)
            throw InvalidInputException.Of($"trials of task '{Name}'", trials, $"1 to {_trials.Count}, as many as were given",
                "ask for fewer, or give more");
        return trials == _trials.Count ? _trials : _trials.Slice(0, trials);
    }
}
