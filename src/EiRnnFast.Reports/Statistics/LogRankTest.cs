using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace EiRnnFast.Reports;

/// <summary>Whether the curves of groups differ (Mantel 1966): events held against those expected if all groups had one curve.</summary>
/// <param name="ChiSquare">The statistic.</param>
/// <param name="DegreesOfFreedom">Groups − 1; of strata fewer, where not all groups can be held against each other.</param>
/// <param name="P">Probability of such a statistic, or a larger one, if they do not.</param>
public sealed record LogRankTest(double ChiSquare, int DegreesOfFreedom, double P)
{
    /// <summary>Tests; null with fewer than two groups, and where a group tells nothing: none of it was at risk at an event.</summary>
    public static LogRankTest? Of(IReadOnlyList<IReadOnlyCollection<(double Time, bool Event)>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var test = groups.Any(group => group.Count == 0) ? null : StratifiedLogRankTest.Of([groups])?.Test;
        return test?.DegreesOfFreedom == groups.Count - 1 ? test : null;
    }
}

/// <summary>
/// The log-rank test of groups within strata: events are held against those expected if all groups of a stratum had one curve, and
/// differences and covariances are summed over strata. Strata need not have one curve.
/// </summary>
/// <param name="Test">The test.</param>
/// <param name="Events">Events of each group.</param>
/// <param name="Expected">Those expected of it.</param>
public sealed record StratifiedLogRankTest(LogRankTest Test, IReadOnlyList<int> Events, IReadOnlyList<double> Expected)
{
    /// <summary>Tests; null with fewer than two groups, and where no groups can be held against each other: none was at risk at an event
    /// beside others.</summary>
    /// <param name="strata">The groups of each stratum, in one order; a stratum may have nobody of a group.</param>
    public static StratifiedLogRankTest? Of(IReadOnlyList<IReadOnlyList<IReadOnlyCollection<(double Time, bool Event)>>> strata)
    {
        ArgumentNullException.ThrowIfNull(strata);
        var count = strata.Count == 0 ? 0 : strata[0].Count;
        if (count < 2) return null;
        var (happened, expected) = (new int[count], new double[count]);
        var covariance = Matrix<double>.Build.Dense(count, count);
        foreach (var groups in strata)
            foreach (var time in groups.SelectMany(group => group).Where(one => one.Event).Select(one => one.Time).Distinct())
            {
                int[] risk = [.. groups.Select(group => group.Count(one => one.Time >= time))];
                int[] events = [.. groups.Select(group => group.Count(one => one.Event && one.Time == time))];
                double all = risk.Sum(), together = events.Sum();
                for (var i = 0; i < count; i++)
                {
                    happened[i] += events[i];
                    expected[i] += together * risk[i] / all;
                    if (all <= 1) continue;
                    var factor = together * (all - together) / (all - 1) * risk[i] / all;
                    for (var j = 0; j < count; j++) covariance[i, j] += factor * ((i == j ? 1 : 0) - risk[j] / all);
                }
            }
        // The excesses sum to 0: the last one says nothing more.
        var part = Vector<double>.Build.Dense(count - 1, i => happened[i] - expected[i]);
        var factors = covariance.SubMatrix(0, count - 1, 0, count - 1).Svd();
        var (rank, statistic) = (0, 0.0);
        for (; rank < factors.S.Count && factors.S[rank] > 1e-10 * factors.S[0]; rank++)
            statistic += Math.Pow(factors.U.Column(rank).DotProduct(part), 2) / factors.S[rank];
        return rank == 0 ? null : new StratifiedLogRankTest(
            new LogRankTest(statistic, rank, SpecialFunctions.GammaUpperRegularized(rank / 2.0, statistic / 2)), happened, expected);
    }
}
