using System.Reflection;
using System.Text.Json;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>A column of recorded runs.</summary>
/// <param name="Name">Its name in the store and in exports.</param>
/// <param name="Type">string, bool, long or double; every column may be empty.</param>
public sealed record RunColumn(string Name, Type Type)
{
    /// <summary>The type as SQLite declares it.</summary>
    internal string SqlType => Type == typeof(string) ? "TEXT" : Type == typeof(double) ? "REAL" : "INTEGER";
}

/// <summary>
/// The columns of recorded runs: what is said of the run as a row, what made it, its settings as <see cref="SettingTable"/> lists them,
/// then every single value of <see cref="TrainingSummary"/> by its JSON name, those of objects in it behind the object's name
/// (<c>spectrum_outer_radius</c>). Lists are no columns.
/// </summary>
public static class RunColumns
{
    private static readonly (RunColumn Column, Func<SettingsRecord, object?> Get)[] s_summary =
    [
        .. Flatten(typeof(SettingsRecord), "", record => record),
        .. SettingTable.All.Select(OfSetting),
        // The projected initial matrix follows from settings and seed: stores and tables keep the columns that they had.
        .. Flatten(typeof(TrainingSummary), "", record => record)
            .Where(entry => !entry.Item1.Name.StartsWith("spectrum_projected_", StringComparison.Ordinal)),
    ];

    /// <summary>Which run, how it ended, where and when.</summary>
    public static IReadOnlyList<RunColumn> Row { get; } =
        [.. new[] { "run_id", "status", "reason", "host", "started", "finished" }.Select(name => new RunColumn(name, typeof(string)))];

    /// <summary>All columns.</summary>
    public static IReadOnlyList<RunColumn> All { get; } = [.. Row, .. s_summary.Select(entry => entry.Column)];

    /// <summary>The values of a record in the order of the columns after <see cref="Row"/>; of a failed run only what was asked
    /// for.</summary>
    internal static IEnumerable<object?> ValuesOf(SettingsRecord record) => s_summary.Select(entry => entry.Get(record));

    /// <summary>Settings that do not follow from the task, each with its place among the columns.</summary>
    private static readonly (Setting Setting, int Place)[] s_settings =
    [
        .. SettingTable.All.Where(setting => setting.Part != SettingPart.Task && setting.Kind != SettingKind.File
                && setting.Name is not ("trials" or SettingTable.DataSeed))
            .Select(setting => (setting, All.Select((column, i) => (column.Name, i)).First(column => column.Name == setting.Name).i)),
    ];

    /// <summary>The column that says that a run started from the network of a file, and those that are then empty.</summary>
    private static readonly int s_start =
        All.Index().First(column => column.Item.Name == SettingTable.Get(SettingTable.StartFile).Column).Index;

    private static readonly HashSet<int> s_replaced =
        [.. s_settings.Where(entry => SettingTable.ReplacedByStart.Contains(entry.Setting.Name)).Select(entry => entry.Place)];

    /// <summary>Places of settings that are empty in no row of a version that has them.</summary>
    private static readonly int[] s_always =
        [.. s_settings.Where(entry => entry.Setting is { When: null, Default: not null }).Select(entry => entry.Place)];

    /// <summary>
    /// Gives settings that a later version added the value that older runs had, which is their default: so runs of both are one condition.
    /// </summary>
    /// <param name="row">Values in the order of <see cref="All"/>.</param>
    internal static void FillLaterSettings(object?[] row)
    {
        var isStarted = row[s_start] is not null;
        if (!s_always.Any(place => row[place] is null && !(isStarted && s_replaced.Contains(place)))) return;
        var given = s_settings.Where(entry => row[entry.Place] is not null)
            .ToDictionary(entry => entry.Setting.Name, entry => row[entry.Place]!);
        RunSettings run;
        try
        {
            run = RunSettings.Sketch(given);
        }
        catch (InvalidInputException)
        {
            return; // a row of another program keeps what it says
        }
        foreach (var (setting, place) in s_settings)
            if (!(isStarted && s_replaced.Contains(place))) row[place] ??= setting.Of(run);
    }

    private static (RunColumn, Func<SettingsRecord, object?>) OfSetting(Setting setting) =>
        (new RunColumn(setting.Name, setting.ValueType), record => setting.Of(record.Settings));

    private static IEnumerable<(RunColumn, Func<SettingsRecord, object?>)> Flatten(
        Type type, string prefix, Func<SettingsRecord, object?> owner)
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var property in type.GetProperties(own).OrderBy(property => property.HasMetadataToken() ? property.MetadataToken : 0))
        {
            var name = prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            object? Get(SettingsRecord record) =>
                owner(record) is { } value && type.IsInstanceOfType(value) ? property.GetValue(value) : null;
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (kind == typeof(string) || kind == typeof(bool) || kind == typeof(double))
                yield return (new RunColumn(name, kind), Get);
            else if (kind == typeof(int) || kind == typeof(uint) || kind == typeof(long))
                yield return (new RunColumn(name, typeof(long)),
                    record => Get(record) is { } number ? Convert.ToInt64(number, null) : null);
            else if (!typeof(System.Collections.IEnumerable).IsAssignableFrom(kind) && kind != typeof(Type))
                foreach (var nested in Flatten(kind, name + "_", Get)) yield return nested;
        }
    }
}
