using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

/// <summary>What the settings change, in sentences, each followed by its test.</summary>
internal static class EffectSummary
{
    private const int MostSlopes = 2, MostEffects = 7, SmallSize = 50;

    public static IEnumerable<string> Sentences(SweepFindings findings)
    {
        if (findings.Conditions.All(condition => condition.Done < 2))
        {
            yield return "No condition has two networks that are done. Nothing tells an effect of a setting from the scatter of networks, "
                + "so there are no tests here. A plan with seeds = 3 or more has them.";
            yield break;
        }
        var (main, title) = SweepFindings.Measures[0];
        if (findings.Effects.FirstOrDefault(analysis => analysis.Measure == main) is { } analysis)
        {
            foreach (var effect in analysis.Terms.Where(effect => effect.Significant).Take(MostEffects))
                yield return $"{Says(effect, title)}: {Test(effect, analysis)}.";
            Effect[] none = [.. analysis.Terms.Where(effect => !effect.Significant)];
            if (none.Length > 0)
                yield return $"No effect on the {title} is shown of "
                    + string.Join("; ", none.Take(MostEffects).Select(effect => $"{EffectTable.Named(effect)}: {Test(effect, analysis)}"))
                    + (none.Length > MostEffects ? $"; {none.Length - MostEffects} more are in the table of effects." : ".");
            yield return Method(findings, analysis);
        }
        if (ComparisonTable.Sentence(findings) is { } compared) yield return compared;
        RadiusTrend[] slopes = [.. findings.Trends.Where(trend => trend.Measure == main)];
        if (slopes.Length <= MostSlopes)
            foreach (var slope in slopes) yield return Sentence(slope);
        else
        {
            var (up, down) = (slopes.Count(slope => slope is { Significant: true, Fit.Slope: > 0 }),
                slopes.Count(slope => slope is { Significant: true, Fit.Slope: < 0 }));
            var against = string.Join(" and ", slopes.GroupBy(slope => slope.IsAgainstUnits)
                .Select(group => $"{group.Count()} against {(group.Key ? "N" : "the excitatory fraction")}"));
            yield return $"Of {slopes.Length} slopes of the {title} ({against}), {up} rise and {down} fall (t tests, corrected by Holm for "
                + $"{findings.Trends.Count} slopes). The others are not told from 0. All are in the table of slopes.";
        }
        if (findings.Trends.Any(trend => trend is { IsAgainstUnits: true, From: < SmallSize }))
            yield return $"Below {SmallSize} units both measures of the radius are biased: the edge reads 5 % to 20 % too small, "
                + "the less so the larger N. A slope that starts there can come from that alone.";
        if (findings.Varied.Count > 0)
            yield return "Networks with the same seed in different conditions share random numbers. Effects and slopes treat all "
                + "networks as independent and draw no strength from these pairs. An F far below 1 can come from them. "
                + "Comparisons of two levels, and intervals by seeds, do use them.";
    }

    private static string Says(Effect effect, string measure)
    {
        string[] names = [.. effect.Factors.Select(Condition.Name)];
        return names.Length == 1 ? $"The {measure} changes with {names[0]}"
            : $"The effect of {names[0]} on the {measure} depends on {string.Join(" and ", names.Skip(1))}";
    }

    private static string Test(Effect effect, AnalysisOfVariance analysis) =>
        $"F({effect.Df}, {analysis.ErrorDf}) = {Number(effect.F, "0.00")}, corrected p {P(effect.PHolm)}, partial η² "
            + $"{Number(effect.PartialEtaSquared, "0.00")} in these networks ({Number(effect.PartialEtaSquaredLow, "0.00")} to "
            + $"{Number(effect.PartialEtaSquaredHigh, "0.00")} in all such networks, 90 % interval)";

    private static string Method(SweepFindings findings, AnalysisOfVariance analysis)
    {
        int[] counts = [.. findings.Conditions.Select(condition => condition.Done).Where(count => count > 0)];
        var each = counts.Min() == counts.Max() ? $"{counts[0]} each" : $"{counts.Min()} to {counts.Max()} each";
        var left = findings.Diverged + findings.Failed > 0
            ? $" {Count(findings.Diverged + findings.Failed, "run")} that diverged or failed are not in it." : "";
        return $"This is an analysis of variance (type II) of {Count(analysis.Networks, "network")} "
            + $"in {Count(analysis.Conditions, "condition")}, {each}. "
            + $"Its p values are corrected by Holm for {Count(findings.EffectTests, "test")} of "
            + $"{Count(findings.Effects.Count, "measure")}; partial η² is the share of variance that an effect explains.{left}";
    }

    private static string Sentence(RadiusTrend trend)
    {
        var fit = trend.Fit;
        var range = trend.IsAgainstUnits ? $"log₂ N, N {trend.From} to {trend.To}"
            : $"the excitatory fraction, {Number(trend.From)} to {Number(trend.To)}";
        var within = trend.Within == "all networks" ? "" : $", {trend.Within}";
        var direction = !trend.Significant ? "No slope" : fit.Slope > 0 ? "A rise" : "A fall";
        return $"{direction} of the {Title(trend.Measure)} against {range}{within} is shown: slope {Signed(fit.Slope)}"
            + $"{(trend.IsAgainstUnits ? " per doubling" : "")}, 95 % confidence interval {Signed(fit.Low)} to {Signed(fit.High)}, "
            + $"corrected p {P(trend.PHolm)}, n = {fit.Count}.{Change(trend.Change)}";

        static string Change(Equivalence? change) => change is null ? ""
            : $" The change over the whole range, {Signed(change.Estimate)}, is {(change.Equivalent ? "" : "not shown to be ")}"
            + $"less than 5 % of theory (two one-sided t tests, p {P(change.P)}).";
    }
}
