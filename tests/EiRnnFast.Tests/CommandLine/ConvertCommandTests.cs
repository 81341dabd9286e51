using EiRnnFast.Files;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class ConvertCommandTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public ConvertCommandTests() => Write("a.npz", CellSpec.Published);

    public void Dispose() => _sandbox.Dispose();

    private void Write(string name, CellSpec cell) => NetworkFile.Write(_sandbox[name],
        EiRnn.Create(new NetworkSpec { Units = 5, Inputs = 2, Outputs = 1, Cell = cell }, 1),
        new Dictionary<string, string> { ["a"] = "b" });

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void A_network_goes_to_Keras_and_back_byte_for_byte(string version)
    {
        var said = _sandbox.Run("convert", "a.npz", "b.h5", "--keras", version, "--json").Succeeded();
        Assert.Empty(said.Error);
        Assert.Equal(($"keras-{version}", "b.h5", 5), (said.Json.GetProperty("format").GetString(),
            said.Json.GetProperty("file").GetString(), said.Json.GetProperty("units").GetInt32()));
        var back = _sandbox.Run("convert", "b.h5", "c.npz").Succeeded();
        Assert.Equal(("", "wrote c.npz"), (back.Output, Assert.Single(back.ErrorLines)));
        Assert.Equal(File.ReadAllBytes(_sandbox["a.npz"]), File.ReadAllBytes(_sandbox["c.npz"]));
        _sandbox.Run("convert", "b.h5", "b.h5", "--keras", "2", "--quiet").Succeeded(); // a file may take its own place
        KerasNetworkFile.Write(_sandbox["second.hdf5"], NetworkFile.Read(_sandbox["a.npz"]), 2,
            new Dictionary<string, string> { ["a"] = "b" });
        Assert.Equal(File.ReadAllBytes(_sandbox["second.hdf5"]), File.ReadAllBytes(_sandbox["b.h5"]));
        _sandbox.Run("spectrum", "b.h5", "--quiet").Succeeded();
    }

    [Fact]
    public void Bad_words_and_networks_are_refused_and_nothing_is_written()
    {
        Write("leaky.npz", new CellSpec { Alpha = 0.5 });
        File.WriteAllText(_sandbox["old.h5"], "old");
        Refused("one of .npz, .h5", "a.npz", "a.txt", "a name that ends in .npz, .h5 or .hdf5");
        Refused("a version that is none", "a.npz", "b.h5", "expected 2 or 3", "--keras", "4");
        Refused("no version of .npz", "a.npz", "b.npz", "--keras", "--keras", "2");
        Refused("a leak", "leaky.npz", "old.h5", "a leak (alpha or tau)");
        Refused("no such file", "none.npz", "old.h5", "no such file");
        Refused("no such folder", "a.npz", "none/b.h5", "no such folder");
        Refused("nothing of a network", "old.h5", "b.npz", "old.h5");
        Refused("an empty name", "a.npz", "", "a name that ends");
        Assert.Equal("old", File.ReadAllText(_sandbox["old.h5"]));
        Assert.Equal(["a.npz", "leaky.npz", "old.h5"], _sandbox.Entries);

        void Refused(string why, string from, string to, string part, params string[] more) =>
            Assert.True(_sandbox.Run(["convert", from, to, .. more]).RefusedInOneLine()
                .Error.Contains(part, StringComparison.Ordinal), why);
    }
}
