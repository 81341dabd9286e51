using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class SpectrumCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_stored_network_has_the_spectrum_of_its_run()
    {
        Directory.CreateDirectory(_sandbox["run"]);
        File.Copy(trained.PathOf("network.npz"), _sandbox["run/network.npz"]);
        var result = _sandbox.Run("spectrum", "run/network.npz", "--json").Succeeded();
        Assert.Empty(result.Error);
        var file = Assert.Single(result.Json.GetProperty("files").EnumerateArray());
        Assert.Equal(("run/network.npz", 8), (file.GetProperty("file").GetString(), file.GetProperty("units").GetInt32()));
        Assert.Equal(JsonValueKind.Object, file.GetProperty("published").ValueKind);
        var after = trained.Summary.GetProperty("spectrum");
        // LAPACK's last bits may depend on where its arrays lie in memory.
        foreach (var name in (string[])["spectral_radius", "outer_radius", "inner_radius", "henrici"])
            Assert.Equal(after.GetProperty(name).GetDouble(), file.GetProperty(name).GetDouble(), 1e-9);
        Assert.Equal(after.GetProperty("shape").GetString(), file.GetProperty("shape").GetString());
        Assert.Equal(8, file.GetProperty("eigenvalues").GetArrayLength());
        Assert.True(JsonElement.DeepEquals(after.GetProperty("theory"), file.GetProperty("theory")));
        Assert.Equal(["run", "run/network.npz"], _sandbox.Entries);
    }

    [Fact]
    public void A_bare_matrix_has_no_theory()
    {
        WriteNpy("matrix.npy", [2, 2], [3, 0, 0, -2]);
        var file = Assert.Single(_sandbox.Run("spectrum", "matrix.npy", "--json").Succeeded().Json.GetProperty("files").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, file.GetProperty("theory").ValueKind);
        Assert.Equal(3, file.GetProperty("spectral_radius").GetDouble(), 1e-12);
        Assert.Equal(-2, file.GetProperty("eigenvalues")[1][0].GetDouble(), 1e-12);
    }

    [Fact]
    public void Out_writes_a_table_and_a_picture_for_each_file()
    {
        var network = trained.PathOf("network.npz");
        WriteNpy("zero.npy", [4, 4], new double[16]);
        WriteNpy("huge.npy", [2, 2], [1e300, 0, 0, 1e300]); // its squares are beyond double precision
        _sandbox.Run("spectrum", network, "zero.npy", "huge.npy", "zero.npy", "--json", "--out", "new/figures").Succeeded();
        string[] names = [TrainedRun.FolderName, "huge.npy", "zero.npy-2", "zero.npy"];
        Assert.Equal(["huge.npy", "new", "new/figures",
            .. names.SelectMany(name =>
            new[] { $"new/figures/{name}.spectrum.csv", $"new/figures/{name}.spectrum.png", $"new/figures/{name}.weights.png" }),
            "zero.npy"], _sandbox.Entries);
        Assert.Equal(1 + 8, File.ReadAllLines(_sandbox[$"new/figures/{TrainedRun.FolderName}.spectrum.csv"]).Length);
    }

    /// <summary>Theory is of the projected matrix; a trained one is its own projection, a bare one has none.</summary>
    [Fact]
    public void An_initial_matrix_is_told_with_its_projection()
    {
        var initial = Spectrum(trained.PathOf("initial.npz"));
        var expected = trained.Summary.GetProperty("spectrum_projected");
        var projected = initial.GetProperty("projected");
        foreach (var name in (string[])["spectral_radius", "outer_radius", "inner_radius", "henrici"])
            Assert.Equal(expected.GetProperty(name).GetDouble(), projected.GetProperty(name).GetDouble(), 1e-9);
        Assert.Equal(1, initial.GetProperty("spectral_radius").GetDouble(), 1e-5); // orthogonal, as it was created
        Assert.True(Math.Abs(projected.GetProperty("spectral_radius").GetDouble() - 1) > 1e-3);
        Assert.Equal(JsonValueKind.Null, Spectrum(trained.PathOf("network.npz")).GetProperty("projected").ValueKind);
        Assert.Contains("projected    ", _sandbox.Run("spectrum", trained.PathOf("initial.npz")).Succeeded().Output,
            StringComparison.Ordinal);

        JsonElement Spectrum(string file) =>
            Assert.Single(_sandbox.Run("spectrum", file, "--json").Succeeded().Json.GetProperty("files").EnumerateArray());
    }

    [Fact]
    public void Networks_of_runs_are_called_after_the_run()
    {
        foreach (var place in (string[])["a/xor", "b/xor", "b/published"])
        {
            Directory.CreateDirectory(_sandbox[place]);
            File.Copy(trained.PathOf("network.npz"), _sandbox[$"{place}/network.npz"]);
        }
        _sandbox.Run("spectrum", "a/xor/network.npz", "b/published/network.npz", "--out", "two", "--overlay", "--svg").Succeeded();
        Assert.Equal(["overlay.png", "overlay.svg", "published", "xor"], Stems("two"));
        foreach (var name in (string[])["xor", "published"])
            Assert.Contains(name, File.ReadAllText(_sandbox["two/overlay.svg"]).Replace(" ", "", StringComparison.Ordinal),
                StringComparison.Ordinal);
        _sandbox.Run("spectrum", "a/xor/network.npz", "b/xor/network.npz", "b/published/network.npz", "--out", "three").Succeeded();
        Assert.Equal(["a-xor", "b-xor", "published"], Stems("three"));

        string[] Stems(string folder) => [.. Directory.GetFiles(_sandbox[folder]).Select(file => Path.GetFileName(file)!)
            .Select(name => name.Split([".spectrum.", ".weights."], StringSplitOptions.None)[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void An_overlay_needs_a_place_and_colours_for_all()
    {
        var error = _sandbox.Run("spectrum", trained.PathOf("network.npz"), "--overlay").RefusedInOneLine().Error;
        Assert.Contains("--overlay without --out", error, StringComparison.Ordinal);
        var many = Enumerable.Repeat(trained.PathOf("network.npz"), 13);
        error = _sandbox.Run(["spectrum", .. many, "--overlay", "--out", "out"]).RefusedInOneLine().Error;
        Assert.Contains("13 matrices with --overlay, expected at most 12", error, StringComparison.Ordinal);
        Assert.Empty(_sandbox.Entries);
    }

    [Theory]
    [InlineData("truncated.npz")]
    [InlineData("text.npy")]
    [InlineData("text.h5")]
    [InlineData("empty.npz")]
    [InlineData("rectangular.npy")]
    [InlineData("nan.npy")]
    [InlineData("single.npy")]
    public void A_file_that_cannot_be_used_is_refused_and_nothing_is_written(string name)
    {
        var network = File.ReadAllBytes(trained.PathOf("network.npz"));
        switch (name)
        {
            case "truncated.npz": File.WriteAllBytes(_sandbox[name], network[..(network.Length / 2)]); break;
            case "empty.npz": File.WriteAllBytes(_sandbox[name], []); break;
            case "rectangular.npy": WriteNpy(name, [3, 4], new double[12]); break;
            case "nan.npy": WriteNpy(name, [2, 2], [1, double.NaN, 0, 1]); break;
            case "single.npy": WriteNpy(name, [1, 1], [1]); break;
            default: File.WriteAllText(_sandbox[name], "not an array\n"); break;
        }
        File.WriteAllBytes(_sandbox["good.npz"], network);
        var result = _sandbox.Run("spectrum", "good.npz", name, "--out", "new/figures", "--json").RefusedInOneLine();
        Assert.Contains(name, result.Error, StringComparison.Ordinal);
        Assert.Equal([.. new[] { "good.npz", name }.Order(StringComparer.Ordinal)], _sandbox.Entries);
    }

    /// <summary>NumPy's format 1.0: magic, version, header length, header padded to 64 bytes, data.</summary>
    private void WriteNpy(string name, int[] shape, double[] values)
    {
        var header = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}");
        header = header.PadRight((header.Length + 11 + 63) / 64 * 64 - 11) + "\n";
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        File.WriteAllBytes(_sandbox[name],
            [0x93, .. "NUMPY\x01\0"u8, .. length, .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes(values.AsSpan())]);
    }
}
