using System.Globalization;
using System.Text.Json;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Statistics;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.Reports;

/// <summary>The effect table against statsmodels 0.13.5 and SciPy 1.10.1: committed numbers, and the libraries themselves where they are
/// installed. Both come from effects.py.</summary>
public sealed class EffectTests
{
    private const double Tolerance = 1e-8;

    private static readonly Dictionary<string, int> s_columns =
        RunColumns.All.Select((column, i) => (column.Name, i)).ToDictionary();

    private static readonly Dictionary<string, ReportRun[]> s_designs = File.ReadLines(PathOf("effects.csv")).Skip(1)
        .Select(line => line.Split(',')).GroupBy(cells => cells[0])
        .ToDictionary(design => design.Key, design => design
            .Select(cells => Run(cells[1], (long)Number(cells[2]), Number(cells[3]), Number(cells[4]))).ToArray());

    public static TheoryData<string> Designs => [.. s_designs.Keys];

    [Theory]
    [MemberData(nameof(Designs))]
    public void Every_number_is_that_of_statsmodels_and_scipy(string design)
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(PathOf("effects.json")));
        Same(design, reference.RootElement);
    }

    [StatsmodelsFact]
    public void The_committed_numbers_are_what_statsmodels_gives_here()
    {
        using var reference = JsonDocument.Parse(StatsmodelsFactAttribute.RunFile(PathOf("effects.py"), PathOf("effects.csv")));
        Assert.Equal(s_designs.Keys, reference.RootElement.EnumerateObject().Select(design => design.Name));
        foreach (var design in s_designs.Keys) Same(design, reference.RootElement);
    }

    [Fact]
    public void The_designs_test_what_is_hard()
    {
        Assert.Contains(Analysis("empty cells").Terms, term => term is { Factors.Count: 2, Df: 2 }); // 4 without empty cells
        Assert.Equal(7, Analysis("three factors").Terms.Count);
        Assert.True(Condition.Group(s_designs["unbalanced"]).Conditions.Select(condition => condition.Runs.Count).Distinct().Count() > 2);
        Assert.Contains(Analysis("balanced").Terms, term => term.PartialOmegaSquared < 0);
        Assert.Contains(Analysis("balanced").Terms, term => term is { Significant: true, PartialEtaSquaredLow: > 0.1 });
    }

    [Fact]
    public void One_network_a_condition_has_no_test()
    {
        var (varied, conditions) = Condition.Group([Run("normal", 20, 0.5, 0.6), Run("normal", 40, 0.5, 0.5), Run("normal", 80, 0.5, 0.4)]);
        Assert.Null(AnalysisOfVariance.Of("outer_radius", conditions, varied));
        Assert.Null(MeanInterval.Of("outer_radius", [0.5]));
        var findings = SweepFindings.Of([.. conditions.SelectMany(condition => condition.Runs)], varied, conditions, 0);
        Assert.Empty(findings.Effects);
        Assert.Empty(findings.Trends); // three points would have a line, and a p value of it
    }

    [Fact]
    public void Networks_that_do_not_differ_have_no_test()
    {
        var (varied, conditions) = Condition.Group(
            [.. new long[] { 20, 20, 40, 40 }.Select(units => Run("normal", units, 0.5, units / 100.0))]);
        Assert.Null(AnalysisOfVariance.Of("outer_radius", conditions, varied));
    }

    [Fact]
    public void Two_factors_that_always_change_together_are_not_told_apart()
    {
        var (varied, conditions) = Condition.Group(
            [.. new[] { 0.5, 0.52, 0.6, 0.63 }.Select((value, i) => Run(i < 2 ? "normal" : "orthogonal", i < 2 ? 20 : 40, 0.5, value))]);
        Assert.Equal(["init"], varied); // the size follows from it: one condition setting is enough
        Assert.Equal(["init"], Assert.Single(AnalysisOfVariance.Of("outer_radius", conditions, varied)!.Terms).Factors);
        (_, conditions) = Condition.Group([Run("normal", 20, 0.5, 0.5), Run("normal", 20, 0.5, 0.52), Run("normal", 40, 0.7, 0.6),
            Run("normal", 40, 0.7, 0.63), Run("orthogonal", 20, 0.5, 0.4), Run("orthogonal", 60, 0.9, 0.3)]);
        var terms = AnalysisOfVariance.Of("outer_radius", conditions, ["init", "units"])!.Terms;
        Assert.All(terms, term => Assert.True(double.IsFinite(term.F) && term.Df > 0));
        Assert.DoesNotContain(terms, term => term.Factors.Count == 2); // one combination is crossed: nothing is left for the interaction
    }

    [Fact]
    public void Failed_runs_are_in_no_test()
    {
        var runs = s_designs["balanced"];
        var failed = Run("orthogonal", 20, 0.5, 99, RunStatus.Diverged);
        Assert.Equivalent(Analysis("balanced").Terms, Analysis([.. runs, failed]).Terms);
    }

    [Fact]
    public void Holm_multiplies_the_smallest_by_their_number_and_never_falls()
    {
        Assert.Equal([0.04, 0.04, 0.03, 0.2], Holm.Corrected([0.02, 0.015, 0.0075, 0.2]), (a, b) => Math.Abs(a - b) < 0.0051);
        Assert.Empty(Holm.Corrected([]));
        Assert.Equal([1.0, 1.0], Holm.Corrected([0.7, 0.8]));
    }

    private static void Same(string design, JsonElement reference)
    {
        var (expected, analysis) = (reference.GetProperty(design), Analysis(design));
        var terms = expected.GetProperty("terms").EnumerateArray().ToDictionary(
            term => string.Join(' ', term[0].EnumerateArray().Select(name => name.GetString()).Order(StringComparer.Ordinal)),
            term => (Numbers: term.EnumerateArray().Skip(1).Select(value => value.GetDouble()).ToArray(), Index: 0));
        double[] holm = Numbers("holm");
        string[] order = [.. terms.Keys];
        Assert.Equal(order.Length, analysis.Terms.Count);
        foreach (var term in analysis.Terms)
        {
            var name = string.Join(' ', term.Factors.Order(StringComparer.Ordinal));
            Close([.. terms[name].Numbers, holm[Array.IndexOf(order, name)]],
                [term.Df, term.SumOfSquares, term.F, term.P, term.PartialEtaSquared, term.PartialEtaSquaredLow, term.PartialEtaSquaredHigh,
                    term.PartialOmegaSquared, term.PHolm]);
        }
        Close(Numbers("error"), [analysis.ErrorDf, analysis.ErrorMeanSquare]);
        var runs = s_designs[design];
        double[] values = [.. runs.Select(run => run.Measure("outer_radius")!.Value)];
        var line = LinearFit.Of([.. runs.Select(run => Math.Log2(run.Units))], values)!;
        Close(Numbers("slope"), [line.Slope, line.StandardError, line.Low, line.High, line.P]);
        Close(Numbers("robust"), [line.RobustStandardError, line.RobustLow, line.RobustHigh, line.RobustP]);
        var interval = MeanInterval.Of("outer_radius", values)!;
        Close(Numbers("interval"), [interval.Low, interval.High, interval.BootstrapLow, interval.BootstrapHigh]);

        double[] Numbers(string name) => [.. expected.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
    }

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(Math.Abs(pair.First), 1e-4)));
    }

    private static AnalysisOfVariance Analysis(string design) => Analysis(s_designs[design]);

    private static AnalysisOfVariance Analysis(ReportRun[] runs)
    {
        var (varied, conditions) = Condition.Group(runs);
        return Assert.Single(AnalysisOfVariance.Corrected([AnalysisOfVariance.Of("outer_radius", conditions, varied)]));
    }

    private static ReportRun Run(string init, long units, double excitatory, double value, string status = RunStatus.Done)
    {
        var row = new object?[RunColumns.All.Count];
        foreach (var (name, cell) in new (string, object)[] { ("status", status), ("init", init), ("units", units),
            ("excitatory", excitatory), ("spectrum_outer_radius", value) })
            row[s_columns[name]] = cell;
        return new ReportRun(row, null);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Reports", file);
}
