using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// The sign of a noisy constant stimulus.
/// Draws: coherences <c>choice([−4, −2, −1, 1, 2, 4], n)</c>, with catch trials <c>random_sample(n) &lt; catch</c>, noise.
/// </summary>
internal sealed class PerceptualDecisionTask : CatalogTask
{
    internal static readonly int[] Coherences = [-4, -2, -1, 1, 2, 4];
    private readonly int _fixation, _stimulus, _delay, _decision;
    private readonly double _strength, _catch;

    public PerceptualDecisionTask(TaskOptions options) : base(options)
    {
        _fixation = options.Steps("fixation", 5, "steps before the stimulus");
        _stimulus = options.Steps("stimulus", 40, "length of the stimulus", 1);
        _delay = options.Steps("delay", 5, "from the end of the stimulus to the decision");
        _decision = options.Steps("decision", 1, "length of the decision", 1);
        _strength = options.Number("strength", 0.1, 0, 100, "stimulus of coherence 1");
        _catch = options.Number("catch", 0, 0, 1, "fraction of trials without a stimulus, target 0");
        DeclareNoise(0.1);
    }

    public override string Family => "neuroscience";

    public override string Description => "decide on the sign of a constant stimulus in noise";

    public override string Timeline =>
        $"coherence c of ±1, ±2, ±4; input: noise everywhere, and {_strength}·c on [{_fixation}, {_fixation + _stimulus}); target: "
        + $"the sign of c on the decision steps [{Decision}, {Steps}), which alone weigh in the loss; catch trials: noise only, target 0";

    public override string AccuracyRule =>
        _catch > 0 ? "the mean output over the decision is nearest to the target of −1, 0 and 1"
        : "the mean output over the decision has the target's sign";

    public override string Source =>
        "named in arXiv 2208.10304, parameters after Dubreuil et al., Nat. Neurosci. 25, 783 (2022); steps of 20 ms";

    public override int Steps => Decision + _decision;

    public override double StepMs => 20;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes =>
        [.. Coherences.Select(c => $"{c:+0;−0}"), .. _catch > 0 ? ["catch"] : Array.Empty<string>()];

    private int Decision => _fixation + _stimulus + _delay;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        int[] draws = random.RandInt(Coherences.Length, trials);
        var caught = Catches(random, _catch, trials);
        return new TrialShapes(
            (trial, x) =>
            {
                if (!caught[trial]) x.Slice(_fixation, _stimulus).Fill(_strength * Coherences[draws[trial]]);
            },
            (trial, y) => y[Decision..].Fill(caught[trial] ? 0 : Math.Sign(Coherences[draws[trial]])),
            [.. draws.Select(_ => Decision)],
            [.. draws.Select((draw, trial) => caught[trial] ? Coherences.Length : draw)])
        {
            Mask = (_, weights) => weights[Decision..].Fill(1),
        };
    }

    internal override AnswerSet? Answers => new(_catch > 0 ? [-1, 0, 1] : [-1, 1], HasFixation: false);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        LevelIsRight(trials, trial, output, _catch > 0 ? [-1, 0, 1] : [-1, 1]);
}
