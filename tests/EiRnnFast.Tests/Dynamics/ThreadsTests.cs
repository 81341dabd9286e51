using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Spectra;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Analyses on several threads: the same bits for any number of them, and counts that are right.</summary>
public sealed class ThreadsTests
{
    private static readonly int[] s_threads = [1, 2, 3, 5];

    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Softplus)] // rates without bounds have no index sum
    public void Fixed_points_are_the_same(Activation activation)
    {
        var network = Nets.Random(12, activation == Activation.Tanh ? 5 : 1, Nets.Cell(activation, CellForm.Rate, "none"));
        var map = RecurrentMap.Of(network);
        string? expected = null;
        foreach (var threads in s_threads)
        {
            var starts = FixedPoints.StartsFrom(map, new float[36], 9, 0.5, 50, 1, threads);
            List<int> told = [];
            var found = FixedPoints.Find(map, starts, new FixedPointOptions { FurtherStarts = 60 }, told.Add, threads: threads);
            Assert.Equal(Enumerable.Range(1, found.Starts + found.FurtherStarts), told);
            var text = JsonSerializer.Serialize(found);
            Assert.Equal(expected ??= text, text);
            Assert.True(found.FurtherStarts > 0, $"{found.Fixed.Count} points");
        }
    }

    [Fact]
    public void Twenty_seven_points_are_found_in_the_same_order()
    {
        var map = RecurrentMap.Of(Nets.Of(3, [2, 0, 0, 0, 2, 0, 0, 0, 2]));
        var expected = JsonSerializer.Serialize(FixedPoints.Find(map, Nets.Cube(3, 5)));
        foreach (var threads in s_threads)
            Assert.Equal(expected, JsonSerializer.Serialize(FixedPoints.Find(map, Nets.Cube(3, 5), threads: threads)));
    }

    [Fact]
    public void Damage_exponents_and_pseudospectra_are_the_same()
    {
        var task = TaskCatalog.Get("and");
        var trials = task.Generate(7, 1);
        var network = Nets.Random(10, 1.8, new CellSpec());
        var matrix = Matrices.Gaussian(130, 3); // more rows than one thread multiplies
        var schur = SchurForm.Of(matrix, 130);
        string? expected = null;
        foreach (var threads in s_threads)
        {
            var (draws, fractions) = (0, 0);
            List<int> told = [], alone = [];
            var all = new object[]
            {
                Lesions.Ablation(network, task, trials, [.. Enumerable.Range(0, 10)], [0, 3, 10], 4, 1, progress: () => draws++,
                    threads: threads),
                Lesions.Pruning(network, task, trials, [0, 0.2, 0.5, 1], progress: () => fractions++, threads: threads),
                Lesions.SingleUnits(network, task, trials, progress: alone.Add, threads: threads),
                LyapunovExponents.Of(network, trials.X, 7, 3, progress: told.Add, threads: threads),
                Grid(Pseudospectrum.Of(schur, points: 9, threads: threads)),
                new NonNormalityRecord(NonNormality.Of([.. matrix.Select(value => 0.9 * value)], 130, threads: threads)),
            };
            Assert.Equal((6, 4), (draws, fractions));
            Assert.Equal(Enumerable.Range(1, 7), told);
            Assert.Equal(Enumerable.Range(1, 10), alone);
            var text = JsonSerializer.Serialize(all, TrainingSummary.Json);
            Assert.Equal(expected ??= text, text);
        }
    }

    [Fact]
    public void A_cancelled_analysis_ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var (map, task) = (RecurrentMap.Of(Nets.Rotation(0.5, 1)), TaskCatalog.Get("and"));
        var schur = SchurForm.Of([0.5, 1, 0, 0.5], 2);
        foreach (var threads in s_threads)
        {
            Assert.Throws<OperationCanceledException>(() =>
                FixedPoints.Find(map, Nets.Cube(2, 50), threads: threads, cancellation: cancelled.Token));
            Assert.Throws<OperationCanceledException>(() => Pseudospectrum.Of(schur, threads: threads, cancellation: cancelled.Token));
            Assert.Throws<OperationCanceledException>(() =>
                Lesions.Pruning(Nets.Random(4, 1, new CellSpec()), task, task.Generate(2, 1), [0, 1], threads: threads,
                    cancellation: cancelled.Token));
        }
        Assert.Throws<InvalidInputException>(() => FixedPoints.Find(map, Nets.Cube(2, 5), threads: 0));
        Assert.Throws<InvalidInputException>(() => Backend.Default with { Threads = 0 });
    }

    private static double[] Grid(Pseudospectrum grid) =>
        [.. Enumerable.Range(0, grid.Im.Count).SelectMany(row => Enumerable.Range(0, grid.Re.Count).Select(column => grid[row, column]))];
}
