using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Cells;

namespace EiRnnFast.Tests.Kernels;

/// <summary>The table of cells. What their kernels compute: <see cref="Oracle.CellOracleTests"/>.</summary>
public sealed class CellTests
{
    [Fact]
    public void Names_are_different_and_the_published_cell_is_there()
    {
        Assert.Equal(Cell.All.Count, Cell.All.Select(cell => cell.Name).Distinct().Count());
        Assert.Contains(Cell.Tanh, Cell.All);
        Assert.Equal("tanh", Cell.Tanh.Name);
        Assert.All(Cell.All, cell => Assert.Equal(KernelSet.Available.Select(set => set.Name), cell.Available.Select(set => set.Name)));
    }

    [Fact]
    public void The_slope_is_the_activations_derivative() => Assert.All(Cell.All, cell =>
    {
        const double step = 1e-6;
        var slopes = cell.Slopes(Values(cell, 0));
        var (above, below) = (Values(cell, step), Values(cell, -step));
        for (var i = 0; i < slopes.Length; i++) Assert.Equal((above[i] - below[i]) / (2 * step), slopes[i], 1e-8);
        double[] silent = [0];
        cell.Values(silent);
        Assert.Equal(cell.IsZeroAtZero, silent[0] == 0);
    });

    private static double[] Values(Cell cell, double shift)
    {
        double[] values = [-1.7, -0.6, -0.05, 0.3, 0.9, 2.1];
        for (var i = 0; i < values.Length; i++) values[i] += shift;
        cell.Values(values);
        return values;
    }
}
