using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// The sign of that of two noisy stimuli which the context attends to.
/// Draws: contexts <c>randint(2, n)</c>, coherences of the two channels <c>choice([−4, −2, −1, 1, 2, 4], n)</c> each,
/// with catch trials <c>random_sample(n) &lt; catch</c>, noise on the two stimulus channels [n×T×2].
/// </summary>
internal sealed class ContextDecisionTask : CatalogTask
{
    private readonly int _fixation, _context, _stimulus, _delay, _decision;
    private readonly double _strength, _cue, _catch;

    public ContextDecisionTask(TaskOptions options) : base(options)
    {
        _fixation = options.Steps("fixation", 5, "steps before the context");
        _context = options.Steps("context", 17, "from the context's start to the stimuli");
        _stimulus = options.Steps("stimulus", 40, "length of the stimuli", 1);
        _delay = options.Steps("delay", 5, "from the end of the stimuli to the decision");
        _decision = options.Steps("decision", 1, "length of the decision", 1);
        _strength = options.Number("strength", 0.1, 0, 100, "stimulus of coherence 1");
        _cue = options.Number("cue", 0.1, 0, 100, "input on the context's channel");
        _catch = options.Number("catch", 0, 0, 1, "fraction of trials without stimuli, target 0");
        DeclareNoise(0.1);
    }

    public override string Family => "neuroscience";

    public override string Description => "two constant stimuli in noise; decide on the sign of the one that the context names";

    public override string Timeline =>
        $"coherences c₀, c₁ of ±1, ±2, ±4, context k of 0, 1; inputs: channels 0 and 1 noise everywhere, and {_strength}·c₀, "
        + $"{_strength}·c₁ on [{Stimulus}, {Stimulus + _stimulus}); channel 2+k {_cue} on [{_fixation}, {Decision}); target: "
        + $"the sign of c_k on the decision steps [{Decision}, {Steps}), which alone weigh in the loss; catch trials: noise only, target 0";

    public override string AccuracyRule =>
        _catch > 0 ? "the mean output over the decision is nearest to the target of −1, 0 and 1"
        : "the mean output over the decision has the target's sign";

    public override string Source =>
        "named in arXiv 2208.10304, parameters after Dubreuil et al., Nat. Neurosci. 25, 783 (2022); steps of 20 ms";

    public override int Inputs => 4;

    public override IReadOnlyList<string> InputLabels { get; } = ["stimulus 0", "stimulus 1", "context 0", "context 1"];

    public override int Steps => Decision + _decision;

    public override double StepMs => 20;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes =>
        ["context 0, −", "context 0, +", "context 1, −", "context 1, +", .. _catch > 0 ? ["catch"] : Array.Empty<string>()];

    private protected override int NoisyInputs => 2;

    private int Stimulus => _fixation + _context;

    private int Decision => Stimulus + _stimulus + _delay;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var contexts = random.RandInt(2, trials);
        int[][] draws = [random.RandInt(PerceptualDecisionTask.Coherences.Length, trials),
            random.RandInt(PerceptualDecisionTask.Coherences.Length, trials)];
        var caught = Catches(random, _catch, trials);
        int Coherence(int channel, int trial) => PerceptualDecisionTask.Coherences[draws[channel][trial]];
        int Sign(int trial) => caught[trial] ? 0 : Math.Sign(Coherence(contexts[trial], trial));
        return new TrialShapes(
            (trial, x) =>
            {
                if (caught[trial]) return;
                for (var t = Stimulus; t < Stimulus + _stimulus; t++)
                    (x[4 * t], x[4 * t + 1]) = (_strength * Coherence(0, trial), _strength * Coherence(1, trial));
                for (var t = _fixation; t < Decision; t++) x[4 * t + 2 + contexts[trial]] = _cue;
            },
            (trial, y) => y[Decision..].Fill(Sign(trial)),
            [.. contexts.Select(_ => Decision)],
            [.. contexts.Select((context, trial) => caught[trial] ? 4 : 2 * context + (Sign(trial) > 0 ? 1 : 0))])
        {
            Mask = (_, weights) => weights[Decision..].Fill(1),
        };
    }

    internal override AnswerSet? Answers => new(_catch > 0 ? [-1, 0, 1] : [-1, 1], HasFixation: false);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        LevelIsRight(trials, trial, output, _catch > 0 ? [-1, 0, 1] : [-1, 1]);
}
