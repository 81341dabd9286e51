using System.Numerics;
using System.Text.Json;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;
using static EiRnnFast.Reports.SweepSummary;

namespace EiRnnFast.Reports;

#pragma warning disable CS1591 // members of a JSON object, named as in summary.json; docs/report.md explains the others
/// <summary>What one training run shows, in numbers.</summary>
public sealed record RunFindings(string Task, int Units, long Seed, bool Successful, double SuccessAccuracy, double? ConstantLoss,
    double? FinalLoss, double? Accuracy, string? Stopped, long? EpochsRun, string? Shape, double? OuterRadius, double? OuterRadiusPublished,
    double? TheoryOuterRadius, double? Henrici, double? OutlierCount, long? SignViolations)
{
    public IReadOnlyList<GeneralisationRecord>? Generalisation { get; init; }
}
#pragma warning restore CS1591

/// <summary>The report of the folder that <c>eirnn train</c> leaves behind.</summary>
public static class RunReport
{
    private const string SummaryName = "summary.json", NetworkName = "network.npz";
    private const int MostPng = 4_000_000;

    /// <summary>Whether a folder holds a run, and no sweep.</summary>
    public static bool IsRun(string folder) => File.Exists(Path.Combine(folder, SummaryName)) && SweepFolder.At(folder).Stores().Count == 0;

    /// <summary>
    /// Writes <c>report/index.html</c> and <c>findings.json</c> into the run's folder; the page, last, takes its place whole.
    /// </summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="svg">Also <c>report/figures/*.svg</c>, every figure by itself.</param>
    /// <param name="output">Where to write instead of the run's <c>report</c>: a new or empty folder, or that of an earlier report.</param>
    /// <param name="cancellation">Heeded until the first file is written.</param>
    /// <returns>The findings, and the files.</returns>
    /// <exception cref="InvalidInputException">No summary, one that cannot be read, or a folder that cannot be written.</exception>
    public static (RunFindings Findings, IReadOnlyList<string> Files) Write(string folder, bool svg = false, string? output = null,
        CancellationToken cancellation = default)
    {
        var (path, target) = (Path.Combine(folder, SummaryName), ReportFiles.Target(folder, output));
        return InputFile.Read(path, "the summary of a training run", stream =>
        {
            using var document = JsonDocument.Parse(stream);
            var summary = document.RootElement;
            if (summary.ValueKind != JsonValueKind.Object || Find(summary, "spectrum_eigenvalues") is not { ValueKind: JsonValueKind.Array }
                || Find(summary, "losses") is not { ValueKind: JsonValueKind.Array })
                throw InputFile.Unusable(path, "JSON without losses and spectrum", "the summary of a training run",
                    "name a folder that eirnn train wrote");
            var run = RunOf(summary);
            run = run with { ConstantLoss = run.FindConstantLoss() };
            var findings = new RunFindings(run.Task, run.Units, (long?)run["seed"] ?? 0, run.Successful, ReportRun.SuccessAccuracy,
                run.ConstantLoss, run.FinalLoss, run.Accuracy, run.Stopped, run.EpochsRun, run.Shape, run.Measure("outer_radius"),
                run.Measure("outer_radius_published"), run.Measure("theory_outer_radius"), run.Measure("henrici"),
                run.Measure("outlier_count"), (long?)run["sign_violations"])
            {
                Generalisation = Tests(summary),
            };
            var page = Page(folder, target, run, findings, summary);
            return (findings, ReportFiles.Write(target, [(ReportFiles.Findings, JsonSerializer.Serialize(findings, TrainingSummary.Json)
                + "\n"), .. svg ? ReportFigure.Files(page.Drawn) : [], ("index.html", page.ToString())], cancellation));
        });
    }

    private static HtmlPage Page(string folder, string target, ReportRun run, RunFindings findings, JsonElement summary)
    {
        var name = $"{run.Task}, {run.Units} units, {run["init"]}{(run["balanced"] is true ? " balanced" : "")}, "
            + $"{(run["sign_axis"] is "none" ? "no sign constraint" : run["sign_axis"])}, seed {findings.Seed}";
        var page = new HtmlPage($"Training run: {name}");
        page.Section("summary", "Summary");
        if (!run.Successful) page.Paragraph("This network did not learn its task.", "warn");
        page.Bullets(Sentences(run, findings));
        page.Section("figures", "Figures");
        var verdict = run.Successful ? "it learned" : "it did not learn";
        double[] losses = List(summary, "task_losses") ?? List(summary, "losses")!;
        if (losses.Any(loss => loss is > 1e-30 and < 1e30))
            page.Figures([ReportFigure.Of("losses", run.ComparedLoss is null ? "Mean training loss of every epoch, without penalties."
                : "Mean training loss of every epoch; dashed: what the best constant answer costs.",
                $"Training loss against epochs, from {Number(losses[0], "0.0e0")} to {Number(losses[^1], "0.0e0")}.",
                LossFigure.Of([losses], "Training loss", verdict, run.ComparedLoss, List(summary, "validation_losses")))]);
        var (before, after) = (InitialPanel(summary, run),
            Panel(summary, "spectrum", $"after {Count((int)(run.EpochsRun ?? 0), "epoch")}"));
        page.Figures([ReportFigure.Of("spectrum",
            "Eigenvalues of the recurrent matrix before and after training, with the unit circle and the disc or ring of theory "
            + "(initial matrix as it acts)." + (before.Unprojected is null ? "" : " Circles: before the projection."),
            "Two panels of eigenvalues in the complex plane. "
            + $"Before: spectral radius {Number(run["spectrum_initial_spectral_radius"] as double? ?? double.NaN)}. "
            + $"After: {run.Shape} of outer radius {Number(findings.OuterRadius ?? double.NaN)}, "
            + $"{Count((int)(findings.OutlierCount ?? 0), "outlier")}.",
            SpectrumFigure.Of(before, after, name))], wide: true);
        if (Picture(folder, "spectrum-epochs.png") is { } epochs)
            page.Figures([ReportFigure.OfFile("spectrum-epochs",
                "Eigenvalues in the course of training, from light to dark, and the radii against the epoch or update.",
                "Eigenvalues in the complex plane in the course of training, and the radii of the spectrum against the epoch or update.",
                epochs)], wide: true);
        var (network, trials) = (Network(folder), Picture(folder, "trials.png"));
        if (network is not null && network.Units == run.Units)
            page.Figures([ReportFigure.Of("weights",
                "Weights after training: histograms of W_rec by sign and as published, all weights (rows to columns, "
                + "a line between the populations), biases.",
                "Histograms of the recurrent weights, all weights as images, and the bias of every unit.",
                WeightsFigure.Of(network, name))], wide: true);
        if (trials is not null)
            page.Figures([ReportFigure.OfFile("trials", "Inputs, target and output of test trials.",
                "Inputs, target and output of the network against time, one test trial of each type; "
                + $"{Percent(findings.Accuracy ?? 0)} of all test trials are right.", trials)], wide: true);
        string[] gone = [.. new[] { trials is null ? "trials.png" : null, network is null ? NetworkName : null }.OfType<string>()];
        if (gone.Length > 0)
            page.Paragraph($"Not drawn, for the folder has no such file or it cannot be read: {string.Join(", ", gone)}.", "soft");
        page.Section("tables", "Tables");
        string Value(string prefix, string measure) =>
            Condition.Text(run[prefix + measure] is double number ? Math.Round(number, 6) : run[prefix + measure]);
        string Projected(string measure) =>
            Find(summary, $"spectrum_projected_{measure}") switch
            {
                { ValueKind: JsonValueKind.Number } number => Condition.Text(Math.Round(number.GetDouble(), 6)),
                { ValueKind: JsonValueKind.String } text => text.GetString()!,
                _ => "",
            };
        page.Table("Measures of the spectrum: of the matrix as created, after its projection (of which theory speaks), and after training.",
            ["measure", "as created", "projected", "after training"],
            RunColumns.All.Select(column => column.Name).Where(column => column.StartsWith("spectrum_initial_", StringComparison.Ordinal))
                .Select(column => column["spectrum_initial_".Length..])
                .Select(measure => new[]
                {
                    measure.Replace('_', ' '), Value("spectrum_initial_", measure), Projected(measure), Value("spectrum_", measure),
                }));
        if (findings.Generalisation is { Count: > 0 } tests)
            page.Table("Tests of the trained network on values that were not trained; one value at a time replaces the trained one.",
                ["option", "value", "trained", "trials", "accuracy", "chance", "loss"], tests.Select(test => new[]
                {
                    test.Option, SettingText.Of(test.Value), test.Trained ? "yes" : "no", $"{test.Trials}",
                    test.Accuracy is { } right ? Percent(right) : "–", test.Chance is { } chance ? Percent(chance) : "–",
                    test.Loss is { } loss ? Number(loss, "0.0e0") : "–",
                }));
        page.Section("provenance", "Settings and provenance");
        var single = summary.EnumerateObject()
            .Where(property => property.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null));
        page.Table("Everything that summary.json says in single values.", ["name", "value"],
            single.Select(property => new[] { property.Name, Text(property.Value) }), numbers: false);
        string[] files = [SummaryName, "training.csv", "spectrum.csv", "spectrum-epochs.csv", NetworkName, "initial.npz"];
        page.Files(files.Where(file => File.Exists(Path.Combine(folder, file)))
            .Select(file => (Path.GetRelativePath(target, Path.Combine(folder, file)).Replace('\\', '/'), "a file of the run")));
        page.Verbatim($"eirnn report {folder}\n{Backend.EngineVersion}");
        return page;
    }

    private static IEnumerable<string> Sentences(ReportRun run, RunFindings findings)
    {
        var learned = findings.Successful ? "It learned" : "It did not learn";
        var right = findings.Accuracy is { } accuracy ? Percent(accuracy) : "an unknown part";
        var test = (double?)run["test_loss"]; // older versions did not keep it
        var constant = (test is null ? findings.ConstantLoss : (double?)run["constant_loss"] ?? findings.ConstantLoss) is { } cost
            ? $"a constant answer costs {Number(cost, "0.0e0")}, success asks for less than half"
            : "what a constant answer costs is not known: success is accuracy alone";
        yield return $"{learned}: {right} of the test trials are right (success asks for {Percent(findings.SuccessAccuracy)}), "
            + $"{(test is null ? "" : "test ")}loss {Number(test ?? run.Loss ?? double.NaN, "0.0e0")} ({constant}).";
        yield return $"{Count((int)(findings.EpochsRun ?? 0), "epoch")}; training ended by: {findings.Stopped}.";
        if (!run.TrainedTask)
            yield return "The curriculum was not finished: the network was trained on stages before the task, not on the task itself.";
        var edge = findings.OuterRadius ?? double.NaN;
        var published = findings.OuterRadiusPublished is { } seventh ? Number(seventh) : "none";
        var compared = findings.TheoryOuterRadius is > 0 and var theory
            ? $"theory {Number(theory)}, the edge is {Number(edge / theory)} times that"
            : "no theory for this initialisation";
        yield return $"Spectrum after training: {findings.Shape}, outer edge of the bulk {Number(edge)}, "
            + $"7th largest modulus (published measure) {published}; "
            + $"{compared}; {Count((int)(findings.OutlierCount ?? 0), "outlier")}, Henrici {Number(findings.Henrici ?? double.NaN)}.";
        if (run["spectrum_fit_cap_met"] is true) yield return $"Caution: {Spectrum.CapMetWords}.";
        yield return $"Sign constraint: {Count((int)(findings.SignViolations ?? 0), "violation")}.";
        yield return "One network: nothing here says how much others differ. A sweep with several seeds does.";
    }

    /// <summary>The initial matrix as it acts, beside itself as created. A summary of an earlier version has the latter alone, of which
    /// no theory speaks where signs are projected.</summary>
    private static SpectrumPanel InitialPanel(JsonElement summary, ReportRun run)
    {
        const string created = "spectrum_initial", projected = "spectrum_projected";
        var asCreated = Panel(summary, created, RunFigures.InitialTitle(isProjected: false));
        if (Find(summary, projected) is not { } found)
            return run["sign_axis"] is "none" ? asCreated : asCreated with { TheoryOuter = null, TheoryInner = null };
        return found.ValueKind != JsonValueKind.Object ? asCreated
            : Panel(summary, projected, RunFigures.InitialTitle(isProjected: true)) with { Unprojected = asCreated.Eigenvalues };
    }

    private static SpectrumPanel Panel(JsonElement summary, string name, string title)
    {
        Complex[] Values(string list) =>
            Find(summary, $"{name}_{list}") is { ValueKind: JsonValueKind.Array } values
            ? [.. values.EnumerateArray().Select(Numbers).Select(pair => new Complex(pair[0], pair[1]))]
            : [];
        var isUnfit = Find(summary, $"{name}_fit_cap_met") is { ValueKind: JsonValueKind.True };
        var (headed, outliers) = RunFigures.Fitted(title, Values("outliers"), isUnfit);
        return new SpectrumPanel(headed, Values("eigenvalues"), outliers, Numeric(Find(summary, $"{name}_theory_outer_radius")),
            Numeric(Find(summary, $"{name}_theory_inner_radius")));
    }

    /// <summary>The summary as a row of the store, so that success and measures mean the same in both reports.</summary>
    private static ReportRun RunOf(JsonElement summary)
    {
        var diverged = Find(summary, "stopped")?.ToString() == "diverged";
        var rows = RunColumns.Row.Select(column => column.Name switch
        {
            "run_id" => "run",
            "status" => diverged ? RunStatus.Diverged : RunStatus.Done,
            _ => (object?)null,
        });
        var columns = RunColumns.All.Skip(RunColumns.Row.Count);
        return new ReportRun([.. rows, .. columns.Select(column => Value(Find(summary, column.Name), column.Name, column.Type))], null);
    }

    private static object? Value(JsonElement? found, string column, Type? type) => found is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when type == typeof(string) => value.GetString(),
        JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => value.GetBoolean(),
        JsonValueKind.Number when type == typeof(long) => value.GetInt64(),
        _ when type == typeof(double) => Numeric(value),
        _ => throw new FormatException($"{column} is {value}"),
    };

    /// <summary>A value by the name of its column: objects are before an underscore.</summary>
    private static JsonElement? Find(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object) return null;
        if (owner.TryGetProperty(name, out var value)) return value;
        foreach (var property in owner.EnumerateObject()
            .Where(property => property.Value.ValueKind == JsonValueKind.Object
            && name.StartsWith(property.Name + "_", StringComparison.Ordinal)))
            if (Find(property.Value, name[(property.Name.Length + 1)..]) is { } nested) return nested;
        return null;
    }

    /// <summary>Its tests on values that were not trained; null where it made none, as earlier versions did not.</summary>
    private static GeneralisationRecord[]? Tests(JsonElement summary) =>
        Find(summary, "generalisation")?.Deserialize<GeneralisationRecord[]?>(TrainingSummary.Json) is not { } tests ? null
            : tests.All(test => test is { Option.Length: > 0 }) ? tests : throw new FormatException("a test without an option");

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static double[]? List(JsonElement summary, string name) =>
        Find(summary, name) is { ValueKind: JsonValueKind.Array } list ? Numbers(list) : null;

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => Numeric(value) ?? double.NaN)];

    private static double? Numeric(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text => text.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException($"'{other}' is no number"),
        },
        _ => null,
    };

    /// <summary>The trained network; null where its file is gone or damaged.</summary>
    private static EiRnn? Network(string folder)
    {
        try
        {
            return NetworkFile.Read(Path.Combine(folder, NetworkName));
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>A picture that the run left; null where it is gone or damaged.</summary>
    private static byte[]? Picture(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) && new FileInfo(path).Length is > 8 and < MostPng
            && File.ReadAllBytes(path) is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] png ? png : null;
    }
}
