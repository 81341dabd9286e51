using EiRnnFast.Studies.Statistics;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using BitOperations = System.Numerics.BitOperations;

namespace EiRnnFast.Reports;

/// <summary>What one factor, or several together, do to a measure.</summary>
/// <param name="Factors">Names of the settings: one for a main effect, more for an interaction.</param>
/// <param name="Df">Degrees of freedom of the effect.</param>
/// <param name="SumOfSquares">Its sum of squares, type II.</param>
/// <param name="F">Its mean square over that of the error.</param>
/// <param name="P">Probability of such an F, or a larger one, without the effect.</param>
/// <param name="PHolm">The same, corrected by Holm for all tests of effects in the report.</param>
/// <param name="PartialEtaSquared">SS/(SS + SS of the error): too large on average, the more so the fewer the networks.</param>
/// <param name="PartialEtaSquaredLow">Lower end of its 90 % confidence interval; above 0 exactly when <paramref name="P"/> is below
/// 0.05.</param>
/// <param name="PartialEtaSquaredHigh">Upper end.</param>
/// <param name="PartialOmegaSquared">(SS − df·MSE)/(SS + (n − df)·MSE): nearly unbiased; can be below 0 where there is no effect.</param>
public sealed record Effect(IReadOnlyList<string> Factors, int Df, double SumOfSquares, double F, double P, double PHolm,
    double PartialEtaSquared, double PartialEtaSquaredLow, double PartialEtaSquaredHigh, double PartialOmegaSquared)
{
    /// <summary>Whether it is an effect after the correction, at 5 %.</summary>
    public bool Significant => PHolm < 0.05;
}

/// <summary>
/// Analysis of variance of one measure over the settings that vary, each taken as categories. Sums of squares are of type II: an effect is
/// what its term explains beyond all terms that do not contain it. That needs no equal numbers of networks and no full crossing: where
/// combinations have no network, the interaction has fewer degrees of freedom. With equal numbers it is what types I and III give. The
/// error is the spread of networks within their conditions.
/// </summary>
/// <param name="Measure">The measure, as its column without <c>spectrum_</c>.</param>
/// <param name="Networks">n.</param>
/// <param name="Conditions">Conditions with at least one of them.</param>
/// <param name="ErrorDf">Networks − conditions.</param>
/// <param name="ErrorMeanSquare">Mean square within conditions.</param>
/// <param name="Terms">Main effects, then interactions.</param>
public sealed record AnalysisOfVariance(
    string Measure, int Networks, int Conditions, int ErrorDf, double ErrorMeanSquare, IReadOnlyList<Effect> Terms)
{
    private const int MostColumns = 400, MostCrossed = 3, MostFactors = 16;

    /// <summary>
    /// The analysis; null where no condition has two networks (nothing to test against), networks of a condition do not differ, or no
    /// setting varies. Of up to three factors all interactions are tested, of more the pairs, of very many levels none.
    /// </summary>
    /// <param name="measure">The measure, as its column without <c>spectrum_</c>.</param>
    /// <param name="conditions">The conditions.</param>
    /// <param name="varied">The settings that vary.</param>
    public static AnalysisOfVariance? Of(string measure, IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(varied);
        var cells = conditions
            .Select(condition => (Levels: condition.Settings.ToDictionary(), Sample: condition.Of(run => run.Measure(measure))))
            .Where(cell => cell.Sample.Count > 0).ToArray();
        string[] factors = [.. varied.Where(name => cells.Select(cell => cell.Levels[name]).Distinct().Count() > 1)];
        var (n, freedom) = (cells.Sum(cell => cell.Sample.Count), cells.Sum(cell => cell.Sample.Count - 1));
        var within = cells.Where(cell => cell.Sample.Count > 1).Sum(cell => (cell.Sample.Count - 1) * cell.Sample.Sd * cell.Sample.Sd);
        if (factors.Length is 0 or > MostFactors || within <= 0) return null;

        var model = new Model([.. cells.Select(cell => Array.ConvertAll(factors, name => Condition.Text(cell.Levels[name])))],
            [.. cells.Select(cell => cell.Sample)]);
        var terms = TermsOf(factors.Length, model);
        List<Effect> effects = [];
        foreach (var term in terms)
        {
            int[] others = [.. terms.Where(other => (other & term) != term)];
            var (before, after) = (model.Explained(others), model.Explained([.. others, term]));
            var df = after.Rank - before.Rank;
            if (df > 0) // else the plan does not tell it from the others
                effects.Add(Tested([.. factors.Where((_, i) => (term >> i & 1) == 1)], Math.Max(0, after.Sum - before.Sum), df));
        }
        return effects.Count == 0 ? null : new AnalysisOfVariance(measure, n, cells.Length, freedom, within / freedom, effects);

        Effect Tested(string[] names, double sum, int df)
        {
            var mean = within / freedom;
            var f = sum / df / mean;
            double Eta(double probability)
            {
                var noncentrality = NoncentralF.Noncentrality(f, df, freedom, probability);
                return noncentrality / (noncentrality + df + freedom + 1);
            }
            return new Effect(names, df, sum, f, SpecialFunctions.BetaRegularized(freedom / 2.0, df / 2.0, freedom / (freedom + df * f)),
                double.NaN, sum / (sum + within), Eta(0.95), Eta(0.05), (sum - df * mean) / (sum + (n - df) * mean));
        }
    }

    /// <summary>The terms, each a set of bits, one a factor: main effects first.</summary>
    private static int[] TermsOf(int factors, Model model)
    {
        for (var order = factors <= MostCrossed ? factors : 2; order > 0; order--)
        {
            int[] terms = [.. Enumerable.Range(1, (1 << factors) - 1).Where(term => BitOperations.PopCount((uint)term) <= order)
                .OrderBy(term => BitOperations.PopCount((uint)term))];
            if (terms.Sum(term => model.Columns(term).Count) <= MostColumns) return terms;
        }
        return [];
    }

    /// <summary>Means of conditions as least squares: a condition's networks are one row, its mean times √n.</summary>
    private sealed class Model
    {
        private readonly string[][] _levels;
        private readonly Vector<double> _weights, _y;
        private readonly Dictionary<int, List<Vector<double>>> _columns = [];
        private readonly Dictionary<string, (double Sum, int Rank)> _explained = [];

        public Model(string[][] levels, Sample[] samples)
        {
            _levels = levels;
            var grand = samples.Sum(sample => sample.Count * sample.Mean) / samples.Sum(sample => sample.Count);
            _weights = Vector<double>.Build.DenseOfEnumerable(samples.Select(sample => Math.Sqrt(sample.Count)));
            _y = Vector<double>.Build.DenseOfEnumerable(samples.Select(sample => sample.Mean - grand)).PointwiseMultiply(_weights);
        }

        /// <summary>One column a combination of the term's levels; of the empty term the constant.</summary>
        public List<Vector<double>> Columns(int term)
        {
            if (_columns.TryGetValue(term, out var found)) return found;
            var levels = Enumerable.Range(0, _levels.Length)
                .GroupBy(row => string.Join('|', _levels[row].Where((_, factor) => (term >> factor & 1) == 1)));
            return _columns[term] = [.. levels.Select(rows =>
            {
                var column = Vector<double>.Build.Dense(_levels.Length);
                foreach (var row in rows) column[row] = _weights[row];
                return column;
            })];
        }

        /// <summary>The part of Σ(y − ȳ)² that terms and a constant explain, and how many of their columns are independent.</summary>
        public (double Sum, int Rank) Explained(int[] terms)
        {
            var key = string.Join(' ', terms.Order());
            if (_explained.TryGetValue(key, out var found)) return found;
            var design = Matrix<double>.Build.DenseOfColumnVectors(terms.Prepend(0).SelectMany(Columns));
            var axes = design.TransposeThisAndMultiply(design).Evd(Symmetricity.Symmetric);
            var along = axes.EigenVectors.TransposeThisAndMultiply(design.TransposeThisAndMultiply(_y));
            double[] sizes = [.. axes.EigenValues.Select(value => value.Real)];
            int[] used = [.. Enumerable.Range(0, sizes.Length).Where(i => sizes[i] > 1e-9 * sizes.Max())];
            return _explained[key] = (used.Sum(i => along[i] * along[i] / sizes[i]), used.Length);
        }
    }

    /// <summary>Analyses whose probabilities are corrected for the number of tests in all of them.</summary>
    internal static IReadOnlyList<AnalysisOfVariance> Corrected(IEnumerable<AnalysisOfVariance?> analyses)
    {
        AnalysisOfVariance[] all = [.. analyses.OfType<AnalysisOfVariance>()];
        var corrected = new Queue<double>(Holm.Corrected([.. all.SelectMany(one => one.Terms).Select(effect => effect.P)]));
        return [.. all.Select(one => one with { Terms = [.. one.Terms.Select(effect => effect with { PHolm = corrected.Dequeue() })] })];
    }
}
