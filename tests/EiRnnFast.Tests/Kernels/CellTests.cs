using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Cells;

namespace EiRnnFast.Tests.Kernels;

/// <summary>Every cell of the table: its three forms agree, and its slope is that of its state.</summary>
public sealed class CellTests
{
    private const int Units = 3, Rows = 2;

    private static readonly double[] s_sums = [-1.7, -0.6, -0.05, 0.3, 0.9, 2.1], s_before = [0.2, -0.4, 0.1, 0, -0.3, 0.5];

    [Fact]
    public void Names_are_different_and_the_published_cell_is_there()
    {
        Assert.Equal(Cell.All.Count, Cell.All.Select(cell => cell.Name).Distinct().Count());
        Assert.Contains(Cell.Tanh, Cell.All);
        Assert.Equal("tanh", Cell.Tanh.Name);
        Assert.All(Cell.All, cell => Assert.Equal(KernelSet.Available.Select(set => set.Name), cell.Available.Select(set => set.Name)));
    }

    [Fact]
    public void The_slope_is_the_states_derivative() => Assert.All(Cell.All, cell =>
    {
        const double step = 1e-6;
        var slopes = cell.Slopes(States(cell, 0));
        var (above, below) = (States(cell, step), States(cell, -step));
        for (var i = 0; i < slopes.Length; i++) Assert.Equal((above[i] - below[i]) / (2 * step), slopes[i], 1e-8);
        double[] silent = [0];
        cell.States([0], silent);
        Assert.Equal(0, silent[0]);
    });

    [Fact]
    public void Every_set_steps_as_the_cell_in_double_says() => Assert.All(Cell.All, cell => Assert.All(cell.Available, set =>
    {
        var (states, width, stride) = (States(cell, 0), set.PadUnits(Units), set.ChannelStride(Rows));
        float[] h = new float[Rows * width], before = new float[Rows * width], d = new float[Rows * width], wIn = new float[Rows * width];
        float[] x = new float[Rows * stride], packed = new float[Units * width], bias = new float[width], wOut = new float[width];
        for (var i = 0; i < s_sums.Length; i++)
        {
            before[i / Units * width + i % Units] = (float)s_before[i];
            wIn[i / Units * width + i % Units] = (float)s_sums[i];
        }
        (x[0], x[stride + 1]) = (1, 1); // each row is driven by an input of its own
        set.ForwardStep(new ForwardOperands
        {
            Rows = Rows, Units = Units, Stride = stride, HPrevious = before, Packed = packed, X = x, WIn = wIn, Bias = bias, H = h,
        });
        wOut.AsSpan(0, Units).Fill(1);
        float[] dy = new float[stride], dWIn = new float[Rows * width], dBias = new float[width], dWOut = new float[width];
        dy.AsSpan(0, Rows).Fill(1);
        set.BackwardStep(new BackwardOperands
        {
            Rows = Rows, Units = Units, Stride = stride, DNext = new float[Rows * width], Packed = packed, X = x, Dy = dy, WOut = wOut,
            H = h, D = d, Edge = new EdgeGradients { WIn = dWIn, Bias = dBias, WOut = dWOut },
        });
        var slopes = cell.Slopes(states);
        for (var i = 0; i < s_sums.Length; i++)
        {
            Assert.Equal(states[i], h[i / Units * width + i % Units], 1e-6);
            Assert.Equal(slopes[i], d[i / Units * width + i % Units], 1e-6);
        }
        Assert.All(h.Where((_, at) => at % width >= Units), padding => Assert.Equal(0, padding));
    }));

    private static double[] States(Cell cell, double shift)
    {
        double[] states = [.. s_sums.Select(sum => sum + shift)];
        cell.States(s_before, states);
        return states;
    }
}
