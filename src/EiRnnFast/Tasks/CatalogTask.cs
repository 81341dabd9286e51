using System.Numerics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// A task of the catalogue. Its data sets are drawn from one stream of NumPy's legacy generator: first what shapes the trials, in the order
/// that each task names, then, where there is noise, σ·randn in C order for the inputs [n×T×I], then for the targets [n×T×O].
/// Everything is computed in double precision and rounded to single once.
/// </summary>
public abstract class CatalogTask : ITask
{
    private readonly TaskOptions _options;
    private double _inputNoise, _targetNoise;

    private protected CatalogTask(TaskOptions options) => _options = options;

    /// <summary>Declares the options that every task has, after its own.</summary>
    private protected void DeclareNoise(double input, double target = 0)
    {
        _inputNoise = _options.Noise("noise", input, "Gaussian noise on the inputs");
        _targetNoise = _options.Noise("target_noise", target, "Gaussian noise on the targets");
    }

    /// <inheritdoc/>
    public string Name => _options.Task;

    /// <summary>The family it belongs to.</summary>
    public abstract string Family { get; }

    /// <summary>One sentence: what has to be done.</summary>
    public abstract string Description { get; }

    /// <summary>Inputs, targets and their times, steps 0-based and intervals half-open.</summary>
    public abstract string Timeline { get; }

    /// <summary>What counts as a right answer.</summary>
    public abstract string AccuracyRule { get; }

    /// <summary>Where it comes from.</summary>
    public abstract string Source { get; }

    /// <summary>Its options, as they are set.</summary>
    public IReadOnlyList<TaskOption> Options => _options.Declared;

    /// <inheritdoc/>
    public virtual int Inputs => 1;

    /// <inheritdoc/>
    public virtual int Outputs => 1;

    /// <inheritdoc/>
    public abstract int Steps { get; }

    /// <inheritdoc/>
    public virtual double StepMs => 1;

    /// <inheritdoc/>
    public virtual int DefaultTrials => 15050;

    /// <inheritdoc/>
    public abstract uint DefaultDataSeed { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> TrialTypes { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> InputLabels => [];

    /// <summary>Most trials of a data set: as many as an array holds.</summary>
    public int MostTrials => (int)Math.Min(int.MaxValue, Array.MaxLength / ((long)Steps * Math.Max(Inputs, Outputs)));

    /// <summary>
    /// Whether no two trials have the same inputs for long, so that they share no hidden states (see <c>TrainingOptions.Sharing</c>).
    /// </summary>
    public virtual bool InputsAreNoisy => _inputNoise > 0;

    /// <summary>The first so many input channels carry noise.</summary>
    private protected virtual int NoisyInputs => Inputs;

    /// <summary>What the outputs stand for under cross-entropy; empty for a task that has no discrete answers.</summary>
    public IReadOnlyList<string> AnswerNames => Answers?.Names ?? [];

    /// <summary>The answers, where every trial has one of a few on one output; else null.</summary>
    internal virtual AnswerSet? Answers => null;

    /// <summary>Draws what shapes the trials.</summary>
    private protected abstract TrialShapes Draw(int trials, NumPyRandom random);

    /// <summary>Whether a trial's output [T×O] is right; null when the trial asks for no answer.</summary>
    private protected abstract bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output);

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">No trial, or more than an array holds.</exception>
    public TrialBatch Generate(int trials, uint dataSeed)
    {
        var random = new NumPyRandom(dataSeed);
        var shapes = Shapes(trials, random);
        return Filled(trials, shapes, new NumPyNoise(random), null);
    }

    /// <summary>
    /// A data set for one update: the trials of <see cref="Generate"/>, with noise of a faster generator; the same arguments give the same
    /// bits.
    /// </summary>
    /// <param name="trials">n.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="over">A data set of as many trials that is needed no more: its arrays are written over. Null for new ones.</param>
    internal TrialBatch Fresh(int trials, uint seed, TrialBatch? over) =>
        Filled(trials, Shapes(trials, new NumPyRandom(seed)), new CounterNoise(seed), over);

    private TrialBatch Filled(int trials, TrialShapes shapes, TrialNoise noise, TrialBatch? over) => new()
    {
        Count = trials, Steps = Steps, Inputs = Inputs, Outputs = Outputs,
        X = Fill(trials, Inputs, shapes.Inputs, _inputNoise, NoisyInputs, noise, over?.X),
        Y = Fill(trials, Outputs, shapes.Targets, _targetNoise, Outputs, noise, over?.Y),
        Mask = shapes.Mask is null ? null : Fill(trials, Outputs, shapes.Mask, 0, 0, noise, over?.Mask),
        ResponseStart = shapes.ResponseStart, Types = shapes.Types,
    };

    /// <summary>The same data set before it is rounded: inputs [n×T×I], targets [n×T×O] and their weights in the loss [n×T×O].</summary>
    /// <exception cref="InvalidInputException">No trial, or more than an array holds.</exception>
    public (double[] X, double[] Y, double[] Mask) GenerateDoubles(int trials, uint dataSeed)
    {
        var random = new NumPyRandom(dataSeed);
        var (shapes, noise) = (Shapes(trials, random), new NumPyNoise(random));
        return (Fill<double>(trials, Inputs, shapes.Inputs, _inputNoise, NoisyInputs, noise),
            Fill<double>(trials, Outputs, shapes.Targets, _targetNoise, Outputs, noise),
            Fill<double>(trials, Outputs, shapes.Mask ?? ((_, weights) => weights.Fill(1)), 0, 0, noise));
    }

    /// <inheritdoc/>
    public double? Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(trials);
        int right = 0, counted = 0, length = Steps * Outputs;
        for (var trial = 0; trial < trials.Count; trial++)
        {
            var output = outputs.Slice(trial * length, length);
            if (IsRight(trials, trial, output) is not { } answer) continue;
            counted++;
            if (answer && TrialAccuracy.IsFinite(output)) right++;
        }
        return counted == 0 ? null : (double)right / counted;
    }

    /// <summary>Delays of 1 … span: <c>randint(span, count) + 1</c>; all 0, and nothing drawn, for span 0.</summary>
    private protected static int[] Delays(NumPyRandom random, int span, int count) =>
        span == 0 ? new int[count] : [.. random.RandInt(span, count).Select(draw => draw + 1)];

    /// <summary>Which trials are catch trials: <c>random_sample(count) &lt; fraction</c>; nothing is drawn for fraction 0.</summary>
    private protected static bool[] Catches(NumPyRandom random, double fraction, int count)
    {
        var caught = new bool[count];
        if (fraction > 0)
            for (var i = 0; i < count; i++) caught[i] = random.RandomSample() < fraction;
        return caught;
    }

    /// <summary>Mean of one output over steps [first, end).</summary>
    private protected double Mean(ReadOnlySpan<float> output, int first, int end, int channel = 0)
    {
        var sum = 0.0;
        for (var t = first; t < end; t++) sum += output[t * Outputs + channel];
        return sum / (end - first);
    }

    /// <summary>
    /// Whether the mean of the one output from the response's start to <paramref name="end"/> is nearer to the target's level there than to
    /// any other.
    /// </summary>
    private protected bool LevelIsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output, ReadOnlySpan<double> levels,
        int? end = null)
    {
        var (first, last) = (trials.ResponseStart[trial], end ?? Steps);
        return Nearest(Mean(output, first, last), levels) == Nearest(Mean(trials.TargetsOf(trial), first, last), levels);

        static double Nearest(double value, ReadOnlySpan<double> levels)
        {
            var best = levels[0];
            foreach (var level in levels)
                if (Math.Abs(level - value) < Math.Abs(best - value)) best = level;
            return best;
        }
    }

    /// <summary>
    /// The τ of [first, T] at which a step from 0 to <paramref name="level"/> fits the one output best, by least squares.
    /// </summary>
    private protected int StepOnset(ReadOnlySpan<float> output, int first, double level)
    {
        var (best, least, sum) = (first, 0.0, 0.0);
        for (var t = first; t < Steps; t++)
        {
            sum += Math.Pow(output[t], 2) - Math.Pow(output[t] - level, 2); // what one more step of 0 costs
            if (sum < least) (best, least) = (t + 1, sum);
        }
        return best;
    }

    private TrialShapes Shapes(int trials, NumPyRandom random)
    {
        if (trials < 1 || trials > MostTrials)
            throw InvalidInputException.Of($"trials of task '{Name}'", trials, FormattableString.Invariant($"1 to {MostTrials}"),
                "ask for a number in that range");
        return Draw(trials, random);
    }

    private T[] Fill<T>(int trials, int channels, FillTrial fill, double sigma, int noisy, TrialNoise noise, T[]? over = null)
        where T : struct, INumber<T>
    {
        var values = over ?? new T[trials * Steps * channels];
        var series = new double[Steps * channels];
        for (var trial = 0; trial < trials; trial++)
        {
            Array.Clear(series);
            fill(trial, series);
            if (sigma > 0) noise.Add(sigma, trial, series, channels, noisy);
            SinglePrecision.Round<T>(series, values.AsSpan(trial * series.Length, series.Length));
        }
        return values;
    }
}

/// <summary>Writes one trial's series, [T×channels], over zeros.</summary>
internal delegate void FillTrial(int trial, Span<double> series);

/// <summary>What has been drawn of a data set before the noise, and how it shapes each trial.</summary>
internal sealed record TrialShapes(FillTrial Inputs, FillTrial Targets, int[] ResponseStart, int[] Types)
{
    /// <summary>Weights of the targets; null when all weigh 1.</summary>
    public FillTrial? Mask { get; init; }
}
