using System.Diagnostics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// A pulse of a height and a sign; the answer is the sign, later, when or how strong being coded by the height.
/// Draws: delays <c>randint(delay_span, n)+1</c>, types <c>randint(2, n)</c> (0 null), heights <c>choice(list, n)</c> where they vary,
/// signs <c>choice([−1, 1], n)</c>, noise.
/// </summary>
internal sealed class DelayedDecisionTask : CatalogTask
{
    private enum Coded { Nothing, Time, Amplitude }

    private readonly Coded _coded;
    private readonly int[] _heights;
    private readonly int _firstIn, _stimulus, _gap, _perHeight, _delaySpan, _outGap;
    private readonly double _perLevel;
    private readonly double[] _pulse, _levels;

    private DelayedDecisionTask(TaskOptions options, Coded coded, int[] heights, uint seed, int trials, int gap, int perHeight, int outGap)
        : base(options)
    {
        (_coded, _heights) = (coded, heights);
        (DefaultDataSeed, DefaultTrials) = (seed, trials);
        _firstIn = options.Steps("first_in", 50, "steps before the pulse, the delay not counted");
        _stimulus = options.Steps("stimulus", 20, "length of the pulse", 1);
        _delaySpan = options.Steps("delay_span", 70, "longest delay d; 0 for none");
        _gap = options.Steps("gap", gap,
            coded == Coded.Time ? "from the end of the pulse to the answer, beside what the height adds"
            : "from the end of the pulse to the answer");
        if (coded == Coded.Time) _perHeight = options.Steps("gap_per_height", perHeight, "what each unit of height adds to the gap", 1);
        _perLevel = coded == Coded.Amplitude ? options.Number("level", 0.25, 1e-3, 1000, "answer for each unit of height") : 1;
        _outGap = options.Steps("out_gap", outGap, "least length of the answer", 1);
        DeclareNoise(0.05);
        _pulse = PulseShape.HannPulse(_stimulus);
        var answers = coded == Coded.Amplitude ? heights.Select(h => h * _perLevel).ToArray() : [1];
        _levels = [0, .. answers, .. answers.Select(level => -level)];
    }

    public static DelayedDecisionTask DelayedResponse(TaskOptions options) => new(options, Coded.Nothing, [1], 2, 15050, 50, 0, 180);

    public static DelayedDecisionTask LongShort(TaskOptions options) => new(options, Coded.Time, [2, 1], 2, 15050, 0, 50, 130);

    public static DelayedDecisionTask Times(TaskOptions options, int count) =>
        new(options, Coded.Time, [.. Enumerable.Range(1, count)], count == 4 ? 2u : 1u, 15050, 0, 25, 230 - 25 * count);

    public static DelayedDecisionTask AmplitudeSign(TaskOptions options) =>
        new(options, Coded.Amplitude, [.. Enumerable.Range(1, 8)], 1, 90300, 150, 0, 80);

    public override string Family => "delayed decision";

    public override string Description => _coded switch
    {
        Coded.Time => $"answer with the sign of a pulse, after a time that its height (one of {_heights.Length}) tells",
        Coded.Amplitude => $"answer with the sign of a pulse times its height (one of {_heights.Length})",
        Coded.Nothing => "answer with the sign of a pulse after a delay",
        _ => throw new UnreachableException($"no description of {_coded}"),
    };

    public override string Timeline
    {
        get
        {
            var height = _heights.Length > 1 ? $", height h of 1 … {_heights.Max()}" : "";
            var pulse = _heights.Length > 1 ? "h·s" : "s";
            var level = _coded == Coded.Amplitude ? FormattableString.Invariant($"{_perLevel}·h·s") : "s";
            var wait = _coded == Coded.Time ? $"+{_perHeight}h" : "";
            return $"half of the trials are null (input and target 0); delay d of 1 … {_delaySpan}, sign s of ±1{height}; "
                + $"input: a pulse of {pulse} on [{_firstIn}+d, {_firstIn + _stimulus}+d), smoothed by a Hann window of 10 points; "
                + $"target: {level} from {_firstIn + _stimulus + _gap}+d{wait} to the end, 0 before";
        }
    }

    public override string AccuracyRule => _coded == Coded.Time
        ? "the mean output over the answer is nearest to the target of −1, 0 and 1, and the step that fits the output best begins within "
            + $"{Tolerance} steps of the target's"
        : "the mean output over the answer is nearer to the target than to any other level";

    public override string Source =>
        $"Jarne, decision making with delays (the authors' later code); seed {DefaultDataSeed}, noise 0.05"
        + $"{(DefaultTrials == 15050 ? "" : $", {DefaultTrials} trials")}";

    public override int Steps => _firstIn + _stimulus + _delaySpan + _gap + _perHeight * _heights.Max() + _outGap;

    public override int DefaultTrials { get; }

    public override uint DefaultDataSeed { get; }

    public override IReadOnlyList<string> TrialTypes =>
        ["null", .. _heights.Order().SelectMany(h => _heights.Length > 1 ? new[] { $"−{h}", $"+{h}" } : ["−", "+"])];

    private int Tolerance => _perHeight / 2;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var delays = Delays(random, _delaySpan, trials);
        var types = random.RandInt(2, trials);
        var heights = _heights.Length > 1
            ? [.. random.RandInt(_heights.Length, trials).Select(i => _heights[i])]
            : Enumerable.Repeat(_heights[0], trials).ToArray();
        var signs = random.RandInt(2, trials).Select(i => 2 * i - 1).ToArray();
        int[] onsets = [.. delays.Select((d, trial) => _firstIn + _stimulus + d + _gap + _perHeight * heights[trial])];
        return new TrialShapes(
            (trial, x) =>
            {
                for (var i = 0; i < _stimulus; i++)
                    x[_firstIn + delays[trial] + i] = types[trial] * signs[trial] * heights[trial] * _pulse[i];
            },
            (trial, y) => y[onsets[trial]..]
                .Fill(types[trial] * signs[trial] * (_coded == Coded.Amplitude ? heights[trial] * _perLevel : 1)),
            onsets, [.. types.Select((type, trial) => type == 0 ? 0 : 2 * heights[trial] - (signs[trial] < 0 ? 1 : 0))]);
    }

    internal override AnswerSet? Answers => new([.. _levels.Order()], HasFixation: true);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output)
    {
        if (!LevelIsRight(trials, trial, output, _levels)) return false;
        if (_coded != Coded.Time || trials.Types[trial] == 0) return true;
        var pulseEnd = trials.ResponseStart[trial] - _gap - _perHeight * ((trials.Types[trial] + 1) / 2);
        return Math.Abs(StepOnset(output, pulseEnd, trials.Types[trial] % 2 == 1 ? -1 : 1) - trials.ResponseStart[trial]) <= Tolerance;
    }
}
