using EiRnnFast.Kernels;

namespace EiRnnFast.Training;

/// <summary>Noise of the states: what is added to the sums z of one step, √(2/α)·σ·ξ with ξ standard normal.</summary>
internal abstract class StateNoise
{
    /// <summary>Fills the rows of some trials; the padding of a row stays 0.</summary>
    /// <param name="update">Number of the update, from 0.</param>
    /// <param name="trials">The trial of each row, by its place in the data set.</param>
    /// <param name="step">t, from 0.</param>
    /// <param name="rows">Overwritten, one row of <paramref name="width"/> floats a trial.</param>
    /// <param name="width">W.</param>
    /// <param name="columns">The columns that are filled; others stay.</param>
    public abstract void Fill(int update, ReadOnlySpan<int> trials, int step, Span<float> rows, int width, Columns columns = default);
}
