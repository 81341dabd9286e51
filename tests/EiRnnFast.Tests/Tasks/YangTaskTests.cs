using EiRnnFast.Files;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;
using EiRnnFast.Tasks.Yang;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.Tasks;

/// <summary>The arrays of the tasks of Yang et al., and what counts as right in them.</summary>
public sealed class YangTaskTests
{
    private const int N = 200, Inputs = 85, Outputs = 33;

    public static TheoryData<string> Rules => [.. YangRules.All.Select(rule => rule.Name)];

    public static TheoryData<string> Names => [.. YangRules.All.Select(rule => rule.Name), "all"];

    [Theory]
    [InlineData("go", 133)]
    [InlineData("rt-go", 149)]
    [InlineData("dly-go", 170)]
    [InlineData("dm-1", 124)]
    [InlineData("multi-dly-dm", 209)]
    [InlineData("dms", 165)]
    [InlineData("dmc", 170)]
    [InlineData("all", 209)]
    public void Shapes_are_the_studys(string name, int steps)
    {
        var task = TaskOf(name);
        Assert.Equal((Inputs, Outputs, steps, 20), (task.Inputs, task.Outputs, task.Steps, task.StepMs));
        Assert.Equal("Yang et al. 2019", task.Family);
        Assert.False(task.InputsAreNoisy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Targets_are_right_and_silence_or_fixation_is_not(string name)
    {
        var task = TaskOf(name);
        var data = task.Generate(N, 3);
        Assert.Equal(1, task.Accuracy(data, data.Y));
        Assert.Equal(0, task.Accuracy(data, new float[data.Y.Length]));
        var fixating = new float[data.Y.Length];
        for (var i = 0; i < fixating.Length; i++) fixating[i] = i % Outputs == 0 ? 0.8f : 0.05f;
        var responds = Enumerable.Range(0, N).Count(trial => Last(data, trial).Target[0] < 0.5);
        Assert.Equal(1 - responds / (double)N, task.Accuracy(data, fixating)!.Value, 1e-9);
        Assert.Equal(name is "dms" or "dnms" or "dmc" or "dnmc" or "all", responds < N);
        var next = data.Steps * Outputs; // the answers of the next trials are of no use
        Assert.InRange(task.Accuracy(data, [.. data.Y.AsSpan(next), .. data.Y.AsSpan(0, next)])!.Value, 0, 0.6);
    }

    [Fact]
    public void A_response_is_right_within_36_degrees_while_fixation_is_off()
    {
        var task = TaskOf("go");
        var data = task.Generate(1, 3);
        var last = Last(data, 0);
        var due = Ring.Direction(last.Target.AsSpan(1))!.Value;
        foreach (var (turn, fixation, right) in new[]
            { (0.19, 0.5, 1.0), (-0.19, 0, 1), (0.21, 0, 0), (-0.21, 0, 0), (1, 0, 0), (0, 0.51, 0), (0, -1, 1) })
        {
            var output = new float[data.Y.Length];
            var bump = new double[32];
            Ring.Bump(Ring.Wrap(due + turn * Math.PI), 1, bump);
            output[last.Step * Outputs] = (float)fixation;
            for (var i = 0; i < 32; i++) output[last.Step * Outputs + 1 + i] = (float)bump[i];
            Assert.Equal(right, task.Accuracy(data, output));
            output.AsSpan((last.Step * Outputs + 1)..).Fill(0.05f); // no direction at all
            Assert.Equal(0, task.Accuracy(data, output));
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Arrays_show_the_trial_that_was_drawn(string name)
    {
        var task = TaskOf(name);
        var index = YangRules.All.ToList().FindIndex(rule => rule.Name == name);
        var (x, y, mask) = task.GenerateDoubles(N, 5);
        var random = new NumPyRandom(5);
        for (var trial = 0; trial < N; trial++)
        {
            var drawn = YangRules.All[index].Draw(random, false);
            for (var t = 0; t < task.Steps; t++)
            {
                ReadOnlySpan<double> input = x.AsSpan((trial * task.Steps + t) * Inputs, Inputs);
                var (target, weight) = (y.AsSpan((trial * task.Steps + t) * Outputs, Outputs).ToArray(),
                    mask.AsSpan((trial * task.Steps + t) * Outputs, Outputs).ToArray());
                var on = t < drawn.End;
                Assert.Equal(t < drawn.FixationOff ? 1 : 0, input[0]);
                for (var rule = 0; rule < 20; rule++) Assert.Equal(on && rule == index ? 1 : 0, input[65 + rule]);
                for (var unit = 0; unit < 64; unit++)
                {
                    var activity = drawn.Stimuli.Where(s => s.Ring == unit / 32 && t >= s.On && t < s.Off)
                        .Sum(s => s.Strength * Bell(s.Direction, unit % 32));
                    if (Math.Abs(activity - input[1 + unit]) > 1e-12) Assert.Fail($"step {t}, unit {unit}: {input[1 + unit]}");
                }
                var responds = drawn.Response is not null && t >= drawn.Go;
                Assert.Equal(!on ? 0 : responds ? 0.05 : 0.8, target[0]);
                for (var unit = 0; unit < 32; unit++)
                {
                    var activity = (on ? 0.05 : 0) + (on && responds ? Bell(drawn.Response!.Value, unit) : 0);
                    if (Math.Abs(activity - target[1 + unit]) > 1e-12) Assert.Fail($"step {t}, output {unit}: {target[1 + unit]}");
                }
                var expected = !on || t < 5 || t >= drawn.Go && t < drawn.Go + 5 ? 0 : t < drawn.Go ? 1 : 25;
                Assert.Equal(4 * expected, weight[0]);
                if (weight.AsSpan(1).ContainsAnyExcept(expected)) Assert.Fail($"step {t}: weights {string.Join(" ", weight)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Masks_sum_to_what_the_epochs_weigh(string name)
    {
        var task = TaskOf(name, ("answer_weight", 5), ("fix_weight", 2)); // the study's mask before it is squared
        var data = task.Generate(N, 9);
        for (var trial = 0; trial < N; trial++)
        {
            var mask = data.MaskOf(trial);
            var (go, end) = (data.ResponseStart[trial], Last(data, trial).Step + 1);
            Assert.Equal((go - 5) * (32 + 2), mask[..(go * Outputs)].ToArray().Sum());
            Assert.Equal(0, mask[(go * Outputs)..((go + 5) * Outputs)].ToArray().Sum());
            Assert.Equal(5 * (end - go - 5) * (32 + 2), mask[(go * Outputs)..].ToArray().Sum());
            Assert.False(data.InputsOf(trial)[(end * Inputs)..].ContainsAnyExcept(0f));
            Assert.False(mask[(end * Outputs)..].ContainsAnyExcept(0f));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    [InlineData(0)]
    public void Rules_are_mixed_with_their_weights(double weight)
    {
        const int trials = 3000;
        var task = TaskOf("all", ("context_weight", weight));
        var data = task.Generate(trials, 11);
        Assert.Equal(YangRules.All.Select(rule => rule.Name), task.TrialTypes);
        var counts = new int[20];
        for (var trial = 0; trial < trials; trial++)
        {
            counts[data.Types[trial]]++;
            var shown = data.InputsOf(trial).Slice(65, 20).ToArray();
            Assert.Equal((1f, data.Types[trial]), (shown.Sum(), Array.IndexOf(shown, 1f)));
        }
        var square = 0.0;
        for (var rule = 0; rule < 20; rule++)
        {
            var expected = trials * (task.TrialTypes[rule].StartsWith("ctx-dm", StringComparison.Ordinal) ? weight : 1) / (18 + 2 * weight);
            if (expected == 0) Assert.Equal(0, counts[rule]);
            else square += Math.Pow(counts[rule] - expected, 2) / expected;
        }
        Assert.InRange(square, 0, 19 + 4.5 * Math.Sqrt(38));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Types_say_what_is_due(string name)
    {
        var task = TaskOf(name);
        var data = task.Generate(N, 3);
        if (name == "all") return;
        for (var trial = 0; trial < N; trial++)
        {
            var target = Last(data, trial).Target;
            var type = task.TrialTypes[data.Types[trial]];
            if (task.TrialTypes.Count == 2) Assert.Equal(target[0] > 0.5 ? "fixate" : "respond", type);
            else
            {
                var degrees = Ring.Direction(target.AsSpan(1))!.Value / Math.Tau * 360;
                Assert.InRange(degrees, 45 * data.Types[trial] - 1e-3, 45 * (data.Types[trial] + 1) + 1e-3);
                Assert.Equal($"{45 * data.Types[trial]}–{45 * (data.Types[trial] + 1)}°", type);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_bits(string name)
    {
        var (one, other) = (TaskOf(name).Generate(20, 4), TaskOf(name).Generate(20, 4));
        Assert.True(one.X.AsSpan().SequenceEqual(other.X) && one.Y.AsSpan().SequenceEqual(other.Y)
            && one.Mask.AsSpan().SequenceEqual(other.Mask));
        Assert.False(one.X.AsSpan().SequenceEqual(TaskOf(name).Generate(20, 5).X));
    }

    /// <summary>The 20 rules once more, written with NumPy after the study's text: every value of mixed trials.</summary>
    [NumPyFact]
    public void Values_are_those_of_NumPys_generator()
    {
        using var folder = new TemporaryFolder();
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            n, T, pi = 300, 209, np.pi
            r = np.random.RandomState(1)
            x = np.zeros((n, T, 85)); y = np.zeros((n, T, 33)); mask = np.zeros((n, T, 33))
            pref = np.arange(0, 2 * pi, 2 * pi / 32)
            def bump(direction):
                d = np.abs(direction - pref); d = np.minimum(d, 2 * pi - d)
                return 0.8 * np.exp(-(d / (pi / 8)) ** 2 / 2)
            some = lambda *ms: int(r.choice(ms) / 20)
            between = lambda a, b: int(r.uniform(a, b) / 20)
            def pair(coherences):
                mean = r.uniform(0.8, 1.2); change = r.choice(coherences) * r.choice([-1, 1])
                return mean + change, mean - change
            weights = np.ones(20); weights[[8, 9]] = 5
            edges = np.cumsum(weights)
            for i in range(n):
                rule = int(np.searchsorted(edges, r.random_sample() * edges[-1], side='right'))
                shown, answer, keeps = [], None, False
                if rule < 6:
                    ring = r.choice([0, 1]); d = r.uniform(0, 2 * pi); kind = rule % 3
                    on = between(300, 700) if kind == 0 else between(500, 2500) if kind == 1 else some(300, 500, 700)
                    off = on + (between(500, 1500) if kind == 0 else 0 if kind == 1 else some(200, 400, 600))
                    go = off + (some(200, 400, 800, 1600) if kind == 2 else 0); end = go + 25
                    shown.append((ring, d, 1, on, off if kind == 2 else end)); keeps = kind == 1
                    answer = (d + pi) % (2 * pi) if rule >= 3 else d
                elif rule < 16:
                    delayed, kind = rule >= 11, (rule - 6) % 5
                    d1 = r.uniform(0, 2 * pi); d2 = (d1 + r.uniform(0.5 * pi, 1.5 * pi) * r.choice([-1, 1])) % (2 * pi)
                    coherences = [0.08, 0.16, 0.32] if delayed else [0.01, 0.02, 0.04, 0.08]
                    first = pair(coherences)
                    if kind in (2, 3): strengths = [first, pair(coherences)]
                    elif kind == 4:
                        parts = [first[j] * r.uniform(0.2, 0.8) * r.choice([-1, 1]) / 2 for j in (0, 1)]
                        strengths = [[first[j] + parts[j] for j in (0, 1)], [first[j] - parts[j] for j in (0, 1)]]
                    else: strengths = [first, first]
                    on1 = some(200, 400, 600) if delayed else between(100, 400)
                    off1 = on1 + (some(200, 400, 600) if delayed else some(400, 800, 1600)); on2, off2, go = on1, off1, off1
                    if delayed:
                        on2 = off1 + some(200, 400, 800, 1600); off2 = on2 + some(200, 400, 600); go = off2 + between(100, 300)
                    for ring in ([0], [1], [0, 1], [0, 1], [0, 1])[kind]:
                        shown += [(ring, d1, strengths[ring][0], on1, off1), (ring, d2, strengths[ring][1], on2, off2)]
                    a, b = first if kind == 4 else strengths[kind % 2]
                    answer = d1 if a > b else d2; end = go + 25
                else:
                    keeps = True; rings = r.choice([0, 1]), r.choice([0, 1])
                    if rule < 18:
                        same = r.choice([0, 1]); d1 = r.uniform(0, 2 * pi)
                        d2 = (d1 + r.uniform(pi / 9, pi * 17 / 9) * r.choice([-1, 1]) * (1 - same)) % (2 * pi)
                    else:
                        d1, d2 = [r.choice([0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.7, 1.9]) * pi for _ in (0, 1)]
                        same = (d1 < pi) == (d2 < pi)
                    on = some(200, 400, 600); off = on + some(200, 400, 600); go = off + some(200, 400, 800, 1600)
                    end = go + (some(200, 400, 600) if rule >= 18 else 25)
                    shown = [(rings[0], d1, 1, on, off), (rings[1], d2, 1, go, end)]
                    answer = d2 if bool(same) == (rule % 2 == 0) else None
                x[i, :end if keeps else go, 0] = 1; x[i, :end, 65 + rule] = 1
                for ring, d, strength, a, b in shown: x[i, a:b, 1 + 32 * ring:33 + 32 * ring] += bump(d) * strength
                y[i, :end] = 0.05; y[i, :end if answer is None else go, 0] = 0.8
                if answer is not None: y[i, go:end, 1:] += bump(answer)
                mask[i, go + 5:end] = 5; mask[i, 5:go] = 1; mask[i, :, 0] *= 2
            np.savez(sys.argv[1], x=x, y=y, mask=mask ** 2)
            """, folder["all.npz"]);
        var expected = NpzFile.Read(folder["all.npz"]);
        var (x, y, mask) = TaskOf("all").GenerateDoubles(300, 1);
        foreach (var (name, found) in new[] { ("x", x), ("y", y), ("mask", mask) })
        {
            var due = expected[name].ToDoubles();
            Assert.Equal(due.Length, found.Length);
            for (var i = 0; i < due.Length; i++)
                if (Math.Abs(due[i] - found[i]) > 1e-12) Assert.Fail($"{name}, value {i}: {found[i]} for {due[i]}");
        }
    }

    private static CatalogTask TaskOf(string name, params (string Option, double Value)[] options) =>
        TaskCatalog.Get($"yang-{name}", options.ToDictionary(pair => pair.Option, pair => pair.Value));

    /// <summary>The last step of a trial that weighs something, and its target.</summary>
    private static (int Step, float[] Target) Last(TrialBatch data, int trial)
    {
        var step = data.Steps - 1;
        while (data.MaskOf(trial)[step * Outputs + 1] == 0) step--;
        return (step, data.TargetsOf(trial).Slice(step * Outputs, Outputs).ToArray());
    }

    private static double Bell(double direction, int unit)
    {
        var distance = Math.Acos(Math.Clamp(Math.Cos(direction - unit * Math.PI / 16), -1, 1)) / (Math.PI / 8);
        return 0.8 * Math.Exp(-distance * distance / 2);
    }
}
