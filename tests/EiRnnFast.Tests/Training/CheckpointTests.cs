using EiRnnFast.Files;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tests.Files;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>A training that is interrupted between any two updates goes on with the bits that it would have had.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Trainings => new()
    {
        { "published", "" },
        { "no shuffling, momentum", "shuffle=false optimizer=sgd nesterov=true learning_rate=0.01 schedule=steps schedule_epochs=1" },
        { "fresh data", "data=fresh epoch_updates=3 batch=16" },
        { "best epoch kept", "validation_trials=30 keep=best learning_rate=0.05" },
        { "patience", "validation_trials=30 patience=2 epochs=9" },
        { "curriculum", "curriculum=gap=10,until curriculum" },
        { "noise and leak", "activation=relu gain=0.8 alpha=0.5 noise_rec=0.1 noise_in=0.05 density=0.5 train_initial_state=true" },
        { "magnitudes", "sign_mode=magnitude init=gamma spectral_radius=0.9 tau=4 tau_max=9" },
        { "penalties", "l2_rate=0.1 l1_recurrent=0.001 weight_decay=0.01 frozen=bias" },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void An_interruption_after_any_update_changes_no_bit(string name, string settings)
    {
        var run = Settings(name == "curriculum" ? "" : settings);
        if (name == "curriculum")
            run = RunSettings.From(new Dictionary<string, object>(run.Values())
            {
                ["curriculum"] = (string[])["gap=10 until loss=1", "gap=20 until loss=1"], ["validation_trials"] = 20L, ["epochs"] = 4L,
            }, run.Seed);
        foreach (var set in KernelSet.Available)
        {
            var backend = Backend.Default with { Kernels = set };
            var updates = 0;
            var calm = TrainingRun.Execute(run, _ => updates++, backend: backend);
            for (var stop = 1; stop <= updates; stop += set == KernelSet.Available[0] ? 1 : 5)
            {
                var file = _folder["checkpoint.npz"];
                using var asked = new CancellationTokenSource();
                var done = 0;
                var first = TrainingRun.Execute(run, _ => { if (++done == stop) asked.Cancel(); }, backend: backend,
                    checkpoints: new RunCheckpoints { Path = file, Stop = asked.Token });
                if (stop < updates) Assert.Equal(StopReason.Interrupted, first.Result.Stopped);
                var rest = first.Result.Stopped != StopReason.Interrupted ? first : TrainingRun.Execute(run, backend: backend,
                    checkpoints: new RunCheckpoints { Path = file, From = CheckpointFile.Read(file) });
                Equal(calm, rest, $"{name}, {set.Name}, interrupted after update {stop} of {updates}");
            }
        }
    }

    [Fact]
    public void More_epochs_go_on_from_an_end()
    {
        var short_ = Settings("epochs=2");
        var file = _folder["checkpoint.npz"];
        TrainingRun.Execute(short_, checkpoints: new RunCheckpoints { Path = file, KeepsEnds = true });
        var again = TrainingRun.Execute(short_, checkpoints: new RunCheckpoints { Path = file, From = CheckpointFile.Read(file) });
        Equal(TrainingRun.Execute(short_), again, "a complete training gives its result again");
        var longer = Settings("epochs=5");
        var rest = TrainingRun.Execute(longer, checkpoints: new RunCheckpoints { Path = file, From = CheckpointFile.Read(file) });
        Equal(TrainingRun.Execute(longer), rest, "from 2 to 5 epochs");
        var cosine = Settings("schedule=cosine epochs=2");
        TrainingRun.Execute(cosine, checkpoints: new RunCheckpoints { Path = file, KeepsEnds = true });
        var refused = Assert.Throws<InvalidInputException>(() => TrainingRun.Execute(Settings("schedule=cosine epochs=5"),
            checkpoints: new RunCheckpoints { Path = file, From = CheckpointFile.Read(file) }));
        Assert.Contains("cosine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_of_another_training_is_refused()
    {
        var run = Settings("");
        var file = Interrupted(run);
        Assert.Throws<InvalidInputException>(() => Resume(Settings("gain=0.5"), file));
        Assert.Throws<InvalidInputException>(() => Resume(run.WithSeed(8), file));
        Assert.Throws<InvalidInputException>(() => Resume(run, file with { Version = "0.0.1" }));
        var checkpoint = file.Checkpoint;
        TrainingCheckpoint[] damaged =
        [
            checkpoint with { KernelSet = "another" }, checkpoint with { RecurrentForm = "sparse" },
            checkpoint with { Weights = checkpoint.Weights[1..] }, checkpoint with { Mean = [float.NaN, .. checkpoint.Mean[1..]] },
            checkpoint with { Updates = -1 }, checkpoint with { UnderWay = checkpoint.UnderWay with { Updates = 1000 } },
            checkpoint with { Losses = [.. checkpoint.Losses, 1] }, checkpoint with { StageEnds = [0] }, checkpoint with { BestEpoch = 7 },
        ];
        foreach (var one in damaged) Assert.Throws<InvalidInputException>(() => Resume(run, file with { Checkpoint = one }));
    }

    [Fact]
    public void A_file_of_the_settings_that_has_changed_is_told()
    {
        var network = _folder["start.npz"];
        NetworkFile.Write(network, EiRnn.Create(Settings("").ToSpec(), 5));
        var run = RunSettings.From(SettingFiles.Resolve(new Dictionary<string, object>
        {
            ["from"] = network, ["trials"] = 120L, ["epochs"] = 3L, ["batch"] = 16L,
        }), 3);
        var file = Interrupted(run);
        Equal(TrainingRun.Execute(run), Resume(run, file), "from a network");
        NetworkFile.Write(network, EiRnn.Create(Settings("").ToSpec(), 6));
        Assert.Throws<InvalidInputException>(() => CheckpointFile.Read(_folder["checkpoint.npz"]));
    }

    private CheckpointFile Interrupted(RunSettings run)
    {
        var path = _folder["checkpoint.npz"];
        using var asked = new CancellationTokenSource();
        var done = 0;
        TrainingRun.Execute(run, _ => { if (++done == 7) asked.Cancel(); },
            checkpoints: new RunCheckpoints { Path = path, Stop = asked.Token });
        return CheckpointFile.Read(path);
    }

    private TrainingRun Resume(RunSettings run, CheckpointFile from) =>
        TrainingRun.Execute(run, checkpoints: new RunCheckpoints { Path = _folder["next.npz"], From = from });

    private static RunSettings Settings(string text)
    {
        var values = new Dictionary<string, object> { ["units"] = 7L, ["trials"] = 120L, ["epochs"] = 3L, ["batch"] = 16L };
        foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (pair.Split('=')[0], pair.Split('=')[1]);
            values[name] = bool.TryParse(value, out var flag) ? flag : long.TryParse(value, out var whole) ? whole
                : double.TryParse(value, out var number) ? number : value;
        }
        if (values.ContainsKey("epoch_updates")) values.Remove("trials"); // fresh data have no number
        return RunSettings.From(values, 3);
    }

    private static void Equal(TrainingRun expected, TrainingRun found, string what)
    {
        Assert.True(expected.Network.RecurrentWeights.SequenceEqual(found.Network.RecurrentWeights), $"{what}: W_rec");
        Assert.True(expected.Network.InputWeights.SequenceEqual(found.Network.InputWeights), $"{what}: W_in");
        Assert.True(expected.Network.OutputWeights.SequenceEqual(found.Network.OutputWeights), $"{what}: W_out");
        Assert.True(expected.Network.Bias.SequenceEqual(found.Network.Bias), $"{what}: b");
        Assert.True(expected.Network.InitialState.SequenceEqual(found.Network.InitialState), $"{what}: initial state");
        var (a, b) = (expected.Result, found.Result);
        Assert.Equal(a.Losses, b.Losses);
        Assert.Equal(a.TaskLosses, b.TaskLosses);
        Assert.Equal(a.GradientNorms, b.GradientNorms);
        Assert.Equal(a.ValidationLosses, b.ValidationLosses);
        Assert.Equal(a.ValidationAccuracies, b.ValidationAccuracies);
        Assert.Equal((a.Stopped, a.BestEpoch, a.States, a.StatesSaved), (b.Stopped, b.BestEpoch, b.States, b.StatesSaved));
        Assert.Equal(a.TestLoss, b.TestLoss);
        Assert.Equal(a.StageEnds, b.StageEnds);
        Assert.True(expected.Initial.RecurrentWeights.SequenceEqual(found.Initial.RecurrentWeights), $"{what}: initial");
    }
}
