using EiRnnFast.Kernels;
using EiRnnFast.Model;

namespace EiRnnFast.Spectra;

/// <summary>The singular components of what training has added, Δ = W − P(W₀) = Σ_k u_k·(u_kᵀΔ): THE place where truncations are made.
/// </summary>
internal sealed class LearnedComponents
{
    private readonly double[][] _left, _rows;
    private readonly double[] _squares;

    /// <param name="after">W, row-major [n×n].</param>
    /// <param name="before">P(W₀), row-major [n×n].</param>
    /// <param name="n">Rows.</param>
    public LearnedComponents(ReadOnlySpan<double> after, ReadOnlySpan<double> before, int n)
    {
        EigenSolver.RequireFiniteSquare(after, n);
        EigenSolver.RequireFiniteSquare(before, n);
        double[] part = [.. after];
        for (var k = 0; k < part.Length; k++)
        {
            part[k] -= before[k];
            Norm += part[k] * part[k];
        }
        var columns = new double[n][];
        for (var j = 0; j < n; j++)
        {
            columns[j] = new double[n];
            for (var i = 0; i < n; i++) columns[j][i] = part[i * n + j];
        }
        (SingularValues, _left) = SingularVectors.Of(columns, n);
        _squares = [.. SingularValues.Select(value => value * value)];
        _rows = [.. _left.Select(u =>
        {
            var row = new double[n];
            for (var i = 0; i < n; i++) DoubleProducts.Add(u[i], part.AsSpan(i * n, n), row);
            return row;
        })];
    }

    /// <summary>‖Δ‖²_F.</summary>
    public double Norm { get; }

    /// <summary>Descending, [n].</summary>
    public double[] SingularValues { get; }

    /// <summary>σ², [n].</summary>
    public IReadOnlyList<double> Squares => _squares;

    /// <summary>‖the first components‖_F over that of all; 0 where nothing was learned.</summary>
    public double ShareOf(int components) => Norm == 0 ? 0 : Math.Sqrt(_squares.Take(components).Sum() / _squares.Sum());

    /// <summary>Adds component k to a matrix [n×n].</summary>
    public void Add(int k, double[] sum)
    {
        var (u, row) = (_left[k], _rows[k]);
        for (var i = 0; i < u.Length; i++) DoubleProducts.Add(u[i], row, sum.AsSpan(i * row.Length, row.Length));
    }

    /// <summary>The recurrent matrices W and P(W₀) of two networks of one training.</summary>
    /// <exception cref="InvalidInputException">Networks of different sizes or signs.</exception>
    public static (double[] After, double[] Before) MatricesOf(EiRnn trained, EiRnn initial)
    {
        LearnedPart.RequireOneTraining(trained, initial);
        var n = trained.Units;
        double[] before = new double[n * n], after = new double[n * n];
        for (var k = 0; k < before.Length; k++)
            (before[k], after[k]) = (initial.RecurrentWeights[k], trained.RecurrentWeights[k]);
        return (after, WeightSigns.Of(initial.Spec).Projected(before) ?? before);
    }
}
