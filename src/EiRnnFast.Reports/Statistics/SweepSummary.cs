using System.Globalization;

namespace EiRnnFast.Reports;

/// <summary>Findings in sentences, each with the statistics that carry it.</summary>
internal static class SweepSummary
{
    private const int MostLabels = 3;

    public static IEnumerable<string> Runs(SweepFindings findings)
    {
        var plan = findings.Pending switch
        {
            null => "the plan could not be read, so it is not known how many are missing",
            0 => "the plan is complete",
            var pending => $"{pending} of the plan are not recorded yet",
        };
        yield return $"{Count(findings.Recorded, "run")} recorded: {findings.Done} done, {findings.Diverged} diverged, "
            + $"{findings.Failed} failed; {plan}. The statistics are of those that are done.";
        if (findings.BesidePlan > 0)
            yield return $"Runs of an earlier plan, which the present one does not hold: {findings.BesidePlan}. "
                + "All figures and tests have them, too.";
        foreach (var exclusion in findings.Excluded)
        {
            var reason = exclusion.Reason.Length > 0 ? exclusion.Reason : "no reason recorded";
            var ids = string.Join(", ", exclusion.RunIds) + (exclusion.Runs > exclusion.RunIds.Count ? ", …" : "");
            yield return $"Left out as {exclusion.Status}: {Count(exclusion.Runs, "run")} ({reason}; {ids}).";
        }
    }

    public static IEnumerable<string> Learning(SweepFindings findings)
    {
        if (findings.Done == 0) yield break;
        yield return $"{findings.Successful} of {Count(findings.Done, "network")} learned the task "
            + $"({Percent(findings.SuccessRate!.Value)}). A run counts as successful when it answers at least "
            + $"{Percent(findings.SuccessAccuracy)} of its test trials correctly and its loss is below half of what the best constant "
            + "answer costs.";
        string[] unknown =
            [.. findings.ConstantLosses.Where(constant => constant.Loss is null).Select(constant => constant.Task).Distinct()];
        if (unknown.Length > 0)
            yield return $"For {string.Join(", ", unknown)} the loss of a constant answer is not known (trials from a file, or a task of "
                + "another version): there success is accuracy alone.";
        foreach (var stop in findings.Stopped.Where(stop => stop.Reason != "epochs"))
            yield return $"{Count(stop.Runs, "network")} stopped before the last epoch by {stop.Reason} "
                + $"({stop.Successful} of them successful). They count here.";
        if (findings.Selection.All > 0) yield return Selection(findings);
    }

    /// <summary>What the published selection of networks would change.</summary>
    private static string Selection(SweepFindings findings)
    {
        var selection = findings.Selection;
        if (selection.All == selection.AllEpochs)
        {
            var done = findings.Diverged + findings.Failed > 0 ? " that are done" : "";
            return $"All networks{done} ran all their epochs, so the published selection (only those) is the whole sample.";
        }
        if (selection.AllEpochs == 0) return "The published selection, only networks that ran all their epochs, would leave none of them.";
        return "The published selection, only networks that ran all their epochs, would keep "
            + $"{selection.AllEpochs} of {selection.All}: "
            + $"success {selection.SuccessfulAllEpochs} of {selection.AllEpochs} instead of {selection.Successful} of {selection.All}, "
            + $"mean 7th largest modulus {MeanSem(selection.OuterRadiusPublishedAllEpochs)} "
            + $"instead of {MeanSem(selection.OuterRadiusPublished)}, "
            + $"mean outer edge {MeanSem(selection.OuterRadiusAllEpochs)} instead of {MeanSem(selection.OuterRadius)}.";
    }

    /// <summary>Conditions in which most networks did not learn: what is said of their spectra is not said of trained networks.</summary>
    public static string? NotLearned(SweepFindings findings)
    {
        string[] few = [.. findings.Conditions.Where(condition => condition.MostDidNotLearn)
            .Select(condition => $"{condition.Label} ({condition.Successful} of {condition.Done + condition.Diverged})")];
        return few.Length == 0 ? null
            : $"In {few.Length} of {Count(findings.Conditions.Count, "condition")} most networks did not learn: {Shortened(few)}. "
                + "What follows about their spectra is about networks that were trained, not about networks that solve the task.";
    }

    public static IEnumerable<string> Radius(SweepFindings findings)
    {
        foreach (var pooled in findings.Pooled) yield return OverTheory(pooled) + ByCondition(findings, pooled.Measure);
        if (findings.Pooled.Count == 0 && findings.Done > 0)
            yield return "Theory predicts no radius for these initialisations (or the radius could not be measured).";
        foreach (var shape in findings.Shapes)
        {
            var balanced = shape.Balanced ? " balanced" : "";
            var signs = shape.SignAxis == "none" ? "unconstrained" : shape.SignAxis;
            var theory = shape.Expected is { } expected ? $" (theory: {expected})" : "";
            yield return $"{shape.Init}{balanced}, {signs}: {Count(shape.Rings, "ring")}, {Count(shape.Discs, "disc")}{theory}.";
        }
    }

    private static string OverTheory(PooledRadius pooled)
    {
        var ratio = $"The {Title(pooled.Measure)} is {MeanSem(pooled.Ratio)} times theory, {Count(pooled.Ratio.Count, "network")}";
        if (pooled.Equivalence is not { } test) return $"{ratio}.";
        return $"{ratio}. It lies within ± {Percent(SweepFindings.Margin)} of theory: {YesOrNotShown(test)} "
            + $"(two one-sided t tests, p {P(test.P)}, 90 % confidence interval {Number(test.Low)} to {Number(test.High)}).";
    }

    /// <summary>In how many conditions a radius is that of theory; empty where fewer than two can be tested.</summary>
    private static string ByCondition(SweepFindings findings, string measure)
    {
        var tested = findings.Conditions.Where(condition => TestOf(condition) is not null).ToArray();
        if (tested.Length < 2) return "";
        string[] not = [.. tested.Where(condition => !TestOf(condition)!.Equivalent).Select(condition => condition.Label)];
        var exceptions = not.Length > 0 ? $"; not in: {Shortened(not)}" : "";
        return $" By condition the mean is equivalent to theory in {tested.Length - not.Length} of {tested.Length}{exceptions}.";

        Equivalence? TestOf(ConditionFinding condition) => measure == SweepFindings.Inner.Name ? condition.EquivalenceInner
            : measure == "outer_radius" ? condition.Equivalence : condition.EquivalencePublished;
    }

    public static string Title(string measure) =>
        SweepFindings.Measures.Append(SweepFindings.Inner).FirstOrDefault(known => known.Name == measure).Title ?? measure;

    public static string MeanSem(Sample? sample, string format = "0.000") => sample switch
    {
        null => "none",
        { Count: 1 } => $"{Number(sample.Mean, format)} (one network)",
        _ => $"{Number(sample.Mean, format)} ± {Number(sample.Sem, format)}",
    };

    public static string YesOrNotShown(Equivalence test) => test.Equivalent ? "yes" : "not shown";

    public static string Number(double value, string format = "0.000")
    {
        var isTooSmall = value != 0 && Math.Abs(value) < 5e-4 && format == "0.000";
        return value.ToString(isTooSmall ? "0.0e0" : format, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    public static string P(double p) =>
        p < 0.001 ? "< 0.001" : $"= {p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture)}";

    public static string Percent(double fraction) => (100 * fraction).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    public static string Signed(double value) => value > 0 ? "+" + Number(value, "0.0000") : Number(value, "0.0000");

    private static string Shortened(string[] labels)
    {
        var more = labels.Length > MostLabels ? $"; and {labels.Length - MostLabels} more (table of conditions)" : "";
        return string.Join("; ", labels.Take(MostLabels)) + more;
    }
}
