using System.Text.Json;
using EiRnnFast.Spectra;
using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Pseudospectra and weight statistics of files, and spectra of every epoch of a training.</summary>
[Collection(ProgramRuns.Name)]
public sealed class SpectrumOptionTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Pseudospectra_are_printed_and_written()
    {
        var network = trained.PathOf("network.npz");
        var file = Assert.Single(_sandbox.Run("spectrum", network, "--pseudospectrum", "--json", "--out", "out")
            .Succeeded().Json.GetProperty("files").EnumerateArray());
        var matrix = NetworkFile.ReadRecurrent(network);
        var expected = NonNormality.Of(matrix.Values, matrix.Units);
        var printed = file.GetProperty("non_normality");
        Assert.Equal(expected.NumericalAbscissa, printed.GetProperty("numerical_abscissa").GetDouble(), 1e-9);
        Assert.Equal(expected.LargestPower, printed.GetProperty("largest_power").GetDouble(), 1e-9 * expected.LargestPower);
        Assert.Equal(expected.PowersDecay, printed.GetProperty("powers_decay").GetBoolean());
        var weights = file.GetProperty("weights");
        Assert.Equal(64, weights.GetProperty("positive_count").GetInt32() + weights.GetProperty("negative_count")
            .GetInt32() + weights.GetProperty("zero_count").GetInt32());
        Assert.Equal(JsonValueKind.Number, weights.GetProperty("kurtosis_published").ValueKind);
        Assert.Equal(JsonValueKind.Number, file.GetProperty("frequency").ValueKind);

        string[] names = ["pseudospectrum.csv", "pseudospectrum.png", "spectrum.csv", "spectrum.png", "weights.png"];
        Assert.Equal(["out", .. names.Select(name => $"out/{TrainedRun.FolderName}.{name}")], _sandbox.Entries);
        _sandbox.Run("spectrum", network, "--pseudospectrum", "--out", "svg", "--svg").Succeeded();
        foreach (var name in (string[])["pseudospectrum", "spectrum", "weights"])
            Assert.StartsWith("<svg", File.ReadAllText(_sandbox[$"svg/{TrainedRun.FolderName}.{name}.svg"]), StringComparison.Ordinal);
        _sandbox.Run("spectrum", network, "--svg").RefusedInOneLine();
        var lines = File.ReadAllLines(_sandbox[$"out/{TrainedRun.FolderName}.pseudospectrum.csv"]);
        Assert.Equal(("re,im,sigma_min", 1 + 61 * 61), (lines[0], lines.Length));
        Assert.Contains("Kreiss", _sandbox.Run("spectrum", network, "--pseudospectrum").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Degenerate_matrices_are_drawn_and_damaged_ones_refused()
    {
        WriteNpy("zero.npy", [0, 0, 0, 0]);
        WriteNpy("two.npy", [0.5, 3, 0, -0.5]);
        WriteNpy("nan.npy", [0, double.NaN, 0, 0]);
        var result = _sandbox.Run("spectrum", "zero.npy", "two.npy", "--pseudospectrum", "--out", "out", "--json").Succeeded();
        var files = result.Json.GetProperty("files").EnumerateArray().ToArray();
        Assert.Equal(JsonValueKind.Null, files[0].GetProperty("weights").GetProperty("skew").ValueKind);
        Assert.Equal(1, files[0].GetProperty("non_normality").GetProperty("largest_power").GetDouble());
        Assert.True(files[1].GetProperty("non_normality").GetProperty("kreiss_bound").GetDouble() > 1.1);
        _sandbox.Run("spectrum", "nan.npy", "--pseudospectrum").RefusedInOneLine();
    }

    [Fact]
    public void Spectra_of_every_epoch_are_tracked_on_request()
    {
        string[] arguments = ["train", "--epochs", "2", "--units", "8", "--trials", "200", "--out", "run", "--json"];
        var summary = _sandbox.Run([.. arguments, "--track-spectrum", "--svg"]).Succeeded().Json;
        var epochs = summary.GetProperty("spectrum_epochs").EnumerateArray().ToArray();
        Assert.Equal([0, 1, 2], epochs.Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        foreach (var name in (string[])["spectral_radius", "outer_radius", "inner_radius"])
        {
            Assert.Equal(summary.GetProperty("spectrum_initial").GetProperty(name).GetDouble(), epochs[0].GetProperty(name).GetDouble());
            Assert.Equal(summary.GetProperty("spectrum").GetProperty(name).GetDouble(), epochs[2].GetProperty(name).GetDouble(), 1e-9);
        }
        string[] pictures = ["spectrum.png", "loss.png", "trials.png", "spectrum-epochs.png"];
        var lines = File.ReadAllLines(_sandbox["run/spectrum-epochs.csv"]);
        Assert.Equal(("epoch,rank,re,im", 1 + 3 * 8), (lines[0], lines.Length));
        Assert.StartsWith("2,8,", lines[^1], StringComparison.Ordinal);
        string[] all = [.. RunFolder.Names(tracked: true), TrainingPlace.CheckpointName, .. pictures,
            .. pictures.Select(name => Path.ChangeExtension(name, "svg"))];
        Assert.Equal([.. all.Order(StringComparer.Ordinal)],
            Directory.GetFiles(_sandbox["run"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

        // The same folder again without: nothing of the tracked run stays.
        Assert.Equal(JsonValueKind.Null, _sandbox.Run(arguments).Succeeded().Json.GetProperty("spectrum_epochs").ValueKind);
        Assert.Equal([.. RunFolder.Names().Append(TrainingPlace.CheckpointName).Concat(pictures[..^1]).Order(StringComparer.Ordinal)],
            Directory.GetFiles(_sandbox["run"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    private void WriteNpy(string name, double[] values)
    {
        var header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }}".PadRight(117) + "\n";
        using var stream = File.Create(_sandbox[name]);
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header)]);
        stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
