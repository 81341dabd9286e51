using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Model;

/// <summary>Presets: what they say holds, and what is given beside them wins.</summary>
public sealed class PresetTests
{
    public static TheoryData<string> Names => [.. Preset.All.Select(preset => preset.Name)];

    private static RunSettings Of(string preset, params (string Name, object Value)[] others)
    {
        var values = others.ToDictionary(other => other.Name, other => other.Value);
        values["preset"] = preset;
        values.TryAdd("task", "perceptual-decision");
        return RunSettings.From(values, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_value_of_a_preset_is_in_the_run_and_the_run_trains(string name)
    {
        var run = Of(name);
        foreach (var (setting, value) in Preset.Find(name)!.Values)
            if ((setting, value) is not ("batch", "all"))
                Assert.Equal(SettingText.Of(SettingTable.Get(setting).Checked(value)), SettingText.Of(SettingTable.Get(setting).Of(run)));
        var small = run.Train(training => training with
        {
            Epochs = 1,
            EpochUpdates = 2,
            Trials = training.Data == TrainingData.Fixed ? 500 : null,
            ValidationTrials = 20,
            TestTrials = 20,
        });
        var trained = TrainingRun.Execute(small);
        Assert.NotEqual(StopReason.Diverged, trained.Result.Stopped);
        Assert.Equal(0, trained.Result.Audit.Violations);
        Assert.Equal(small.Cell.IsNoisy, trained.Result.NoisyAccuracy is not null);
    }

    [Fact]
    public void What_is_given_wins_also_over_what_it_excludes_or_makes_meaningless()
    {
        Assert.Equal(30, Of("nn-brain", ("units", 30L)).Units);
        var cell = Of("nn-brain", ("tau", 50.0)).Cell;
        Assert.Equal(50, cell.Tau);
        var adam = Of("song-2016", ("optimizer", "adam"));
        Assert.Equal(OptimizerKind.Adam, adam.Training.Optimizer);
        var fixedData = Of("nn-brain", ("data", "fixed"), ("trials", 800L));
        Assert.Equal((TrainingData.Fixed, 800), (fixedData.Training.Data, fixedData.Training.Trials));
        Assert.Throws<InvalidInputException>(() => Of("nn-brain", ("momentum", 0.5))); // given, and without meaning
    }

    [Fact]
    public void The_old_name_is_the_new_one_and_the_id_of_its_runs_stays()
    {
        Assert.Same(Preset.Find("jarne-2023"), Preset.Find("published"));
        Assert.Equal("sign=postsynaptic\n", EiRnnFast.Studies.Sweeps.SweepRun.Describe(Of("published", ("task", "and"))));
    }

    [Theory]
    [InlineData("nn-brain")]
    [InlineData("langdon-2025")]
    public void A_small_preset_learns_a_perceptual_decision_with_and_without_noise(string name)
    {
        var run = Of(name);
        var result = TrainingRun.Execute(run).Result;
        Assert.InRange(result.Accuracy!.Value, 0.85, 1);
        Assert.InRange(result.NoisyAccuracy!.Value, 0.85, 1);
        Assert.Equal(0, result.Audit.Violations);
    }
}
