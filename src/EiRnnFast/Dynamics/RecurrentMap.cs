using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Cells;
using EiRnnFast.Model;

namespace EiRnnFast.Dynamics;

/// <summary>
/// A network as a map of its state in double precision, F(h) = tanh(h·W_rec + x·W_in + b), under a constant input x
/// (arXiv 2208.10304, model). States are row vectors: W_rec[i, j] runs from unit i to unit j.
/// </summary>
public sealed class RecurrentMap
{
    private readonly Cell _cell = Cell.Tanh;
    private readonly double[] _wIn, _wRec, _bias, _drive;

    private RecurrentMap(EiRnn network, ReadOnlySpan<double> input)
    {
        (Units, Inputs) = (network.Units, network.Inputs);
        (_wIn, _wRec, _bias) = (Doubles("W_in", network.InputWeights), Doubles("W_rec", network.RecurrentWeights),
            Doubles("b", network.Bias));
        _drive = new double[Units];
        Drive(input, _drive);
    }

    /// <summary>N.</summary>
    public int Units { get; }

    /// <summary>I.</summary>
    public int Inputs { get; }

    /// <summary>W_rec, [N×N].</summary>
    internal ReadOnlySpan<double> Weights => _wRec;

    /// <summary>Copies a network's weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">x, [I]; empty for 0.</param>
    /// <exception cref="InvalidInputException">An input of another length, or a weight or input that is not finite.</exception>
    public static RecurrentMap Of(EiRnn network, ReadOnlySpan<double> input = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.Spec.Cell.RequirePublished("an analysis of its map");
        if (!input.IsEmpty && input.Length != network.Inputs)
            throw InvalidInputException.Of("constant input", $"{input.Length} values",
                $"{network.Inputs}, one per input channel of the network", "give one value per channel");
        foreach (var value in input)
            if (!double.IsFinite(value))
                throw InvalidInputException.Of("constant input", value, "finite values only", "choose another input");
        return new RecurrentMap(network, input);
    }

    /// <summary>next = F(h) under the map's own constant input.</summary>
    /// <param name="h">State, [N].</param>
    /// <param name="next">Overwritten, [N]; not h itself.</param>
    public void Step(ReadOnlySpan<double> h, Span<double> next)
    {
        _drive.CopyTo(next);
        Recur(h, next);
    }

    /// <summary>next = tanh(h·W_rec + x·W_in + b) under the input of one timestep.</summary>
    /// <param name="h">State, [N].</param>
    /// <param name="x">Input, [I]; empty for 0.</param>
    /// <param name="next">Overwritten, [N]; not h itself.</param>
    public void Step(ReadOnlySpan<double> h, ReadOnlySpan<double> x, Span<double> next)
    {
        Drive(x, next);
        Recur(h, next);
    }

    /// <summary>The state some steps after h under the map's own constant input.</summary>
    internal double[] Run(ReadOnlySpan<double> h, int steps)
    {
        double[] state = [.. h], next = new double[Units];
        for (var t = 0; t < steps; t++)
        {
            Step(state, next);
            (state, next) = (next, state);
        }
        return state;
    }

    /// <summary>∂F_j/∂h_i = (1 − F_j²)·W_rec[i, j], at the state whose image is F.</summary>
    /// <param name="image">F(h), [N].</param>
    /// <param name="jacobian">Overwritten, [N×N], row i holds what h_i changes.</param>
    public void Jacobian(ReadOnlySpan<double> image, Span<double> jacobian)
    {
        var slopes = _cell.Slopes(image);
        for (var i = 0; i < Units; i++)
            for (var j = 0; j < Units; j++) jacobian[i * Units + j] = slopes[j] * _wRec[i * Units + j];
    }

    /// <summary>image of a small change: next_j = (1 − F_j²)·Σ_i d_i·W_rec[i, j], that is d·J.</summary>
    internal void Push(ReadOnlySpan<double> d, ReadOnlySpan<double> image, Span<double> next)
    {
        next.Clear();
        Accumulate(d, next);
        var slopes = _cell.Slopes(image);
        for (var j = 0; j < Units; j++) next[j] *= slopes[j];
    }

    /// <summary>The transpose of <see cref="Push"/>: next_i = Σ_j W_rec[i, j]·(1 − F_j²)·d_j, that is d·Jᵀ.</summary>
    internal void Pull(ReadOnlySpan<double> d, ReadOnlySpan<double> image, Span<double> next)
    {
        var slopes = _cell.Slopes(image);
        for (var j = 0; j < Units; j++) slopes[j] *= d[j];
        for (var i = 0; i < Units; i++) next[i] = DoubleProducts.Dot(_wRec.AsSpan(i * Units, Units), slopes);
    }

    private void Drive(ReadOnlySpan<double> x, Span<double> drive)
    {
        _bias.CopyTo(drive);
        for (var c = 0; c < x.Length; c++)
            if (x[c] != 0)
                for (var j = 0; j < Units; j++) drive[j] += x[c] * _wIn[c * Units + j];
    }

    private void Recur(ReadOnlySpan<double> h, Span<double> next)
    {
        Accumulate(h, next);
        _cell.Values(next);
    }

    private void Accumulate(ReadOnlySpan<double> h, Span<double> sum)
    {
        for (var i = 0; i < Units; i++)
        {
            var own = h[i];
            if (own == 0) continue;
            var row = _wRec.AsSpan(i * Units, Units);
            for (var j = 0; j < row.Length; j++) sum[j] += own * row[j];
        }
    }

    private static double[] Doubles(string name, ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = float.IsFinite(values[i])
                ? values[i]
                : throw InvalidInputException.Of(name, values[i], "finite weights only", "the file is damaged or its training diverged");
        return copy;
    }
}
