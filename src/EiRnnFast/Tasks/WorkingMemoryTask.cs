using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>
/// The difference of two frequencies, the first kept over a delay.
/// Draws: pairs <c>randint(54, n)</c> (all f₁ of 10 … 34 and f₂ = f₁ + δ within, in the order of δ = −24, −16, −8, 8, 16, 24, then f₁),
/// delays <c>delay_min + randint(delay_max − delay_min + 1, n)</c>, with catch trials <c>random_sample(n) &lt; catch</c>, noise.
/// </summary>
internal sealed class WorkingMemoryTask : CatalogTask
{
    private const int Lowest = 10, Highest = 34, Centre = 22;
    private static readonly double[] s_levels = [-1, 1];
    private static readonly (int First, int Second)[] s_pairs =
    [
        .. from difference in new[] { -24, -16, -8, 8, 16, 24 } from first in Enumerable.Range(Lowest, Highest - Lowest + 1)
           where first + difference is >= Lowest and <= Highest select (first, first + difference),
    ];

    private readonly int _fixation, _stimulus, _delayMin, _delayMax, _decision;
    private readonly double _scale, _catch;

    public WorkingMemoryTask(TaskOptions options) : base(options)
    {
        _fixation = options.Steps("fixation", 5, "steps before the first stimulus");
        _stimulus = options.Steps("stimulus", 5, "length of a stimulus", 1);
        _delayMin = options.Steps("delay_min", 25, "shortest delay");
        _delayMax = options.Steps("delay_max", 50, "longest delay; at least delay_min", _delayMin);
        _decision = options.Steps("decision", 5, "length of the decision", 1);
        _scale = options.Number("scale", 24, 1e-3, 1e6, "what frequencies are divided by");
        _catch = options.Number("catch", 0, 0, 1, "fraction of trials without stimuli, which weigh nothing in the loss");
        DeclareNoise(0.01);
    }

    public override string Family => "neuroscience";

    public override string Description => "two frequencies, one after the other; answer with their difference (parametric working memory)";

    public override string Timeline =>
        $"f₁, f₂ of {Lowest} … {Highest} Hz with f₂ − f₁ of ±8, ±16, ±24, delay D of {_delayMin} … {_delayMax}; "
        + $"input: noise everywhere, (f₁−{Centre})/{_scale} on [{_fixation}, {_fixation + _stimulus}), "
        + $"(f₂−{Centre})/{_scale} on [{_fixation + _stimulus}+D, {_fixation + 2 * _stimulus}+D); "
        + $"target: (f₁−f₂)/{_scale} on the decision steps [{_fixation + 2 * _stimulus}+D, {_fixation + 2 * _stimulus + _decision}+D), "
        + "which alone weigh in the loss; then padding; catch trials: noise only, no weight";

    public override string AccuracyRule => "the mean output over the decision has the sign of f₁ − f₂; catch trials do not count";

    public override string Source =>
        "named in arXiv 2208.10304, parameters after Dubreuil et al., Nat. Neurosci. 25, 783 (2022); steps of 20 ms";

    public override int Steps => _fixation + 2 * _stimulus + _delayMax + _decision;

    public override double StepMs => 20;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes => ["f₁ < f₂", "f₁ > f₂", .. _catch > 0 ? ["catch"] : Array.Empty<string>()];

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        (int First, int Second)[] pairs = [.. random.RandInt(s_pairs.Length, trials).Select(i => s_pairs[i])];
        int[] delays = [.. random.RandInt(_delayMax - _delayMin + 1, trials).Select(draw => _delayMin + draw)];
        var caught = Catches(random, _catch, trials);
        int Decision(int trial) => _fixation + 2 * _stimulus + delays[trial];
        return new TrialShapes(
            (trial, x) =>
            {
                if (caught[trial]) return;
                x.Slice(_fixation, _stimulus).Fill((pairs[trial].First - Centre) / _scale);
                x.Slice(_fixation + _stimulus + delays[trial], _stimulus).Fill((pairs[trial].Second - Centre) / _scale);
            },
            (trial, y) =>
            {
                if (!caught[trial]) y.Slice(Decision(trial), _decision).Fill((pairs[trial].First - pairs[trial].Second) / _scale);
            },
            [.. Enumerable.Range(0, trials).Select(Decision)],
            [.. pairs.Select((pair, trial) => caught[trial] ? 2 : pair.First > pair.Second ? 1 : 0)])
        {
            Mask = (trial, weights) =>
            {
                if (!caught[trial]) weights.Slice(Decision(trial), _decision).Fill(1);
            },
        };
    }

    internal override AnswerSet? Answers => new(s_levels, HasFixation: false);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        trials.Types[trial] == 2 ? null : LevelIsRight(trials, trial, output, s_levels, trials.ResponseStart[trial] + _decision);
}
