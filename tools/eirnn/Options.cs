using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using EiRnnFast.Settings;
using EiRnnFast.Threads;

namespace EiRnnFast.CommandLine;

/// <summary>Options whose mistakes read like every other message: found, expected, remedy.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Print one JSON object on standard output, and nothing else there.",
    };

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress and no messages on standard error, only errors." };

    public static Option<bool> Svg() => new("--svg") { Description = "Write every figure as SVG too." };

    /// <summary>A whole number that must parse; its range is the engine's business.</summary>
    public static Option<T> Number<T>(string name, string description, T initial) where T : IBinaryInteger<T> => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => initial,
        CustomParser = result => Parse<T>(result, name),
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> OptionalNumber(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse<int>(result, name),
    };

    /// <summary>How often a training is kept while it runs.</summary>
    public static Option<double> CheckpointMinutes() => new("--checkpoint-every")
    {
        Description = "Minutes between checkpoints, from which an interrupted training goes on.",
        HelpName = "minutes",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            var found = result.Tokens[0].Value;
            if (double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 0 and <= 1e5)
                return minutes;
            result.AddError($"--checkpoint-every: found '{found}', expected minutes, 0 to 100000; write it like 5 or 0.5");
            return default;
        },
    };

    /// <summary>Threads of an analysis; all cores unless said.</summary>
    public static Option<int> Threads() => Number("--threads",
        "Threads to compute on, all cores unless said. Any number finds the same bits.", ThreadBudget.Cores);

    /// <summary>Threads of one network.</summary>
    public static Option<int?> Threads(string description) => OptionalNumber("--threads", $"{description} (default: 1)");

    /// <summary>A seed within its range.</summary>
    public static long Checked(long seed) => seed is >= 0 and <= RunSettings.MaxSeed ? seed
        : throw InvalidInputException.Of("seed", seed, $"0 to {RunSettings.MaxSeed}", "choose another seed");

    /// <summary>Refuses the seed of the network where there is no network to be trained.</summary>
    public static InvalidInputException NoNetworkSeed() =>
        InvalidInputException.Of(
            "data seed", $"'{SettingTable.NetworkSeed}'", "a whole number, for no network is trained here", "write it like 3");

    /// <summary>An amount of memory, such as 16G; null when not given.</summary>
    public static Option<long?> Memory(string description) => new("--memory")
    {
        Description = $"{description} Write it like 900M or 16G.",
        CustomParser = result =>
        {
            var found = result.Tokens[0].Value;
            var unit = found.Length > 1 ? "KMGT".IndexOf(char.ToUpperInvariant(found[^1]), StringComparison.Ordinal) : -1;
            if (unit >= 0
                && double.TryParse(found.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and < 1e6)
                return (long)(number * Math.Pow(1024, unit + 1));
            result.AddError($"--memory: found '{found}', expected a number above 0 with K, M, G or T; write it like 16G");
            return null;
        },
    };

    /// <summary>Whether the user wrote the option.</summary>
    public static bool Given(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static T Parse<T>(ArgumentResult result, string name) where T : IBinaryInteger<T>
    {
        var found = result.Tokens[0].Value;
        if (T.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        result.AddError($"{name}: found '{found}', expected a whole number that is not too large; write it like {T.One}");
        return T.Zero;
    }
}
