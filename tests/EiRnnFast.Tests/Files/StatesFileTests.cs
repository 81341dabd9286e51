using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Files;

/// <summary>States in a file, and the task that a network's file names.</summary>
public sealed class StatesFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_and_steps_of_given_trials_are_kept_and_a_missing_mask_weighs_one()
    {
        var trials = new TrialBatch
        {
            Count = 2, Steps = 3, Inputs = 1, Outputs = 2, X = [1, 2, 3, 4, 5, 6], Y = new float[12], Types = [1, 0],
        };
        var task = new ArrayTask("given", trials, 2.5, ["left", "right"], ["light"], ["a", "b"]);
        var network = EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 1, Outputs = 2, Signs = SignConstraint.None }, 1);
        var (outputs, states) = network.Run(trials.X, 2);
        StatesFile.Write(_folder["a.npz"], network, task, trials, outputs, states, new Dictionary<string, string> { ["from"] = "here" });
        var arrays = NpzFile.Read(_folder["a.npz"]);
        Assert.Equal([0, 2.5, 5], arrays["times"].ToDoubles());
        Assert.Equal(2.5, arrays["step_ms"].ToDoubles()[0]);
        Assert.Equal(Enumerable.Repeat(1.0, 12), arrays["mask"].ToDoubles());
        Assert.Equal(["right", "left"], arrays["labels"].Texts!);
        Assert.Equal(["light"], arrays["input_labels"].Texts!);
        Assert.Equal(["a", "b"], arrays["output_labels"].Texts!);
        Assert.Equal(new double[4], arrays["signs"].ToDoubles());
        Assert.Contains("\"provenance\":{\"from\":\"here\"}", arrays["spec"].Text, StringComparison.Ordinal);
        var first = File.ReadAllBytes(_folder["a.npz"]);
        StatesFile.Write(_folder["a.npz"], network, task, trials, outputs, states, new Dictionary<string, string> { ["from"] = "here" });
        Assert.Equal(first, File.ReadAllBytes(_folder["a.npz"]));
        Assert.Throws<InvalidInputException>(() => StatesFile.Write(_folder["b.npz"], network, task, trials, outputs, states[1..]));
        Assert.False(File.Exists(_folder["b.npz"]));
    }

    [Fact]
    public void An_array_longer_than_what_is_written_at_a_time_is_whole()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 20) + 5).Select(i => i / 7f)];
        NpyArray.Of(values, values.Length).Write(_folder["long.npy"]);
        Assert.Equal(values, NpyArray.Read(_folder["long.npy"]).Floats);
        NpyArray.Of([-128, 0, 127], 3).Write(_folder["ints.npy"]);
        NpyArray.Of(new sbyte[] { -128, 0, 127 }, 3).Write(_folder["small.npy"]);
        Assert.Equal([-128, 0, 127], NpyArray.Read(_folder["small.npy"]).ToDoubles());
        Assert.Equal(new FileInfo(_folder["ints.npy"]).Length - 9, new FileInfo(_folder["small.npy"]).Length);
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_refused_before_it_is_taken()
    {
        var task = TaskCatalog.Get("and");
        var e = Assert.Throws<InvalidInputException>(() => NetworkRun.RequireRoom(task, 1_000_000_000, 100, "test_trials"));
        Assert.EndsWith("give fewer --test-trials", e.Message, StringComparison.Ordinal);
        NetworkRun.RequireRoom(task, 1, 100, "test_trials");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("{\"provenance\":3}")]
    [InlineData("{\"provenance\":{\"task\":5}}")]
    public void A_damaged_description_records_no_task(string spec)
    {
        var recorded = SpecText.ProvenanceIn(spec);
        Assert.Empty(recorded);
        Assert.Throws<InvalidInputException>(() => RecordedTask.Settings("a.npz", recorded, new Dictionary<string, object>()));
    }

    [Fact]
    public void What_is_given_wins_over_what_is_recorded()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1 }, 1);
        Dictionary<string, string> origin = new() { ["task"] = "xor", ["task_options"] = "gap=30", ["loss"] = "cross_entropy" };
        NetworkFile.Write(_folder["a.npz"], network, origin);
        KerasNetworkFile.Write(_folder["a.h5"], network, 3, origin); // what Keras passes over says it too
        var recorded = NetworkFile.ReadWithProvenance(_folder["a.h5"]).Provenance;
        Assert.Equal(origin["task_options"], NetworkFile.ReadWithProvenance(_folder["a.npz"]).Provenance["task_options"]);
        Assert.Equal(("xor", 30.0, "cross_entropy"), Of([]));
        Assert.Equal(("xor", 40.0, "cross_entropy"), Of(new() { ["task_option"] = new Dictionary<string, double> { ["gap"] = 40 } }));
        var other = RecordedTask.Settings("a.h5", recorded, new Dictionary<string, object> { ["task"] = "and" });
        Assert.Equal(("and", false), (other["task"], other.ContainsKey("task_options")));

        (object, double, object) Of(Dictionary<string, object> given)
        {
            var settings = RecordedTask.Settings("a.h5", recorded, given);
            Assert.NotNull(RunSettings.Sketch(settings).Task);
            return (settings["task"], ((IReadOnlyDictionary<string, double>)settings["task_options"])["gap"], settings["loss"]);
        }
    }

    [Fact]
    public void Networks_looked_at_together_have_the_task_that_all_of_them_say()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1 }, 1);
        foreach (var (name, task) in new[] { ("xor", "xor"), ("again", "xor"), ("or", "or"), ("none", null) })
            NetworkFile.Write(_folder[name], network, task is null ? null : new Dictionary<string, string> { ["task"] = task });
        Assert.Equal("xor", Of("xor", "again", "none")["task"]);
        Assert.Empty(Of("none"));
        Assert.StartsWith($"{_folder["or"]}: found another task than {_folder["xor"]} records (or; xor)",
            Assert.Throws<InvalidInputException>(() => Of("xor", "or")).Message, StringComparison.Ordinal);

        IReadOnlyDictionary<string, object> Of(params string[] names) =>
            RecordedTask.SettingsOfAll([.. names.Select(name => _folder[name])], new Dictionary<string, object>());
    }

    [KerasTheory]
    [InlineData(5)]
    public void A_network_of_Keras_runs_like_ours(int trials)
    {
        var file = KerasFolder.PathOf(KerasFolder.NamesWithWeights.First(name => NetworkFile.Read(KerasFolder.PathOf(name)) is
        { Inputs: 2, Outputs: 1 }));
        Assert.Empty(NetworkFile.ReadWithProvenance(file).Provenance);
        var (network, task) = (NetworkFile.Read(file), TaskCatalog.Get("and"));
        var run = NetworkRun.Of(file, network, task, LossFunction.MeanSquare, 3, trials);
        run.Write(_folder["a.npz"]);
        var arrays = NpzFile.Read(_folder["a.npz"]);
        var expected = network.Run(task.Generate(trials, 3).X, trials);
        Assert.Equal([trials, task.Steps, network.Units], arrays["states"].Shape);
        Assert.Equal(expected.States, arrays["states"].Floats);
        Assert.Equal(expected.Outputs, arrays["outputs"].Floats);
    }
}
