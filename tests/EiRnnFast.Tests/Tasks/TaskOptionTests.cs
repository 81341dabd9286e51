using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Tasks;

public sealed class TaskOptionTests
{
    public static TheoryData<string> Names => [.. TaskCatalog.All.Select(task => task.Name)];

    private static CatalogTask With(string name, params (string Option, double Value)[] options) =>
        TaskCatalog.Get(name, options.ToDictionary(pair => pair.Option, pair => pair.Value));

    [Fact]
    public void Every_name_of_the_contract_is_there() => Assert.Equal(
        "and or xor not flip-flop oscillator time-pulse delayed-response long-short four-times eight-times amplitude-sign encoded-time "
        + "interval-comparison windowed-integration continuous-integration cued-integration perceptual-decision working-memory "
        + "context-decision match-to-sample yang-go yang-rt-go yang-dly-go yang-anti yang-rt-anti yang-dly-anti yang-dm-1 yang-dm-2 "
        + "yang-ctx-dm-1 yang-ctx-dm-2 yang-multi-dm yang-dly-dm-1 yang-dly-dm-2 yang-ctx-dly-dm-1 yang-ctx-dly-dm-2 yang-multi-dly-dm "
        + "yang-dms yang-dnms yang-dmc yang-dnmc yang-all",
        string.Join(' ', TaskCatalog.All.Select(task => task.Name)));

    [Theory]
    [InlineData("and", 290, 2)]
    [InlineData("not", 200, 1)]
    [InlineData("flip-flop", 410, 2)]
    [InlineData("oscillator", 340, 1)]
    [InlineData("time-pulse", 100, 1)]
    [InlineData("delayed-response", 370, 1)]
    [InlineData("long-short", 370, 1)]
    [InlineData("four-times", 370, 1)]
    [InlineData("eight-times", 370, 1)]
    [InlineData("amplitude-sign", 370, 1)]
    [InlineData("encoded-time", 580, 1)]
    [InlineData("interval-comparison", 560, 1)]
    [InlineData("windowed-integration", 480, 1)]
    [InlineData("continuous-integration", 480, 1)]
    [InlineData("cued-integration", 480, 2)]
    [InlineData("perceptual-decision", 51, 1)]
    [InlineData("working-memory", 70, 1)]
    [InlineData("context-decision", 68, 4)]
    [InlineData("match-to-sample", 255, 2)]
    public void Shapes_are_the_published_ones(string name, int steps, int inputs)
    {
        var task = TaskCatalog.Get(name);
        Assert.Equal((steps, inputs, 1), (task.Steps, task.Inputs, task.Outputs));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_option_changes_the_data_and_none_breaks_them(string name)
    {
        var task = TaskCatalog.Get(name);
        var before = task.GenerateDoubles(200, 5);
        foreach (var option in task.Options)
        {
            var changed = With(name, (option.Name, option.IsWhole ? option.Default + 1 : Math.Min(option.Default + 0.2, option.Maximum)));
            var after = changed.GenerateDoubles(200, 5);
            Assert.False(before.X.AsSpan().SequenceEqual(after.X) && before.Y.AsSpan().SequenceEqual(after.Y)
                && before.Mask.AsSpan().SequenceEqual(after.Mask), $"{name}: {option.Name} changes nothing");
            foreach (var extreme in new[] { option.Minimum, option.IsWhole ? Math.Min(option.Maximum, 300) : option.Maximum })
            {
                try
                {
                    var odd = With(name, (option.Name, extreme));
                    var data = odd.Generate(20, 5);
                    foreach (var values in new[] { data.X, data.Y })
                        Assert.False(values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue));
                    Assert.InRange(odd.Accuracy(data, data.Y) ?? 0, 0, 1);
                }
                catch (InvalidInputException e)
                {
                    Assert.Contains(name, e.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Options_out_of_range_and_unknown_ones_are_refused()
    {
        foreach (var (name, option, value) in new[]
        {
            ("and", "gaps", 1.0), ("and", "gap", -1), ("and", "gap", 1.5), ("and", "gap", double.NaN), ("and", "noise", -0.1),
            ("not", "noise", double.PositiveInfinity), ("not", "stimulus", 0),
            ("flip-flop", "turn", 39), ("working-memory", "delay_max", 24), ("cued-integration", "integrated", 201),
            ("cued-integration", "cue_lead", 51), ("perceptual-decision", "catch", 1.1),
        })
            Assert.Contains(option, Assert.Throws<InvalidInputException>(() => With(name, (option, value))).Message,
                StringComparison.Ordinal);
        foreach (var trials in new[] { 0, -1, int.MaxValue })
            Assert.Contains("trials", Assert.Throws<InvalidInputException>(() => TaskCatalog.Get("and").Generate(trials, 1)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Several_bits_are_independent_and_hold_their_last_pulse()
    {
        var task = With("flip-flop", ("bits", 3), ("turns", 5));
        Assert.Equal((3, 3, 650), (task.Inputs, task.Outputs, task.Steps));
        var data = task.Generate(2000, 1);
        var pulses = new int[9];
        for (var trial = 0; trial < data.Count; trial++)
        {
            int[] held = [0, 0, 0], draws = new int[3];
            for (var turn = 0; turn < 5; turn++)
            {
                for (var bit = 0; bit < 3; bit++)
                {
                    var pulse = (int)data.InputsOf(trial)[(55 + 120 * turn) * 3 + bit];
                    if (pulse != 0) held[bit] = pulse;
                    draws[bit] = pulse + 1;
                    Assert.Equal(held[bit], data.TargetsOf(trial)[(95 + 120 * turn) * 3 + bit]);
                }
                pulses[3 * draws[0] + draws[1]]++;
            }
        }
        Assert.All(pulses, count => Assert.InRange(count, 10_000 / 9.0 - 150, 10_000 / 9.0 + 150));
        Assert.Equal(1, task.Accuracy(data, data.Y));
        float[] wrong = [.. data.Y];
        for (var t = 90; t < 210; t++) wrong[t * 3 + 1] = wrong[t * 3 + 1] == 1 ? 0 : 1; // one bit of one turn of one trial
        Assert.Equal(1 - 1.0 / 2000, task.Accuracy(data, wrong)!.Value, 1e-9);
    }

    [Theory]
    [InlineData("and", "delay_span")]
    [InlineData("delayed-response", "delay_span")]
    [InlineData("delayed-response", "gap")]
    [InlineData("encoded-time", "delay_span")]
    [InlineData("interval-comparison", "delay_span")]
    [InlineData("continuous-integration", "delay_span")]
    [InlineData("perceptual-decision", "delay")]
    public void Delays_of_length_zero_train_without_NaN(string name, string option) => Trains(With(name, (option, 0)));

    [Theory]
    [InlineData("perceptual-decision")]
    [InlineData("context-decision")]
    [InlineData("working-memory")]
    [InlineData("match-to-sample")]
    public void Catch_trials_train_without_NaN_and_are_refused_where_nothing_weighs(string name)
    {
        foreach (var fraction in new[] { 0.3, 1 })
        {
            var task = With(name, ("catch", fraction));
            Assert.Equal("catch", task.TrialTypes[^1]);
            var data = task.Generate(2000, 1);
            Assert.Equal(fraction, data.Types.Count(type => type == task.TrialTypes.Count - 1) / 2000.0, 0.05);
            for (var trial = 0; trial < data.Count; trial++)
            {
                if (data.Types[trial] != task.TrialTypes.Count - 1) continue;
                Assert.DoesNotContain(data.TargetsOf(trial).ToArray(), value => value != 0);
                Assert.Equal(name is "perceptual-decision" or "context-decision" ? 1 : 0, data.MaskOf(trial).ToArray().Sum());
            }
            Assert.Equal(fraction == 1 && (name is "working-memory" or "match-to-sample") ? (double?)null : 1, task.Accuracy(data, data.Y));
            if (fraction == 1 && name is ("working-memory" or "match-to-sample")) Assert.Throws<InvalidInputException>(() => Trains(task));
            else Trains(task);
        }
    }

    private static TrainingResult Trains(CatalogTask task)
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 12, Inputs = task.Inputs, Outputs = task.Outputs }, 1);
        var result = new Trainer(network, task).Run(new TrainingOptions { Epochs = 1, Trials = 150, ValidationTrials = 30, StopLoss = 0 });
        Assert.All([.. result.Losses, .. result.GradientNorms, .. result.ValidationLosses, .. result.ValidationAccuracies.Select(part =>
            part ?? 0), result.TestLoss ?? 0, result.Accuracy ?? 0], value => Assert.True(double.IsFinite(value)));
        Assert.Equal(StopReason.Epochs, result.Stopped);
        // Where nothing weighs anything, nothing ends the training either.
        var weightless = task.Generate(150, 1) is { Mask: { } mask } && !mask.AsSpan().ContainsAnyExcept(0f);
        var strict = new Trainer(network, task)
            .Run(new TrainingOptions
            {
                Epochs = 2, Trials = 150, ValidationTrials = 30, StopLoss = 1e-3, StopValidationLoss = 1e-6,
                StopValidationAccuracy = 1, Patience = 1
            });
        if (weightless) Assert.Equal((2, StopReason.Epochs, null), (strict.EpochsRun, strict.Stopped, strict.BestEpoch));
        return result;
    }
}
