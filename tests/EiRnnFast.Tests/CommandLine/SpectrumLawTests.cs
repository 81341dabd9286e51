using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Tests.Spectra;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>What <c>eirnn spectrum</c> says of the law, the interval of an edge, eigenvectors and the learned part.</summary>
[Collection(ProgramRuns.Name)]
public sealed class SpectrumLawTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Text_and_json_say_the_same_of_eigenvectors_and_of_what_training_added()
    {
        string[] options = ["spectrum", trained.PathOf("network.npz"), "--eigenvectors", "--initial", trained.PathOf("initial.npz")];
        var file = Assert.Single(_sandbox.Run([.. options, "--json"]).Succeeded().Json.GetProperty("files").EnumerateArray());
        var modes = file.GetProperty("modes").EnumerateArray().ToArray();
        Assert.Equal(8, modes.Length);
        Assert.All(modes, mode =>
        {
            Assert.InRange(mode.GetProperty("overlap").GetDouble(), 1 - 1e-9, double.MaxValue);
            Assert.InRange(mode.GetProperty("pattern_participation").GetDouble(), 1, 8);
            Assert.InRange(mode.GetProperty("pattern_excitatory").GetDouble(), 0, 1);
            Assert.Equal(2, mode.GetProperty("inputs").GetArrayLength());
            Assert.Equal(1, mode.GetProperty("readouts").GetArrayLength());
        });
        var learned = file.GetProperty("learned");
        Assert.Equal(8, learned.GetProperty("singular_values").GetArrayLength());
        Assert.Equal(8, learned.GetProperty("truncations").EnumerateArray().Last().GetProperty("rank").GetInt32());
        Assert.Equal(file.GetProperty("spectral_radius").GetDouble(),
            learned.GetProperty("truncations").EnumerateArray().Last().GetProperty("spectral_radius").GetDouble(), 1e-9);
        var text = _sandbox.Run(options).Succeeded().Output;
        Assert.Contains("eigenvectors condition numbers", text, StringComparison.Ordinal);
        Assert.Contains("learned ", text, StringComparison.Ordinal);
        _sandbox.Run([.. options, "--out", "modes"]).Succeeded();
        Assert.Equal(1 + 8, File.ReadAllLines(Directory.GetFiles(_sandbox["modes"], "*.modes.csv").Single()).Length);
    }

    [Fact]
    public void An_edge_that_is_wrong_is_said_to_be()
    {
        const int n = 60;
        var gaussian = Matrices.Gaussian(n, 3);
        Write("plain.npy", gaussian);
        Write("block.npy", Matrices.Of(n, (i, j) => gaussian[i * n + j] * (i < 12 && j < 12 ? 12 : 1)));
        var (plain, block) = (Fit("plain.npy"), Fit("block.npy"));
        Assert.True(plain.GetProperty("law_describes").GetBoolean() && plain.GetProperty("edge_reliable").GetBoolean());
        Assert.False(block.GetProperty("edge_reliable").GetBoolean());
        Assert.NotEqual(0, block.GetProperty("reasons").GetArrayLength());
        Assert.Contains(block.GetProperty("reasons")[0].GetString()![..20], _sandbox.Run("spectrum", "block.npy").Succeeded().Output,
            StringComparison.Ordinal);

        JsonElement Fit(string file) =>
            _sandbox.Run("spectrum", file, "--json").Succeeded().Json.GetProperty("files")[0].GetProperty("fit");
    }

    [Fact]
    public void The_interval_of_an_edge_has_its_draws_and_a_bad_number_of_them_is_refused()
    {
        Write("plain.npy", Matrices.Gaussian(30, 3));
        var file = _sandbox.Run("spectrum", "plain.npy", "--bootstrap", "40", "--json").Succeeded().Json.GetProperty("files")[0];
        var interval = file.GetProperty("edge_interval");
        Assert.Equal(40, interval.GetProperty("draws").GetInt32());
        Assert.True(interval.GetProperty("low").GetDouble() < interval.GetProperty("high").GetDouble());
        foreach (string draws in (string[])["39", "0", "-5", "100001"])
            Refused("--bootstrap", "spectrum", "plain.npy", "--bootstrap", draws);
        Write("small.npy", [1, 2, 3, 4]);
        Assert.Equal(JsonValueKind.Null, _sandbox.Run("spectrum", "small.npy", "--bootstrap", "40", "--json").Succeeded().Json
            .GetProperty("files")[0].GetProperty("edge_interval").ValueKind);
    }

    [Fact]
    public void An_initial_network_that_does_not_fit_is_refused()
    {
        var network = trained.PathOf("network.npz");
        Write("matrix.npy", Matrices.Gaussian(8, 1));
        Refused("a trained network", "spectrum", "matrix.npy", "--initial", network);
        Refused("one trained network", "spectrum", network, network, "--initial", network);
        Refused("missing.npz", "spectrum", network, "--initial", "missing.npz");
        Refused("matrix.npy", "spectrum", network, "--initial", "matrix.npy");
    }

    [Fact]
    public void The_beginning_of_another_training_is_refused()
    {
        string[] tiny = ["train", "--units", "8", "--trials", "100", "--epochs", "1", "--quiet"];
        _sandbox.Run([.. tiny, "--out", "one"]).Succeeded();
        _sandbox.Run([.. tiny, "--out", "two", "--seed", "2"]).Succeeded();
        _sandbox.Run([.. tiny, "--out", "wide", "--gain", "1.5"]).Succeeded();
        _sandbox.Run([.. tiny, "--out", "on", "--from", "one/network.npz", "--seed", "2"]).Succeeded();
        Refused("two/initial.npz: found a network of seed 2, expected seed 1, as the trained one has; give the initial network",
            "spectrum", "one/network.npz", "--initial", "two/initial.npz");
        Refused("another initialisation", "spectrum", "one/network.npz", "--initial", "wide/initial.npz");
        Refused("found a network of seed 2", "dynamics", "one/network.npz", "--task", "and", "--trials", "4",
            "--initial", "two/initial.npz");
        NetworkFile.Write(_sandbox["saved.npz"], NetworkFile.Read(_sandbox["on/network.npz"])); // as Python saves it: without its settings
        _sandbox.Run("spectrum", "saved.npz", "--initial", "one/network.npz").Succeeded();
        foreach (var (network, initial) in new[] { ("one/network.npz", "one/initial.npz"), ("on/network.npz", "on/initial.npz"),
            ("on/network.npz", "one/network.npz") })
            _sandbox.Run("spectrum", network, "--initial", initial).Succeeded();
        var two = NetworkFile.Read(_sandbox["two/initial.npz"]);
        NetworkFile.Write(_sandbox["bare.npz"], EiRnn.FromWeights(two.Spec with { Init = null }, two.InputWeights,
            two.TrainedRecurrentWeights, two.Bias, two.OutputWeights, two.OutputBias)); // as other programs write it: without a seed
        _sandbox.Run("spectrum", "one/network.npz", "--initial", "bare.npz").Succeeded();
    }

    private void Refused(string said, params string[] arguments) =>
        Assert.Contains(said, _sandbox.Run(arguments).RefusedInOneLine().Error, StringComparison.Ordinal);

    private void Write(string name, double[] values)
    {
        var n = (int)Math.Sqrt(values.Length);
        using var stream = File.Create(_sandbox[name]);
        NpyWriter.Write(stream, NpyArray.Of(values, n, n));
    }
}
