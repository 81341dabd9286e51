using System.Globalization;
using EiRnnFast.Settings;

namespace EiRnnFast.Reports;

/// <summary>Networks that differ in nothing but their seed.</summary>
/// <param name="Settings">Names and values of the settings that tell it from the other conditions; empty when there are no others.</param>
/// <param name="Runs">Its recorded runs, however they ended.</param>
public sealed record Condition(IReadOnlyList<KeyValuePair<string, object?>> Settings, IReadOnlyList<ReportRun> Runs)
{
    private static readonly string[] s_axes = ["units", "excitatory"];

    /// <summary>
    /// Settings that may tell conditions apart: task, network, what figures are drawn against, training, each in the order of the table.
    /// A setting that follows from earlier ones (the data seed of a task, say) tells nothing more. Two files are equal when their
    /// contents are, wherever they lie.
    /// </summary>
    private static readonly string[] s_settings =
    [
        .. SettingTable.All.OrderBy(setting => setting.Part).ThenBy(setting => s_axes.Contains(setting.Name))
            .Select(setting => setting.Column),
    ];

    /// <summary>The settings as people read them, such as "N = 100, orthogonal, 70 % E, balanced".</summary>
    public string Label => LabelWithout();

    /// <summary>Those that were trained and measured.</summary>
    public IEnumerable<ReportRun> Done => Runs.Where(run => run.Done);

    /// <summary>Radius of theory; null where there is none.</summary>
    public double? TheoryOuter => Done.Select(run => run.Measure("theory_outer_radius")).FirstOrDefault();

    /// <summary>Inner radius of theory, 0 for a disc; null where there is none.</summary>
    public double? TheoryInner => Done.Select(run => run.Measure("theory_inner_radius")).FirstOrDefault();

    /// <summary>The value of a setting that tells conditions apart.</summary>
    internal object? Value(string name) => Settings.First(setting => setting.Key == name).Value;

    /// <summary>A sample of a measure over the runs that are done.</summary>
    public Sample Of(Func<ReportRun, double?> measure) => Sample.Of(Done.Select(measure).OfType<double>());

    /// <summary>The label without some of its settings.</summary>
    public string LabelWithout(params string[] names)
    {
        var kept = Settings.Where(setting => !names.Contains(setting.Key)).Select(setting => Spelled(setting.Key, setting.Value));
        return string.Join(", ", kept) is { Length: > 0 } text ? text : "all networks";
    }

    /// <summary>Groups runs into conditions, in the order of their settings.</summary>
    /// <param name="runs">Recorded runs.</param>
    /// <returns>The names of the settings that vary, and the conditions.</returns>
    public static (IReadOnlyList<string> Varied, IReadOnlyList<Condition> Conditions) Group(IReadOnlyList<ReportRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        List<string> varied = [];
        IReadOnlyList<ReportRun>[] groups = [runs];
        foreach (var name in s_settings)
        {
            // Every network has a data set of its own: its seed tells nothing more.
            if (name == "data_seed" && runs.All(run => Equals(run["data_seed"], run["seed"]))) continue;
            IReadOnlyList<ReportRun>[] finer = [.. groups.SelectMany(group => Split(group, name))];
            if (finer.Length == groups.Length) continue;
            groups = finer;
            varied.Add(name);
        }
        return (varied, [.. groups.Select(group => new Condition([.. varied.Select(name => ValueIn(group[0], name))], group))]);

        static IEnumerable<ReportRun[]> Split(IReadOnlyList<ReportRun> group, string name) =>
            group.GroupBy(run => run[name]).OrderBy(part => part.Key, s_byValue).Select(part => part.ToArray());

        static KeyValuePair<string, object?> ValueIn(ReportRun run, string name) => KeyValuePair.Create(name, run[name]);
    }

    /// <summary>The settings that all runs share, with their values; what does not apply is left out.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Shared(IReadOnlyList<ReportRun> runs)
    {
        return [.. s_settings.Where(IsShared).Select(name => KeyValuePair.Create(name, Text(runs[0][name])))];

        bool IsShared(string name) =>
            runs.Select(run => run[name]).Distinct().Take(2).Count() == 1 && runs[0][name] is not null;
    }

    /// <summary>A value as text.</summary>
    public static string Text(object? value) => value is null ? "none" : SettingText.Of(value);

    /// <summary>A setting as titles call it.</summary>
    internal static string Name(string setting) => setting switch
    {
        "units" => "N",
        "excitatory" => "excitatory fraction",
        "init" => "initialisation",
        "sign_axis" => "sign constraint",
        "balanced" => "balance",
        "task_sha256" => "task file",
        "mask_sha256" => "mask file",
        _ => setting.Replace('_', ' '),
    };

    /// <summary>A setting with its value, as people read it.</summary>
    internal static string Spelled(string name, object? value) => (name, value) switch
    {
        ("task" or "init" or "task_options", string text) => text,
        ("task_options", null) => "default options",
        ("excitatory", null) => "no E/I",
        ("mu", null) => "no μ",
        ("alpha", null) => "α by τ",
        ("gain", null) => "gain by radius",
        ("task_sha256", null) => "task of the catalogue",
        ("task_sha256", string hash) => $"file {hash[..Math.Min(8, hash.Length)]}",
        ("mask_sha256", null) => "no mask file",
        ("mask_sha256", string hash) => $"mask {hash[..Math.Min(8, hash.Length)]}",
        (_, string hash) when name.EndsWith("_sha256", StringComparison.Ordinal) =>
            $"{name[..^"_sha256".Length].Replace('_', ' ')} {hash[..Math.Min(8, hash.Length)]}",
        ("units", _) => $"N = {Text(value)}",
        ("sign_axis", "none") => "unconstrained",
        ("sign_axis", string axis) => axis,
        ("excitatory", double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.##} % E"),
        ("balanced", bool balanced) => balanced ? "balanced" : "plain",
        _ => $"{name.Replace('_', ' ')} {Text(value)}",
    };

    private static readonly Comparer<object?> s_byValue = Comparer<object?>.Create((a, b) => a is string text
        ? string.CompareOrdinal(text, b as string)
        : System.Collections.Comparer.DefaultInvariant.Compare(a, b));
}
