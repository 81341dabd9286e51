namespace EiRnnFast.Tasks;

/// <summary>A task whose trials are given, not drawn: a data set of n trials is the first n of them, whatever the seed.</summary>
public class ArrayTask : ITask
{
    private readonly TrialBatch _trials;

    /// <summary>A task of these trials, which must not be changed afterwards.</summary>
    /// <param name="name">How results name it.</param>
    /// <param name="trials">Inputs, targets and, optionally, their weights.</param>
    /// <param name="stepMs">Milliseconds per timestep.</param>
    /// <exception cref="InvalidInputException">No trial, arrays that do not fit each other, values that are not finite,
    /// or negative weights.</exception>
    public ArrayTask(string name, TrialBatch trials, double stepMs = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(trials);
        (Name, _trials, StepMs) = (name, trials, stepMs);
        foreach (var (what, found) in new[] { ("trials", trials.Count), ("steps", trials.Steps), ("inputs", trials.Inputs),
            ("outputs", trials.Outputs) })
            if (found < 1)
                throw InvalidInputException.Of($"task '{name}', {what}", found, "1 or more", "give trials with inputs and targets");
        trials.Validate(this, trials.Count);
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
    /// <exception cref="InvalidInputException">More trials than there are.</exception>
    public TrialBatch Generate(int trials, uint dataSeed)
    {
        if (trials < 1 || trials > _trials.Count)
            throw InvalidInputException.Of($"trials of task '{Name}'", trials, $"1 to {_trials.Count}, as many as were given",
                "ask for fewer, or give more");
        return trials == _trials.Count ? _trials : _trials.Slice(0, trials);
    }
}
