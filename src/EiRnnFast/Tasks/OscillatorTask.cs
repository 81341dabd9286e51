using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks;

/// <summary>A pulse starts a sine. Draws: types <c>randint(2, n)</c> (0 null), noise on the inputs.</summary>
internal sealed class OscillatorTask : CatalogTask
{
    private const int Lead = 20;
    private readonly int _firstIn, _stimulus, _gap;
    private readonly double _cycles, _baseline;
    private readonly double[] _pulse, _wave;

    public OscillatorTask(TaskOptions options) : base(options)
    {
        _firstIn = options.Steps("first_in", 100, "steps before the pulse");
        _stimulus = options.Steps("stimulus", 20, "length of the pulse", 1);
        _gap = options.Steps("gap", 200, $"from {Lead} steps after the pulse to the end; the sine lasts {Lead} steps less", Lead + 1);
        _cycles = options.Number("cycles", 12, 0.5, 1000, "periods of the sine in T steps");
        _baseline = options.Number("baseline", 0.003, -10, 10, "target outside the sine");
        DeclareNoise(0.1);
        _pulse = PulseShape.HannPulse(_stimulus);
        _wave = new double[Length];
        var centre = (Steps - 1) / 2;
        for (var i = 0; i < Length; i++)
            for (var k = Math.Max(0, i + centre - (Length - 1)); k <= Math.Min(Steps - 1, i + centre); k++)
                _wave[i] += 0.3 * Math.Sin(2 * Math.PI * _cycles * k / Steps);
    }

    public override string Family => "timing";

    public override string Description =>
        $"a pulse starts a sine of {Steps / _cycles:0.#} ms a period that lasts {Length} ms; without a pulse silence";

    public override string Timeline =>
        $"half of the trials are null; input: a pulse of 1 on [{_firstIn}, {_firstIn + _stimulus}), "
        + $"smoothed by a Hann window of 10 points; target: on [{Start}, {Start + Length}) the sine 0.3·Σ_k sin(2π·{_cycles}k/{Steps}) "
        + $"over a window of {Length} steps, 0 in null trials; {_baseline} elsewhere";

    public override string AccuracyRule => "over the sine's steps the mean squared error is below a quarter of the sine's mean square";

    public override string Source => "Jarne & Caruso, arXiv 2208.10304; seed 1, gap 200, noise 0.1";

    public override int Steps => _firstIn + _stimulus + Lead + _gap;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes { get; } = ["null", "pulse"];

    private int Start => _firstIn + _stimulus + Lead;

    private int Length => _gap - Lead;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var types = random.RandInt(2, trials);
        return new TrialShapes(
            (trial, x) =>
            {
                if (types[trial] == 1) _pulse.CopyTo(x[_firstIn..]);
            },
            (trial, y) =>
            {
                y.Fill(_baseline);
                if (types[trial] == 1) _wave.CopyTo(y[Start..]);
                else y.Slice(Start, Length).Clear();
            },
            [.. types.Select(_ => Start)], types);
    }

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output)
    {
        double error = 0, power = 0;
        for (var i = 0; i < Length; i++)
        {
            error += Math.Pow(output[Start + i] - (trials.Types[trial] == 1 ? _wave[i] : 0), 2);
            power += _wave[i] * _wave[i];
        }
        return error < power / 4;
    }
}
