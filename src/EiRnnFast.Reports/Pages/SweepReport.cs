using System.Text;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Reports;

/// <summary>The report of a sweep: one page with findings, figures, tables and provenance, and beside it the tables as files.</summary>
public static class SweepReport
{
    private const int MostSeeds = 40, MostPlan = 100_000;

    /// <summary>The name of the folder that reports are written into.</summary>
    public const string FolderName = "report";

    /// <summary>
    /// Writes <c>report/index.html</c>, <c>runs.csv</c>, <c>conditions.csv</c> and <c>findings.json</c> into the sweep's folder;
    /// the page, last, takes its place whole.
    /// </summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="svg">Also <c>report/figures/*.svg</c>, every figure by itself.</param>
    /// <param name="output">Where to write instead of the sweep's <c>report</c>: a new or empty folder, or that of an earlier
    /// report.</param>
    /// <param name="criterion">The training loss for times to a criterion, above 0; by default half of what the best constant answer
    /// costs.</param>
    /// <param name="cancellation">Heeded until the first file is written.</param>
    /// <returns>The findings, and the files.</returns>
    /// <exception cref="InvalidInputException">No recorded run, a store that cannot be read, a criterion that is no loss,
    /// or a folder that cannot be written.</exception>
    public static (SweepFindings Findings, IReadOnlyList<string> Files) Write(SweepFolder folder, bool svg = false, string? output = null,
        double? criterion = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (criterion is { } loss && !(loss > 0 && double.IsFinite(loss)))
            throw InvalidInputException.Of("criterion", loss, "a loss above 0", "choose another --criterion");
        var target = ReportFiles.Target(folder.Path, output);
        var table = SweepTable.Runs(folder);
        object?[][] rows = [.. table.Parts.SelectMany(part => part)];
        if (rows.Length == 0)
            throw InvalidInputException.Of(InputFile.OneLine(folder.Path), "no recorded run yet",
                "a sweep with at least one run that has ended", "wait for it; eirnn status shows where it stands");
        var runs = Runs(rows);
        var (varied, conditions) = Condition.Group(runs);
        var (planText, pending, beside, why) = Plan(folder, runs);
        var course = SweepCourse.Of(folder, conditions);
        var findings = SweepFindings.Of(runs, varied, conditions, pending) with
        {
            BesidePlan = beside,
            TimeToCriterion = TimeToCriterion.Of(conditions, SweepTable.Losses(folder).Parts, criterion),
            SpectralDistances = SpectralDistances.Of(conditions,
                wanted => Final(folder, wanted), cancellation),
            Epochs = course.EpochFindings(),
            Generalisation = course.GeneralisationFindings(),
        };
        var page = Page(folder, runs, varied, conditions, findings, course, planText, why);
        return (findings, ReportFiles.Write(target,
        [
            ("runs.csv", Csv(table with { Parts = [rows] })), ("conditions.csv", Csv(ConditionTable.Of(findings))),
            (ReportFiles.Findings, JsonSerializer.Serialize(findings, TrainingSummary.Json) + "\n"), .. svg
                ? ReportFigure.Files(page.Drawn) : [], ("index.html", page.ToString()),
        ], cancellation));
    }

    private static ReportRun[] Runs(object?[][] rows)
    {
        Dictionary<(string, object?, object?, object?), double?> constants = [];
        return [.. rows.Select(row =>
        {
            var run = new ReportRun(row, null);
            var key = (run.Task, run["task_options"], run["task_sha256"], run["loss"]);
            if (!constants.TryGetValue(key, out var loss)) constants[key] = loss = run.FindConstantLoss();
            return run with { ConstantLoss = loss };
        })];
    }

    /// <summary>
    /// The plan's text, how many of its runs are not recorded, and how many recorded runs it does not hold;
    /// null and the reason where it cannot be read any more (its task file is gone, say).
    /// </summary>
    private static (string? Text, int? Pending, int? Beside, string? Why) Plan(SweepFolder folder, ReportRun[] runs)
    {
        string? text = null;
        try
        {
            text = SweepPlan.TextOf(folder.PlanFile);
            var planned = SweepPlan.Parse(text, folder.PlanFile).Runs.Select(run => run.Id).ToHashSet();
            var recorded = runs.Select(run => run.Id).ToHashSet();
            return (text, planned.Count(id => !recorded.Contains(id)), recorded.Count(id => !planned.Contains(id)), null);
        }
        catch (InvalidInputException e)
        {
            return (text, null, null, e.Message);
        }
    }

    private static HtmlPage Page(SweepFolder folder, ReportRun[] runs, IReadOnlyList<string> varied, IReadOnlyList<Condition> conditions,
        SweepFindings findings, SweepCourse course, string? plan, string? why)
    {
        var page = new HtmlPage($"Sweep {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)))}: "
            + $"{SweepSummary.Count(runs.Length, "run")}");
        page.Section("summary", "Summary");
        if (SweepSummary.NotLearned(findings) is { } warning) page.Paragraph(warning, "warn");
        page.Bullets(SweepSummary.Runs(findings));
        page.Heading("Learning");
        page.Bullets(SweepSummary.Learning(findings));
        if (findings.TimeToCriterion is { } times) page.Bullets([CriterionTable.Sentence(times)]);
        page.Heading("Radius and shape");
        page.Bullets(SweepSummary.Radius(findings));
        if (varied.Count > 0)
        {
            page.Heading("What the settings change");
            page.Bullets(EffectSummary.Sentences(findings));
        }
        if (findings.Done > 0) AddFigures(page, folder, new SweepFigures(conditions, varied), findings, course);
        AddTables(page, findings);
        AddProvenance(page, folder, runs, plan, why, findings.TimeToCriterion,
            hasWeights: page.Drawn.Any(figure => figure.Name == SweepFigures.WeightsName));
        return page;
    }

    private static void AddFigures(HtmlPage page, SweepFolder folder, SweepFigures figures, SweepFindings findings, SweepCourse course)
    {
        var drawn = figures.Chosen.SelectMany(condition => condition.Runs).Select(run => run.Id).ToHashSet();
        var losses = ById(SweepTable.Losses(folder), drawn, row => [(double)row[2]!]);
        var eigenvalues = Final(folder, drawn);
        page.Section("figures", "Figures");
        foreach (var roles in figures.Roles)
            page.Paragraph($"Roles of the settings that vary: {SweepFigures.Sentence(roles)}.", "soft");
        page.Figures(figures.Compared());
        page.Section("spectra", "Spectra");
        page.Figures(figures.Densities(eigenvalues));
        if (findings.SpectralDistances is { } distances) SpectralDistancePart.Add(page, distances);
        page.Section("losses", "Losses");
        page.Figures([.. figures.Losses(losses), .. figures.Reached(findings.TimeToCriterion)]);
        ReportFigure[] epochs = [.. CourseFigures.Epochs(course.Epochs, figures.Chosen)];
        if (epochs.Length > 0)
        {
            page.Section("epochs", "Tracked epochs");
            page.Figures(epochs);
        }
        ReportFigure[] tests = [.. CourseFigures.Tests(course.Tests, figures.Chosen)];
        if (tests.Length > 0)
        {
            page.Section("generalisation", "Values that were not trained");
            page.Figures(tests);
        }
        ReportFigure[] weights = [.. figures.Weights(id => SweepTable.Kept(folder, id))];
        if (weights.Length == 0) return;
        page.Section("weights", "Weights");
        page.Figures(weights);
    }

    private static void AddTables(HtmlPage page, SweepFindings findings)
    {
        page.Section("tables", "Tables");
        page.Table("Conditions: means ± s.e.m. over the networks that are done; SD is that of the networks. Scroll sideways for more.",
            ConditionTable.Headings, findings.Conditions.Select(ConditionTable.Cells));
        AddEffects(page, findings);
        if (findings.SpectralDistances is { } distances) SpectralDistancePart.AddTable(page, distances);
        page.Files([("runs.csv", "every run with all settings and measures"),
            ("conditions.csv", "the table of conditions in full precision"), ("findings.json", "the statistics of this page")]);
    }

    private static void AddEffects(HtmlPage page, SweepFindings findings)
    {
        if (findings.Effects.Count > 0)
            page.Table("Effects: analysis of variance, type II sums of squares; the error is the spread of networks within conditions. "
                + $"p (Holm) is corrected for all {SweepSummary.Count(findings.EffectTests, "test")} of this table. "
                + "Partial η² is the effect's share of the variance that other effects leave; partial ω² is the same, nearly unbiased.",
                EffectTable.Headings, findings.Effects.SelectMany(EffectTable.Rows));
        if (findings.Comparisons.Count > 0)
            page.Table(ComparisonTable.Caption(findings), ComparisonTable.Headings, findings.Comparisons.Select(ComparisonTable.Cells));
        if (findings.Trends.Count > 0)
            page.Table("Slopes of the radii over single networks, other settings equal, with 95 % confidence intervals (t). "
                + $"p (Holm) is corrected for all {SweepSummary.Count(findings.Trends.Count, "slope")}. HC3 holds where networks spread "
                + "more at one end. Seeds: bootstrap of whole seeds. The change over the whole range is held against ± 5 % of theory by "
                + "two one-sided t tests (TOST), "
                + "not corrected.",
                EffectTable.SlopeHeadings, findings.Trends.Select(EffectTable.Slope));
        if (findings.Conditions.Any(condition => condition.Intervals.Count > 0))
            page.Table($"95 % confidence intervals of condition means: t, and percentile bootstrap ({MeanInterval.Resamples} samples, seed "
                + $"{MeanInterval.Seed}), which is too narrow with few networks.",
                EffectTable.IntervalHeadings, findings.Conditions.SelectMany(EffectTable.Intervals));
        if (findings.TimeToCriterion is not { Reached: > 0 } times) return;
        page.Table(CriterionTable.Caption(times), CriterionTable.Headings, times.Conditions.Select(CriterionTable.Cells));
        if (times.Factors.Count > 0)
            page.Table(FactorTimeTable.Caption(times), FactorTimeTable.Headings, times.Factors.Select(FactorTimeTable.Cells));
    }

    private static void AddProvenance(HtmlPage page, SweepFolder folder, ReportRun[] runs, string? plan, string? why,
        TimeToCriterion? times, bool hasWeights)
    {
        string Distinct(string column) =>
            string.Join("; ", runs.Select(run => Condition.Text(run[column])).Distinct().Order(StringComparer.Ordinal));
        var seconds = runs.Sum(run => run["seconds"] as double? ?? 0);
        long[] seeds = [.. runs.Select(run => run["seed"]).OfType<long>().Distinct().Order()];
        var (time, unit) = seconds >= 3600 ? (seconds / 3600, "hours") : (seconds / 60, "minutes");
        var more = seeds.Length > MostSeeds ? ", … (all in runs.csv)" : "";
        page.Section("provenance", "Provenance");
        page.Table("What ran where", ["what", "value"],
        [
            ["engine", Distinct("version")], ["report", Backend.EngineVersion], ["kernel sets", Distinct("kernel_set")],
            ["LAPACK", Distinct("lapack")], ["hosts", Distinct("host")],
            ["recorded", $"{runs.Min(run => run["started"] as string)} to {runs.Max(run => run["finished"] as string)}"],
            ["training", FormattableString.Invariant($"{time:0.##} {unit} of one core")],
            ["seeds", $"{seeds.Length}: {string.Join(", ", seeds.Take(MostSeeds))}{more}"],
            ["stores", string.Join(", ", folder.Stores().Select(store => Path.GetFileName(store.Path)))],
            ["settings shared by all runs", string.Join(", ", Condition.Shared(runs).Select(pair => $"{pair.Key} = {pair.Value}"))],
        ], numbers: false);
        page.Heading("Commands");
        var keep = hasWeights ? " --keep-weights" : "";
        var given = times is { Rule: "given" } ? FormattableString.Invariant($" --criterion {times.Conditions[0].Criterion:R}") : "";
        page.Verbatim($"eirnn sweep plan.toml --out {folder.Path}{keep}\neirnn report {folder.Path}{given}");
        page.Heading("Plan");
        if (why is not null) page.Paragraph($"It cannot be read: {why}", "soft");
        page.Verbatim(plan is null ? "(no plan.toml in the folder)" : plan.Length <= MostPlan ? plan : plan[..MostPlan] + "\n… (cut)");
    }

    /// <summary>Eigenvalues after training of some runs, real and imaginary parts in turn.</summary>
    private static Dictionary<string, List<double>> Final(SweepFolder folder, HashSet<string> wanted) =>
        ById(SweepTable.Eigenvalues(folder), wanted, row => row[1] is "final" ? [(double)row[3]!, (double)row[4]!] : []);

    /// <summary>The numbers of the runs that are drawn, part by part: of a large sweep the table is never in memory whole.</summary>
    private static Dictionary<string, List<double>> ById(SweepTable table, HashSet<string> wanted, Func<object?[], double[]> values)
    {
        Dictionary<string, List<double>> found = [];
        foreach (var row in table.Parts.SelectMany(part => part).Where(row => wanted.Contains((string)row[0]!)))
        {
            if (!found.TryGetValue((string)row[0]!, out var list)) found[(string)row[0]!] = list = [];
            list.AddRange(values(row));
        }
        return found;
    }

    private static string Csv(SweepTable table)
    {
        using var text = new StringWriter(new StringBuilder());
        CsvTable.Write(table, text);
        return text.ToString();
    }
}
