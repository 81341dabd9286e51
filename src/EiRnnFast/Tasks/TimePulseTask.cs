using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// A pulse is repeated after a gap. Draws: types <c>randint(2, n)</c> (0 null), noise on the inputs, noise on the targets.
/// </summary>
internal sealed class TimePulseTask : CatalogTask
{
    private readonly int _firstIn, _stimulus, _gap, _outGap;
    private readonly double _baseline;
    private readonly double[] _pulse;

    public TimePulseTask(TaskOptions options) : base(options)
    {
        _firstIn = options.Steps("first_in", 30, "steps before the pulse");
        _stimulus = options.Steps("stimulus", 20, "length of the pulse, and of the answer", 1);
        _gap = options.Steps("gap", 20, "from the end of the pulse to the answer");
        _outGap = options.Steps("out_gap", 10, "from the end of the answer to the end");
        _baseline = options.Number("baseline", 0.01, -10, 10, "target outside the answer");
        DeclareNoise(0.1, 0.1);
        _pulse = PulseShape.GaussianPulse(_stimulus);
    }

    public override string Family => "timing";

    public override string Description => $"repeat a {_stimulus} ms pulse after {_gap} ms; without a pulse silence";

    public override string Timeline =>
        $"half of the trials are null; input: a pulse on [{_firstIn}, {_firstIn + _stimulus}), convolved with 0.04 times a Gaussian of 20 "
        + $"points and σ 12; target: the same shape on [{Start}, {Start + _stimulus}), 0 there in null trials; {_baseline} elsewhere";

    public override string AccuracyRule => "the mean output over the answer lies on the target's side of half the pulse's mean";

    public override string Source => "Jarne & Caruso, arXiv 2208.10304; seed 2, gap 20, noise 0.1 on inputs and targets";

    public override int Steps => Start + _stimulus + _outGap;

    public override uint DefaultDataSeed => 2;

    public override IReadOnlyList<string> TrialTypes { get; } = ["null", "pulse"];

    private int Start => _firstIn + _stimulus + _gap;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var types = random.RandInt(2, trials);
        return new TrialShapes(
            (trial, x) =>
            {
                if (types[trial] == 1) _pulse.CopyTo(x[_firstIn..]);
            },
            (trial, y) =>
            {
                y.Fill(_baseline);
                if (types[trial] == 1) _pulse.CopyTo(y[Start..]);
                else y.Slice(Start, _stimulus).Clear();
            },
            [.. types.Select(_ => Start)], types);
    }

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        Mean(output, Start, Start + _stimulus) > _pulse.Average() / 2 == (trials.Types[trial] == 1);
}
