using System.Globalization;

namespace EiRnnFast.Reports;

/// <summary>Findings in sentences, each with the statistics that carry it.</summary>
internal static class SweepSummary
{
    private const int MostTrends = 12, MostLabels = 8, SmallSize = 50;

    public static IEnumerable<string> Runs(SweepFindings findings)
    {
        yield return $"{Count(findings.Recorded, "run")} recorded: {findings.Done} done, {findings.Diverged} diverged, {findings.Failed} failed{findings.Pending switch { null => "; the plan could not be read, so it is not known how many are missing", 0 => "; the plan is complete", var pending => $"; {pending} of the plan are not recorded yet" }}. The statistics are of those that are done.";
        foreach (var exclusion in findings.Excluded)
            yield return $"Left out as {exclusion.Status}: {Count(exclusion.Runs, "run")} ({(exclusion.Reason.Length > 0 ? exclusion.Reason : "no reason recorded")}; {string.Join(", ", exclusion.RunIds)}{(exclusion.Runs > exclusion.RunIds.Count ? ", …" : "")}).";
    }

    public static IEnumerable<string> Learning(SweepFindings findings)
    {
        if (findings.Done == 0) yield break;
        yield return $"{findings.Successful} of {Count(findings.Done, "network")} learned the task ({Percent(findings.SuccessRate!.Value)}). A run counts as successful when it answers at least {Percent(findings.SuccessAccuracy)} of its test trials correctly and its loss is below half of what the best constant answer costs.";
        if (findings.ConstantLosses.Any(constant => constant.Loss is null))
            yield return $"For {string.Join(", ", findings.ConstantLosses.Where(constant => constant.Loss is null).Select(constant => constant.Task).Distinct())} the loss of a constant answer is not known (trials from a file, or a task of another version): there success is accuracy alone.";
        foreach (var stop in findings.Stopped.Where(stop => stop.Reason != "epochs"))
            yield return $"{Count(stop.Runs, "network")} stopped before the last epoch by {stop.Reason} ({stop.Successful} of them successful). They count here.";
        if (findings.Selection is { } selection && selection.All > selection.AllEpochs)
            yield return selection.AllEpochs == 0 ? "The published selection, only networks that ran all their epochs, would leave none of them."
                : $"The published selection, only networks that ran all their epochs, would keep {selection.AllEpochs} of {selection.All}: success {selection.SuccessfulAllEpochs} of {selection.AllEpochs} instead of {selection.Successful} of {selection.All}, " +
                  $"mean 7th modulus {MeanSem(selection.OuterRadiusPublishedAllEpochs)} instead of {MeanSem(selection.OuterRadiusPublished)}, mean robust edge {MeanSem(selection.OuterRadiusAllEpochs)} instead of {MeanSem(selection.OuterRadius)}.";
        else if (findings.Selection.All > 0) yield return $"All networks{(findings.Diverged + findings.Failed > 0 ? " that are done" : "")} ran all their epochs, so the published selection (only those) is the whole sample.";
    }

    /// <summary>Conditions in which most networks did not learn: what is said of their spectra is not said of trained networks.</summary>
    public static string? NotLearned(SweepFindings findings) => findings.NotLearned.Count == 0 ? null :
        $"In {findings.NotLearned.Count} of {Count(findings.Conditions.Count, "condition")} most networks did not learn: {Shortened([.. findings.Conditions.Where(condition => findings.NotLearned.Contains(condition.Label)).Select(condition => $"{condition.Label} ({condition.Successful} of {condition.Done + condition.Diverged})")])}. What follows about their spectra is about networks that were trained, not about networks that solve the task.";

    public static IEnumerable<string> Radius(SweepFindings findings)
    {
        foreach (var pooled in findings.Pooled)
        {
            var tested = findings.Conditions.Select(condition => (condition.Label, Test: pooled.Measure == "outer_radius" ? condition.Equivalence : condition.EquivalencePublished)).Where(one => one.Test is not null).ToArray();
            string[] not = [.. tested.Where(one => !one.Test!.Equivalent).Select(one => one.Label)];
            yield return $"Outer radius over theory, {Title(pooled.Measure)}, {Count(pooled.Ratio.Count, "network")}: {MeanSem(pooled.Ratio)}{(pooled.Equivalence is { } test ? $", 90 % CI {Number(test.Low)} to {Number(test.High)}; within ± {Percent(SweepFindings.Margin)} of theory (TOST): {(test.Equivalent ? "yes" : "not shown")}, p {P(test.P)}" : "")}." +
                (tested.Length > 1 ? $" By condition the mean is equivalent to theory in {tested.Length - not.Length} of {tested.Length}{(not.Length > 0 ? $"; not in: {Shortened(not)}" : "")}." : "");
        }
        if (findings.Pooled.Count == 0 && findings.Done > 0) yield return "Theory predicts no radius for these initialisations (or the radius could not be measured).";
        foreach (var shape in findings.Shapes)
            yield return $"{shape.Init}{(shape.Balanced ? " balanced" : "")}, {(shape.SignAxis == "none" ? "unconstrained" : shape.SignAxis)}: {Count(shape.Rings, "ring")}, {Count(shape.Discs, "disc")}{(shape.Expected is { } expected ? $" (theory: {expected})" : "")}.";
    }

    public static IEnumerable<string> Trends(SweepFindings findings)
    {
        foreach (var trend in findings.Trends.Take(MostTrends))
            yield return $"{Capital(Title(trend.Measure))} against {(trend.Against == "log2_units" ? $"log₂ N, N {trend.From} to {trend.To}" : $"the excitatory fraction, {Number(trend.From)} to {Number(trend.To)}")}{(trend.Within == "all networks" ? "" : $", {trend.Within}")} (n = {trend.Fit.Count}): slope {Signed(trend.Fit.Slope)}{(trend.Against == "log2_units" ? " per doubling" : "")}, 95 % CI {Signed(trend.Fit.Low)} to {Signed(trend.Fit.High)}, p {P(trend.Fit.P)}: " +
                $"{(trend.Significant ? $"it {(trend.Fit.Slope > 0 ? "grows" : "falls")}" : "no slope is shown")}{(trend.Change is { } change ? $"; {Signed(change.Estimate)} over the whole range, {(change.Equivalent ? "less" : "not shown to be less")} than 5 % of theory (TOST, p {P(change.P)})" : "")}.";
        if (findings.Trends.Any(trend => trend is { Against: "log2_units", From: < SmallSize }))
            yield return $"Below {SmallSize} units both measures of the radius are biased (the edge by 5 % to 20 % downward, the less the larger N), so a slope that starts there can be theirs alone.";
        if (findings.Trends.Count > MostTrends) yield return $"{findings.Trends.Count - MostTrends} more slopes are in the table of slopes.";
        if (findings.Trends.Count + findings.Conditions.Count(condition => condition.Equivalence is not null) is > 1 and var tests)
            yield return $"These are {2 * findings.Conditions.Count(condition => condition.Equivalence is not null) + findings.Trends.Count} tests at 5 % each, not corrected for their number ({(tests > 20 ? "some" : "one or another")} may be wrong by chance); slopes treat networks as independent.";
    }

    private static string Capital(string title) => char.ToUpperInvariant(title[0]) + title[1..];

    public static string Title(string measure) => SweepFindings.Radii.FirstOrDefault(radius => radius.Name == measure).Title ?? measure;

    public static string MeanSem(Sample? sample, string format = "0.000") => sample switch
    {
        null => "none",
        { Count: 1 } => $"{Number(sample.Mean, format)} (one network)",
        _ => $"{Number(sample.Mean, format)} ± {Number(sample.Sem, format)}",
    };

    public static string Number(double value, string format = "0.000") => value.ToString(value != 0 && Math.Abs(value) < 5e-4 && format == "0.000" ? "0.0e0" : format, CultureInfo.InvariantCulture).Replace('-', '−');

    public static string P(double p) => p < 0.001 ? "< 0.001" : $"= {p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture)}";

    public static string Percent(double fraction) => (100 * fraction).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Signed(double value) => value > 0 ? "+" + Number(value, "0.0000") : Number(value, "0.0000");

    private static string Shortened(string[] labels) => string.Join("; ", labels.Take(MostLabels)) + (labels.Length > MostLabels ? $"; and {labels.Length - MostLabels} more (table of conditions)" : "");
}
