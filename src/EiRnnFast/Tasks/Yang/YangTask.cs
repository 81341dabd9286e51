using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>
/// One of the 20 rules of Yang et al., or all of them mixed. Draws, trial after trial: where the rules are mixed, the rule
/// (<c>random_sample()</c> times the sum of the rules' weights, counted off in the rules' order), then what the rule names; last the noise.
/// </summary>
internal sealed class YangTask : CatalogTask
{
    /// <summary>Inputs: fixation, two rings, a unit for each rule. Outputs: fixation, a ring.</summary>
    private const int InputUnits = 1 + 2 * Ring.Units + RuleUnits, OutputUnits = 1 + Ring.Units, RuleUnits = 20;

    private const int Octants = 8, Unweighted = 100 / Duration.StepMs;
    private const double Baseline = 0.05, FixationThreshold = 0.5, Tolerance = 0.2 * Math.PI;

    private readonly IReadOnlyList<YangRule> _rules;
    private readonly int _firstRule;
    private readonly double _fixationTarget, _answerWeight, _fixationWeight;
    private readonly double[] _weights = [];
    private readonly bool _easy;

    private YangTask(TaskOptions options, IReadOnlyList<YangRule> rules, int firstRule) : base(options)
    {
        (_rules, _firstRule) = (rules, firstRule);
        if (IsMixed)
        {
            var context = options.Number("context_weight", 5, 0, 1000, "how many times as often ctx-dm-1 and ctx-dm-2 are drawn");
            _weights = [.. rules.Select(rule => YangRules.IsDrawnMore(rule) ? context : 1)];
        }
        if (rules.Any(rule => rule.Compares))
            _easy = options.Whole("easy", 0, 0, 1, "1: coherences are 10 times as large, with a delay 2 times") == 1;
        _fixationTarget = options.Number("fix_target", 0.8, 0.55, 1, "target of the fixation output while fixation is due");
        _answerWeight = options.Number("answer_weight", 25, 1e-3, 1000, "weight of the answer in the loss; what comes before it has 1");
        _fixationWeight = options.Number("fix_weight", 4, 0, 1000, "weight of the fixation output as a multiple of the ring's");
        DeclareNoise(0);
    }

    /// <summary>The names of the tasks, without "yang-", and how to make each.</summary>
    public static IEnumerable<(string Name, Func<TaskOptions, CatalogTask> Make)> All =>
        YangRules.All.Select((rule, i) => (rule.Name, (Func<TaskOptions, CatalogTask>)(options => new YangTask(options, [rule], i))))
            .Append(("all", options => new YangTask(options, YangRules.All, 0)));

    public override string Family => "Yang et al. 2019";

    public override string Description => IsMixed ? "each trial follows one of the 20 rules of this family" : _rules[0].Description;

    public override string Timeline =>
        (IsMixed ? "that of the trial's rule (see: eirnn tasks yang-go and so on)" : _rules[0].Timeline)
        + $"; inputs: channel 0 fixation, rings of {Ring.Units} from channel 1 and {1 + Ring.Units}, rules from {InputUnits - RuleUnits}, "
        + "the trial's own 1 until its end; a stimulus is a bump of 0.8 times its strength and width π/8; targets: until the answer is due "
        + $"fixation {_fixationTarget} and ring {Baseline}, then fixation {Baseline} and a bump of 0.8 on the ring's {Baseline}; "
        + $"weights of the ring: 0 for 100 ms, 1 until the answer is due, 0 for 100 ms, {_answerWeight} until the end; "
        + $"fixation weighs {_fixationWeight} times as much; then padding: inputs 0, no weight";

    public override string AccuracyRule =>
        "at the trial's last step the fixation output is above 0.5 where fixation is due; where a response is due it is not, and the "
        + "population vector of the ring lies within 0.2π of the response";

    public override string Source => "Yang et al., Nat. Neurosci. 22, 297 (2019), "
        + (IsMixed ? "all rules of" : $"rule {_rules[0].StudyName} of")
        + " the authors' code (gyyang/multitask); times, rings and rules are drawn per trial, in the study per batch";

    public override int Inputs => InputUnits;

    public override int Outputs => OutputUnits;

    public override int Steps => _rules.Max(rule => rule.Longest);

    public override double StepMs => Duration.StepMs;

    public override int DefaultTrials => 6450;

    public override uint DefaultDataSeed => 1;

    public override IReadOnlyList<string> TrialTypes =>
        IsMixed ? [.. _rules.Select(rule => rule.Name)]
        : _rules[0].MayFixate ? ["fixate", "respond"]
        : [.. Enumerable.Range(0, Octants).Select(i => $"{i * 360 / Octants}–{(i + 1) * 360 / Octants}°")];

    private bool IsMixed => _rules.Count > 1;

    private protected override TrialShapes Draw(int trials, NumPyRandom random)
    {
        var (rules, drawn) = (new int[trials], new YangTrial[trials]);
        for (var trial = 0; trial < trials; trial++)
        {
            rules[trial] = IsMixed ? DrawRule(random) : 0;
            drawn[trial] = _rules[rules[trial]].Draw(random, _easy);
        }
        return new TrialShapes((trial, x) => FillInputs(drawn[trial], _firstRule + rules[trial], x),
            (trial, y) => FillTargets(drawn[trial], y), [.. drawn.Select(trial => trial.Go)],
            [.. drawn.Select((trial, i) => IsMixed ? rules[i] : TypeOf(trial))])
        {
            Mask = (trial, weights) => FillWeights(drawn[trial], weights),
        };
    }

    private int DrawRule(NumPyRandom random)
    {
        var left = random.RandomSample() * _weights.Sum();
        var rule = 0;
        while (rule < _rules.Count - 1 && left >= _weights[rule]) left -= _weights[rule++];
        return rule;
    }

    private int TypeOf(YangTrial trial) =>
        _rules[0].MayFixate ? (trial.Response is null ? 0 : 1) : (int)(trial.Response!.Value / Math.Tau * Octants) % Octants;

    private static void FillInputs(YangTrial trial, int rule, Span<double> x)
    {
        for (var t = 0; t < trial.FixationOff; t++) x[t * InputUnits] = 1;
        for (var t = 0; t < trial.End; t++) x[t * InputUnits + InputUnits - RuleUnits + rule] = 1;
        Span<double> bump = stackalloc double[Ring.Units];
        foreach (var stimulus in trial.Stimuli)
        {
            Ring.Bump(stimulus.Direction, stimulus.Strength, bump);
            for (int t = stimulus.On, unit = 1 + stimulus.Ring * Ring.Units; t < stimulus.Off; t++)
                Add(bump, x.Slice(t * InputUnits + unit, Ring.Units));
        }
    }

    private void FillTargets(YangTrial trial, Span<double> y)
    {
        y[..(trial.End * OutputUnits)].Fill(Baseline);
        for (var t = 0; t < (trial.Response is null ? trial.End : trial.Go); t++) y[t * OutputUnits] = _fixationTarget;
        if (trial.Response is not { } direction) return;
        Span<double> bump = stackalloc double[Ring.Units];
        Ring.Bump(direction, 1, bump);
        for (var t = trial.Go; t < trial.End; t++) Add(bump, y.Slice(t * OutputUnits + 1, Ring.Units));
    }

    private static void Add(ReadOnlySpan<double> bump, Span<double> units)
    {
        for (var i = 0; i < units.Length; i++) units[i] += bump[i];
    }

    private void FillWeights(YangTrial trial, Span<double> weights)
    {
        Weigh(Unweighted, trial.Go, 1, weights);
        Weigh(trial.Go + Unweighted, trial.End, _answerWeight, weights);
    }

    private void Weigh(int first, int end, double weight, Span<double> weights)
    {
        weights[(first * OutputUnits)..(end * OutputUnits)].Fill(weight);
        for (var t = first; t < end; t++) weights[t * OutputUnits] = weight * _fixationWeight;
    }

    private protected override bool? IsRight(TrialBatch trials, int trial, ReadOnlySpan<float> output)
    {
        var mask = trials.MaskOf(trial);
        var last = Steps - 1;
        while (mask[last * OutputUnits + 1] == 0) last--; // padding: an answer always weighs something
        var target = trials.TargetsOf(trial).Slice(last * OutputUnits, OutputUnits);
        var answer = output.Slice(last * OutputUnits, OutputUnits);
        bool isToFixate = target[0] > FixationThreshold, fixates = answer[0] > FixationThreshold;
        if (isToFixate || fixates) return isToFixate && fixates;
        return Ring.Direction(answer[1..]) is { } found && Ring.Direction(target[1..]) is { } due && Ring.Distance(found, due) < Tolerance;
    }
}
