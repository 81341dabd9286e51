using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// AND, OR and XOR of two pulses. Draws: delays <c>randint(delay_span, n)+1</c>, types <c>randint(4, n)</c>, noise. Only
/// 4 × delay_span distinct trials exist without noise.
/// </summary>
internal sealed class BooleanTask : CatalogTask
{
    private readonly int _firstIn, _stimulus, _gap, _delaySpan, _outGap;
    private readonly bool[] _truth;
    private readonly double _baseline;

    private BooleanTask(TaskOptions options, bool[] truth, double baseline) : base(options)
    {
        _truth = truth;
        _firstIn = options.Steps("first_in", 60, "steps before the pulses, the delay not counted");
        _stimulus = options.Steps("stimulus", 20, "length of the pulses", 1);
        _gap = options.Steps("gap", 20, "from the end of the pulses to the answer");
        _delaySpan = options.Steps("delay_span", 50, "longest delay d; 0 for none");
        _outGap = options.Steps("out_gap", 140, "least length of the answer", 1);
        _baseline = options.Number("baseline", baseline, -10, 10, "target before the answer");
        DeclareNoise(0);
    }

    public static BooleanTask And(TaskOptions options) => new(options, [false, false, false, true], 0);

    public static BooleanTask Or(TaskOptions options) => new(options, [false, true, true, true], 0.01);

    public static BooleanTask Xor(TaskOptions options) => new(options, [false, true, true, false], 0);

    public override string Family => "boolean";

    public override string Description =>
        $"{Name.ToUpperInvariant()} of two {_stimulus} ms pulses after a delay of up to {_delaySpan} ms; "
        + $"answer held from {_gap} ms after the pulses to the end";

    public override string Timeline =>
        $"delay d of 1 … {_delaySpan}, one of four types; inputs: the type's channels are 1 on [{_firstIn}+d, {_firstIn + _stimulus}+d); "
        + $"target: {_baseline} before {Answer}+d, then 0 or 1, the gate of the two, to the end";

    public override string AccuracyRule => "the mean output over the answer lies on the target's side of 1/2";

    public override string Source =>
        "Jarne & Caruso, arXiv 2208.10304; seed 3, no noise. Earlier variants: delay_span 0, noise 0.1, other lengths";

    public override int Inputs => 2;

    public override IReadOnlyList<string> InputLabels { get; } = ["A", "B"];

    public override int Steps => Answer + _delaySpan + _outGap;

    public override uint DefaultDataSeed => 3;

    public override IReadOnlyList<string> TrialTypes { get; } = ["00", "10", "01", "11"];

    private int Answer => _firstIn + _stimulus + _gap;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var delays = Delays(random, _delaySpan, trials);
        var types = random.RandInt(4, trials);
        return new TrialShapes(
            (trial, x) =>
            {
                for (var t = _firstIn + delays[trial]; t < _firstIn + _stimulus + delays[trial]; t++)
                    (x[2 * t], x[2 * t + 1]) = (types[trial] & 1, types[trial] >> 1);
            },
            (trial, y) =>
            {
                y[..(Answer + delays[trial])].Fill(_baseline);
                y[(Answer + delays[trial])..].Fill(_truth[types[trial]] ? 1 : 0);
            },
            [.. delays.Select(delay => Answer + delay)], types);
    }

    internal override AnswerSet? Answers => new([0, 1], HasFixation: true);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        Mean(output, trials.ResponseStart[trial], Steps) > 0.5 == _truth[trials.Types[trial]];
}
