using System.Text.Json;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Trainings that are interrupted, resumed, started from a network, or put beside another one.</summary>
[Collection(ProgramRuns.Name)]
public sealed class ResumeTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [UnixFact]
    public void An_interrupted_training_leaves_its_last_epoch_and_goes_on_with_the_same_bits()
    {
        const string settings = "train --units 12 --trials 1000 --epochs 300";
        _sandbox.Shell($"eirnn {settings} --out calm --quiet").Succeeded();
        // Its own progress says when an epoch is done.
        var result = _sandbox.Shell($"eval exec $program {settings} --out cut >out 2>err & "
            + "until grep -q 'epoch 1/' err; do sleep 0.01; done; kill -TERM $!; wait $!; echo $?");
        Assert.Contains("130", result.Output, StringComparison.Ordinal);
        var summary = Summary("cut");
        Assert.Equal("interrupted", summary.GetProperty("stopped").GetString());
        Assert.InRange(summary.GetProperty("epochs_run").GetInt32(), 1, 299);
        Assert.Contains("eirnn train --resume cut", File.ReadAllText(_sandbox["err"]), StringComparison.Ordinal);
        _sandbox.Run("train", "--resume", "cut", "--quiet").Succeeded();
        foreach (var name in new[] { "network.npz", "initial.npz", "spectrum.csv" })
            Assert.Equal(File.ReadAllBytes(_sandbox[$"calm/{name}"]), File.ReadAllBytes(_sandbox[$"cut/{name}"]));
        Assert.Equal(Summary("calm").GetProperty("losses").ToString(), Summary("cut").GetProperty("losses").ToString());
    }

    [Fact]
    public void More_epochs_are_the_only_setting_that_a_resumed_training_may_change()
    {
        _sandbox.Run("train", "--units", "6", "--trials", "120", "--epochs", "2", "--out", "run", "--quiet").Succeeded();
        var more = _sandbox.Run("train", "--resume", "run", "--epochs", "4", "--json", "--quiet").Succeeded().Json;
        Assert.Equal(4, more.GetProperty("epochs_run").GetInt32());
        _sandbox.Run("train", "--units", "6", "--trials", "120", "--epochs", "4", "--out", "long", "--quiet").Succeeded();
        Assert.Equal(File.ReadAllBytes(_sandbox["long/network.npz"]), File.ReadAllBytes(_sandbox["run/network.npz"]));
        foreach (var (options, told) in new[] { ("run --gain 2", "--gain"), ("run --seed 2", "--seed"), ("none", "checkpoint.npz") })
            Assert.Contains(told, _sandbox.Run(["train", "--resume", .. options.Split(' ')]).RefusedInOneLine().Error,
                StringComparison.Ordinal);
        File.WriteAllText(_sandbox["run/checkpoint.npz"], "PK damaged");
        _sandbox.Run("train", "--resume", "run").RefusedInOneLine();
    }

    [Fact]
    public void The_default_folder_never_holds_another_network()
    {
        string[] tiny = ["train", "--units", "5", "--trials", "100", "--epochs", "1"];
        _sandbox.Run([.. tiny, "--quiet"]).Succeeded();
        var second = _sandbox.Run([.. tiny, "--gain", "0.9"]).Succeeded();
        Assert.Contains("eirnn-and-n5-seed1 holds another network", second.Error, StringComparison.Ordinal);
        _sandbox.Run([.. tiny, "--gain", "0.9", "--quiet"]).Succeeded(); // the same settings replace themselves
        _sandbox.Run([.. tiny, "--quiet"]).Succeeded();
        Assert.Equal(["eirnn-and-n5-seed1", "eirnn-and-n5-seed1-2"],
            Directory.GetDirectories(_sandbox[""]).Select(path => Path.GetFileName(path)!).Order());
        Assert.Equal(1, Summary("eirnn-and-n5-seed1").GetProperty("gain").GetDouble());
    }

    [Fact]
    public void A_training_starts_from_a_network()
    {
        string[] tiny = ["--trials", "120", "--epochs", "1", "--quiet", "--json"];
        _sandbox.Run(["train", "--units", "6", "--density", "0.5", "--activation", "relu", "--gain", "0.5", "--out", "first", .. tiny])
            .Succeeded();
        var json = _sandbox.Run(["train", "--from", "first/network.npz", "--out", "next", .. tiny]).Succeeded().Json;
        Assert.Equal((6, "relu"), (json.GetProperty("units").GetInt32(), json.GetProperty("activation").GetString()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("init").ValueKind);
        Assert.Equal(NetworkFile.Read(_sandbox["first/network.npz"]).RecurrentWeights.ToArray(),
            NetworkFile.Read(_sandbox["next/initial.npz"]).RecurrentWeights.ToArray());
        foreach (var other in new[] { "--units 7", "--gain 1", "--task context-decision" })
            _sandbox.Run(["train", "--from", "first/network.npz", .. other.Split(' ')]).RefusedInOneLine();
    }

    private JsonElement Summary(string folder) => JsonDocument.Parse(File.ReadAllText(_sandbox[$"{folder}/summary.json"])).RootElement;
}
