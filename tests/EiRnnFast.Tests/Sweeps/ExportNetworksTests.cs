using EiRnnFast.Files;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>All kept networks of a sweep as files.</summary>
[Collection(ProgramRuns.Name)]
public sealed class ExportNetworksTests : IDisposable
{
    private const string Plan = "units = 5\ntrials = 120\nepochs = 1\nseeds = ";

    private readonly SweepSandbox _sandbox = new();
    private readonly ProgramSandbox _program = new();

    public void Dispose()
    {
        _sandbox.Dispose();
        _program.Dispose();
    }

    [Fact]
    public void Every_file_has_the_bytes_of_the_store_and_loads_again()
    {
        var sweep = _sandbox.Run("kept", Plan + 3, new SweepOptions { KeepWeights = true });
        Directory.CreateDirectory(_program["networks"]);
        File.WriteAllText(_program["networks/notes.txt"], "mine");
        var result = _program.Run("export", sweep.Path, "--networks", "networks", "--csv", "runs.csv").Succeeded();
        Assert.Contains("wrote 3 networks into networks", result.Error, StringComparison.Ordinal);
        var stored = StoreReader.Networks(Assert.Single(sweep.Stores()).Path, "").Take(1)
            .Concat(StoreReader.NetworksAfter(sweep.Stores()[0].Path, "")).DistinctBy(network => network.Id).ToArray();
        Assert.Equal(3, stored.Length);
        Assert.Equal([.. stored.Select(network => $"{network.Id}.npz").Append("notes.txt").Order(StringComparer.Ordinal)],
            Directory.GetFileSystemEntries(_program["networks"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (id, npz) in stored)
        {
            Assert.Equal(SweepTable.Network(sweep, id).Npz, npz);
            Assert.Equal(npz, File.ReadAllBytes(_program[$"networks/{id}.npz"]));
            Assert.Equal(5, NetworkFile.Read(_program[$"networks/{id}.npz"]).Units);
            _program.Run("run", $"networks/{id}.npz", "--trials", "2").Succeeded();
        }
        var json = _program.Run("export", sweep.Path, "--networks", "networks", "--json", "--quiet").Succeeded().Json;
        Assert.Equal(stored.Select(network => Path.Combine("networks", $"{network.Id}.npz")).Order(StringComparer.Ordinal),
            json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void More_than_are_read_at_a_time_come_out_each_once()
    {
        var sweep = _sandbox.Run("many", Plan + 37, new SweepOptions { KeepWeights = true });
        var into = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "out")).FullName;
        List<int> seen = [];
        var ids = SweepTable.WriteNetworks(sweep, into, seen.Add);
        Assert.Equal(Enumerable.Range(1, 37), seen);
        Assert.Equal(37, ids.Distinct().Count());
        Assert.Equal(ids.Order(StringComparer.Ordinal),
            Directory.GetFiles(into).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_damaged_network_leaves_no_file_behind()
    {
        var sweep = _sandbox.Run("damaged", Plan + 3, new SweepOptions { KeepWeights = true });
        SweepSandbox.Change(sweep.Stores()[0].Path,
            "UPDATE networks SET npz = x'00' WHERE run_id = (SELECT max(run_id) FROM networks)");
        _program.Run("export", sweep.Path, "--networks", "new").RefusedInOneLine();
        Assert.Empty(_program.Entries);
    }

    [Fact]
    public void A_folder_in_the_way_leaves_all_as_it_was()
    {
        var sweep = _sandbox.Run("way", Plan + 2, new SweepOptions { KeepWeights = true });
        var last = StoreReader.NetworksAfter(sweep.Stores()[0].Path, "")[^1].Id;
        Directory.CreateDirectory(_program[$"out/{last}.npz"]);
        _program.Run("export", sweep.Path, "--networks", "out").RefusedInOneLine();
        Assert.Equal(["out", $"out/{last}.npz"], _program.Entries);
    }

    [Fact]
    public void Misuse_is_refused_in_one_sentence()
    {
        var without = _sandbox.Run("without", Plan + 1);
        var result = _program.Run("export", without.Path, "--networks", "new").RefusedInOneLine();
        Assert.Contains("no network kept", result.Error, StringComparison.Ordinal);
        Assert.Contains("--keep-weights", result.Error, StringComparison.Ordinal);
        _program.Run("export", without.Path, "--networks", "-").RefusedInOneLine();
        _program.Run("export", without.Path, "--networks", " ").RefusedInOneLine();
        _program.Run("export", without.Path, "--networks", without.Stores()[0].Path).RefusedInOneLine();
        Assert.Empty(_program.Entries);
        File.WriteAllText(_program["file"], "");
        Assert.Contains("choose another folder", _program.Run("export", without.Path, "--networks", "file").RefusedInOneLine().Error,
            StringComparison.Ordinal);
    }
}
