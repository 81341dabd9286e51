namespace EiRnnFast.Settings;

/// <summary>Values of settings by their present names, each of the right kind and in its range; presets are written out.</summary>
public sealed class SettingValues
{
    private readonly Dictionary<string, object> _values = [];
    private readonly HashSet<string> _fromPreset = [];

    private SettingValues()
    {
    }

    /// <summary>Names that values may have, as a message lists them.</summary>
    public static IReadOnlyList<string> KnownNames { get; } =
    [
        .. SettingTable.All.Select(setting => setting.Kind == SettingKind.Options ? $"{setting.Name}.NAME" : setting.Name),
        SettingTable.PresetName,
    ];

    /// <summary>The present name of a setting, of one option of a task (<c>task_options.gap</c>) or of a preset; null for what is
    /// none.</summary>
    public static string? NameOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == SettingTable.PresetName) return name;
        var point = name.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return SettingTable.Find(name)?.Name;
        var options = SettingTable.Find(name[..point]);
        return options?.Kind == SettingKind.Options && point < name.Length - 1 ? options.Name + name[point..] : null;
    }

    /// <summary>Checks values by name.</summary>
    /// <exception cref="InvalidInputException">An unknown name, a setting twice, a value that it cannot have, or two that exclude each
    /// other.</exception>
    public static SettingValues Of(IReadOnlyDictionary<string, object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var checkedValues = new SettingValues();
        foreach (var (name, value) in values) checkedValues.Add(name, value);
        checkedValues.WriteOutPreset();
        checkedValues.RequireFitting();
        return checkedValues;
    }

    /// <summary>The value of a setting or preset by itself.</summary>
    /// <exception cref="InvalidInputException">It cannot have that value.</exception>
    public static void Check(string name, object value) => new SettingValues().Add(name, value);

    /// <summary>What a setting of this name, or a preset, belongs to; null for an unknown name.</summary>
    public static SettingPart? PartOf(string name) =>
        NameOf(name) is { } known ? SettingTable.Find(known.Split('.')[0])?.Part : null;

    /// <summary>A run with these values. They are put in the order of the table: what a condition asks for comes before what needs
    /// it.</summary>
    /// <param name="withoutMeaning">Gets every setting that has no meaning, and the run so far; its value is left out.</param>
    internal RunSettings Put(Action<Setting, RunSettings> withoutMeaning)
    {
        var run = new RunSettings();
        // A network to start from says what the others may change.
        foreach (var setting in SettingTable.All.OrderByDescending(setting => setting.Name == SettingTable.StartFile))
        {
            if (!_values.TryGetValue(setting.Name, out var value)) continue;
            if (setting.When is { } when && !when.Holds(run))
            {
                if (!_fromPreset.Contains(setting.Name)) withoutMeaning(setting, run);
            }
            else run = setting.Put(run, value);
        }
        return run;
    }

    private void Add(string given, object value)
    {
        var name = NameOf(given) ?? throw InvalidInputException.Of(
            "setting", SettingText.Shown(given), $"one of {string.Join(", ", KnownNames)}",
            NearestName.Remedy("correct the name", given, KnownNames));
        var point = name.IndexOf('.', StringComparison.Ordinal);
        if (name == SettingTable.PresetName) AddPreset(value);
        else if (point >= 0) AddOption(name[..point], name[(point + 1)..], value);
        else if (!_values.TryAdd(name, SettingTable.Get(name).Checked(value))) throw Twice(name);
    }

    private void AddPreset(object value)
    {
        if (value is not string name || Preset.Find(name) is not { } preset)
            throw InvalidInputException.Of(SettingTable.PresetName, SettingText.Shown(value),
                $"one of {string.Join(", ", Preset.All.Select(known => known.Name))}",
                NearestName.Remedy(
                    "correct the value (see: eirnn presets)", value as string ?? "",
                    Preset.All.SelectMany(known => (string?[])[known.Name, known.OldName]).OfType<string>()));
        _values[SettingTable.PresetName] = preset.Name;
    }

    /// <summary>One option of a task, <c>task_options.gap</c>, beside those that are there.</summary>
    private void AddOption(string setting, string option, object value)
    {
        var name = $"{setting}.{option}";
        if (!_values.TryGetValue(setting, out var options)) _values[setting] = options = new Dictionary<string, double>();
        var number = value is double or long
            ? Convert.ToDouble(value, null)
            : throw InvalidInputException.Of(name, SettingText.Shown(value), "a number", "correct the value");
        if (!((Dictionary<string, double>)options).TryAdd(option, number)) throw Twice(name);
    }

    private void WriteOutPreset()
    {
        if (!_values.Remove(SettingTable.PresetName, out var preset)) return;
        string[] given = [.. _values.Keys];
        foreach (var (name, value) in Preset.Find((string)preset)!.Values)
        {
            var setting = SettingTable.Get(name);
            // What is given wins, also over what it excludes.
            bool IsAgainst(string other) => setting.Excludes.Contains(other) || SettingTable.Get(other).Excludes.Contains(name);
            if (given.Any(other => other == name || IsAgainst(other))) continue;
            _values[name] = setting.Checked(value);
            _fromPreset.Add(name);
        }
    }

    private void RequireFitting()
    {
        foreach (var setting in SettingTable.All)
            if (_values.ContainsKey(setting.Name) && setting.Excludes.FirstOrDefault(_values.ContainsKey) is { } other)
                throw InvalidInputException.Of(setting.Name, $"it together with {other}", "one of the two", "leave out the other");
    }

    private static InvalidInputException Twice(string name) => InvalidInputException.Of(name, "it twice", "it once", "take one out");
}
