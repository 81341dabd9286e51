using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// AND, OR and XOR of two pulses (arXiv 2208.10304, tasks), T = 290 steps of 1 ms. With the trial's delay d of 1 … 50,
/// the channels that are on carry 1 on [60+d, 80+d); the target is the gate's value on [100+d, 290) and the baseline before.
/// Draws, in this order, from NumPy's legacy generator: delays <c>randint(50, size=n)+1</c>, types <c>randint(4, size=n)</c>.
/// </summary>
public sealed class BooleanTask : ITask
{
    private const int FirstIn = 60, Stimulus = 20, Gap = 20, DelaySpan = 50, OutGap = 140;
    private readonly bool[] _truth;
    private readonly float _baseline;

    private BooleanTask(string name, bool[] truth, float baseline) => (Name, _truth, _baseline) = (name, truth, baseline);

    /// <summary>1 after both inputs were on.</summary>
    public static BooleanTask And { get; } = new("and", [false, false, false, true], 0);

    /// <summary>1 after at least one input was on; baseline 0.01.</summary>
    public static BooleanTask Or { get; } = new("or", [false, true, true, true], 0.01f);

    /// <summary>1 after exactly one input was on.</summary>
    public static BooleanTask Xor { get; } = new("xor", [false, true, true, false], 0);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Family => "boolean";

    /// <inheritdoc/>
    public string Description =>
        $"{Name.ToUpperInvariant()} of two {Stimulus} ms pulses after a delay of 1-{DelaySpan} ms; answer held from {Gap} ms after the pulses to the end";

    /// <inheritdoc/>
    public int Inputs => 2;

    /// <inheritdoc/>
    public int Outputs => 1;

    /// <inheritdoc/>
    public int Steps => FirstIn + Stimulus + Gap + DelaySpan + OutGap;

    /// <inheritdoc/>
    public int DefaultTrials => 15050;

    /// <inheritdoc/>
    public uint DefaultDataSeed => 3;

    /// <inheritdoc/>
    public IReadOnlyList<string> TrialTypes { get; } = ["00", "10", "01", "11"];

    /// <inheritdoc/>
    public TrialBatch Generate(int trials, uint dataSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        var random = new NumPyRandom(dataSeed);
        var delays = random.RandInt(DelaySpan, trials);
        var types = random.RandInt(4, trials);
        var steps = Steps;
        float[] x = new float[(long)trials * steps * 2], y = new float[(long)trials * steps];
        var responseStart = new int[trials];
        for (var trial = 0; trial < trials; trial++)
        {
            int delay = delays[trial] + 1, type = types[trial];
            for (var t = FirstIn + delay; t < FirstIn + Stimulus + delay; t++)
            {
                var at = (trial * steps + t) * 2;
                x[at] = type & 1;
                x[at + 1] = type >> 1;
            }
            responseStart[trial] = FirstIn + Stimulus + Gap + delay;
            var target = y.AsSpan(trial * steps, steps);
            target[..responseStart[trial]].Fill(_baseline);
            target[responseStart[trial]..].Fill(_truth[type] ? 1 : 0);
        }
        return new TrialBatch
        {
            Count = trials, Steps = steps, Inputs = 2, Outputs = 1, X = x, Y = y, ResponseStart = responseStart, Types = types,
        };
    }

    /// <summary>
    /// Fraction of trials whose mean output over the response window lies on the target's side of 1/2, the midpoint of the two target levels.
    /// </summary>
    public double Accuracy(TrialBatch trials, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var correct = 0;
        for (var trial = 0; trial < trials.Count; trial++)
        {
            var start = trials.ResponseStart[trial];
            var sum = 0.0;
            foreach (var value in outputs.Slice(trial * trials.Steps + start, trials.Steps - start)) sum += value;
            if (sum / (trials.Steps - start) > 0.5 == _truth[trials.Types[trial]]) correct++;
        }
        return (double)correct / trials.Count;
    }
}
