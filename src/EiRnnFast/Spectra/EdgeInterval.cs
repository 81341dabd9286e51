using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// How well the fitted edge of one matrix is known: a parametric bootstrap (Efron and Tibshirani 1993, chapter 6). Matrices are drawn
/// like it, means + R·(√a·O + √(1 − a)·G)·C: the means of its rows and columns, the spread R, C of its rows and columns as far as it
/// exceeds chance, O Haar orthogonal in the share a that the fit found, G independent normal entries. Their edges are fitted in the same
/// way. Their ratios to the edge that such matrices have in the limit of many units give interval, bias and error.
/// </summary>
/// <param name="Draws">Matrices drawn.</param>
/// <param name="Seed">Of the draws.</param>
/// <param name="Low">Lower end of the 95 % interval of the edge.</param>
/// <param name="High">Upper end.</param>
/// <param name="RelativeError">Standard deviation of the edge of one matrix, over the edge.</param>
/// <param name="RelativeBias">How much the fit is off on average, over the edge.</param>
public sealed record EdgeInterval(int Draws, long Seed, double Low, double High, double RelativeError, double RelativeBias)
{
    /// <summary>Fewest and most draws.</summary>
    public const int FewestDraws = 40, MostDraws = 100_000;

    /// <summary>Draws matrices like one and fits their edges. Any number of threads finds the same bits.</summary>
    /// <param name="matrix">Row-major [n×n], finite.</param>
    /// <param name="n">Rows, 12 or more.</param>
    /// <param name="draws">40 to 100,000; an interval wants some hundreds.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="solver">The current one unless said.</param>
    /// <param name="threads">All cores unless said.</param>
    /// <param name="progress">Called with the number done.</param>
    /// <param name="cancellation">Checked before every draw.</param>
    /// <returns>Null where nothing is fitted: below 12 units, and for entries without variance.</returns>
    /// <exception cref="InvalidInputException">Not square, a value that is not finite, or another number of draws.</exception>
    /// <exception cref="ComputationException">An eigenvalue iteration did not converge.</exception>
    public static EdgeInterval? Of(double[] matrix, int n, int draws = 400, long seed = 1, EigenSolver? solver = null, int? threads = null,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        EigenSolver.RequireFiniteSquare(matrix, n);
        if (draws is < FewestDraws or > MostDraws)
            throw InvalidInputException.Of("draws of a bootstrap", draws, $"{FewestDraws} to {MostDraws}", "give some hundreds");
        solver ??= EigenSolver.Current;
        var bulk = Fit(matrix, n, solver);
        var largest = matrix.Max(Math.Abs);
        if (bulk.Distance is null || largest == 0) return null;
        var (rest, _) = VarianceLaw.WithoutMeans(matrix, n, largest);
        var spread = VarianceSpread.Of(rest, n);
        var (rows, columns) = (Kept(spread.Rows), Kept(spread.Columns));
        var square = rest.Sum(value => value * value) / n;
        // Of variances R_i²·C_j²·v/N the Perron root is v·mean(R²C²).
        var limit = Math.Sqrt(square * Enumerable.Range(0, n).Average(i => rows[i] * rows[i] * columns[i] * columns[i]));
        if (!(limit > 0)) return null;
        var ratios = new double[draws];
        Eigenvalues.ForEach(draws, threads, progress, draw =>
        {
            var random = new RandomStream(seed, $"edge {draw}");
            var (noise, turn) = (Math.Sqrt(square * (1 - bulk.OrthogonalShare) / n), Math.Sqrt(square * bulk.OrthogonalShare));
            var orthogonal = turn > 0 ? RecurrentInit.HaarOrthogonal(n, random) : null;
            var like = new double[n * n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                {
                    var k = i * n + j;
                    var part = noise * random.NextGaussian() + (orthogonal is null ? 0 : turn * orthogonal[k]);
                    like[k] = matrix[k] / largest - rest[k] + rows[i] * part * columns[j];
                }
            ratios[draw] = Fit(like, n, solver).OuterRadius / limit;
        }, cancellation);
        Array.Sort(ratios);
        var (mean, edge) = (ratios.Average(), bulk.OuterRadius);
        return new EdgeInterval(draws, seed, edge / Quantile(ratios, 0.975), edge / Quantile(ratios, 0.025),
            Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (draws - 1)) / mean, mean - 1);
    }

    private static SpectralBulk Fit(double[] matrix, int n, EigenSolver solver) =>
        SpectralBulk.Of(solver.Eigenvalues(matrix, n).Select(z => z.Magnitude));

    /// <summary>Root mean squares of rows or columns over that of all, drawn together by as much as chance alone spreads them.</summary>
    private static double[] Kept(VarianceSpread spread)
    {
        var (squares, square, variance, chance) = spread;
        var kept = variance > chance ? 1 - chance / variance : 0;
        return [.. squares.Select(s => Math.Sqrt((square + kept * (s - square)) / square))];
    }

    /// <summary>Linear between the order statistics, as NumPy's default.</summary>
    private static double Quantile(double[] sorted, double p)
    {
        var place = p * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
