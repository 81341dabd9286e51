using EiRnnFast.Files;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Trials through a stored network: the same numbers as those of the engine, in the file as on the screen.</summary>
[Collection(ProgramRuns.Name)]
public sealed class RunCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void The_file_holds_what_the_engine_computes()
    {
        var json = _sandbox.Run("run", trained.PathOf("network.npz"), "--trials", "6", "--npz", "states.npz", "--json").Succeeded().Json;
        var (network, task) = (NetworkFile.Read(trained.PathOf("network.npz")), TaskCatalog.Get("and"));
        var trials = task.Generate(6, task.DefaultDataSeed);
        var (outputs, states) = network.Run(trials.X, 6);
        var arrays = NpzFile.Read(_sandbox["states.npz"]);
        Assert.Equal(["input_labels", "inputs", "labels", "mask", "outputs", "signs", "spec", "states", "step_ms", "targets", "times"],
            arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([6, 290, 8], arrays["states"].Shape);
        Assert.Equal(states, arrays["states"].Floats);
        Assert.Equal(outputs, arrays["outputs"].Floats);
        Assert.Equal(trials.X, arrays["inputs"].Floats);
        Assert.Equal(trials.Y, arrays["targets"].Floats);
        Assert.Equal(trials.Mask ?? [.. Enumerable.Repeat(1f, trials.Y.Length)], arrays["mask"].Floats);
        Assert.Equal([-1, -1, -1, -1, 1, 1, 1, 1], arrays["signs"].ToDoubles());
        Assert.Equal(Enumerable.Range(0, 290).Select(step => (double)step), arrays["times"].ToDoubles());
        Assert.Equal(trials.Types.Select(type => task.TrialTypes[type]), arrays["labels"].Texts);
        Assert.Equal(((ITask)task).Accuracy(trials, outputs), json.GetProperty("accuracy").GetDouble());
        Assert.Equal(trials.LossOf(outputs), json.GetProperty("loss").GetDouble());
        Assert.Equal(("and", 6, 3, "states.npz"), (json.GetProperty("task").GetString(), json.GetProperty("trials").GetInt32(),
            json.GetProperty("data_seed").GetInt32(), json.GetProperty("npz").GetString()));
    }

    [NumPyFact]
    public void NumPy_reads_every_array_with_its_type()
    {
        _sandbox.Run("run", trained.PathOf("network.npz"), "--trials", "3", "--npz", "states.npz").Succeeded();
        Assert.Equal("""
            input_labels <U1 (2,)
            inputs float32 (3, 290, 2)
            labels <U2 (3,)
            mask float32 (3, 290, 1)
            outputs float32 (3, 290, 1)
            signs int8 (8,)
            states float32 (3, 290, 8)
            step_ms float64 ()
            targets float32 (3, 290, 1)
            times float64 (290,)
            and 3 3
            """.ReplaceLineEndings("\n"), NumPyFactAttribute.Run("""
            import json, sys, numpy as np
            z = np.load(sys.argv[1], allow_pickle=False)
            for name in sorted(z): name == 'spec' or print(name, z[name].dtype, z[name].shape)
            origin = json.loads(str(z['spec']))['provenance']
            print(origin['task'], origin['data_seed'], origin['trials'])
            """, _sandbox["states.npz"]));
    }

    [Theory]
    [InlineData("mse", "rate")]
    [InlineData("cross_entropy", "voltage")]
    public void A_training_and_a_run_of_its_test_trials_agree_to_the_last_bit(string loss, string form)
    {
        // Fresh data: the test trials are the first that the data seed draws.
        var summary = _sandbox.Run("train", "--task", "and", "--task-options", "gap=10", "--units", "6", "--epochs", "1", "--data", "fresh",
            "--epoch-updates", "3", "--test-trials", "20", "--data-seed", "11", "--loss", loss, "--cell-form", form, "--alpha", "0.5",
            "--states", "--out", "run", "--json").Succeeded().Json;
        var json = _sandbox.Run("run", "run/network.npz", "--trials", "20", "--data-seed", "11", "--npz", "again.npz", "--json")
            .Succeeded().Json;
        Assert.Equal(summary.GetProperty("accuracy").GetDouble(), json.GetProperty("accuracy").GetDouble());
        Assert.Equal(summary.GetProperty("test_loss").GetDouble(), json.GetProperty("loss").GetDouble());
        Assert.Equal(summary.GetProperty("accuracy_by_type").GetRawText(), json.GetProperty("accuracy_by_type").GetRawText());
        Assert.Equal("gap=10", json.GetProperty("task_options").GetString());
        var (states, again) = (NpzFile.Read(_sandbox["run/states.npz"]), NpzFile.Read(_sandbox["again.npz"]));
        Assert.Equal(states.Keys.Order(StringComparer.Ordinal), again.Keys.Order(StringComparer.Ordinal));
        foreach (var name in states.Keys.Where(name => name != "spec" && states[name].IsNumeric))
        {
            Assert.Equal(states[name].Shape, again[name].Shape);
            Assert.Equal(states[name].ToDoubles(), again[name].ToDoubles());
        }
        Assert.Equal(loss == "mse" ? 1 : 3, states["outputs"].Shape[2]);
    }

    [Fact]
    public void States_of_a_training_do_not_stay_beside_another()
    {
        string[] train = ["train", "--units", "5", "--epochs", "1", "--trials", "120", "--out", "run", "--quiet"];
        Assert.Contains("states.npz", _sandbox.Run([.. train, "--states"]).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal([50, 290, 5], NpzFile.Read(_sandbox["run/states.npz"])["states"].Shape);
        _sandbox.Run([.. train]).Succeeded();
        Assert.False(File.Exists(_sandbox["run/states.npz"]));
        _sandbox.Run("train", "--resume", "run", "--epochs", "2", "--states", "--quiet").Succeeded();
        var network = NetworkFile.Read(_sandbox["run/network.npz"]);
        var arrays = NpzFile.Read(_sandbox["run/states.npz"]);
        Assert.Equal(network.Run(arrays["inputs"].Floats, 50).States, arrays["states"].Floats);
    }

    [Fact]
    public void Dynamics_writes_the_states_that_it_looks_at()
    {
        string[] files = [trained.PathOf("network.npz"), trained.PathOf("initial.npz")];
        string[] options = ["--trials", "4", "--starts", "2", "--out", "dyn", "--quiet"];
        _sandbox.Run(["dynamics", files[0], "--against", files[1], .. options, "--states"]).Succeeded();
        for (var i = 0; i < files.Length; i++)
        {
            _sandbox.Run("run", files[i], "--task", "and", "--trials", "4", "--npz", "run.npz").Succeeded();
            var (dynamics, run) = (NpzFile.Read(_sandbox[$"dyn/states-{i + 1}.npz"]), NpzFile.Read(_sandbox["run.npz"]));
            foreach (var name in new[] { "states", "outputs", "inputs", "targets", "mask" })
                Assert.Equal(run[name].Floats, dynamics[name].Floats);
        }
        File.WriteAllText(_sandbox["dyn/states-mine.npz"], "");
        _sandbox.Run(["dynamics", files[0], .. options, "--states"]).Succeeded();
        Assert.True(File.Exists(_sandbox["dyn/states-1.npz"]));
        Assert.False(File.Exists(_sandbox["dyn/states-2.npz"]));
        _sandbox.Run(["dynamics", files[0], .. options]).Succeeded();
        Assert.Equal(["states-mine.npz"], Directory.GetFiles(_sandbox["dyn"], "states*").Select(Path.GetFileName));
    }

    [Fact]
    public void Noise_is_that_of_its_seed()
    {
        _sandbox.Run("train", "--units", "5", "--epochs", "1", "--trials", "120", "--alpha", "0.5", "--noise-rec", "0.1", "--out", "run")
            .Succeeded();
        _sandbox.Run("run", "run/network.npz", "--trials", "3", "--noise", "--seed", "7", "--npz", "noisy.npz").Succeeded();
        var arrays = NpzFile.Read(_sandbox["noisy.npz"]);
        var network = NetworkFile.Read(_sandbox["run/network.npz"]);
        Assert.Equal(network.Run(arrays["inputs"].Floats, 3, noiseSeed: 7).States, arrays["states"].Floats);
        Assert.NotEqual(network.Run(arrays["inputs"].Floats, 3).States, arrays["states"].Floats);
    }

    [Fact]
    public void A_file_of_trials_is_found_again_and_no_other_task_is_taken_for_it()
    {
        _sandbox.Run("tasks", "xor", "--npz", "trials.npz", "--trials", "70").Succeeded();
        _sandbox.Run("train", "--task-file", "trials.npz", "--units", "5", "--epochs", "1", "--out", "run").Succeeded();
        var json = _sandbox.Run("run", "run/network.npz", "--trials", "1000", "--json").Succeeded().Json;
        Assert.Equal((70, "trials.npz"), (json.GetProperty("trials").GetInt32(), json.GetProperty("task_file").GetString()));
        var target = _sandbox.Run("run", "run/network.npz", "--npz", "trials.npz").RefusedInOneLine();
        Assert.Contains("which is read too", target.Error, StringComparison.Ordinal);
        File.Delete(_sandbox["trials.npz"]);
        Assert.Contains("trials.npz: found no such file", _sandbox.Run("run", "run/network.npz").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        var other = _sandbox.Run("run", "run/network.npz", "--task", "and", "--json").Succeeded().Json;
        Assert.Equal("and", other.GetProperty("task").GetString());
    }

    [Fact]
    public void A_network_without_a_recorded_task_asks_for_one()
    {
        NetworkFile.Write(_sandbox["bare.npz"], NetworkFile.Read(trained.PathOf("network.npz")));
        Assert.Contains("no task of the catalogue recorded", _sandbox.Run("run", "bare.npz").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        _sandbox.Run("run", "bare.npz", "--task", "and", "--trials", "2").Succeeded();
    }

    [Theory]
    [InlineData("as task 'context-decision' has", "--task", "context-decision")]
    [InlineData("found 0, expected 1 or more", "--trials", "0")]
    [InlineData("give fewer --trials", "--trials", "2000000000")]
    [InlineData("a network without noise", "--noise")]
    [InlineData("--seed without --noise", "--seed", "3")]
    [InlineData("expected 0 to", "--noise", "--seed", "-1")]
    [InlineData("the file name '-'", "--npz", "-")]
    [InlineData("an empty file name", "--npz", " ")]
    [InlineData("no such folder", "--npz", "nowhere/states.npz")]
    [InlineData("a whole number", "--data-seed", "network")]
    [InlineData("found 'nothing'", "--task", "nothing")]
    [InlineData("'--state'", "--state")]
    public void Misuse_is_refused_in_one_sentence(string says, params string[] options)
    {
        var result = _sandbox.Run(["run", trained.PathOf("network.npz"), .. options]).RefusedInOneLine();
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Empty(_sandbox.Entries);
    }

    [Fact]
    public void A_network_is_never_replaced_by_its_states()
    {
        File.Copy(trained.PathOf("network.npz"), _sandbox["network.npz"]);
        var before = File.ReadAllBytes(_sandbox["network.npz"]);
        _sandbox.Run("run", "network.npz", "--npz", "./network.npz").RefusedInOneLine();
        Assert.Equal(before, File.ReadAllBytes(_sandbox["network.npz"]));
        Assert.Contains("found a folder", _sandbox.Run("run", ".").RefusedInOneLine().Error, StringComparison.Ordinal);
        Assert.Contains("no such file", _sandbox.Run("run", "gone.npz").RefusedInOneLine().Error, StringComparison.Ordinal);
    }

    [ScratchMountFact]
    public void A_full_disk_leaves_the_older_states()
    {
        using var mount = new ScratchMount(_sandbox["disk"], "size=300k");
        _sandbox.Run("run", trained.PathOf("network.npz"), "--trials", "2", "--npz", "disk/states.npz").Succeeded();
        var before = File.ReadAllBytes(_sandbox["disk/states.npz"]);
        var result = _sandbox.Run("run", trained.PathOf("network.npz"), "--trials", "40", "--npz", "disk/states.npz").RefusedInOneLine();
        Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_sandbox["disk/states.npz"]));
        Assert.Single(Directory.GetFileSystemEntries(_sandbox["disk"]));
    }
}
