using System.Numerics;
using System.Text.Json;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.CommandLine;

/// <summary><c>eirnn spectrum</c> of a .npy file with a stack of matrices.</summary>
[Collection(ProgramRuns.Name)]
public sealed class SpectrumStackTests : IDisposable
{
    private const int Count = 3, Units = 4;

    /// <summary>What <c>numpy.linalg.eigvals</c> (NumPy 1.24) finds of <see cref="Stack"/>.</summary>
    private static readonly Complex[][] s_numpy =
    [
        [1.6115061061002725, -1.2786327759022593, -0.9082736819615311, 0.07540035176351902],
        [1.3631978806664435, -1.0482245082006574, new(0.09251331376710699, 0.9115098759460402),
            new(0.09251331376710699, -0.9115098759460402)],
        [2.125, -0.8547722493980648, 0.5703209489945886, -0.3405486995965238],
    ];

    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    /// <summary>Eighths, which both precisions hold exactly.</summary>
    private static double[] Stack()
    {
        var values = new double[Count * Units * Units];
        for (var i = 0; i < Count; i++)
            for (var r = 0; r < Units; r++)
                for (var c = 0; c < Units; c++)
                    values[(i * Units + r) * Units + c] = ((i * 7 + r * 5 + c * 3 + r * c * (i + 1)) % 17 - 8) / 8.0;
        return values;
    }

    [Fact]
    public void Every_matrix_has_an_entry_with_the_eigenvalues_that_numpy_finds()
    {
        NpyArray.Of(Stack(), Count, Units, Units).Write(_sandbox["double.npy"]);
        NpyArray.Of([.. Stack().Select(value => (float)value)], Count, Units, Units).Write(_sandbox["single.npy"]);
        foreach (var file in (string[])["double.npy", "single.npy"])
            foreach (var threads in (string[])["1", "2", "3"])
            {
                var files = _sandbox.Run("spectrum", file, "--json", "--threads", threads).Succeeded().Json.GetProperty("files");
                Assert.Equal([0, 1, 2], files.EnumerateArray().Select(one => one.GetProperty("index").GetInt32()));
                for (var i = 0; i < Count; i++)
                    for (var k = 0; k < Units; k++)
                    {
                        var found = files[i].GetProperty("eigenvalues")[k];
                        Assert.Equal(s_numpy[i][k].Real, found[0].GetDouble(), 1e-12);
                        Assert.Equal(s_numpy[i][k].Imaginary, found[1].GetDouble(), 1e-12);
                    }
            }
        var lines = _sandbox.Run("spectrum", "double.npy").Succeeded().Output;
        for (var i = 0; i < Count; i++) Assert.Contains($"double.npy[{i}]: 4 units", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_of_a_stack_is_told_like_the_same_matrix_alone()
    {
        NpyArray.Of(Stack(), Count, Units, Units).Write(_sandbox["stack.npy"]);
        NpyArray.Of(Stack()[(Units * Units)..(2 * Units * Units)], Units, Units).Write(_sandbox["one.npy"]);
        var files = _sandbox.Run("spectrum", "stack.npy", "one.npy", "--json", "--pseudospectrum", "--out", "out").Succeeded().Json
            .GetProperty("files");
        Assert.Equal(Count + 1, files.GetArrayLength());
        Assert.Equal(JsonValueKind.Null, files[Count].GetProperty("index").ValueKind);
        foreach (var property in files[Count].EnumerateObject().Where(property => property.Name is not ("file" or "index")))
            Assert.True(JsonElement.DeepEquals(property.Value, files[1].GetProperty(property.Name)), property.Name);
        foreach (var what in (string[])["pseudospectrum.csv", "spectrum.csv"])
            Assert.Equal(File.ReadAllText(_sandbox[$"out/one.npy.{what}"]), File.ReadAllText(_sandbox[$"out/stack.npy.1.{what}"]));
        Assert.Equal(1 + 4 * 5 + 2, _sandbox.Entries.Length);
    }

    [Theory]
    [InlineData("4", "an array of shape 4")]
    [InlineData("0×4×4", "a stack of 0 matrices")]
    [InlineData("2×3×4", "an array of shape 2×3×4")]
    [InlineData("2×2×2×2", "an array of shape 2×2×2×2")]
    [InlineData("3×1×1", "matrices of 1 unit")]
    [InlineData("100001×2×2", "a stack of 100001 matrices")]
    public void What_is_no_stack_is_refused(string shape, string found)
    {
        int[] lengths = [.. shape.Split('×').Select(int.Parse)];
        NpyArray.Of(new float[lengths.Aggregate(1, (product, length) => product * length)], lengths).Write(_sandbox["bad.npy"]);
        var error = _sandbox.Run("spectrum", "bad.npy", "--out", "out").RefusedInOneLine().Error;
        Assert.Contains($"bad.npy: found {found}, expected", error, StringComparison.Ordinal);
        Assert.Equal(["bad.npy"], _sandbox.Entries);
    }

    [Fact]
    public void A_stack_is_refused_for_one_bad_value_and_for_too_many_pictures()
    {
        var values = Stack();
        values[^1] = double.NaN;
        NpyArray.Of(values, Count, Units, Units).Write(_sandbox["nan.npy"]);
        Assert.Contains("found NaN at [3, 3] of matrix 2 of the stack", _sandbox.Run("spectrum", "nan.npy").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        NpyArray.Of(new float[1001 * 4], 1001, 2, 2).Write(_sandbox["many.npy"]);
        Assert.Contains("at most 1000 with --out", _sandbox.Run("spectrum", "many.npy", "--out", "out").RefusedInOneLine().Error,
            StringComparison.Ordinal);
        Assert.Equal(1001, _sandbox.Run("spectrum", "many.npy", "--json").Succeeded().Json.GetProperty("files").GetArrayLength());
        foreach (var threads in (string[])["0", "-1", "1.5", "many", "100000"])
            Assert.Contains("threads", _sandbox.Run("spectrum", "many.npy", "--threads", threads).RefusedInOneLine().Error,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Results_that_would_have_one_name_get_numbers()
    {
        NpyArray.Of(Stack(), Count, Units, Units).Write(_sandbox["a.npy"]);
        NpyArray.Of([0.5, 0, 0, 1.0], 2, 2).Write(_sandbox["a.npy.0"]);
        _sandbox.Run("spectrum", "a.npy", "a.npy.0", "--out", "out").Succeeded();
        Assert.Equal(["a.npy.0", "a.npy.0-2", "a.npy.1", "a.npy.2"], Directory.GetFiles(_sandbox["out"], "*.csv")
            .Select(file => Path.GetFileName(file)![..^".spectrum.csv".Length]).Order(StringComparer.Ordinal));
        Assert.Equal(1 + 2, File.ReadAllLines(_sandbox["out/a.npy.0-2.spectrum.csv"]).Length);
    }

    [Fact]
    public void Weights_that_no_figure_shows_are_refused_before_anything_is_written()
    {
        NpyArray.Of([1.7e308, 0, 0, 1.0], 2, 2).Write(_sandbox["huge.npy"]);
        var error = _sandbox.Run("spectrum", "huge.npy", "--out", "out").RefusedInOneLine().Error;
        Assert.Contains("found a weight of 1.7e308, expected at most 1e300 with --out", error, StringComparison.Ordinal);
        Assert.Equal(["huge.npy"], _sandbox.Entries);
        Assert.Throws<InvalidInputException>(() => EiRnnFast.Spectra.Spectrum.OfMany(-1, _ => [], 2));
    }
}
