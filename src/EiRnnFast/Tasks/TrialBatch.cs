namespace EiRnnFast.Tasks;

/// <summary>
/// Trials of one task: inputs, targets and what is known about each trial. Arrays row-major, steps of 1 ms unless the task says otherwise.
/// </summary>
public sealed class TrialBatch
{
    /// <summary>Weights from here to the inverse can be summed over all targets of a batch in single precision.</summary>
    private const float LeastModest = 1f / (1L << 40);

    /// <summary>Number of trials, n.</summary>
    public required int Count { get; init; }

    /// <summary>Timesteps per trial, T.</summary>
    public required int Steps { get; init; }

    /// <summary>Input channels, I.</summary>
    public required int Inputs { get; init; }

    /// <summary>Output channels, O.</summary>
    public required int Outputs { get; init; }

    /// <summary>Inputs, [n×T×I].</summary>
    public required float[] X { get; init; }

    /// <summary>Targets, [n×T×O].</summary>
    public required float[] Y { get; init; }

    /// <summary>Weight of every target in the loss, [n×T×O]; null when all weigh 1.</summary>
    public float[]? Mask { get; init; }

    /// <summary>First step of the response window of each trial; empty when the task has none.</summary>
    public IReadOnlyList<int> ResponseStart { get; init; } = [];

    /// <summary>Index into the task's trial types for each trial.</summary>
    public IReadOnlyList<int> Types { get; init; } = [];

    /// <summary>Inputs of one trial, [T×I].</summary>
    public ReadOnlySpan<float> InputsOf(int trial) => X.AsSpan(trial * Steps * Inputs, Steps * Inputs);

    /// <summary>Targets of one trial, [T×O].</summary>
    public ReadOnlySpan<float> TargetsOf(int trial) => Y.AsSpan(trial * Steps * Outputs, Steps * Outputs);

    /// <summary>Mask of one trial, [T×O]; empty without a mask.</summary>
    public ReadOnlySpan<float> MaskOf(int trial) => Mask is null ? default : Mask.AsSpan(trial * Steps * Outputs, Steps * Outputs);

    /// <summary>Σ m(y − ŷ)²/Σ m over all targets, m their mask, or the mean cross-entropy; 0 without weight.</summary>
    /// <param name="outputs">Outputs ŷ, [n×T×O].</param>
    /// <param name="loss">Which of the two.</param>
    /// <exception cref="InvalidInputException">Outputs of another length.</exception>
    public double LossOf(ReadOnlySpan<float> outputs, LossFunction loss = LossFunction.MeanSquare)
    {
        RequireOutputs(outputs);
        if (loss == LossFunction.CrossEntropy) return CrossEntropyOf(outputs);
        double weight = 0, squares = 0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var m = Mask?[i] ?? 1;
            var error = (double)outputs[i] - Y[i];
            weight += m;
            squares += m * error * error;
        }
        return weight == 0 ? 0 : squares / weight;
    }

    /// <summary>The same; null where no target weighs anything.</summary>
    /// <inheritdoc cref="LossOf"/>
    public double? WeightedLossOf(ReadOnlySpan<float> outputs, LossFunction loss = LossFunction.MeanSquare) =>
        Weighs(0, Count) ? LossOf(outputs, loss) : null;

    /// <exception cref="InvalidInputException">They are not those of these trials.</exception>
    internal void RequireOutputs(ReadOnlySpan<float> outputs)
    {
        if (outputs.Length != Y.Length)
            throw InvalidInputException.Of("outputs", $"{outputs.Length} values", $"{Count}×{Steps}×{Outputs}, one for each target",
                "give the outputs of all trials");
    }

    /// <summary>Σ m·(−Σ_o y_o·log softmax(ŷ)_o)/Σ m, m the weight of a step's first output.</summary>
    private double CrossEntropyOf(ReadOnlySpan<float> outputs)
    {
        double weight = 0, sum = 0;
        for (var i = 0; i < outputs.Length; i += Outputs)
        {
            double m = Mask?[i] ?? 1, total = 0, largest = double.NegativeInfinity;
            weight += m;
            for (var o = 0; o < Outputs; o++) largest = Math.Max(largest, outputs[i + o]);
            for (var o = 0; o < Outputs; o++) total += Math.Exp(outputs[i + o] - largest);
            for (var o = 0; o < Outputs && m > 0; o++) sum += m * Y[i + o] * (Math.Log(total) + largest - outputs[i + o]);
        }
        return weight == 0 ? 0 : sum / weight;
    }

    /// <summary>Checks that targets are probabilities of two answers or more, and that all outputs of a step weigh the same.</summary>
    /// <exception cref="InvalidInputException">The first thing that does not fit.</exception>
    public void RequireProbabilities(ITask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        const string subject = "loss cross_entropy", expected = "probabilities of two answers or more";
        if (Outputs < 2)
            throw InvalidInputException.Of(subject, $"task '{task.Name}' with one output", "one output per answer, two or more",
                "give targets [n,T,O] with O of 2 or more, or use the loss mse");
        for (var i = 0; i < Y.Length; i += Outputs)
        {
            var sum = 0.0;
            for (var o = 0; o < Outputs; o++)
            {
                if (Mask is not null && Mask[i + o] != Mask[i])
                    throw InvalidInputException.Of(subject, $"outputs of '{task.Name}' that weigh {Mask[i]} and {Mask[i + o]} in one step",
                        "one weight a step", "give a mask [n,T]");
                if (Y[i + o] < 0) sum = double.NaN;
                sum += Y[i + o];
            }
            if (Mask?[i] != 0 && !(Math.Abs(sum - 1) <= 1e-4))
                throw InvalidInputException.Of(subject, $"targets of '{task.Name}' that are no probabilities", expected,
                    "give targets of 0 and above whose sum over the outputs is 1, or use the loss mse");
        }
    }

    /// <summary>
    /// Checks that a task has drawn what it says: sizes, finite values, weights of 0 and above.
    /// Trials without weight, even all of them, have loss 0.
    /// </summary>
    /// <exception cref="InvalidInputException">The first thing that does not fit.</exception>
    internal void Validate(ITask task, int trials)
    {
        foreach (var (name, values) in new (string, object?)[] { ("X", X), ("Y", Y), ("types", Types), ("response starts", ResponseStart) })
            Required.Value(values, $"task '{task.Name}', {name}", "values, or none in an empty list");
        Require("trials", Count, trials);
        Require("steps", Steps, task.Steps);
        Require("inputs", Inputs, task.Inputs);
        Require("outputs", Outputs, task.Outputs);
        Require("values in X", X.LongLength, (long)Count * Steps * Inputs);
        Require("values in Y", Y.LongLength, (long)Count * Steps * Outputs);
        if (Mask is not null) Require("values in the mask", Mask.LongLength, Y.LongLength);
        foreach (var (name, values) in new[] { ("X", X), ("Y", Y), ("mask", Mask ?? []) })
            if (values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                throw InvalidInputException.Of($"task '{task.Name}', {name}", "a value that is not finite", "finite values only",
                    "correct what the task generates");
        if (Types.Count > 0) Require("types of trials", Types.Count, Count);
        if (ResponseStart.Count > 0) Require("response starts", ResponseStart.Count, Count);
        if (task.TrialTypes.Count > 0 && Types.Any(type => type < 0 || type >= task.TrialTypes.Count))
            throw InvalidInputException.Of($"task '{task.Name}', types of trials", "one without a name",
                $"0 to {task.TrialTypes.Count - 1}", "name all types");
        if (Mask is not null && Mask.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue))
            throw InvalidInputException.Of($"task '{task.Name}', mask", "a negative weight", "weights of 0 and above",
                "correct what the task generates");

        void Require(string what, long found, long expected)
        {
            if (found != expected)
                throw InvalidInputException.Of($"task '{task.Name}', {what}", found, $"{expected}", "correct what the task generates");
        }
    }

    /// <summary>
    /// The same trials with their weights times a power of two, the largest then from 1 to 2, where sums of the given ones could leave
    /// single
    /// precision; else these. Losses and gradients are ratios of weights: they do not change.
    /// </summary>
    internal TrialBatch WithModestWeights()
    {
        var largest = Mask is null ? 0 : Mask.Max();
        if (largest is 0 or (> LeastModest and < 1 / LeastModest)) return this;
        var shift = -Math.ILogB(largest);
        return new TrialBatch
        {
            Count = Count, Steps = Steps, Inputs = Inputs, Outputs = Outputs, X = X, Y = Y, Mask = Array.ConvertAll(Mask!, m =>
                (float)Math.ScaleB(m, shift)),
            ResponseStart = ResponseStart, Types = Types,
        };
    }

    /// <summary>Whether any target of trials [first, end) weighs something.</summary>
    internal bool Weighs(int first, int end) =>
        Mask is null || Mask.AsSpan((first * Steps * Outputs)..(end * Steps * Outputs)).ContainsAnyExcept(0f);

    /// <summary>Some trials, in this order, as a batch of their own.</summary>
    public TrialBatch Only(IReadOnlyList<int> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return new TrialBatch
        {
            Count = trials.Count, Steps = Steps, Inputs = Inputs, Outputs = Outputs,
            X = Gathered(X, Inputs), Y = Gathered(Y, Outputs), Mask = Mask is null ? null : Gathered(Mask, Outputs),
            ResponseStart = ResponseStart.Count == 0 ? [] : [.. trials.Select(trial => ResponseStart[trial])],
            Types = Types.Count == 0 ? [] : [.. trials.Select(trial => Types[trial])],
        };

        float[] Gathered(float[] values, int channels)
        {
            var (length, gathered) = (Steps * channels, new float[trials.Count * Steps * channels]);
            for (var i = 0; i < trials.Count; i++) values.AsSpan(trials[i] * length, length).CopyTo(gathered.AsSpan(i * length));
            return gathered;
        }
    }

    /// <summary>Trials [first, first+count) as a batch of their own.</summary>
    public TrialBatch Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        return new TrialBatch
        {
            Count = count, Steps = Steps, Inputs = Inputs, Outputs = Outputs,
            X = X.AsSpan(first * Steps * Inputs, count * Steps * Inputs).ToArray(),
            Y = Y.AsSpan(first * Steps * Outputs, count * Steps * Outputs).ToArray(),
            Mask = Mask?.AsSpan(first * Steps * Outputs, count * Steps * Outputs).ToArray(),
            ResponseStart = [.. ResponseStart.Skip(first).Take(count)],
            Types = [.. Types.Skip(first).Take(count)],
        };
    }
}
