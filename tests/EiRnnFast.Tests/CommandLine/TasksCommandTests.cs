using System.Text.RegularExpressions;
using EiRnnFast.Files;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Figures;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class TasksCommandTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void One_task_is_explained_with_its_options()
    {
        var text = _sandbox.Run("tasks", "context-decision", "--task-option", "strength=0.2", "--task-option", "catch=0.1")
            .Succeeded().Output;
        text = Regex.Replace(text, @"\s+", " "); // long descriptions are wrapped
        foreach (var expected in (string[])["4 inputs, 1 output, 68 steps of 20 ms", "Dubreuil", "0.2·c₀", "strength", "(default 0.1)",
            "context 1, −", "catch"]) Assert.Contains(expected, text, StringComparison.Ordinal);
        var json = _sandbox.Run("tasks", "not", "--json", "--task-option", "gap=40").Succeeded().Json;
        Assert.Equal((220, "not"), (json.GetProperty("steps").GetInt32(), json.GetProperty("name").GetString()));
        Assert.Contains(json.GetProperty("options").EnumerateArray(),
            option => option.GetProperty("name").GetString() == "gap" && option.GetProperty("value").GetDouble() == 40
            && option.GetProperty("default").GetDouble() == 20);
    }

    [Fact]
    public void Data_sets_are_written_in_double_precision()
    {
        var result = _sandbox.Run("tasks", "flip-flop", "--task-option", "turns=8", "--npz", "ff.npz", "--trials", "100").Succeeded();
        Assert.Empty(result.Output);
        var arrays = NpzFile.Read(_sandbox["ff.npz"]);
        Assert.Equal(["input_labels", "labels", "mask", "step_ms", "x", "y"], arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("100 1010 2; 100 1010 1; 100 1010 1",
            string.Join("; ", new[] { "x", "y", "mask" }.Select(name => string.Join(" ", arrays[name].Shape))));
        Assert.Null(arrays["x"].Floats);
        Assert.Equal(16087.146442, arrays["x"].ToDoubles().Sum(), 1e-6);
        _sandbox.Run("tasks", "xor", "--npz", "xor.npz", "--trials", "15", "--data-seed", "3", "--quiet").Succeeded();
        Assert.Equal(TaskCatalog.Get("xor").Generate(15, 3).X, NpzFile.Read(_sandbox["xor.npz"])["x"].ToFloats());
    }

    [Fact]
    public void Sample_trials_are_drawn()
    {
        _sandbox.Run("tasks", "match-to-sample", "--plot", "match.png", "--quiet").Succeeded();
        using var picture = new Picture(File.ReadAllBytes(_sandbox["match.png"]));
        _sandbox.Run("tasks", "match-to-sample", "--plot", "match.svg", "--quiet").Succeeded();
        Assert.StartsWith("<svg", File.ReadAllText(_sandbox["match.svg"]), StringComparison.Ordinal);
        Assert.True(picture.Size.Width > 1000);
    }

    [Theory]
    [InlineData("tasks", "nand")]
    [InlineData("tasks", "--plot", "x.png")]
    [InlineData("tasks", "--trials", "5")]
    [InlineData("tasks", "and", "--trials", "5")]
    [InlineData("tasks", "and", "--npz", "x.npz", "--trials", "0")]
    [InlineData("tasks", "and", "--npz", "x.npz", "--trials", "100000000")]
    [InlineData("tasks", "and", "--npz", "x.npz", "--data-seed", "-1")]
    [InlineData("tasks", "and", "--npz", "x.npz", "--data-seed", "network")]
    [InlineData("tasks", "and", "--npz", "nowhere/x.npz")]
    [InlineData("tasks", "and", "--task-option", "gap")]
    [InlineData("tasks", "and", "--task-option", "gap=x")]
    [InlineData("tasks", "and", "--task-option", "gap=1", "gap=2")]
    [InlineData("tasks", "and", "--task-option", "gap=NaN")]
    [InlineData("train", "--task", "not", "--task-option", "bits=3")]
    [InlineData("train", "--task", "not", "--task-file", "x.npz")]
    [InlineData("train", "--task-file", "x.npz")]
    [InlineData("train", "--trials", "50")]
    [InlineData("train", "--patience", "3")]
    [InlineData("train", "--data-seed", "networks")]
    [InlineData("train", "--task", "and", "--trials", "100000000")]
    public void Mistakes_are_told_in_one_line_and_leave_nothing(params string[] arguments)
    {
        _sandbox.Run(arguments).RefusedInOneLine();
        Assert.Empty(_sandbox.Entries);
    }

    [Fact]
    public void A_task_from_a_file_is_trained_to_the_same_weights()
    {
        _sandbox.Run("tasks", "and", "--npz", "mine.npz", "--trials", "200", "--quiet").Succeeded();
        var own = _sandbox.Run("train", "--task-file", "mine.npz", "--units", "8", "--epochs", "1", "--json", "--quiet").Succeeded().Json;
        var built = _sandbox.Run("train", "--task", "and", "--trials", "200", "--units", "8", "--epochs", "1", "--json", "--quiet")
            .Succeeded().Json;
        Assert.Equal(built.GetProperty("final_loss").GetDouble(), own.GetProperty("final_loss").GetDouble());
        Assert.Equal(("mine", "mine.npz"), (own.GetProperty("task").GetString(), own.GetProperty("task_file").GetString()));
        var folder = _sandbox["eirnn-mine-n8-seed1"];
        Assert.Equal(NpzFile.Read(_sandbox["eirnn-and-n8-seed1/network.npz"])["recurrent_kernel"].Floats,
            NpzFile.Read(Path.Combine(folder, "network.npz"))["recurrent_kernel"].Floats);
        Assert.Equal(TrainedRun.Files.Length, Directory.GetFiles(folder).Length);
        _sandbox.Run("train", "--task-file", "mine.npz", "--trials", "201", "--out", "more").RefusedInOneLine();
        _sandbox.Run("train", "--task-file", "mine.npz", "--data-seed", "3", "--out", "more").RefusedInOneLine();
        _sandbox.Run("tasks", "and", "--npz", "few.npz", "--trials", "50", "--quiet").Succeeded();
        _sandbox.Run("train", "--task-file", "few.npz", "--out", "more").RefusedInOneLine();
        Assert.False(Directory.Exists(_sandbox["more"]));
    }

    [Fact]
    public void Validation_is_reported_in_every_file()
    {
        var summary = _sandbox.Run("train", "--task", "perceptual-decision", "--units", "8", "--epochs", "3", "--trials", "300",
            "--validation-trials", "60", "--patience", "3", "--data-seed", "network", "--seed", "5", "--json", "--quiet").Succeeded().Json;
        Assert.Equal((3, 5), (summary.GetProperty("validation_losses").GetArrayLength(), summary.GetProperty("data_seed").GetInt32()));
        Assert.Equal(summary.GetProperty("validation_losses").EnumerateArray().Min(loss => loss.GetDouble()),
            summary.GetProperty("validation_loss").GetDouble());
        Assert.StartsWith("epoch,loss,gradient_norm,validation_loss,validation_accuracy,seconds\n",
            File.ReadAllText(_sandbox["eirnn-perceptual-decision-n8-seed5/training.csv"]), StringComparison.Ordinal);
        var stopped = _sandbox.Run("train", "--units", "8", "--epochs", "3", "--trials", "300", "--validation-trials", "60",
            "--stop-validation-accuracy", "0", "--out", "stopped").Succeeded();
        Assert.Contains("the validation accuracy is good enough", stopped.Output, StringComparison.Ordinal);
    }
}
