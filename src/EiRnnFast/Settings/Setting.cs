using System.Diagnostics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Settings;

/// <summary>What a setting's values are.</summary>
public enum SettingKind
{
    /// <summary>Whole numbers (long).</summary>
    Whole,

    /// <summary>Numbers (double; a long serves too).</summary>
    Number,

    /// <summary>True or false (bool).</summary>
    Flag,

    /// <summary>One name of a list (string).</summary>
    Choice,

    /// <summary>What a file holds (<see cref="IFileContent"/>; in plans and on the command line the file's name).</summary>
    File,

    /// <summary>A name and a number each, such as the options of a task (<see cref="IReadOnlyDictionary{TKey, TValue}"/> of string and
    /// double; one text, a=1 b=2, serves too).</summary>
    Options,

    /// <summary>A list of texts that is one value (<see cref="IReadOnlyList{T}"/> of string; one text with commas between serves
    /// too).</summary>
    Texts,
}

/// <summary>What a setting belongs to.</summary>
public enum SettingPart
{
    /// <summary>What is learned.</summary>
    Task,

    /// <summary>The network: a file of a network says it.</summary>
    Network,

    /// <summary>How it is trained.</summary>
    Training,
}

/// <summary>When a setting has a meaning: another one has one of these values.</summary>
/// <param name="Setting">The other setting's name; it stands earlier in the table.</param>
/// <param name="Values">Its values.</param>
public sealed record SettingCondition(string Setting, params IReadOnlyList<string> Values)
{
    /// <summary>Whether it is so in a run.</summary>
    public bool Holds(RunSettings run) => Values.Contains(SettingText.Of(SettingTable.Get(Setting).Of(run)));

    /// <inheritdoc/>
    public override string ToString() => $"{Setting} {string.Join(" or ", Values)}";
}

/// <summary>
/// A setting of a run, declared once in <see cref="SettingTable"/>. Options, plan keys, ids, columns, conditions and descriptions
/// follow from it.
/// </summary>
public sealed class Setting
{
    /// <summary>A setting that is read by <paramref name="asked"/>, null where the value follows from something else, and put by
    /// <paramref name="put"/>, which gets a value of the right kind.</summary>
    internal Setting(Func<RunSettings, object?> asked, Func<RunSettings, object, RunSettings> put) =>
        (Asked, Put) = (run => run.Start is not null && SettingTable.ReplacedByStart.Contains(Name) ? null : asked(run), put);

    /// <summary>Its name in plans, columns and files; as an option it has hyphens and two more in front.</summary>
    public required string Name { get; init; }

    /// <summary>What its values are.</summary>
    public required SettingKind Kind { get; init; }

    /// <summary>What it belongs to.</summary>
    public required SettingPart Part { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Its values in the order of their importance; for a whole number, words that serve beside numbers. Empty unless there are
    /// some.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The range of a number.</summary>
    public ValueRange Range { get; init; } = new(double.NegativeInfinity);

    /// <summary>When it has a meaning; null for always.</summary>
    public SettingCondition? When { get; init; }

    /// <summary>Settings that cannot be given together with it.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>Names of earlier versions, still read.</summary>
    public IReadOnlyList<string> OldNames { get; init; } = [];

    /// <summary>Its name as an option of the command line, where that is another one of its names.</summary>
    public string OptionName { get => field ?? Name; init; }

    /// <summary>The column that tells values apart: its own, or that of its file's SHA-256.</summary>
    public string Column => Kind == SettingKind.File ? IdName : Name;

    /// <summary>The name in the text behind run ids, which never changes.</summary>
    internal string IdName { get => field ?? Name; init; }

    /// <summary>Reads what was asked for; null where the value follows from something else.</summary>
    internal Func<RunSettings, object?> Asked { get; }

    /// <summary>Reads what a run has, where that is not what was asked for.</summary>
    internal Func<RunSettings, object?>? InEffect { get; init; }

    /// <summary>The run with a value, which has the right kind.</summary>
    internal Func<RunSettings, object, RunSettings> Put { get; }

    /// <summary>The value that a run has: long, double, bool or string; null where the setting has no meaning or no value.</summary>
    public object? Of(RunSettings run)
    {
        var value = (InEffect ?? Asked)(run);
        return Kind is SettingKind.Options or SettingKind.Texts && value is not null ? SettingText.Of(value) : value;
    }

    /// <summary>The type of what <see cref="Of"/> gives: long, double, bool or string.</summary>
    public Type ValueType => Kind switch
    {
        SettingKind.Whole => typeof(long),
        SettingKind.Number => typeof(double),
        SettingKind.Flag => typeof(bool),
        SettingKind.Choice or SettingKind.File or SettingKind.Options or SettingKind.Texts => typeof(string),
        _ => throw new UnreachableException($"no type for {Kind}"),
    };

    /// <summary>The value of a run with default settings; null where that follows from other settings.</summary>
    public object? Default => Of(new RunSettings());

    /// <summary>The default where the setting has a meaning; null where it follows from other settings.</summary>
    public object? DefaultWhereMeant => When is null ? Default
        : Of(RunSettings.Sketch(new Dictionary<string, object> { [When.Setting] = When.Values[0] }));

    /// <summary>The values that it may have, in words.</summary>
    public string Expected => Kind switch
    {
        SettingKind.Whole when Choices.Count > 0 => $"a whole number, {Range.Words(whole: true)}, or '{string.Join("', '", Choices)}'",
        SettingKind.Whole when double.IsInfinity(Range.Least) => "a whole number",
        SettingKind.Whole => $"a whole number, {Range.Words(whole: true)}",
        SettingKind.Number => Range.Words(whole: false),
        SettingKind.Flag => "true or false",
        SettingKind.Choice => $"one of {string.Join(", ", Choices)}",
        SettingKind.File => "a file's name without NUL",
        SettingKind.Options => "names with numbers, such as gap=40",
        SettingKind.Texts => "a list of texts, each once",
        _ => throw new UnreachableException($"no words for {Kind}"),
    };

    /// <summary>A value as this setting keeps it.</summary>
    /// <param name="value">A value from a plan, an option or a file.</param>
    /// <exception cref="InvalidInputException">It has another kind, or is out of range.</exception>
    public object Checked(object value) => (Kind, value) switch
    {
        (SettingKind.Whole, long whole) when Range.Holds(whole) => whole,
        (SettingKind.Whole, string word) when Choices.Contains(word) => word,
        (SettingKind.Number, double number) when Range.Holds(number) => number,
        (SettingKind.Number, long whole) when Range.Holds(whole) => (double)whole,
        (SettingKind.Flag, bool flag) => flag,
        (SettingKind.Choice, string word) when Choices.Contains(word) => word,
        (SettingKind.File, IFileContent content) => content,
        (SettingKind.File, string path) when !path.Contains('\0') => path,
        (SettingKind.Options, IReadOnlyDictionary<string, double> options) => options,
        (SettingKind.Options, string text) when SettingText.Pairs(text) is { } options => options,
        (SettingKind.Texts, IReadOnlyList<string> { Count: > 0 } texts) when texts.Distinct().Count() == texts.Count => texts,
        (SettingKind.Texts, string text) when text.Split(',', StringSplitOptions.TrimEntries) is var texts
            && !texts.Contains("") && texts.Distinct().Count() == texts.Length => texts,
        _ => throw Refused(value),
    };

    private InvalidInputException Refused(object value)
    {
        var shown = SettingText.Shown(value);
        return InvalidInputException.Of(Name, shown, Expected, Remedy());

        string Remedy()
        {
            if (Kind == SettingKind.Whole && value is double) return $"{shown} is not a whole number: write one without a point";
            if (Kind is SettingKind.Whole or SettingKind.Number && value is long or double && Default is { } usual)
                return $"{SettingText.Of(usual)} is the default";
            return value is string word ? NearestName.Remedy("correct the value", word, Choices) : "correct the value";
        }
    }
}
