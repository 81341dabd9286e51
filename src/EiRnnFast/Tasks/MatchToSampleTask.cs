using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// Same or different, across a delay. Draws: first stimuli <c>randint(2, n)</c>, second stimuli <c>randint(2, n)</c>, delays
/// <c>⌊delay_min + (delay_max − delay_min)·random_sample(n)⌋</c>, with catch trials <c>random_sample(n) &lt; catch</c>, noise.
/// </summary>
internal sealed class MatchToSampleTask : CatalogTask
{
    private static readonly double[] s_levels = [-1, 1];
    private readonly int _fixation, _stimulus, _delayMin, _delayMax, _decision;
    private readonly double _catch;

    public MatchToSampleTask(TaskOptions options) : base(options)
    {
        _fixation = options.Steps("fixation", 5, "steps before the first stimulus");
        _stimulus = options.Steps("stimulus", 25, "length of a stimulus", 1);
        _delayMin = options.Steps("delay_min", 25, "shortest delay (500 ms)");
        _delayMax = options.Steps("delay_max", 150, "delays stay below this (3000 ms), unless it equals delay_min", _delayMin);
        _decision = options.Steps("decision", 50, "length of the decision", 1);
        _catch = options.Number("catch", 0, 0, 1, "fraction of trials without stimuli, which weigh nothing in the loss");
        DeclareNoise(0.03);
    }

    public override string Family => "neuroscience";

    public override string Description =>
        "two stimuli of A and B with a delay between; answer whether they are the same (delayed match to sample)";

    public override string Timeline =>
        $"delay D of {_delayMin} … {Math.Max(_delayMin, _delayMax - 1)}; inputs: noise everywhere, channel A or B 1 on [{_fixation}, "
        + $"{_fixation + _stimulus}) and channel A or B 1 on [{_fixation + _stimulus}+D, {_fixation + 2 * _stimulus}+D); target: "
        + $"+1 for the same, −1 for different on the decision steps [{_fixation + 2 * _stimulus}+D, "
        + $"{_fixation + 2 * _stimulus + _decision}+D), which alone weigh in the loss; then padding; catch trials: noise only, no weight";

    public override string AccuracyRule => "the mean output over the decision has the target's sign; catch trials do not count";

    public override string Source =>
        "named in arXiv 2208.10304, parameters after Dubreuil et al., Nat. Neurosci. 25, 783 (2022); steps of 20 ms";

    public override int Inputs => 2;

    public override IReadOnlyList<string> InputLabels { get; } = ["A", "B"];

    public override int Steps => _fixation + 2 * _stimulus + _delayMax + _decision;

    public override double StepMs => 20;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes => ["AA", "AB", "BA", "BB", .. _catch > 0 ? ["catch"] : Array.Empty<string>()];

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        int[] first = random.RandInt(2, trials), second = random.RandInt(2, trials), delays = new int[trials];
        for (var trial = 0; trial < trials; trial++) delays[trial] = (int)(_delayMin + (_delayMax - _delayMin) * random.RandomSample());
        var caught = Catches(random, _catch, trials);
        int Decision(int trial) => _fixation + 2 * _stimulus + delays[trial];
        return new TrialShapes(
            (trial, x) =>
            {
                if (caught[trial]) return;
                for (var t = _fixation; t < _fixation + _stimulus; t++) x[2 * t + first[trial]] = 1;
                for (var t = Decision(trial) - _stimulus; t < Decision(trial); t++) x[2 * t + second[trial]] = 1;
            },
            (trial, y) =>
            {
                if (!caught[trial]) y.Slice(Decision(trial), _decision).Fill(first[trial] == second[trial] ? 1 : -1);
            },
            [.. Enumerable.Range(0, trials).Select(Decision)],
            [.. first.Select((stimulus, trial) => caught[trial] ? 4 : 2 * stimulus + second[trial])])
        {
            Mask = (trial, weights) =>
            {
                if (!caught[trial]) weights.Slice(Decision(trial), _decision).Fill(1);
            },
        };
    }

    internal override AnswerSet? Answers => new(s_levels, HasFixation: false);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        trials.Types[trial] == 4 ? null : LevelIsRight(trials, trial, output, s_levels, trials.ResponseStart[trial] + _decision);
}
