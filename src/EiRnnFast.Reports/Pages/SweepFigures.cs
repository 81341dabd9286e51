using System.Numerics;
using EiRnnFast.Model;
using EiRnnFast.Reports.Figures;

namespace EiRnnFast.Reports;

/// <summary>Which figures a sweep deserves: at most <see cref="Most"/>, by the rule that docs/report.md states.</summary>
internal sealed class SweepFigures(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied)
{
    /// <summary>Figures of a page.</summary>
    public const int Most = 13;

    private const int MostLines = 6, MostPanels = 4, MostCompared = 8, MostHistograms = 6, MostConditions = 9;
    /// <summary>The figure of one kept network.</summary>
    public const string WeightsName = "weights";

    private const double LogarithmicFrom = 8; // largest over smallest value

    /// <summary>The roles of the factors, one set a figure.</summary>
    public IReadOnlyList<FactorRoles> Roles { get; } = FactorRoles.Of(conditions, varied);

    /// <summary>The figures that compare conditions: means of every measure, the main one as a heat map, too, and histograms.</summary>
    public IReadOnlyList<ReportFigure> Compared() =>
    [
        .. Roles.Select(roles => Means(roles, SweepFindings.Measures[0])).Concat(Roles.Select(HeatMap).OfType<ReportFigure>())
            .Concat(SweepFindings.Measures.Skip(1).SelectMany(measure => Roles.Select(roles => Means(roles, measure))))
            .OfType<ReportFigure>().Take(MostCompared),
        .. Histograms(),
    ];

    /// <summary>The conditions whose spectra and losses are drawn: all while they are few; else the first, middle and last value of the
    /// factors on the axes, the first of the others.</summary>
    public IReadOnlyList<Condition> Chosen { get; } = Choose(conditions, varied);

    /// <summary>Loss curves, one panel a condition.</summary>
    public IEnumerable<ReportFigure> Losses(IReadOnlyDictionary<string, List<double>> losses)
    {
        LossPanel[] panels = [.. Chosen.Select(condition => new LossPanel($"{condition.Label}: {Verdict(condition)}",
                [.. condition.Runs.Select(run => losses.GetValueOrDefault(run.Id)).OfType<List<double>>()
                    .Where(curve => curve.Any(loss => loss is > 1e-30 and < 1e30))],
                condition.Runs[0].ComparedLoss))
            .Where(panel => panel.Curves.Count > 0)];
        if (panels.Length == 0) yield break;
        yield return ReportFigure.Of("losses", "Every network thin, the median thick, the band from the first to the third quartile, "
            + $"of those still training. Dashed: what the best constant answer costs. {Selection()}",
            $"Training loss against epochs: {string.Join("; ", panels.Select(Listed))}.",
            LossFigure.Of(panels, "Training loss against epochs"));

        static string Listed(LossPanel panel) => $"{panel.Title}, last losses {Spread([.. panel.Curves.Select(curve => curve[^1])])}";

        static string Verdict(Condition condition) => $"{condition.Done.Count(run => run.Successful)} of {condition.Done.Count()} learned";
    }

    /// <summary>How many networks reached the criterion by which epoch; of the drawn conditions, the first six.</summary>
    public IEnumerable<ReportFigure> Reached(TimeToCriterion? times)
    {
        var drawn = Chosen.Select(condition => condition.Label).ToHashSet();
        ReachedSeries[] series = [.. (times?.Conditions ?? []).Where(time => drawn.Contains(time.Label)).Take(MostLines)
            .Select(time => new ReachedSeries(time.Label, time.Curve))];
        if (series.Length == 0 || !series.Any(one => one.Curve.Events > 0)) yield break;
        var left = times!.Conditions.Count - series.Length;
        yield return ReportFigure.Of("criterion", $"Share of networks whose training loss was at or below {CriterionTable.Rule(times)}, "
            + "by Kaplan and Meier; with up to three lines bands of 95 % intervals."
            + (left == 0 ? "" : $" Drawn: {series.Length} of {times.Conditions.Count} conditions; the table has all."),
            "Share of networks that reached the criterion against epochs: "
            + $"{string.Join("; ", series.Select(one => $"{one.Name}, {one.Curve.Events} of {one.Curve.Count}"))}.",
            ReachedFigure.Of(series, "Networks that reached the criterion", "steps of one minus Kaplan and Meier's curve"));
    }

    /// <summary>Spectra of all networks of a condition over one another; as PNG, for the dots are many.</summary>
    public IEnumerable<ReportFigure> Densities(IReadOnlyDictionary<string, List<double>> eigenvalues)
    {
        List<DensityPanel> panels = [];
        foreach (var condition in Chosen)
        {
            List<double>[] spectra = [.. condition.Done.Select(run => eigenvalues.GetValueOrDefault(run.Id)).OfType<List<double>>()];
            if (spectra.Length == 0) continue;
            Complex[] all = [.. spectra.SelectMany(pairs => Enumerable.Range(0, pairs.Count / 2)
                .Select(i => new Complex(pairs[2 * i], pairs[2 * i + 1])))];
            panels.Add(new DensityPanel(condition.Label, all, spectra.Length, condition.TheoryOuter, condition.TheoryInner));
        }
        if (panels.Count == 0) yield break;
        yield return ReportFigure.Dotted("spectra", "Eigenvalues after training of all networks of a condition over one another; "
            + $"the darker, the more. The circles of theory are those of the initial matrix as it acts. {Selection()}",
            $"Density of the eigenvalues after training in the complex plane: {string.Join("; ", panels.Select(panel => panel.Title))}.",
            DensityFigure.Of(panels, "Eigenvalues after training"), scale: 1.5f);
    }

    /// <summary>Weights of one network of a drawn condition, the first one whose network was kept.</summary>
    public IEnumerable<ReportFigure> Weights(Func<string, EiRnn?> kept)
    {
        foreach (var condition in Chosen)
        {
            var (network, seed) = condition.Done.Select(run => (Network: kept(run.Id), Seed: run["seed"]))
                .FirstOrDefault(run => run.Network is not null);
            if (network is null) continue;
            yield return ReportFigure.Dotted(WeightsName, $"One network: {condition.Label}, seed {seed}. Histograms of W_rec by sign and "
                + "as published, all weights (rows to columns, a line between the populations), biases.",
                "Histograms of the recurrent weights, all weights as images and the biases after training of one network, "
                + $"{condition.Label}, seed {seed}.", WeightsFigure.Of(network, $"Weights after training: {condition.Label}, seed {seed}"),
                scale: 1);
            yield break;
        }
    }

    /// <summary>What the roles are, in a sentence.</summary>
    public static string Sentence(FactorRoles roles)
    {
        List<string> parts = [$"x axis: {Condition.Name(roles.X)}"];
        if (roles.Line is not null) parts.Add($"line: {Condition.Name(roles.Line)}");
        if (roles.Panel is not null) parts.Add($"panel: {Condition.Name(roles.Panel)}");
        if (roles.Averaged.Count > 0) parts.Add($"averaged over: {string.Join(", ", roles.Averaged.Select(Condition.Name))}");
        if (roles.Held.Count > 0) parts.Add($"one value: {Values(roles)}");
        return string.Join("; ", parts);
    }

    private ReportFigure? Means(FactorRoles roles, (string Name, string Title) measure)
    {
        var isRadius = SweepFindings.Radii.Contains(measure);
        var (x, lines, panels) = (roles.Levels(roles.X), roles.Levels(roles.Line), roles.Levels(roles.Panel));
        var isNumber = FactorRoles.IsNumber(roles.Conditions, roles.X);
        double Position(object? value, int index) => !isNumber ? index : roles.X != "excitatory" ? Convert.ToDouble(value, null)
            : roles.Conditions.Where(condition => Equals(condition.Value(roles.X), value)).SelectMany(condition => condition.Done)
                .Average(run => run.Excitatory ?? (double)value!); // the actual one: of whole units
        double[] places = [.. x.Select(Position)];
        var (drawnLines, drawnPanels) = (Spaced(lines, MostLines), Spaced(panels, MostPanels));
        MeanPanel[] drawn = [.. drawnPanels.Select(panel => new MeanPanel(roles.Panel is null ? "" : Condition.Spelled(roles.Panel, panel),
            [.. drawnLines.Select(line => new MeanSeries(roles.Line is null ? "mean" : Condition.Spelled(roles.Line, line),
                Points(roles, roles.At(panel, line), places, measure.Name)))],
            isRadius ? Theories(drawnLines.SelectMany(line => roles.At(panel, line))) : []))];
        if (!drawn.SelectMany(panel => panel.Series).Any(series => series.Points.Count > 1)) return null;
        double[] at = [.. drawn.SelectMany(panel => panel.Series).SelectMany(series => series.Points).Select(point => point.X)];
        var isLogarithmic = isNumber && at.Min() > 0 && (roles.X == "units" || at.Max() / at.Min() >= LogarithmicFrom);
        var axis = new MeanAxis(AxisLabel(roles.X), isLogarithmic,
            isNumber ? null : [.. x.Select(value => Condition.Spelled(roles.X, value))]);
        var title = Titled($"{Sentenced(measure.Title)} against {Condition.Name(roles.X)}", roles.Line, roles.Panel);
        var reference = isRadius ? "dashed: theory of the initial matrix as it acts" : "0 is a normal matrix";
        return ReportFigure.Of(title, $"{title}. Means over networks, bars ± s.e.m., dots single networks; {reference}."
            + Rest(roles) + Left(roles.Line, lines, drawnLines) + Left(roles.Panel, panels, drawnPanels),
            $"{title}: {string.Join("; ", drawn.SelectMany(panel => panel.Series.Select(series => Listed(panel, series))))}.",
            MeansFigure.Of(drawn, title, axis, measure.Title,
                ordered: roles.Line is not null && FactorRoles.IsNumber(roles.Conditions, roles.Line)));
    }

    /// <summary>Two numbers: the main measure over both.</summary>
    private static ReportFigure? HeatMap(FactorRoles roles)
    {
        var measure = SweepFindings.Measures[0];
        if (roles.Line is null || !FactorRoles.IsNumber(roles.Conditions, roles.X) || !FactorRoles.IsNumber(roles.Conditions, roles.Line))
            return null;
        var (x, y, panels) = (roles.Levels(roles.X), roles.Levels(roles.Line), roles.Levels(roles.Panel));
        var drawnPanels = Spaced(panels, MostPanels);
        HeatMapPanel[] drawn = [.. drawnPanels.Select(panel =>
        {
            var values = new double[y.Count, x.Count];
            for (var row = 0; row < y.Count; row++)
                for (var column = 0; column < x.Count; column++)
                    values[row, column] = Sample.Of(roles.At(panel, y[row]).Where(condition => Equals(condition.Value(roles.X), x[column]))
                        .SelectMany(condition => condition.Done).Select(run => run.Measure(measure.Name)).OfType<double>()).Mean;
            return new HeatMapPanel(roles.Panel is null ? "" : Condition.Spelled(roles.Panel, panel), values);
        })];
        if (!drawn.SelectMany(panel => panel.Values.Cast<double>()).Any(double.IsFinite)) return null;
        var title = Titled($"{Sentenced(measure.Title)} over {Condition.Name(roles.X)} and {Condition.Name(roles.Line)}", roles.Panel);
        return ReportFigure.Of(title,
            $"{title}: means over networks; –: no network that is done.{Rest(roles)}{Left(roles.Panel, panels, drawnPanels)}",
            $"{title}: {string.Join("; ", y.Select((line, row) => $"{Condition.Spelled(roles.Line, line)}: {Row(drawn[0], row)}"))}.",
            HeatMapFigure.Of(drawn, title, (Condition.Name(roles.X), [.. x.Select(Condition.Text)]),
                (Condition.Name(roles.Line), [.. y.Select(Condition.Text)])));

        static string Row(HeatMapPanel panel, int row) => string.Join(", ",
            Enumerable.Range(0, panel.Values.GetLength(1)).Select(column => SweepSummary.Number(panel.Values[row, column])));
    }

    /// <summary>Both measures of the radius beside each other, groups that differ in category over one another.</summary>
    private IEnumerable<ReportFigure> Histograms()
    {
        string[] numbers = [.. varied.Where(name => name == "excitatory" || FactorRoles.IsNumber(conditions, name))];
        var groups = conditions.GroupBy(condition => condition.LabelWithout(numbers)).ToArray();
        if (groups.Length > MostHistograms) groups = [.. conditions.GroupBy(_ => "all networks")];
        var panels = SweepFindings.Radii
            .Select(measure => (Title: Sentenced(measure.Title), Groups: Measured(measure.Name)))
            .Where(panel => panel.Groups.Sum(group => group.Values.Count) >= 5).ToArray();
        if (panels.Length == 0) yield break;
        yield return ReportFigure.Of("histograms", "How many networks have which outer radius, by both measures. Dashed: theory.",
            "Histograms of the outer radius: " + string.Join("; ", panels.SelectMany(panel =>
                panel.Groups.Select(group => $"{panel.Title}, {group.Name}: {Spread(group.Values)}"))) + ".",
            HistogramFigure.Of(panels, "Networks by outer radius", "outer radius |λ|", Theories(conditions)));

        IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Measured(string measure) =>
        [
            .. groups.Select(group => (group.Key, (IReadOnlyList<double>)[.. group.SelectMany(condition => condition.Done)
                .Select(run => run.Measure(measure)).OfType<double>()])).Where(group => group.Item2.Count > 0),
        ];
    }

    private static Condition[] Choose(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied)
    {
        if (conditions.Count <= MostConditions) return [.. conditions];
        if (FactorRoles.Of(conditions, varied) is not [var roles, ..]) return [.. conditions.Take(MostConditions)];
        var each = roles.Panel is not null ? 2 : roles.Line is not null ? 3 : MostConditions;
        string[] drawn = [.. new[] { roles.X, roles.Line, roles.Panel }.OfType<string>()];
        var shown = drawn.ToDictionary(name => name, name => Spaced(roles.Levels(name), each));
        return [.. roles.Conditions.Where(condition => drawn.All(name => shown[name].Contains(condition.Value(name))))
            .GroupBy(condition => string.Join('|', drawn.Select(name => Condition.Text(condition.Value(name)))))
            .Select(group => group.First())];
    }

    private string Selection() => Chosen.Count == conditions.Count ? ""
        : $"Drawn: {Chosen.Count} of {conditions.Count} conditions, the first, middle and last values of the factors; the tables have all.";

    /// <summary>As many values as there is room for, evenly spaced, the first and the last among them.</summary>
    internal static T[] Spaced<T>(IReadOnlyList<T> values, int most) => values.Count <= most ? [.. values]
        : [.. Enumerable.Range(0, most).Select(i => values[(int)Math.Round(i * (values.Count - 1.0) / (most - 1))])];

    private static string Left(string? factor, IReadOnlyList<object?> all, object?[] drawn) =>
        factor is null || all.Count == drawn.Length ? ""
        : $" Drawn: {drawn.Length} of {all.Count} values of {Condition.Name(factor)}.";

    private static string Rest(FactorRoles roles)
    {
        var averaged = roles.Averaged.Count == 0 ? "" : $" Averaged over {string.Join(", ", roles.Averaged.Select(Condition.Name))}.";
        return roles.Held.Count == 0 ? averaged
            : $"{averaged} Here {Values(roles)}.";
    }

    private static string Values(FactorRoles roles) =>
        string.Join(", ", roles.Held.Select(pair => Condition.Spelled(pair.Key, pair.Value)));

    private static string Titled(string text, params string?[] by)
    {
        string[] names = [.. by.OfType<string>().Select(Condition.Name)];
        return names.Length == 0 ? text : $"{text}, by {string.Join(" and ", names)}";
    }

    private static string AxisLabel(string name) => name switch
    {
        "units" => "number of units N (logarithmic)",
        "excitatory" => "excitatory fraction of the units",
        _ => Condition.Name(name),
    };

    private static string Sentenced(string title) => char.ToUpperInvariant(title[0]) + title[1..];

    private static string Listed(MeanPanel panel, MeanSeries series)
    {
        var points = series.Points.Select(point => FormattableString.Invariant($"{point.X:0.##} → {point.Mean:0.000}"));
        return $"{(panel.Title.Length > 0 ? $"{panel.Title}, " : "")}{series.Name}: {string.Join(", ", points)}";
    }

    private static MeanPoint[] Points(FactorRoles roles, IEnumerable<Condition> conditions, double[] places, string measure) =>
        [.. roles.Levels(roles.X).Zip(places, (value, place) => new MeanPoint(place,
                [.. conditions.Where(condition => Equals(condition.Value(roles.X), value)).SelectMany(condition => condition.Done)
                    .Select(run => run.Measure(measure)).OfType<double>()]))
            .Where(point => point.Values.Count > 0)];

    /// <summary>None where some of the conditions have no theory.</summary>
    private static double[] Theories(IEnumerable<Condition> conditions) => conditions.Any(condition => condition.TheoryOuter is null) ? []
        : [.. conditions.Select(condition => condition.TheoryOuter).OfType<double>().Select(theory => Math.Round(theory, 6)).Distinct()
            .Order().Take(4)];

    private static string Spread(IReadOnlyList<double> values) =>
        FormattableString.Invariant($"{values.Min():0.000} to {values.Max():0.000}");
}
