using System.Numerics;
using EiRnnFast.Model;
using EiRnnFast.Reports.Figures;

namespace EiRnnFast.Reports;

/// <summary>Which figures a sweep deserves: what does not vary is not drawn against.</summary>
internal static class SweepFigures
{
    private const int MostTogether = 3, MostHistograms = 6, MostOfAKind = 48, MostWeights = 16;

    private static readonly (string Setting, string Axis, string Title, bool Logarithmic, Func<ReportRun, double?> Place)[] s_axes =
    [
        ("units", "units, N (logarithmic)", "N", true, run => run.Units),
        ("excitatory", "excitatory fraction of the units", "E/I ratio", false, run => run.Excitatory),
    ];

    /// <summary>The figures that set conditions side by side, in the order of the page.</summary>
    public static IReadOnlyList<ReportFigure> Compared(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied) =>
        [.. Radii(conditions, varied), .. Histograms(conditions), .. Henrici(conditions, varied)];

    /// <summary>Outer radius, both measures, against N and against the E/I ratio.</summary>
    private static IEnumerable<ReportFigure> Radii(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied) =>
        SweepFindings.Radii.SelectMany(radius =>
            Means(conditions, varied, radius.Name, $"outer radius |λ|, {radius.Title}", $"Outer radius, {radius.Title}", theory: true));

    /// <summary>Henrici's departure from normality against the same.</summary>
    private static IEnumerable<ReportFigure> Henrici(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied) =>
        Means(conditions, varied, "henrici", "departure from normality (0 to 1)", "Henrici's departure from normality", theory: false);

    /// <summary>Histograms of both measures of the outer radius, all N and all ratios together.</summary>
    private static IEnumerable<ReportFigure> Histograms(IReadOnlyList<Condition> conditions)
    {
        string[][] coarser = [["units", "excitatory"],
            ["units", "excitatory", "task", "task_options", "learning_rate", "epochs", "trials"]];
        var groups = coarser.Select(without => conditions.GroupBy(condition => condition.LabelWithout(without)).ToArray())
            .FirstOrDefault(groups => groups.Length <= MostHistograms)
            ?? [.. conditions.GroupBy(_ => "all networks")];
        foreach (var (measure, title) in SweepFindings.Radii)
        {
            IReadOnlyList<double> Measured(IEnumerable<Condition> group) =>
                [.. group.SelectMany(condition => condition.Done).Select(run => run.Measure(measure)).OfType<double>()];
            (string Name, IReadOnlyList<double> Values)[] values =
                [.. groups.Select(group => (group.Key, Values: Measured(group))).Where(group => group.Values.Count > 0)];
            if (values.Sum(group => group.Values.Count) < 5) continue;
            var theory = Theories(conditions);
            yield return ReportFigure.Of($"histogram {title}", $"How many networks have which outer radius: {title}.",
                $"Histogram of the outer radius, {title}: "
                + $"{string.Join("; ", values.Select(group => $"{group.Name}: {Spread(group.Values)}"))}.",
                HistogramFigure.Of(values, $"Outer radius, {title}", "outer radius |λ|", theory));
        }
    }

    /// <summary>Loss curves, one figure a condition.</summary>
    public static IEnumerable<ReportFigure> Losses(IReadOnlyList<Condition> conditions, IReadOnlyDictionary<string, List<double>> losses)
    {
        foreach (var condition in Drawn(conditions))
        {
            List<double>[] curves = [.. condition.Runs.Select(run => losses.GetValueOrDefault(run.Id)).OfType<List<double>>()
                .Where(curve => curve.Any(loss => loss is > 1e-30 and < 1e30))];
            if (curves.Length == 0) continue;
            var (done, successful, constant) =
                (condition.Done.Count(), condition.Done.Count(run => run.Successful), condition.Runs[0].ComparedLoss);
            var verdict = $"{successful} of {done} learned";
            yield return ReportFigure.Of($"losses {condition.Label}", $"{condition.Label}: {verdict}.",
                $"Training loss against epochs of {curves.Length} networks, {condition.Label}; "
                + $"last losses {Spread([.. curves.Select(curve => curve[^1])])}; {verdict}.",
                LossFigure.Of(curves, condition.Label, verdict, constant));
        }
    }

    /// <summary>Spectra of all networks of a condition over one another; as PNG, for the dots are many.</summary>
    public static IEnumerable<ReportFigure> Densities(IReadOnlyList<Condition> conditions,
        IReadOnlyDictionary<string, List<double>> eigenvalues)
    {
        foreach (var condition in Drawn(conditions))
        {
            List<double>[] spectra = [.. condition.Done.Select(run => eigenvalues.GetValueOrDefault(run.Id)).OfType<List<double>>()];
            if (spectra.Length == 0) continue;
            Complex[] all = [.. spectra.SelectMany(pairs => Enumerable.Range(0, pairs.Count / 2)
                .Select(i => new Complex(pairs[2 * i], pairs[2 * i + 1])))];
            yield return ReportFigure.Dotted($"spectra {condition.Label}",
                $"{condition.Label}: {all.Length} eigenvalues of {spectra.Length} network{(spectra.Length == 1 ? "" : "s")}.",
                $"Density of the eigenvalues after training in the complex plane, {condition.Label}: "
                + $"{condition.Done.Count(run => run.Shape == "ring")} rings, {condition.Done.Count(run => run.Shape == "disc")} discs.",
                DensityFigure.Of(all, spectra.Length, condition.Label, condition.TheoryOuter, condition.TheoryInner), scale: 1.5f);
        }
    }

    /// <summary>Weights of one network of each condition whose networks were kept.</summary>
    public static IEnumerable<ReportFigure> Weights(IReadOnlyList<Condition> conditions, Func<string, EiRnn?> kept)
    {
        var drawn = 0;
        foreach (var condition in Drawn(conditions))
        {
            var (network, seed) = condition.Done.Select(run => (Network: kept(run.Id), Seed: run["seed"]))
                .FirstOrDefault(run => run.Network is not null);
            if (network is null) continue;
            yield return ReportFigure.Dotted($"weights {condition.Label}", $"{condition.Label}: seed {seed}.",
                "Histograms of the recurrent weights, all weights as images and the biases after training of one network, "
                + $"{condition.Label}, seed {seed}.", WeightsFigure.Of(network, $"{condition.Label}, seed {seed}"), scale: 1);
            if (++drawn == MostWeights) yield break;
        }
    }

    /// <summary>Conditions that are drawn one by one.</summary>
    public static IEnumerable<Condition> Drawn(IReadOnlyList<Condition> conditions) => conditions.Take(MostOfAKind);

    /// <summary>How many are not.</summary>
    public static int NotDrawn(IReadOnlyList<Condition> conditions) => Math.Max(0, conditions.Count - MostOfAKind);

    private static IEnumerable<ReportFigure> Means(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied, string measure,
        string yLabel, string title, bool theory)
    {
        foreach (var (setting, axis, against, logarithmic, place) in s_axes.Where(axis => varied.Contains(axis.Setting)))
        {
            // Where only this setting varies: a condition that has no other beside it is no curve.
            IGrouping<string, Condition>[] curves =
                [.. conditions.GroupBy(condition => condition.LabelWithout(setting))
                .Where(group => Points(group, place, measure).Length > 1)];
            string[] common = [setting, .. varied.Where(name => curves.SelectMany(group => group)
                .Select(condition => condition.Settings.First(one => one.Key == name).Value).Distinct().Take(2).Count() < 2)];
            // All in one figure while they are few; else one figure for each value of the first setting that tells them apart.
            var first = curves.Length <= MostTogether ? null : varied.FirstOrDefault(name => !common.Contains(name));
            string Part(IEnumerable<Condition> group) =>
                first is null ? "" : Condition.Text(group.First().Settings.First(one => one.Key == first).Value);
            foreach (var part in curves.GroupBy(Part).Take(MostOfAKind))
            {
                string[] left = first is null ? common : [.. common, first];
                MeanSeries[] series =
                    [.. part.Select(group => new MeanSeries(group.First().LabelWithout(left), Points(group, place, measure)))];
                var lines = theory ? Theories(part.SelectMany(group => group)) : [];
                var heading = $"{title} against {against}{(first is null ? "" : $", {part.Key}")}";
                var within = part.First().First().LabelWithout([.. varied.Except(common), setting]);
                var where = within == "all networks" ? "" : $" ({within})";
                var reference = theory ? "dashed: theory of the initial matrix as it acts." : "0 is a normal matrix.";
                yield return ReportFigure.Of(heading, $"{heading}{where}. Means over networks, bars ± s.e.m.; {reference}",
                    $"{heading}: {string.Join("; ", series.Select(Listed))}.",
                    MeansFigure.Of(series, heading, axis, yLabel, lines, logarithmic));
            }
        }
    }

    private static string Listed(MeanSeries series)
    {
        var points = series.Points.Select(point => FormattableString.Invariant($"{point.X:0.##} → {point.Mean:0.000}"));
        return $"{series.Name}: {string.Join(", ", points)}";
    }

    private static MeanPoint[] Points(IEnumerable<Condition> conditions, Func<ReportRun, double?> place, string measure) =>
        [.. conditions.SelectMany(condition => condition.Done).Select(run => (X: place(run), Y: run.Measure(measure)))
            .Where(point => point is { X: not null, Y: not null })
            .GroupBy(point => point.X!.Value).OrderBy(group => group.Key)
            .Select(group => new MeanPoint(group.Key, [.. group.Select(point => point.Y!.Value)]))];

    /// <summary>None where some of the conditions have no theory.</summary>
    private static double[] Theories(IEnumerable<Condition> conditions) => conditions.Any(condition => condition.TheoryOuter is null) ? []
        : [.. conditions.Select(condition => condition.TheoryOuter).OfType<double>().Select(theory => Math.Round(theory, 6)).Distinct()
            .Order().Take(4)];

    private static string Spread(IReadOnlyList<double> values) =>
        FormattableString.Invariant($"{values.Min():0.000} to {values.Max():0.000}");
}
