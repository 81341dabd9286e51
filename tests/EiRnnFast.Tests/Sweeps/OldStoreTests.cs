using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>A sweep that version 0.1.0 began: its store stands beside this file, with half of the plan's runs.</summary>
public sealed class OldStoreTests : IDisposable
{
    private const string Plan = """
        seeds = 2
        task = ["and", "flip-flop"]
        units = 5
        trials = 120
        epochs = 2
        sign = "postsynaptic"
        clipping = ["none", "global"]
        """;

    private static readonly SweepOptions s_options = new()
    {
        Workers = 1, KeepWeights = true, Backend = new Backend(KernelSet.Get("scalar"), EigenSolver.Own),
    };

    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void It_is_resumed_and_equals_one_that_this_version_made()
    {
        var place = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "begun")).FullName;
        File.Copy(Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/Sweeps/Cases/store-0.1.0.sqlite"),
            Path.Combine(place, "runs-1-of-1.sqlite"));
        var plan = SweepPlan.Parse(Plan, "plan");
        var begun = SweepFolder.At(place);
        var end = Sweep.Run(plan, begun, s_options);
        Assert.Equal((8, 4, 0), (end.Done, end.Recorded, end.DamagedRows));
        var fresh = _sandbox.Run("fresh", Plan, s_options);

        var (old, made) = (Values(begun), Values(fresh));
        Assert.Equal(made.Keys.Order(), old.Keys.Order());
        foreach (var (id, values) in made)
            for (var i = 0; i < values.Length; i++)
                if (RunColumns.All[i].Name is not ("host" or "started" or "finished" or "seconds" or "version" or "lapack")
                    && !(old[id][i] is null && RunColumns.All[i].Name is "learned" or "chance" or "constant_loss")) // not kept then
                    AssertSame(RunColumns.All[i].Name, values[i], old[id][i]);
        foreach (var run in plan.Runs)
            Assert.Equal(NetworkOf(fresh, run.Id).RecurrentWeights.ToArray(), NetworkOf(begun, run.Id).RecurrentWeights.ToArray());
    }

    private static Dictionary<string, object?[]> Values(SweepFolder folder) =>
        SweepTable.Runs(folder).Parts.SelectMany(part => part).ToDictionary(row => (string)row[0]!, row => row.ToArray());

    private static EiRnn NetworkOf(SweepFolder folder, string id) => SweepTable.Kept(folder, id)!;

    /// <summary>
    /// Weights and losses have the same bits. Another solver found the eigenvalues, of which some are defective zeros: known to a root of
    /// rounding. The fit says more of itself now.
    /// </summary>
    private static void AssertSame(string column, object? made, object? old)
    {
        if (column.Contains("_fit_", StringComparison.Ordinal)) return;
        if (column.StartsWith("spectrum_", StringComparison.Ordinal) && made is double expected) Assert.Equal(expected, (double)old!, 1e-7);
        else Assert.Equal(made, old);
    }
}
