using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>NOT of a pulse that is there or not. Draws: types <c>randint(2, n)</c>, noise.</summary>
internal sealed class NotTask : CatalogTask
{
    private readonly int _firstIn, _stimulus, _gap, _outGap;
    private readonly double _baseline;

    public NotTask(TaskOptions options) : base(options)
    {
        _firstIn = options.Steps("first_in", 30, "steps before the pulse");
        _stimulus = options.Steps("stimulus", 20, "length of the pulse", 1);
        _gap = options.Steps("gap", 20, "from the end of the pulse to the answer");
        _outGap = options.Steps("out_gap", 130, "length of the answer", 1);
        _baseline = options.Number("baseline", 0.01, -10, 10, "target before the answer");
        DeclareNoise(0.1);
    }

    public override string Family => "boolean";

    public override string Description =>
        $"NOT of a {_stimulus} ms pulse that is there or not; answer held from {_gap} ms after it to the end";

    public override string Timeline =>
        $"input: the type, 0 or 1, on [{_firstIn}, {_firstIn + _stimulus}); target: {_baseline} before {Answer}, then 1 − type to the end";

    public override string AccuracyRule => "the mean output over the answer lies on the target's side of 1/2";

    public override string Source => "Jarne & Caruso, arXiv 2208.10304; seed 1, noise 0.1";

    public override int Steps => Answer + _outGap;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes { get; } = ["0", "1"];

    private int Answer => _firstIn + _stimulus + _gap;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var types = random.RandInt(2, trials);
        return new TrialShapes(
            (trial, x) => x.Slice(_firstIn, _stimulus).Fill(types[trial]),
            (trial, y) =>
            {
                y[..Answer].Fill(_baseline);
                y[Answer..].Fill(1 - types[trial]);
            },
            [.. types.Select(_ => Answer)], types);
    }

    internal override AnswerSet? Answers => new([0, 1], HasFixation: true);

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output) =>
        Mean(output, Answer, Steps) > 0.5 == (trials.Types[trial] == 0);
}
