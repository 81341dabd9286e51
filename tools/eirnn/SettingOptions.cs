using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using EiRnnFast.Settings;

namespace EiRnnFast.CommandLine;

/// <summary>
/// Settings of the table as options: <c>clip_norm</c> is <c>--clip-norm</c>. Options of earlier versions are read, and not shown.
/// </summary>
internal sealed class SettingOptions
{
    private readonly List<(string Name, Option<object> Option)> _options = [];

    /// <summary>Options for settings of the table.</summary>
    /// <param name="names">Their names; none for all of them.</param>
    public SettingOptions(params string[] names)
    {
        foreach (var setting in SettingTable.All.Where(setting => names.Length == 0 || names.Contains(setting.Name)))
        {
            foreach (var name in setting.OldNames.Prepend(setting.Name))
                _options.Add((name, Create(setting, name, hidden: name != setting.OptionName)));
        }
    }

    /// <summary>Options of the task that trials are of, where a network is there that knows its own.</summary>
    /// <param name="usual">The task unless one is named.</param>
    public static SettingOptions OfTask(string usual)
    {
        var options = new SettingOptions(SettingTable.Task, SettingTable.TaskFile, SettingTable.TaskOptions, SettingTable.DataSeed);
        foreach (var (_, task) in options._options.Where(entry => entry.Name == SettingTable.Task))
        {
            task.Description += $" (default: {usual})";
            task.DefaultValueFactory = null;
        }
        return options;
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _options) command.Options.Add(option);
    }

    /// <summary>The values that the user gave, by name.</summary>
    public Dictionary<string, object> Given(ParseResult parsed) =>
        _options.Where(entry => parsed.Given(entry.Option)).ToDictionary(entry => entry.Name, entry => parsed.GetValue(entry.Option)!);

    private static Option<object> Create(Setting setting, string name, bool hidden)
    {
        var option = new Option<object>($"--{name.Replace('_', '-')}")
        {
            Description = Description(setting),
            Hidden = hidden,
            CustomParser = result => Parse(result, setting),
            AllowMultipleArgumentsPerToken = setting.Kind is SettingKind.Options or SettingKind.Texts,
            Arity = setting.Kind switch
            {
                SettingKind.Flag => ArgumentArity.ZeroOrOne,
                SettingKind.Options or SettingKind.Texts => ArgumentArity.OneOrMore,
                SettingKind.Whole or SettingKind.Number or SettingKind.Choice or SettingKind.File => ArgumentArity.ExactlyOne,
                _ => throw new UnreachableException(),
            },
        };
        // What follows from the task or from another setting is said in the sentence.
        var isSaid = setting.Kind == SettingKind.Flag || setting.Sentence.Contains("by default", StringComparison.Ordinal);
        if (!isSaid && setting.DefaultWhereMeant is { } usual)
            option.DefaultValueFactory = _ => SettingText.Of(usual);
        option.HelpName = setting.Kind switch
        {
            SettingKind.Flag => "on|off",
            SettingKind.Whole => "n",
            SettingKind.Number => "x",
            SettingKind.Choice => "name",
            SettingKind.File => "file",
            SettingKind.Options => "name=x",
            SettingKind.Texts => "text",
            _ => throw new UnreachableException(),
        };
        option.CompletionSources.Add(setting.Kind == SettingKind.Flag ? ["on", "off"] : [.. setting.Choices]);
        return option;
    }

    private static string Description(Setting setting)
    {
        var when = setting.When is { } condition ? $" Only with {condition}." : "";
        var expected = $"{char.ToUpperInvariant(setting.Expected[0])}{setting.Expected[1..]}";
        return setting.Kind switch
        {
            SettingKind.Choice when setting.Name == SettingTable.Task => $"{setting.Sentence} The command 'eirnn tasks' lists all.{when}",
            SettingKind.Choice => $"{setting.Sentence} One of: {string.Join(", ", setting.Choices)}.{when}",
            SettingKind.Whole or SettingKind.Number => $"{setting.Sentence} {expected}.{when}",
            SettingKind.Flag => $"{setting.Sentence} On or off (default: {(setting.Default is true ? "on" : "off")}).{when}",
            SettingKind.File or SettingKind.Options or SettingKind.Texts => setting.Sentence + when,
            _ => throw new UnreachableException(),
        };
    }

    private static object Parse(ArgumentResult result, Setting setting)
    {
        var name = ((OptionResult)result.Parent!).Option.Name;
        if (setting.Kind == SettingKind.Options) return Pairs(result, name);
        if (setting.Kind == SettingKind.Texts) return string.Join(',', result.Tokens.Select(token => token.Value));
        if (result.Tokens.Count == 0) return true; // a flag
        var found = result.Tokens[0].Value;
        if (Value(setting, found) is { } value) return value;
        var expected = setting.Kind == SettingKind.Flag ? "on or off" : setting.Expected;
        result.AddError($"{name}: found '{SettingText.Cut(found)}', expected {expected}; "
            + NearestName.Remedy("correct the value", found, setting.Kind == SettingKind.Flag ? ["on", "off"] : setting.Choices));
        return "";
    }

    /// <summary>What a word of the command line says; null if it is no value of the setting.</summary>
    private static object? Value(Setting setting, string word) => setting.Kind switch
    {
        SettingKind.File => word,
        SettingKind.Choice or SettingKind.Whole when setting.Choices.Contains(word) => word,
        SettingKind.Choice => null,
        SettingKind.Whole => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        SettingKind.Number => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        SettingKind.Flag when word is "on" or "true" => true,
        SettingKind.Flag when word is "off" or "false" => false,
        SettingKind.Flag => null,
        _ => throw new UnreachableException(), // options of a task are words of their own
    };

    /// <summary>Parameters of a task, name=value each.</summary>
    private static Dictionary<string, double> Pairs(ArgumentResult result, string option)
    {
        Dictionary<string, double> pairs = [];
        foreach (var token in result.Tokens)
            if (token.Value.Split('=', 2) is not [{ Length: > 0 } name, var number] || !pairs.TryAdd(name, 0)
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                result.AddError($"{option}: found '{SettingText.Cut(token.Value)}', "
                    + "expected name=number, every name once; write it like name=40");
            else pairs[name] = value;
        return pairs;
    }
}
