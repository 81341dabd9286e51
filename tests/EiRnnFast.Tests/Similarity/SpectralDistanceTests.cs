using System.Numerics;
using EiRnnFast.Reports;
using EiRnnFast.Similarity;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.Reports;
using EiRnnFast.Tests.Sweeps;

namespace EiRnnFast.Tests.Similarity;

/// <summary>Distances between the spectra of a sweep.</summary>
public sealed class SpectralDistanceTests : IDisposable
{
    private const string Plan = """
        seeds = 3
        task = "and"
        units = [8, 12]
        init = ["orthogonal", "normal"]
        trials = 120
        epochs = 1
        """;

    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Distances_are_means_over_pairs_of_networks()
    {
        var folder = _sandbox.Run("spectra", Plan);
        var (findings, files) = SweepReport.Write(folder);
        var distances = findings.SpectralDistances!;
        Assert.Equal((12, 12, 4), (distances.Networks, distances.OfNetworks, distances.OfConditions));
        Assert.Equal(findings.Conditions.Select(condition => condition.Label), distances.Conditions);
        Assert.Equal([3, 3, 3, 3], distances.Counts);

        var runs = SweepTable.Runs(folder).Parts.SelectMany(part => part)
            .ToLookup(row => ((string)SweepSandbox.Value(row, "init")!, (long)SweepSandbox.Value(row, "units")!),
                row => (string)SweepSandbox.Value(row, "run_id")!);
        var eigenvalues = SweepTable.Eigenvalues(folder).Parts.SelectMany(part => part).Where(row => row[1] is "final")
            .ToLookup(row => (string)row[0]!, row => new Complex((double)row[3]!, (double)row[4]!));
        Complex[][] Spectra(int condition) => [.. runs.Single(group =>
            distances.Conditions[condition] == $"N = {group.Key.Item2}, {group.Key.Item1}"
            || distances.Conditions[condition] == $"{group.Key.Item1}, N = {group.Key.Item2}").Select(run => eigenvalues[run].ToArray())];
        for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++)
            {
                var expected = (from one in Spectra(i).Index()
                                from other in Spectra(j).Index()
                                where i != j || one.Index != other.Index
                                select SpectralTransport.Distance(one.Item, other.Item)).Average();
                Assert.Equal(expected, distances.Distances[i][j]!.Value, 1e-12);
            }
        Assert.Equal([0, 1, 2, 3], distances.Leaves.Order());
        Assert.Equal(3, distances.Linkage.Count);
        Assert.Contains("Conditions in the order of their clusters", new Page(files[^1]).Text, StringComparison.Ordinal);
        Assert.Contains("\"spectral_distances\": {", File.ReadAllText(files[2]), StringComparison.Ordinal);
    }

    [Fact]
    public void One_condition_has_no_distances()
    {
        var (findings, files) = SweepReport.Write(_sandbox.Run("one", Plan.Replace("[8, 12]", "8", StringComparison.Ordinal)
            .Replace("[\"orthogonal\", \"normal\"]", "\"normal\"", StringComparison.Ordinal)));
        Assert.Null(findings.SpectralDistances);
        Assert.DoesNotContain("Distance between spectra", new Page(files[^1]).Text, StringComparison.Ordinal);
    }
}
