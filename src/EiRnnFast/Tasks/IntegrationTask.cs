using System.Diagnostics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// The sign of the integral of a random signal. Draws, windowed: <c>randint(2, n)</c> unused, then per trial <c>randn(stimulus)</c>.
/// Continuous: delays <c>randint(delay_span, n)+1</c> before these. Cued: delays, then until n trials exist <c>randint(2)</c> unused, <c>c
/// = randint(2)</c> and, where a trial of that kind is still wanted (⌊3n/4⌋ cued, the rest uncued), <c>randn(stimulus)</c>. Then noise.
/// </summary>
internal sealed class IntegrationTask : CatalogTask
{
    private enum Kind { Windowed, Continuous, Cued }

    private readonly Kind _kind;
    private readonly int _firstIn, _stimulus, _integrated, _gap, _delaySpan, _outGap, _cueLead, _cue;
    private readonly double[] _levels;

    private IntegrationTask(TaskOptions options, Kind kind) : base(options)
    {
        _kind = kind;
        var windowed = kind == Kind.Windowed;
        _firstIn = options.Steps("first_in", 50, windowed ? "steps before the signal" : "steps before the signal, the delay not counted");
        _stimulus = options.Steps("stimulus", 200, "length of the signal", 2);
        _integrated = windowed ? _stimulus : options.Steps("integrated", 50, "steps of the signal that count", 2);
        _gap = options.Steps("gap", windowed ? 20 : 60,
            windowed ? "from the end of the signal to the answer" : "from the end of the steps that count to the answer");
        if (!windowed) _delaySpan = options.Steps("delay_span", 150, "longest delay d; 0 for none");
        if (kind == Kind.Cued)
        {
            _cueLead = options.Steps("cue_lead", 20, "from the start of the cue to the signal's", 1);
            _cue = options.Steps("cue", 10, "length of the cue", 1);
        }
        _outGap = options.Steps("out_gap", windowed ? 210 : 170, "least length of the answer", 1);
        DeclareNoise(0);
        _levels = kind == Kind.Cued ? [-1, 0, 1] : [-1, 1];
        Refuse("integrated", _integrated, _integrated <= _stimulus, $"at most the signal's {_stimulus} steps");
        Refuse("cue_lead", _cueLead, _cueLead <= _firstIn, $"at most first_in, {_firstIn}");
        Refuse("out_gap", _outGap, _firstIn + _delaySpan + _stimulus <= Steps && _firstIn + _delaySpan - _cueLead + _cue <= Steps,
            "a trial that holds signal and cue");
    }

    public static IntegrationTask Windowed(TaskOptions options) => new(options, Kind.Windowed);

    public static IntegrationTask Continuous(TaskOptions options) => new(options, Kind.Continuous);

    public static IntegrationTask Cued(TaskOptions options) => new(options, Kind.Cued);

    public override string Family => "integration";

    public override string Description => _kind switch
    {
        Kind.Windowed => "answer with the sign of the integral of a random signal, after it",
        Kind.Continuous => $"answer with the sign of the integral of a random signal's first {_integrated} ms while it goes on",
        Kind.Cued => $"answer with the sign of the integral of a random signal's first {_integrated} ms where a cue asks for it",
        _ => throw new UnreachableException($"no description of {_kind}"),
    };

    public override string Timeline => _kind switch
    {
        Kind.Windowed => $"input: {SignalWords} on [{_firstIn}, {_firstIn + _stimulus}); "
            + $"target: the sign of its integral (Simpson) from {Answer} to the end, 0 before",
        Kind.Continuous => $"{DelayedSignal}; {DelayedTarget}",
        Kind.Cued => $"{DelayedSignal}, and a second channel with a cue of 1 on "
            + $"[{_firstIn - _cueLead}+d, {_firstIn - _cueLead + _cue}+d) in three of four trials; "
            + $"{DelayedTarget} and in trials without a cue",
        _ => throw new UnreachableException($"no timeline of {_kind}"),
    };

    private const string SignalWords = "N(0, 1) a step, smoothed by a Hann window of 10 points,";

    private string DelayedSignal => $"delay d of 1 … {_delaySpan}; input: {SignalWords} on [{_firstIn}+d, {_firstIn + _stimulus}+d)";

    private string DelayedTarget =>
        $"target: the sign of the integral (Simpson) of the first {_integrated} steps from {Answer}+d to the end, 0 before";

    public override string AccuracyRule =>
        _kind == Kind.Cued ? "the mean output over the answer is nearest to the target of −1, 0 and 1"
        : "the mean output over the answer has the target's sign";

    public override string Source =>
        "Jarne, decision making with delays (the authors' later code); "
        + $"seed {DefaultDataSeed}{(DefaultTrials == 15050 ? "" : $", {DefaultTrials} trials")}";

    public override int Inputs => _kind == Kind.Cued ? 2 : 1;

    public override IReadOnlyList<string> InputLabels => _kind == Kind.Cued ? ["stimulus", "cue"] : [];

    public override int Steps => Answer + _delaySpan + _outGap;

    public override int DefaultTrials => _kind == Kind.Cued ? 15050 : 90300;

    public override uint DefaultDataSeed => _kind == Kind.Cued ? 3u : 2u;

    public override IReadOnlyList<string> TrialTypes => _kind == Kind.Cued ? ["−", "+", "uncued"] : ["−", "+"];

    public override bool InputsAreNoisy => true;

    private int Answer => _firstIn + _integrated + _gap;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var delays = Delays(random, _delaySpan, trials);
        var cued = Enumerable.Repeat(true, trials).ToArray();
        var signals = new double[trials][];
        if (_kind == Kind.Cued)
        {
            var (cuesLeft, othersLeft) = (3L * trials / 4, trials - 3L * trials / 4);
            for (var trial = 0; trial < trials;)
            {
                random.RandInt(2);
                var cue = random.RandInt(2) == 1;
                if (cue ? cuesLeft-- <= 0 : othersLeft-- <= 0) continue;
                (cued[trial], signals[trial++]) = (cue, Signal(random));
            }
        }
        else
        {
            random.RandInt(2, trials);
            for (var trial = 0; trial < trials; trial++) signals[trial] = Signal(random);
        }
        int[] signs = [.. signals.Select((signal, trial) => cued[trial]
            ? Math.Sign(PulseShape.Integral(signal.AsSpan(0, _integrated)))
            : 0)];
        int[] onsets = [.. delays.Select(d => Answer + d)];
        return new TrialShapes(
            (trial, x) =>
            {
                for (var i = 0; i < _stimulus; i++) x[(_firstIn + delays[trial] + i) * Inputs] = signals[trial][i];
                if (_kind != Kind.Cued || !cued[trial]) return;
                for (var t = _firstIn + delays[trial] - _cueLead; t < _firstIn + delays[trial] - _cueLead + _cue; t++) x[2 * t + 1] = 1;
            },
            (trial, y) => y[onsets[trial]..].Fill(signs[trial]),
            onsets, [.. signs.Select(sign => sign < 0 ? 0 : sign > 0 ? 1 : TrialTypes.Count - 1)]);
    }

    internal override AnswerSet? Answers => new(_levels, HasFixation: true);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        LevelIsRight(trials, trial, output, _levels);

    private double[] Signal(NumPyRandom random)
    {
        var draws = new double[_stimulus];
        for (var i = 0; i < draws.Length; i++) draws[i] = random.RandN();
        return PulseShape.Hann(draws);
    }

    private void Refuse(string option, int found, bool holds, string expected)
    {
        if (!holds) throw InvalidInputException.Of($"option {option} of task '{Name}'", found, expected, "change the times");
    }
}
