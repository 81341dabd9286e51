using System.Text.RegularExpressions;
// <embedding>
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Training;
// </embedding>
using EiRnnFast.Files;
using EiRnnFast.Numerics;
using EiRnnFast.Settings;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.House;

/// <summary>The C# examples of the documents, run as they stand there.</summary>
public sealed class EmbeddingExampleTests
{
    [Fact]
    public void The_documents_example_trains_a_network_and_finds_its_spectrum()
    {
        // <embedding>
        var spec = new NetworkSpec
        {
            Units = 100, Inputs = 2, Outputs = 1,
            Signs = SignConstraint.Presynaptic(excitatory: 0.5), Init = RecurrentInit.Orthogonal()
        };
        var net = EiRnn.Create(spec, seed: 7);
        var result = new Trainer(net, TaskCatalog.Get("and")).Run(new TrainingOptions { Epochs = 1 });
        var after = Spectrum.Of(net);
        Console.WriteLine($"loss {result.FinalLoss:g3}, {after.Shape} of radius {after.OuterRadius:0.00}, {after.Outliers.Count} outliers");
        // </embedding>
        Assert.Equal(0, result.Audit.Violations);
        Assert.InRange(result.FinalLoss!.Value, 0.01, 0.2);
        Assert.Equal(SpectrumShape.Ring, after.Shape);
        Assert.InRange(after.OuterRadius, 0.5, 0.7);
    }

    [Fact]
    public void The_documents_stopped_training_goes_on_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        string Inside(string name) => folder[name];
        // <keeping>
        var run = RunSettings.From(new Dictionary<string, object> { ["task"] = "xor", ["units"] = 50L, ["epochs"] = 4L }, seed: 7);
        var first = run.CreateNetwork();
        using var stop = new CancellationTokenSource();
        var kept = new Checkpointing
        {
            Stop = stop.Token,
            Save = checkpoint => new CheckpointFile(Backend.EngineVersion, run, checkpoint, new Dictionary<string, NpyArray>())
                .Write(Inside("kept.npz")),
        };
        new Trainer(first, run.Task).Run(run.Training, told => { if (told is { Epoch: 2, Update: 100 }) stop.Cancel(); },
            checkpoints: kept);

        var file = CheckpointFile.Read(Inside("kept.npz"));
        var again = file.Settings.CreateNetwork();
        var result = new Trainer(again, file.Settings.Task).Run(file.Settings.Training,
            checkpoints: kept with { From = file.Checkpoint, Stop = default });
        NetworkFile.Write(Inside("network.npz"), again);
        Console.WriteLine($"{result.EpochsRun} epochs, stopped by {SettingNames.Of(result.Stopped)}");
        // </keeping>
        var undisturbed = run.CreateNetwork();
        new Trainer(undisturbed, run.Task).Run(run.Training);
        Assert.Equal(undisturbed.RecurrentWeights.ToArray(), again.RecurrentWeights.ToArray());
    }

    [Fact]
    public void The_documents_own_task_is_trained()
    {
        // <own task>
        var mine = new WhichHadMore();
        var spec = new NetworkSpec { Units = 50, Inputs = mine.Inputs, Outputs = mine.Outputs };
        var result = new Trainer(EiRnn.Create(spec, seed: 1), mine).Run(new TrainingOptions { Trials = 3050, LearningRate = 1e-3 });
        Console.WriteLine($"{result.Accuracy:P0} of {result.Test.Count} test trials right");
        // </own task>
        Assert.InRange(result.Accuracy!.Value, 0.9, 1);
    }

    [Fact]
    public void The_documents_own_term_holds_rates_near_its_target()
    {
        // <own term>
        var spec = new NetworkSpec
        {
            Units = 50, Inputs = 1, Outputs = 1, Cell = new CellSpec { Alpha = 0.2, Activation = Activation.Softplus },
        };
        var options = new TrainingOptions
        {
            Data = TrainingData.Fresh, EpochUpdates = 50, Epochs = 6, LearningRate = 2e-3, Terms = [new MeanRate(target: 0.5, weight: 10)],
        };
        var result = new Trainer(EiRnn.Create(spec, seed: 1), TaskCatalog.Get("perceptual-decision")).Run(options);
        Console.WriteLine($"loss {result.Losses[^1]:g3}, of the task {result.TaskLosses[^1]:g3}");
        // </own term>
        Assert.True(result.Losses[^1] - result.TaskLosses[^1] < 0.2 * (result.Losses[0] - result.TaskLosses[0]),
            $"{string.Join(' ', result.Losses)}; {string.Join(' ', result.TaskLosses)}");
        Assert.InRange(result.Accuracy!.Value, 0.85, 1);
    }

    [Theory]
    [InlineData("docs/csharp.md", "embedding", "")]
    [InlineData("docs/csharp-checkpoints.md", "keeping",
        "using EiRnnFast; using EiRnnFast.Files; using EiRnnFast.Model; using EiRnnFast.Settings; using EiRnnFast.Training; ")]
    [InlineData("docs/how-to/add-a-loss-term.md", "own term", "using EiRnnFast.Model; using EiRnnFast.Tasks; using EiRnnFast.Training; ")]
    [InlineData("docs/tasks.md", "own task",
        "using EiRnnFast.Model; using EiRnnFast.Numerics; using EiRnnFast.Tasks; using EiRnnFast.Training; ")]
    public void The_document_shows_exactly_this_code(string page, string part, string usings)
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/House/EmbeddingExampleTests.cs"));
        var code = string.Concat(Regex.Matches(source, $@"^\s*// <{part}>\n(.*?)// </{part}>",
            RegexOptions.Singleline | RegexOptions.Multiline).Select(match => match.Groups[1].Value));
        code = Regex.Replace(code, @"Inside\(("".*?"")\)", "$1"); // a folder of the test's own
        Assert.Contains(usings + Squeeze(code), Shown(page, "csharp"));
    }

    /// <summary>The sample itself is compiled and run by samples/run.</summary>
    [Fact]
    public void The_document_for_C_shows_parts_of_the_sample()
    {
        var sample = Squeeze(File.ReadAllText(Path.Combine(Repository.Root, "samples/c/train.c")));
        var shown = Shown("docs/c.md", "c").ToArray();
        Assert.Equal(3, shown.Length);
        Assert.All(shown, code => Assert.Contains(code, sample, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Shown(string page, string language) =>
        Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, page)), $"```{language}\n(.*?)```", RegexOptions.Singleline)
            .Select(match => Squeeze(match.Groups[1].Value));

    private static string Squeeze(string code) => Regex.Replace(code, @"\s+", " ").Trim();
}

// <own term>
/// <summary>weight·mean over units of (mean rate − target)².</summary>
public sealed class MeanRate(double target, double weight) : ILossTerm
{
    public double Add(in UpdateView update)
    {
        var (units, count, sum) = (update.Units, update.Rates.Length / update.Units, 0.0);
        for (var j = 0; j < units; j++)
        {
            var mean = 0.0;
            for (var i = j; i < update.Rates.Length; i += units) mean += update.Rates[i] / count;
            sum += weight * (mean - target) * (mean - target) / units;
            var slope = (float)(2 * weight * (mean - target) / units / count);
            for (var i = j; i < update.Rates.Length; i += units) update.RateGradient[i] += slope;
        }
        return sum;
    }
}
// </own term>

// <own task>
/// <summary>Four moments, at each a pulse or none on either of two channels: which channel had more? Answer +1, −1 or 0.</summary>
public sealed class WhichHadMore : ITask
{
    public string Name => "which-had-more";
    public int Inputs => 2;
    public int Outputs => 1;
    public int Steps => 50;

    public TrialBatch Generate(int trials, uint dataSeed)
    {
        var random = new NumPyRandom(dataSeed);
        float[] x = new float[trials * Steps * 2], y = new float[trials * Steps], mask = new float[trials * Steps];
        for (var trial = 0; trial < trials; trial++)
        {
            var difference = 0;
            for (var pulse = 0; pulse < 8; pulse++)
            {
                var (moment, channel, on) = (pulse / 2, pulse % 2, random.RandInt(2));
                for (var t = 10 * moment; t < 10 * moment + 5; t++) x[(trial * Steps + t) * 2 + channel] = on;
                difference += channel == 0 ? on : -on;
            }
            for (var t = 40; t < Steps; t++) (y[trial * Steps + t], mask[trial * Steps + t]) = (Math.Sign(difference), 1);
        }
        return new TrialBatch { Count = trials, Steps = Steps, Inputs = 2, Outputs = 1, X = x, Y = y, Mask = mask };
    }
}
// </own task>
