using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Files;

public sealed class FileTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(params (string Name, NpyArray Array)[] arrays)
    {
        var path = _folder[$"{Guid.NewGuid():N}.npz"];
        NpzFile.Write(path, arrays.ToDictionary(array => array.Name, array => array.Array));
        return path;
    }

    private static NpyArray Zeros(params int[] shape) => NpyArray.Of(new double[shape.Aggregate(1, (a, b) => a * b)], shape);

    [Theory]
    [InlineData("and")]
    [InlineData("working-memory")]
    [InlineData("flip-flop")]
    public void A_file_of_a_tasks_arrays_trains_to_the_same_bits(string name)
    {
        var task = TaskCatalog.Get(name);
        var (x, y, mask) = task.GenerateDoubles(200, 3);
        (string, NpyArray)[] arrays = [("x", NpyArray.Of(x, 200, task.Steps, task.Inputs)), ("y", NpyArray.Of(y, 200, task.Steps, 1))];
        var paths = new[]
        {
            Write([.. arrays, ("mask", NpyArray.Of(mask, 200, task.Steps, 1))]),
            Write([.. arrays, ("mask", NpyArray.Of(mask, 200, task.Steps)), ("notes", NpyArray.Of("anything else"))]),
        };
        var expected = Train(task, new TrainingOptions { Epochs = 2, Trials = 200, DataSeed = 3 });
        foreach (var path in name == "and" ? [.. paths, Write(arrays)] : paths)
            Assert.Equal(expected, Train(FileTask.Read(path), new TrainingOptions { Epochs = 2 }));

        static float[] Train(ITask task, TrainingOptions options)
        {
            var network = EiRnn.Create(new NetworkSpec { Units = 10, Inputs = task.Inputs, Outputs = task.Outputs }, 1);
            var result = new Trainer(network, task).Run(options);
            return [.. network.RecurrentWeights, .. network.OutputWeights, .. result.Losses.Select(loss => (float)loss)];
        }
    }

    [Fact]
    public void Two_outputs_share_a_mask_of_timesteps()
    {
        var mask = NpyArray.Of([1.0, 0, 2, 0, 1, 1], 2, 3);
        var task = FileTask.Read(Write(("x", Zeros(2, 3, 1)), ("y", Zeros(2, 3, 2)), ("mask", mask)));
        Assert.Equal([1, 1, 0, 0, 2, 2, 0, 0, 1, 1, 1, 1], task.Generate(2, 0).Mask!);
        Assert.Equal((1, 2, 3, 2), (task.Inputs, task.Outputs, task.Steps, task.DefaultTrials));
    }

    [Fact]
    public void Integers_and_halves_and_singles_are_accepted()
    {
        var task = FileTask.Read(Write(("x", NpyArray.Of([1, 2, 3, 4], 2, 2, 1)), ("y", NpyArray.Of([1f, 2, 3, 4], 2, 2, 1))));
        Assert.Equal([1, 2, 3, 4], task.Generate(2, 9).X);
        Assert.Equal([1, 2], task.Generate(1, 9).Y);
        Assert.Contains("1 to 2", Assert.Throws<InvalidInputException>(() => task.Generate(3, 0)).Message, StringComparison.Ordinal);
    }

    [NumPyFact]
    public void What_NumPy_saves_in_either_order_is_the_same_task()
    {
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            at = lambda name: sys.argv[1].replace('NAME', name)
            x = np.arange(24).reshape(4, 3, 2); y = np.arange(12.).reshape(4, 3, 1)
            np.savez(at('c'), x=x, y=y, mask=np.ones((4, 3), bool))
            np.savez_compressed(at('f'), x=np.asfortranarray(x.astype('>f8')), y=np.asfortranarray(y.astype('f2')))
            np.savez(at('scalars'), x=3.0, y=4.0)
            np.savez(at('nan'), x=np.where(x == 7, np.nan, x), y=y)
            """, _folder["NAME.npz"]);
        var (c, f) = (FileTask.Read(_folder["c.npz"]).Generate(4, 0), FileTask.Read(_folder["f.npz"]).Generate(4, 0));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), c.X);
        Assert.Equal(c.X, f.X);
        Assert.Equal(c.Y, f.Y);
        Assert.Null(c.Mask);
        Rejection.Of(_folder["scalars.npz"], () => FileTask.Read(_folder["scalars.npz"]));
        Assert.Contains("x[1, 0, 1] = NaN", Rejection.Of(_folder["nan.npz"], () => FileTask.Read(_folder["nan.npz"])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_that_make_no_trials_are_refused_with_their_shapes()
    {
        var y = ("y", Zeros(4, 3, 1));
        (string, NpyArray) x = ("x", Zeros(4, 3, 2));
        foreach (var (arrays, expected) in new ((string, NpyArray)[], string)[]
        {
            ([x], "no array 'y'"), ([y], "no array 'x'"), ([("x", Zeros(4, 6)), y], "x of shape 4×6"),
            ([x, ("y", Zeros(4, 3))], "y of shape 4×3"),
            ([x, ("y", Zeros(5, 3, 1))], "y of shape 5×3×1"), ([x, ("y", Zeros(4, 2, 1))], "y of shape 4×2×1"),
            ([("x", Zeros(0, 3, 2)), ("y", Zeros(0, 3, 1))], "x of shape 0×3×2"),
            ([("x", Zeros(4, 3, 0)), y], "4×3×0"), ([x, y, ("mask", Zeros(4))], "a mask of shape 4"),
            ([x, y, ("mask", Zeros(3, 4))], "a mask of shape 3×4"),
            ([x, y, ("mask", Zeros(4, 3, 2))], "a mask of shape 4×3×2"), ([x, y, ("mask", Zeros(4, 3))], "a mask of zeros only"),
            ([x, y, ("mask", NpyArray.Of([.. Enumerable.Repeat(1.0, 11), -1], 4, 3))], "the weight -1"),
            ([x, y, ("step_ms", NpyArray.Of([1.0, 2], 2))], "step_ms of shape 2"), ([x, y, ("step_ms", NpyArray.Of([0.0]))], "step_ms = 0"),
            ([x, y, ("step_ms", NpyArray.Of([double.NaN]))], "step_ms = NaN"),
            ([x, y, ("step_ms", NpyArray.Of([1e9]))], "step_ms = 1000000000"),
            ([x, y, ("step_ms", NpyArray.Of("20"))], "step_ms of shape text"),
            ([x, y, ("labels", NpyArray.Of([1, 2, 3, 4], 4))], "labels of shape 4, numbers"),
            ([x, y, ("labels", NpyArray.Of(["a", "b"], 2))], "labels of shape 2 of texts, expected 4 texts, one for each trial"),
            ([x, y, ("labels", NpyArray.Of(["a", "b", "a", ""], 4))], "labels with the text ''"),
            ([x, y, ("labels", NpyArray.Of(["a", "b", "a", "\u001b[2J"], 4))], "visible characters"),
            ([x, y, ("labels", NpyArray.Of(["a", "b", "a", "\uffff"], 4))], "visible characters"),
            ([x, y, ("labels", NpyArray.Of(["a", "b", "a", new string('c', 101)], 4))], "1 to 100 visible characters"),
            ([x, y, ("labels", NpyArray.Of(["a", "b", "a", "b"], 2, 2))], "labels of shape 2×2 of texts"),
            ([x, y, ("input_labels", NpyArray.Of(["a"], 1))], "input_labels of shape 1 of texts, expected 2 texts, one for each input"),
            ([x, y, ("output_labels", NpyArray.Of(["a", "b"], 2))], "of shape 2 of texts, expected 1 text, one for each output"),
            ([("x", NpyArray.Of([.. Enumerable.Repeat("a", 24)], 4, 3, 2)), y], "x of shape 4×3×2 of texts"),
            ([x, y, ("mask", NpyArray.Of([.. Enumerable.Repeat("a", 12)], 4, 3))], "text as mask"),
            ([("x", NpyArray.Of("text")), y], "x of shape text"), ([x, y, ("mask", NpyArray.Of("all"))], "a mask of shape text"),
            ([x, y, ("mask", NpyArray.Of([.. Enumerable.Repeat(1.0, 11), 1e-30], 4, 3))], "weights beyond"),
            ([("x", NpyArray.Of([1e300, .. new double[23]], 4, 3, 2)), y], "x[0, 0, 0] = ∞"),
            ([x, ("y", NpyArray.Of([.. new float[11], float.NaN], 4, 3, 1))], "y[3, 2, 0] = NaN"),
        })
        {
            var path = Write(arrays);
            Assert.Contains(expected, Rejection.Of(path, () => FileTask.Read(path)).Replace("Infinity", "∞", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
        Rejection.Of(_folder["none.npz"], () => FileTask.Read(_folder["none.npz"]));
        _folder.WriteBytes("text.npz", "no archive"u8.ToArray());
        Rejection.Of(_folder["text.npz"], () => FileTask.Read(_folder["text.npz"]));
    }

    [Theory]
    [InlineData("Mask", "mask")]
    [InlineData("step", "step_ms")]
    [InlineData("label", "labels")]
    [InlineData("inputlabels", "input_labels")]
    public void An_array_whose_name_is_nearly_right_is_told(string name, string meant)
    {
        Dictionary<string, NpyArray> arrays = new()
        {
            ["x"] = NpyArray.Of(new float[6], 2, 3, 1), ["y"] = NpyArray.Of(new float[6], 2, 3, 1), ["notes"] = NpyArray.Of([1.0]),
            [name] = NpyArray.Of([1.0]),
        };
        NpzFile.Write(_folder["t.npz"], arrays);
        Assert.Contains($"found an array '{name}', expected '{meant}'",
            Assert.Throws<InvalidInputException>(() => FileTask.Read(_folder["t.npz"])).Message, StringComparison.Ordinal);
        arrays.Remove(name);
        NpzFile.Write(_folder["t.npz"], arrays);
        Assert.Equal(3, FileTask.Read(_folder["t.npz"]).Steps);
    }

    [Fact]
    public void A_file_of_another_kind_is_called_by_its_kind()
    {
        NpyFileOf(_folder["x.npy"]);
        File.WriteAllText(_folder["x.md"], "# no archive");
        Assert.Contains("a .npy file", Assert.Throws<InvalidInputException>(() => FileTask.Read(_folder["x.npy"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("another kind", Assert.Throws<InvalidInputException>(() => FileTask.Read(_folder["x.md"])).Message,
            StringComparison.Ordinal);

        static void NpyFileOf(string path) => File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, 0, 0]);
    }

    [Fact]
    public void Too_many_types_are_no_types()
    {
        string[] all = [.. Enumerable.Range(0, 257).Select(i => $"type {i}")];
        var path = Write(("x", Zeros(257, 3, 1)), ("y", Zeros(257, 3, 1)), ("labels", NpyArray.Of(all, 257)));
        Assert.Contains("257 different labels, expected at most 256", Rejection.Of(path, () => FileTask.Read(path)),
            StringComparison.Ordinal);
    }

    /// <summary>What a task writes of itself is read again: step, types and names.</summary>
    [Theory]
    [InlineData("context-decision")]
    [InlineData("flip-flop")]
    [InlineData("time-pulse")]
    public void A_written_data_set_keeps_its_step_types_and_names(string name)
    {
        var task = TaskCatalog.Get(name);
        FileTask.Write(_folder["set.npz"], task, 60, 3);
        var read = FileTask.Read(_folder["set.npz"]);
        var (expected, found) = (task.Generate(60, 3), read.Generate(60, 0));
        Assert.Equal(task.StepMs, read.StepMs);
        Assert.Equal(expected.X, found.X);
        Assert.Equal(task.InputLabels, read.InputLabels);
        Assert.Equal(expected.Types.Select(type => task.TrialTypes[type]), found.Types.Select(type => read.TrialTypes[type]));
        Assert.Equal(task.TrialTypes.Order(StringComparer.Ordinal), read.TrialTypes);
    }

    [NumPyFact]
    public void Texts_of_NumPy_are_read_in_all_their_forms_and_ours_by_NumPy()
    {
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            at = lambda name: sys.argv[1].replace('NAME', name)
            x = np.zeros((3, 4, 2)); y = np.zeros((3, 4, 2)); labels = ['left', 'rechts → größer', 'left']
            more = dict(step_ms=20, input_labels=np.array(['a', 'b'], '>U7'), output_labels=np.array([b'left', b'right']))
            np.savez(at('u'), x=x, y=y, labels=np.array(labels), **more)
            np.savez_compressed(at('s'), x=x, y=y, labels=np.array([text.encode() for text in labels]), **more)
            np.savez(at('o'), x=x, y=y, labels=np.array(labels, object))
            np.savez(at('latin'), x=x, y=y, labels=np.array([b'gr\xf6', b'a', b'b']))
            """, _folder["NAME.npz"]);
        foreach (var file in (string[])["u.npz", "s.npz"])
        {
            var task = FileTask.Read(_folder[file]);
            Assert.Equal(["left", "rechts → größer"], task.TrialTypes);
            Assert.Equal([0, 1, 0], task.Generate(3, 0).Types);
            Assert.Equal((20, "a b", "left right"), (task.StepMs, string.Join(' ', task.InputLabels), string.Join(' ', task.OutputLabels)));
        }
        Assert.Contains("astype('U')", Rejection.Of(_folder["o.npz"], () => FileTask.Read(_folder["o.npz"])), StringComparison.Ordinal);
        Assert.Contains("expected UTF-8", Rejection.Of(_folder["latin.npz"], () => FileTask.Read(_folder["latin.npz"])),
            StringComparison.Ordinal);
        FileTask.Write(_folder["match.npz"], TaskCatalog.Get("match-to-sample"), 40, 1);
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            file = np.load(sys.argv[1])
            assert set(file['labels']) == {'AA', 'AB', 'BA', 'BB'} and file['labels'].shape == (40,), file['labels']
            assert file['step_ms'] == 20 and list(file['input_labels']) == ['A', 'B']
            """, _folder["match.npz"]);
    }

    /// <summary>A time constant in ms is in steps of the file's length; accuracy is told for each label.</summary>
    [Fact]
    public void Step_and_labels_reach_the_training()
    {
        var y = NpyArray.Of([.. Enumerable.Range(0, 200).SelectMany(i => Enumerable.Repeat((double)(i % 2), 5))], 200, 5, 1);
        var labels = NpyArray.Of([.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? "low" : "high")], 200);
        var path = Write(("x", y), ("y", y), ("step_ms", NpyArray.Of([20])), ("labels", labels));
        var run = RunSettings.From(new Dictionary<string, object>
        {
            ["task_file"] = FileTask.Read(path), ["tau"] = 100.0, ["units"] = 6L, ["epochs"] = 1L,
        }, 1);
        Assert.Equal(0.2, run.ToSpec().Cell.Alpha, 1e-12);
        var trained = TrainingRun.Execute(run);
        Assert.Equal(["high", "low"], trained.Result.AccuracyByType!.Keys);
        Assert.All(trained.Result.AccuracyByType.Values, share => Assert.NotNull(share));
        Assert.Equal(["high", "low"],
            TrialTrace.OfTypes(run.Task, trained.Result.Test, trained.Result.TestOutputs).Select(trace => trace.Name));
    }

    [Fact]
    public void A_file_that_changes_is_another_task()
    {
        var path = Write(("x", Zeros(2, 3, 1)), ("y", Zeros(2, 3, 1)));
        var first = FileTask.Read(path);
        Assert.Same(first, FileTask.Read(path));
        NpzFile.Write(path, new Dictionary<string, NpyArray> { ["x"] = Zeros(5, 3, 1), ["y"] = Zeros(5, 3, 1) });
        var second = FileTask.Read(path);
        Assert.Equal(5, second.DefaultTrials);
        Assert.NotEqual(first.Sha256, second.Sha256);
    }
}
