using System.Text.Json;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Spectra of every so many epochs or updates.</summary>
[Collection(ProgramRuns.Name)]
public sealed class TrackSpectrumTests : IDisposable
{
    private static readonly string[] s_train = ["train", "--units", "8", "--trials", "306", "--batch", "64"]; // 4 updates an epoch

    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Updates_are_counted_over_all_epochs()
    {
        var summary = _sandbox.Run([.. s_train, "--epochs", "3", "--track-spectrum", "5u", "--out", "run", "--json"]).Succeeded().Json;
        var tracked = summary.GetProperty("spectrum_epochs").EnumerateArray().ToArray();
        Assert.Equal([0, 5, 10], tracked.Select(one => one.GetProperty("update").GetInt32()));
        Assert.All(tracked, one => Assert.Equal(JsonValueKind.Null, one.GetProperty("epoch").ValueKind));
        var lines = File.ReadAllLines(_sandbox["run/spectrum-epochs.csv"]);
        Assert.Equal(("update,rank,re,im", 1 + 3 * 8), (lines[0], lines.Length));
        Assert.StartsWith("10,8,", lines[^1], StringComparison.Ordinal);
        Assert.Contains("spectrum-epochs.png", _sandbox.Entries.Select(Path.GetFileName));
        _sandbox.Run("report", "run").Succeeded();
    }

    [Fact]
    public void The_last_update_of_an_epoch_has_the_spectrum_of_the_epoch()
    {
        _sandbox.Run([.. s_train, "--epochs", "4", "--track-spectrum", "4u", "--out", "updates", "--quiet"]).Succeeded();
        _sandbox.Run([.. s_train, "--epochs", "4", "--track-spectrum", "--out", "epochs", "--quiet"]).Succeeded();
        _sandbox.Run([.. s_train, "--epochs", "4", "--out", "second", "--quiet", "--track-spectrum", "2"]).Succeeded();
        string[] Eigenvalues(string folder) => [.. File.ReadAllLines(_sandbox[$"{folder}/spectrum-epochs.csv"]).Skip(1)];
        string[] updates = Eigenvalues("updates"), epochs = Eigenvalues("epochs"), second = Eigenvalues("second");
        Assert.Equal((5 * 8, 5 * 8, 3 * 8), (updates.Length, epochs.Length, second.Length));
        Assert.Equal(epochs.Select(line => line[line.IndexOf(',', StringComparison.Ordinal)..]),
            updates.Select(line => line[line.IndexOf(',', StringComparison.Ordinal)..]));
        Assert.Equal(epochs.Where(line => line[0] is '0' or '2' or '4'), second);
    }

    [Fact]
    public void Spectra_found_beside_a_training_have_the_bits_of_those_found_in_line()
    {
        var settings = new RunSettings { Units = 12, Training = new TrainingOptions { Epochs = 2, Trials = 700 } };
        TrainingRun Run(int threads) => TrainingRun.Execute(settings, tracking: new SpectrumTracking(1, countsUpdates: true),
            backend: Backend.Default with { Threads = threads });
        var (inLine, beside) = (Run(1024), Run(1)); // which leave no core idle, and all but one
        Assert.Equal(23, beside.TrackedSpectra.Count);
        Assert.Equal(Enumerable.Range(0, 23), beside.TrackedSpectra.Select(one => one.At));
        Assert.Equal(inLine.TrackedSpectra.SelectMany(one => one.Spectrum.Eigenvalues),
            beside.TrackedSpectra.SelectMany(one => one.Spectrum.Eigenvalues));
        Assert.Equal(beside.Spectrum.Eigenvalues, beside.TrackedSpectra[^1].Spectrum.Eigenvalues);
        Assert.Equal(inLine.Network.RecurrentWeights, beside.Network.RecurrentWeights);
    }

    [Fact]
    public void A_training_that_diverges_keeps_the_spectra_before()
    {
        var result = _sandbox.Run([.. s_train, "--epochs", "3", "--track-spectrum", "1u", "--learning-rate", "1e30",
            "--sign-axis", "none", "--activation", "linear", "--out", "run", "--json", "--quiet"]);
        Assert.True(result.ExitCode == 3, $"{result.ExitCode}: {result.Error}");
        Assert.NotEmpty(result.Json.GetProperty("spectrum_epochs").EnumerateArray());
    }

    [Theory]
    [InlineData("0u")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("u")]
    [InlineData("99999999999u")]
    [InlineData("")]
    public void A_value_that_is_no_count_is_refused(string value)
    {
        var error = _sandbox.Run([.. s_train, "--track-spectrum", value, "--out", "run"]).RefusedInOneLine().Error;
        Assert.Contains(value, error, StringComparison.Ordinal);
        Assert.Empty(_sandbox.Entries);
    }

    [Fact]
    public void A_copy_after_an_update_is_nothing_to_the_training()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1 }, 1);
        var updates = new List<int>();
        new Trainer(network, TaskCatalog.Get("and")).Run(new TrainingOptions { Epochs = 1, Trials = 306 }, kernels: KernelSet.Current,
            afterUpdate: (update, copy) =>
            {
                updates.Add(update);
                var one = copy();
                Assert.NotSame(one, copy());
                one.RecurrentWeights[0] = float.NaN; // a copy is nothing to the training
                Assert.Throws<InvalidInputException>(() => Spectrum.Of(one));
            });
        Assert.Equal([1, 2, 3, 4], updates);
        Assert.Throws<InvalidInputException>(() => new SpectrumTracking(0));
    }
}
