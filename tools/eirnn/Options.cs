using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>Options whose mistakes read like every other message: found, expected, remedy.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object on standard output, and nothing else there." };

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress and no messages on standard error, only errors." };

    public static Option<bool> Svg() => new("--svg") { Description = "Write every figure as SVG too." };

    /// <summary>A number that must parse; its range is the engine's business.</summary>
    public static Option<T> Number<T>(string name, string description, T initial) where T : INumber<T> => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => initial,
        CustomParser = result => Parse<T>(result, name, T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number"),
    };

    /// <summary>A number that may be left out.</summary>
    public static Option<T?> OptionalNumber<T>(string name, string description) where T : struct, INumber<T> => new(name)
    {
        Description = description,
        CustomParser = result => Parse<T>(result, name, T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number"),
    };

    /// <summary>One word of a list.</summary>
    public static Option<string> Choice(string name, string description, string? initial, IEnumerable<string> choices)
    {
        string[] known = [.. choices];
        var option = new Option<string>(name)
        {
            Description = $"{description}: {string.Join(", ", known)}.",
            CustomParser = result =>
            {
                var found = result.Tokens[0].Value;
                if (!known.Contains(found)) result.AddError($"{name}: found '{found}', expected one of {string.Join(", ", known)}; choose one of these");
                return found;
            },
        };
        if (initial is not null) option.DefaultValueFactory = _ => initial;
        option.CompletionSources.Add(known);
        return option;
    }

    /// <summary>Options of a task, name=value, as often as wanted.</summary>
    public static Option<string[]> TaskOptions() => new("--task-option")
    {
        Description = "A parameter of the task, such as gap=40; may be repeated (eirnn tasks NAME lists them).", AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Names and values of what <see cref="TaskOptions"/> was given.</summary>
    /// <exception cref="InvalidInputException">Not name=value, or a name twice.</exception>
    public static Dictionary<string, double> Pairs(string[]? given)
    {
        Dictionary<string, double> pairs = [];
        foreach (var text in given ?? [])
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var number] || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !pairs.TryAdd(name, value))
                throw InvalidInputException.Of("--task-option", $"'{text.ReplaceLineEndings(" ")}'", "name=number, every name once", "write it like gap=40");
        return pairs;
    }

    /// <summary>A data seed: a number as long, or the word "network".</summary>
    public static Option<object> DataSeed(string what, bool allowNetwork) => new("--data-seed")
    {
        Description = $"{what}, 0 to {RunSettings.MaxSeed}{(allowNetwork ? $", or '{NamedSettings.NetworkSeed}' for that of the network" : "")} (default: the reference's for the task).",
        CustomParser = result =>
        {
            var found = result.Tokens[0].Value;
            if (allowNetwork && found == NamedSettings.NetworkSeed) return found;
            if (long.TryParse(found, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
            result.AddError($"--data-seed: found '{found}', expected a whole number{(allowNetwork ? $" or '{NamedSettings.NetworkSeed}'" : "")}; write it like 3");
            return null!;
        },
    };

    /// <summary>An amount of memory, such as 16G; null when not given.</summary>
    public static Option<long?> Memory(string description) => new("--memory")
    {
        Description = $"{description} Write it like 900M or 16G.",
        CustomParser = result =>
        {
            var found = result.Tokens[0].Value;
            var unit = found.Length > 1 ? "KMGT".IndexOf(char.ToUpperInvariant(found[^1]), StringComparison.Ordinal) : -1;
            if (unit >= 0 && double.TryParse(found.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e6)
                return (long)(number * Math.Pow(1024, unit + 1));
            result.AddError($"--memory: found '{found}', expected a number above 0 with K, M, G or T; write it like 16G");
            return null;
        },
    };

    /// <summary>Whether the user wrote the option.</summary>
    public static bool Given(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static T Parse<T>(ArgumentResult result, string name, string expected) where T : INumber<T>
    {
        var found = result.Tokens[0].Value;
        if (T.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        var range = typeof(T) == typeof(int) ? $" from {int.MinValue} to {int.MaxValue}" : "";
        result.AddError($"{name}: found '{found}', expected {expected}{range}; write it like {T.One}");
        return T.Zero;
    }
}
