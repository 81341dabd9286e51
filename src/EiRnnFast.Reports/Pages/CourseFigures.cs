using EiRnnFast.Reports.Figures;

namespace EiRnnFast.Reports;

/// <summary>The figures of tracked epochs and of tests on other values.</summary>
internal static class CourseFigures
{
    private const int MostLines = 3, MostPanels = 6; // bands are drawn for so many lines
    private const double LogarithmicFrom = 8; // largest over smallest value

    private static readonly (string Name, string Title, bool Logarithm)[] s_measures =
    [
        ("outer_radius", "outer edge of the bulk", false), ("outlier_count", "outliers", false), ("silent_units", "silent units", false),
        ("loss", "log₁₀ of the training loss", true),
    ];

    /// <summary>Edge, outliers, silent units and loss against the epoch.</summary>
    /// <param name="points">All tracked epochs.</param>
    /// <param name="chosen">The conditions that are drawn.</param>
    public static IEnumerable<ReportFigure> Epochs(IReadOnlyList<CoursePoint> points, IReadOnlyList<Condition> chosen)
    {
        foreach (var (name, title, isLogarithm) in s_measures)
            if (Figure(points, chosen, $"{char.ToUpperInvariant(title[0])}{title[1..]} by epoch", new MeanAxis("epoch"), title,
                point => [.. SweepCourse.ValuesOf(point, name).Where(value => !isLogarithm || value > 0)
                    .Select(value => isLogarithm ? Math.Log10(value) : value)]) is { } figure)
                yield return figure;
    }

    /// <summary>Accuracy against the values of every option, the trained ones marked.</summary>
    /// <param name="points">All tests.</param>
    /// <param name="chosen">The conditions that are drawn.</param>
    public static IEnumerable<ReportFigure> Tests(IReadOnlyList<CoursePoint> points, IReadOnlyList<Condition> chosen)
    {
        foreach (var tests in points.Where(point => chosen.Contains(point.Condition)).GroupBy(point => point.Option))
        {
            double[] values = [.. tests.Select(point => point.Value)];
            var axis = new MeanAxis(tests.Key.Replace('_', ' '), values.Min() > 0 && values.Max() / values.Min() >= LogarithmicFrom)
            {
                Marks = [.. tests.Where(point => point.Trained).Select(point => point.Value).Distinct().Order()],
            };
            var measure = tests.Any(point => SweepCourse.ValuesOf(point, "accuracy").Count > 0) ? "accuracy" : "loss";
            if (Figure([.. tests], chosen, $"{char.ToUpperInvariant(measure[0])}{measure[1..]} by {axis.Label}", axis, measure,
                point => SweepCourse.ValuesOf(point, measure)) is { } figure)
                yield return figure;
        }
    }

    /// <summary>Few conditions as lines over one another, more as a panel each.</summary>
    private static ReportFigure? Figure(IReadOnlyList<CoursePoint> points, IReadOnlyList<Condition> chosen, string title, MeanAxis axis,
        string label, Func<CoursePoint, IReadOnlyList<double>> values)
    {
        (Condition Condition, MeanPoint[] Points)[] all = [.. chosen.Select(condition => (condition, points
            .Where(point => point.Condition == condition).Select(point => new MeanPoint(point.Value, values(point)))
            .Where(point => point.Values.Count > 0).ToArray())).Where(one => one.Item2.Length > 0)];
        if (all.Length == 0) return null;
        var drawn = SweepFigures.Spaced(all, MostPanels);
        MeanPanel[] panels = drawn.Length <= MostLines
            ? [new MeanPanel("", [.. drawn.Select(one => new MeanSeries(one.Condition.Label, one.Points))], [])]
            : [.. drawn.Select(one => new MeanPanel(one.Condition.Label, [new MeanSeries("mean", one.Points)], []))];
        var left = drawn.Length == all.Length ? "" : $" Drawn: {drawn.Length} of {all.Length} conditions.";
        var marked = axis.Marks.Count == 0 ? "" : " Dotted: the trained value.";
        HashSet<Condition> conditions = [.. drawn.Select(one => one.Condition)];
        var rows = points.Where(point => conditions.Contains(point.Condition)).SelectMany(point => point.Rows);
        var have = rows.DistinctBy(row => row[0]).Count();
        var done = conditions.Sum(condition => condition.Done.Count());
        var counted = have == done ? "" : $" Of {done} networks, {have} have this analysis.";
        return ReportFigure.Of(title,
            $"{title}. Means over networks, bars ± s.e.m., bands ± SD, dots single networks.{marked}{left}{counted}",
            $"{title}: {string.Join("; ", drawn.Select(one => $"{one.Condition.Label}: {Listed(one.Points)}"))}.",
            MeansFigure.Of(panels, title, axis, label));

        static string Listed(MeanPoint[] points) =>
            string.Join(", ", points.Select(point => FormattableString.Invariant($"{point.X:0.##} → {point.Mean:0.000}")));
    }
}
