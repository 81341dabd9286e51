using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Reports;

#pragma warning disable CS1591 // members of JSON objects, named as in the tables; docs/generalisation.md explains each
/// <summary>A tracked epoch over the networks of a condition that are done; null where no network has a value.</summary>
public sealed record EpochFinding(string Condition, long Epoch, Sample? OuterRadius, Sample? InnerRadius, Sample? SpectralRadius,
    Sample? OutlierCount, Sample? Henrici, Sample? SilentUnits, Sample? Loss, Sample? TestLoss, Sample? Accuracy);

/// <summary>A test on another value over the networks of a condition that are done; null where no network has a value.</summary>
public sealed record GeneralisationFinding(
    string Condition, string Option, double Value, bool Trained, Sample? Accuracy, Sample? Chance, Sample? Loss);
#pragma warning restore CS1591

/// <summary>Rows of one condition that agree in what they are of: an epoch, or an option and its value.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Option">The option; empty for an epoch.</param>
/// <param name="Value">The epoch, or the value of the option.</param>
/// <param name="Trained">Whether it is the trained value.</param>
/// <param name="Rows">One a network.</param>
internal sealed record CoursePoint(Condition Condition, string Option, double Value, bool Trained, IReadOnlyList<object?[]> Rows);

/// <summary>What a sweep recorded besides its trainings: tracked epochs, and tests on other values, condition by condition.</summary>
internal sealed class SweepCourse
{
    private static readonly string[] s_epochs = [.. TrackedEpochs.Columns.Select(column => column.Name).Prepend("run_id")];
    private static readonly string[] s_tests = [.. GeneralisationRows.Columns.Select(column => column.Name).Prepend("run_id")];

    private SweepCourse(IReadOnlyList<CoursePoint> epochs, IReadOnlyList<CoursePoint> tests) => (Epochs, Tests) = (epochs, tests);

    /// <summary>Tracked epochs, ascending in each condition.</summary>
    public IReadOnlyList<CoursePoint> Epochs { get; }

    /// <summary>Tests, their values ascending in each condition and option.</summary>
    public IReadOnlyList<CoursePoint> Tests { get; }

    /// <summary>Reads them for the networks that are done.</summary>
    /// <exception cref="InvalidInputException">A store that cannot be read.</exception>
    public static SweepCourse Of(SweepFolder folder, IReadOnlyList<Condition> conditions)
    {
        var (epochs, tests) = (ById(SweepTable.Epochs(folder)), ById(SweepTable.Generalisation(folder)));
        return new SweepCourse(
            [.. conditions.SelectMany(condition => Points(condition, epochs, row => ("", (long)row[1]!, false)))],
            [.. conditions.SelectMany(condition => Points(condition, tests, row => ((string)row[1]!, (double)row[2]!, row[3] is true)))]);

        static Dictionary<string, object?[][]> ById(SweepTable table) => table.Parts.SelectMany(part => part)
            .GroupBy(row => (string)row[0]!).ToDictionary(rows => rows.Key, rows => rows.ToArray());

        static IEnumerable<CoursePoint> Points(Condition condition, Dictionary<string, object?[][]> rows,
            Func<object?[], (string Option, double Value, bool Trained)> key) => condition.Done
            .SelectMany(run => rows.GetValueOrDefault(run.Id) ?? []).GroupBy(key)
            .OrderBy(group => group.Key.Option, StringComparer.Ordinal).ThenBy(group => group.Key.Value)
            .Select(group => new CoursePoint(condition, group.Key.Option, group.Key.Value, group.Key.Trained, [.. group]));
    }

    /// <summary>The values of a measure over the networks of a point, finite ones only.</summary>
    public static IReadOnlyList<double> ValuesOf(CoursePoint point, string measure)
    {
        var at = Array.IndexOf(point.Option.Length > 0 ? s_tests : s_epochs, measure);
        return [.. point.Rows.Select(row => row[at]).OfType<object>().Select(value => Convert.ToDouble(value, null))
            .Where(double.IsFinite)];
    }

    /// <summary>The epochs in numbers.</summary>
    public IReadOnlyList<EpochFinding> EpochFindings() => [.. Epochs.Select(point => new EpochFinding(point.Condition.Label,
        (long)point.Value, Of(point, "outer_radius"), Of(point, "inner_radius"), Of(point, "spectral_radius"), Of(point, "outlier_count"),
        Of(point, "henrici"), Of(point, "silent_units"), Of(point, "loss"), Of(point, "test_loss"), Of(point, "accuracy")))];

    /// <summary>The tests in numbers.</summary>
    public IReadOnlyList<GeneralisationFinding> GeneralisationFindings() => [.. Tests.Select(point => new GeneralisationFinding(
        point.Condition.Label, point.Option, point.Value, point.Trained, Of(point, "accuracy"), Of(point, "chance"), Of(point, "loss")))];

    private static Sample? Of(CoursePoint point, string measure) =>
        Sample.Of(ValuesOf(point, measure)) is { Count: > 0 } sample ? sample : null;
}
