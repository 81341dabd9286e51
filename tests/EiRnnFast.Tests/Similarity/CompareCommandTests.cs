using System.Globalization;
using System.Text.Json;
using EiRnnFast.Reports;
using EiRnnFast.Similarity;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Similarity;

[Collection(ProgramRuns.Name)]
public sealed class CompareCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Networks_are_compared_by_every_measure_and_any_number_of_threads_finds_the_same()
    {
        string[] networks = [trained.PathOf("network.npz"), .. new[] { "2", "3", "4" }.Select(Trained)];
        string[] arguments = ["dynamics", networks[0], networks[1], "--against", networks[2], networks[3], "--trials", "4", "--starts", "2",
            "--further-starts", "0", "--compare", "--json", "--quiet", "--out", "compared", "--threads"];
        var result = _sandbox.Run([.. arguments, "1", "--svg"]).Succeeded();
        Assert.Equal([.. DynamicsFolder.Names.Append(DynamicsFolder.DistancesName)
            .Append(DynamicsFolder.AlignmentsName).Concat(DynamicsFigures.Names(svg: true, compared: true))
            .Order(StringComparer.Ordinal)], FilesOf("compared"));
        var rows = File.ReadAllLines(_sandbox["compared/distances.csv"]);
        Assert.Equal(1 + NetworkDistances.Names.Count * 6, rows.Length);
        var similarity = result.Json.GetProperty("similarity");
        Assert.Equal(NetworkDistances.Names,
            similarity.GetProperty("measures").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        foreach (var measure in similarity.GetProperty("measures").EnumerateArray())
        {
            var name = measure.GetProperty("name").GetString();
            var first = rows.First(row => row.StartsWith($"{name},1,2,", StringComparison.Ordinal)).Split(',')[3];
            var value = measure.GetProperty("distances")[0][1].GetDouble();
            Assert.Equal(double.Parse(first, CultureInfo.InvariantCulture), value);
            Assert.True(value > 1e-4, $"{name} of two networks is {value}");
            Assert.Equal(value, measure.GetProperty("distances")[1][0].GetDouble());
            Assert.Equal(0, measure.GetProperty("distances")[2][2].GetDouble());
            Assert.Equal([0, 1, 2, 3], measure.GetProperty("leaves").EnumerateArray().Select(leaf => leaf.GetInt32()).Order());
            Assert.Equal(3, measure.GetProperty("linkage").GetArrayLength());
            Assert.Equal(6, measure.GetProperty("groups").GetProperty("ways").GetInt32());
        }
        var alignment = result.Json.GetProperty("networks")[0].GetProperty("population_alignment");
        Assert.InRange(alignment.GetProperty("cka").GetDouble(), 0, 1);
        Assert.Equal(3, alignment.GetProperty("principal_angles").GetArrayLength());
        Assert.Contains("main,ei_cka,", File.ReadAllText(_sandbox["compared/groups.csv"]), StringComparison.Ordinal);
        Assert.Contains("(a:against)", Words("compared"), StringComparison.Ordinal);
        Assert.Equal(result.Output, _sandbox.Run([.. arguments, "3"]).Succeeded().Output);

        // without --compare nothing of it stays
        _sandbox.Run("dynamics", networks[0], "--trials", "4", "--starts", "2", "--further-starts", "0", "--quiet", "--out", "compared")
            .Succeeded();
        Assert.Equal([.. DynamicsFolder.Names.Concat(DynamicsFigures.Names()).Order(StringComparer.Ordinal)], FilesOf("compared"));
    }

    [Fact]
    public void A_copy_of_a_network_is_at_distance_0()
    {
        var network = trained.PathOf("network.npz");
        var json = _sandbox.Run("dynamics", network, network, "--trials", "4", "--starts", "2", "--further-starts", "0", "--compare",
            "--json", "--quiet", "--svg", "--out", "twice").Succeeded().Json;
        Assert.DoesNotContain("against", Words("twice"), StringComparison.Ordinal);
        foreach (var measure in json.GetProperty("similarity").GetProperty("measures").EnumerateArray())
        {
            Assert.InRange(measure.GetProperty("distances")[0][1].GetDouble(), 0, 1e-7);
            Assert.Equal(JsonValueKind.Null, measure.GetProperty("groups").ValueKind); // one network has no group
        }
    }

    [Fact]
    public void One_network_is_refused()
    {
        var result = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--compare", "--out", "alone").RefusedInOneLine();
        Assert.Contains("networks to compare: found 1, expected 2 or more", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_sandbox["alone"]));
    }

    private string Words(string folder) => string.Concat(System.Xml.Linq.XDocument.Load(_sandbox[$"{folder}/distances.svg"]).Descendants()
        .Where(element => element.Name.LocalName == "text").Select(text => text.Value.Replace(" ", "", StringComparison.Ordinal)));

    private string Trained(string seed)
    {
        _sandbox.Run("train", "--task", "and", "--units", "8", "--epochs", "1", "--trials", "100", "--seed", seed, "--quiet",
            "--out", $"run{seed}").Succeeded();
        return _sandbox[$"run{seed}/network.npz"];
    }

    private string[] FilesOf(string folder) =>
        [.. Directory.GetFiles(_sandbox[folder]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
}
