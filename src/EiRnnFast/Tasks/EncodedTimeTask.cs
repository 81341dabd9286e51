using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// The time between two pulses is the time to the answer. Draws: separations <c>choice([20, 40 … 160], n)</c>,
/// delays <c>randint(delay_span, n)+1</c>, types <c>randint(2, n)</c> (0 null), signs <c>choice([−1, 1], n)</c>, noise.
/// </summary>
internal sealed class EncodedTimeTask : CatalogTask
{
    private static readonly double[] s_levels = [-1, 0, 1];
    private readonly int _firstIn, _stimulus, _unit, _count, _delaySpan, _outGap;
    private readonly double[] _pulse;

    public EncodedTimeTask(TaskOptions options) : base(options)
    {
        _firstIn = options.Steps("first_in", 50, "steps before the first pulse, the delay not counted");
        _stimulus = options.Steps("stimulus", 20, "length of a pulse", 1);
        _unit = options.Steps("separation", 20, "shortest separation; the others are its multiples", 1);
        _count = options.Whole("separations", 8, 1, 100, "number of separations");
        _delaySpan = options.Steps("delay_span", 70, "longest delay d; 0 for none");
        _outGap = options.Steps("out_gap", 100, "least length of the answer", 1);
        DeclareNoise(0);
        _pulse = PulseShape.HannPulse(_stimulus);
    }

    public override string Family => "delayed decision";

    public override string Description =>
        $"two pulses of one sign, {_unit} to {_unit * _count} ms apart; answer with the sign when as much time has passed again";

    public override string Timeline =>
        $"half of the trials are null (input and target 0); delay d of 1 … {_delaySpan}, sign s of ±1, separation Δ of {_unit}, "
        + $"{2 * _unit} … {_unit * _count}, from end to start; input: pulses of s on [{_firstIn}+d, {_firstIn + _stimulus}+d) and "
        + $"[{_firstIn + _stimulus}+d+Δ, {_firstIn + 2 * _stimulus}+d+Δ), each smoothed by a Hann window of 10 points; target: "
        + $"s from {_firstIn + 2 * _stimulus}+d+2Δ to the end, 0 before";

    public override string AccuracyRule =>
        "the mean output over the answer is nearest to the target of −1, 0 and 1, and the step that fits the output best begins within "
        + $"{Tolerance} steps of the target's";

    public override string Source => "Jarne, decision making with delays (the authors' later code); seed 1, no noise";

    public override int Steps => _firstIn + 2 * _stimulus + _delaySpan + 2 * _unit * _count + _outGap;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes => ["null", "−", "+"];

    private int Tolerance => _unit / 2;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        int[] separations = [.. random.RandInt(_count, trials).Select(i => _unit * (i + 1))];
        var delays = Delays(random, _delaySpan, trials);
        var types = random.RandInt(2, trials);
        int[] signs = [.. random.RandInt(2, trials).Select((i, trial) => types[trial] * (2 * i - 1))];
        int[] onsets = [.. delays.Select((d, trial) => _firstIn + 2 * _stimulus + d + 2 * separations[trial])];
        return new TrialShapes(
            (trial, x) =>
            {
                var first = _firstIn + delays[trial];
                for (var i = 0; i < _stimulus; i++) x[first + i] = x[first + _stimulus + separations[trial] + i] = signs[trial] * _pulse[i];
            },
            (trial, y) => y[onsets[trial]..].Fill(signs[trial]),
            onsets, [.. signs.Select(sign => sign == 0 ? 0 : sign < 0 ? 1 : 2)]);
    }

    internal override AnswerSet? Answers => new(s_levels, HasFixation: true);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output)
    {
        if (!LevelIsRight(trials, trial, output, s_levels)) return false;
        return trials.Types[trial] == 0
            || Math.Abs(StepOnset(output, _firstIn, 2 * trials.Types[trial] - 3) - trials.ResponseStart[trial]) <= Tolerance;
    }
}
