namespace EiRnnFast.Spectra;

/// <summary>How much the mean squares of a matrix's rows, or of its columns, differ, and how much of that is chance.</summary>
/// <param name="MeanSquares">One each.</param>
/// <param name="MeanSquare">Over all entries.</param>
/// <param name="Variance">Of <paramref name="MeanSquares"/>.</param>
/// <param name="Chance">Variance that independent entries of one variance and the same fourth moment would have.</param>
internal sealed record VarianceSpread(double[] MeanSquares, double MeanSquare, double Variance, double Chance)
{
    /// <summary>Of the rows and of the columns of a matrix without its means.</summary>
    /// <param name="entries">Row-major [n×n].</param>
    /// <param name="n">Rows.</param>
    public static (VarianceSpread Rows, VarianceSpread Columns) Of(double[] entries, int n)
    {
        double[] rows = new double[n], columns = new double[n];
        var fourth = 0.0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++)
            {
                var value = entries[i * n + j] * entries[i * n + j];
                sum += value;
                columns[j] += value;
                fourth += value * value;
            }
            rows[i] = sum / n;
        }
        for (var j = 0; j < n; j++) columns[j] /= n;
        var square = rows.Average();
        var chance = (fourth / n / n - square * square) / n;
        return (Among(rows), Among(columns));

        VarianceSpread Among(double[] squares) =>
            new(squares, square, squares.Sum(s => (s - square) * (s - square)) / (n - 1), chance);
    }

    /// <summary>What exceeds chance, over the squared mean square.</summary>
    public double Excess => Math.Max(0, Variance - Chance) / (MeanSquare * MeanSquare);
}
