using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// Memory of the last pulse. One bit: two inputs, set and reset; per trial and turn <c>c = randint(2)</c> (0 reset, 1 set).
/// Several bits, each with an input and an output of its own: per trial, turn and bit <c>randint(3)</c>:
/// 0 no pulse, 1 a pulse of +1, 2 one of −1. Then noise.
/// </summary>
internal sealed class FlipFlopTask : CatalogTask
{
    private readonly int _turns, _bits, _firstIn, _stimulus, _gap, _turn, _outGap;
    private readonly double _baseline;

    public FlipFlopTask(TaskOptions options) : base(options)
    {
        _turns = options.Whole("turns", 3, 1, 1000, "pulses of a trial, one a turn");
        _bits = options.Whole("bits", 1, 1, 100,
            "1: one bit with a set and a reset input; 2 or more: so many independent bits, each with one input (±1) and one output");
        _firstIn = options.Steps("first_in", 50, "steps before the first pulse");
        _stimulus = options.Steps("stimulus", 20, "length of a pulse", 1);
        _gap = options.Steps("gap", 20, "from the end of a pulse to its answer");
        _turn = options.Steps("turn", 120, "from one pulse to the next; at least stimulus + gap", _stimulus + _gap);
        _outGap = options.Steps("out_gap", 80, "length of the last answer", 1);
        _baseline = options.Number("baseline", 0.01, -10, 10, "target before the first answer");
        DeclareNoise(_turns == 8 ? 0.1 : 0);
    }

    public override string Family => "memory";

    public override string Description => _bits == 1
        ? $"set or reset a bit by pulses on two channels, {_turns} turns; the last pulse is remembered"
        : $"{_bits} independent bits, {_turns} turns; each output holds the sign of its channel's last pulse";

    public override string Timeline => _bits == 1
        ? $"turn i of 0 … {_turns - 1} draws c: channel c (0 reset, 1 set) is 1 on [{_firstIn}+{_turn}·i, "
            + $"{_firstIn + _stimulus}+{_turn}·i); target: {_baseline} before {Answer}, c on [{Answer}+{_turn}·i, "
            + $"{Answer + _turn}+{_turn}·i)"
        : $"at turn i of 0 … {_turns - 1} each channel has, independently, no pulse, +1 or −1 on [{_firstIn}+{_turn}·i, "
            + $"{_firstIn + _stimulus}+{_turn}·i); target: {_baseline} before {Answer}, then from {Answer}+{_turn}·i the sign of the "
            + "channel's last pulse, 0 before its first";

    public override string AccuracyRule => _bits == 1
        ? "in every turn the mean output over its answer lies on the target's side of 1/2"
        : "in every turn and for every bit the mean output over the answer is nearest to the target of −1, 0 and 1";

    public override string Source =>
        "Jarne & Caruso, arXiv 2208.10304; seed 1; 3 turns without noise, 8 turns with noise 0.1 and 25050 trials. "
        + "Several bits: after Sussillo & Barak, Neural Comput. 25, 626 (2013)";

    public override int Inputs => _bits == 1 ? 2 : _bits;

    public override IReadOnlyList<string> InputLabels => _bits == 1 ? ["reset", "set"] : [];

    public override int Outputs => _bits;

    public override int Steps => Answer + _turn * (_turns - 1) + _outGap;

    public override int DefaultTrials => _turns == 8 ? 25050 : 15050;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes => _bits == 1 ? ["last reset", "last set"] : [];

    private int Answer => _firstIn + _stimulus + _gap;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var draws = random.RandInt(_bits == 1 ? 2 : 3, checked(trials * _turns * _bits));
        return new TrialShapes(
            (trial, x) =>
            {
                for (var turn = 0; turn < _turns; turn++)
                    for (var bit = 0; bit < _bits; bit++)
                    {
                        var draw = draws[(trial * _turns + turn) * _bits + bit];
                        var (channel, value) = _bits == 1 ? (draw, 1) : (bit, Sign(draw));
                        for (var t = _firstIn + _turn * turn; t < _firstIn + _turn * turn + _stimulus; t++) x[t * Inputs + channel] = value;
                    }
            },
            (trial, y) =>
            {
                y.Fill(_baseline);
                for (var bit = 0; bit < _bits; bit++)
                    for (var (turn, held) = (0, 0); turn < _turns; turn++)
                    {
                        var draw = draws[(trial * _turns + turn) * _bits + bit];
                        held = _bits == 1 ? draw : Sign(draw) is var sign and not 0 ? sign : held;
                        var end = turn == _turns - 1 ? Steps : Math.Min(Answer + _turn * (turn + 1), Steps);
                        for (var t = Answer + _turn * turn; t < end; t++) y[t * _bits + bit] = held;
                    }
            },
            [.. Enumerable.Repeat(Answer, trials)],
            _bits == 1 ? [.. Enumerable.Range(0, trials).Select(trial => draws[(trial + 1) * _turns - 1])] : []);

        static int Sign(int draw) => draw == 2 ? -1 : draw;
    }

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output)
    {
        var target = trials.TargetsOf(trial);
        for (var turn = 0; turn < _turns; turn++)
        {
            var (first, end) = (Answer + _turn * turn, Math.Min(Answer + _turn * (turn + 1), Steps));
            for (var bit = 0; bit < _bits; bit++)
            {
                var (answer, expected) = (Mean(output, first, end, bit), Mean(target, first, end, bit));
                if (_bits == 1 ? answer > 0.5 != expected > 0.5 : Math.Round(Math.Clamp(answer, -1, 1)) != Math.Round(expected))
                    return false;
            }
        }
        return true;
    }
}
