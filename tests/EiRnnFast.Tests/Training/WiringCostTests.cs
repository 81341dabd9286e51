using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>Wiring costs from a file, from places and from a box.</summary>
public sealed class WiringCostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eirnn-cost").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Save(string name, NpyArray array)
    {
        var path = Path.Combine(_folder, name);
        using var stream = File.Create(path);
        NpyWriter.Write(stream, array);
        return path;
    }

    [Fact]
    public void Costs_of_a_box_are_distances_along_x_then_y_then_z()
    {
        var cost = WiringCost.Of(new Dictionary<string, double> { ["x"] = 5, ["y"] = 5, ["z"] = 4 });
        Assert.Equal(10_000, cost.Values.Count);
        Assert.Equal(1, cost.Values[0 * 100 + 1]); // a step along x
        Assert.Equal(1, cost.Values[0 * 100 + 5]); // along y
        Assert.Equal(1, cost.Values[0 * 100 + 25]); // along z
        Assert.Equal(MathF.Sqrt(4 * 4 + 4 * 4 + 3 * 3), cost.Values[99]);
        Assert.Equal(0, cost.Values[42 * 100 + 42]);
    }

    [Fact]
    public void Costs_and_places_are_read_from_files_and_change_the_id_by_their_content()
    {
        double[] places = [0, 0, 3, 4, 0, 4];
        var byPlace = CostFile.Read(Save("places.npy", NpyArray.Of(places, 3, 2)));
        Assert.Equal([0, 5, 4, 5, 0, 3, 4, 3, 0], byPlace.Values);
        double[] matrix = [0, 5, 4, 5, 0, 3, 4, 3, 0];
        var byMatrix = CostFile.Read(Save("costs.npy", NpyArray.Of(matrix, 3, 3)));
        Assert.Equal(byPlace.Values, byMatrix.Values);
        Assert.NotEqual(byPlace.Sha256, byMatrix.Sha256);

        RunSettings Run(string file) => RunSettings.From(SettingFiles.Resolve(new Dictionary<string, object>
        {
            ["units"] = 3L, ["cost_file"] = Path.Combine(_folder, file), ["cost_weight"] = 0.1, ["trials"] = 80L, ["epochs"] = 1L,
        }), 1);
        var described = Run("places.npy").Describe();
        Assert.Contains(described, pair => pair.Key == "cost_sha256" && pair.Value == byPlace.Sha256);
        var summary = new TrainingSummary(TrainingRun.Execute(Run("costs.npy")));
        Assert.Equal(byMatrix.Sha256, summary.CostSha256);
        Assert.NotNull(summary.TaskLosses);
        Assert.True(summary.Losses[0] > summary.TaskLosses[0]);
    }

    [Fact]
    public void A_box_of_another_size_is_refused_before_its_distances_are_taken()
    {
        var cost = WiringCost.Of(new Dictionary<string, double> { ["x"] = 100, ["y"] = 100 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<InvalidInputException>(() => new Penalties { Cost = cost, CostWeight = 1 }.Validate(10)).Message;
        Assert.Contains("a box of 10000 units", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("at most 10000", Assert.Throws<InvalidInputException>(() =>
            WiringCost.Of(new Dictionary<string, double> { ["x"] = 400, ["y"] = 250 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3×4×5", 3, 4, 5)]
    [InlineData("3×4", 3, 4)]
    public void Other_shapes_are_refused(string shape, params int[] sizes)
    {
        var path = Save("bad.npy", NpyArray.Of(new double[sizes.Aggregate(1, (a, b) => a * b)], sizes));
        Assert.Contains($"shape {shape}", Assert.Throws<InvalidInputException>(() => CostFile.Read(path)).Message,
            StringComparison.Ordinal);
    }
}
