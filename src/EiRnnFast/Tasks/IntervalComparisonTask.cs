using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// Which of two intervals is longer?
/// Draws: types <c>randint(2, n)</c> (0: the second), then per trial the start <c>first_in + randint(delay_span)</c>, noise.
/// </summary>
internal sealed class IntervalComparisonTask : CatalogTask
{
    private static readonly double[] s_levels = [-1, 1];
    private readonly int _firstIn, _stimulus, _short, _long, _between, _gap, _delaySpan, _outGap;
    private readonly double[] _pulse;

    public IntervalComparisonTask(TaskOptions options) : base(options)
    {
        _firstIn = options.Steps("first_in", 50, "earliest start");
        _stimulus = options.Steps("stimulus", 10, "length of a pulse", 1);
        _short = options.Steps("short", 25, "the shorter interval, from end to start", 1);
        _long = options.Steps("long", 50, "the longer interval", 1);
        _between = options.Steps("between", 100, "from the end of the first interval's second pulse to the second interval's first");
        _gap = options.Steps("gap", 20, "from the end of the fourth pulse to the answer");
        _delaySpan = options.Steps("delay_span", 70, "number of starts; 0 for the earliest only");
        _outGap = options.Steps("out_gap", 206, "least length of the answer", 1);
        DeclareNoise(0);
        _pulse = PulseShape.HannPulse(_stimulus);
    }

    public override string Family => "delayed decision";

    public override string Description =>
        $"two intervals, {_short} and {_long} ms in either order, marked by pulses; answer which was longer";

    public override string Timeline =>
        $"start u of {_firstIn} … {_firstIn + Math.Max(0, _delaySpan - 1)}; input: four pulses of {_stimulus} steps, smoothed by a Hann "
        + $"window of 10 points, separated from end to start by d₁, {_between} and d₂, (d₁, d₂) = ({_short}, {_long}) or ({_long}, "
        + $"{_short}); target: +1 in the first case, −1 in the second, from {_gap} steps after the fourth pulse (u+{Answer}) to the end, "
        + "0 before";

    public override string AccuracyRule => "the mean output over the answer has the target's sign";

    public override string Source => "Jarne, decision making with delays (the authors' later code); seed 1, no noise";

    public override int Steps => _firstIn + Math.Max(0, _delaySpan - 1) + Answer + _outGap;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes { get; } = ["second longer", "first longer"];

    /// <summary>From the start to the answer.</summary>
    private int Answer => 4 * _stimulus + _short + _between + _long + _gap;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var types = random.RandInt(2, trials);
        var starts = new int[trials];
        for (var trial = 0; trial < trials; trial++) starts[trial] = _firstIn + (_delaySpan == 0 ? 0 : random.RandInt(_delaySpan));
        return new TrialShapes(
            (trial, x) =>
            {
                var at = starts[trial];
                foreach (var interval in (ReadOnlySpan<int>)[types[trial] == 0 ? _short : _long, _between,
                    types[trial] == 0 ? _long : _short, 0])
                {
                    _pulse.CopyTo(x[at..]);
                    at += _stimulus + interval;
                }
            },
            (trial, y) => y[(starts[trial] + Answer)..].Fill(types[trial] == 0 ? 1 : -1),
            [.. starts.Select(start => start + Answer)], types);
    }

    internal override AnswerSet? Answers => new(s_levels, HasFixation: true);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        LevelIsRight(trials, trial, output, s_levels);
}
