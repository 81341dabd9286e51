using System.CommandLine;
using System.CommandLine.Parsing;
using EiRnnFast.Settings;

namespace EiRnnFast.CommandLine;

/// <summary>What the parser of the command line refuses, told as every other mistake: found, expected, remedy.</summary>
internal static class ParserError
{
    /// <summary>The first mistake of a line.</summary>
    /// <param name="parsed">A line with at least one.</param>
    /// <param name="seeHelp">Where more is said.</param>
    public static string Told(ParseResult parsed, string seeHelp)
    {
        var error = parsed.Errors[0];
        if (error.Message.Contains(": found ", StringComparison.Ordinal)) return $"{error.Message.TrimEnd('.')} ({seeHelp})"; // our own
        var command = parsed.CommandResult.Command;
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        var argument = command.Arguments.FirstOrDefault(one => Words(parsed.GetResult(one)).Length < one.Arity.MinimumNumberOfValues);
        var (what, found, expected, remedy) = (option, argument) switch
        {
            ({ } given, _) => Value(given),
            (_, { } missing) => (missing.Name, "none", missing.Arity.MaximumNumberOfValues > 1 ? "one or more" : "one", "name it"),
            _ when command.Subcommands.Count > 0 => ("command", "none",
                $"one of {string.Join(", ", command.Subcommands.Select(child => child.Name))}", "name one"),
            _ => ("command line", error.Message.TrimEnd('.'), "a line as the help shows it", "correct it"),
        };
        return InvalidInputException.Of(what, found, expected, $"{remedy} ({seeHelp})").Message;
    }

    private static (string, string, string, string) Value(OptionResult given)
    {
        var (option, words) = (given.Option, Words(given));
        if (given.IdentifierToken is null) return (option.Name, "none", Usage(option), "give it");
        if (words.Length == 0) return (option.Name, "no value", Usage(option), "give the value");
        return words.Length > option.Arity.MaximumNumberOfValues
            ? (option.Name, string.Join(" and ", words), "one value", "leave out all but one")
            : (option.Name, string.Join(" ", words), Usage(option), "correct the value");
    }

    private static string Usage(Option option) => $"{option.Name} {option.HelpName ?? "value"}";

    private static string[] Words(SymbolResult? result) => [.. result?.Tokens.Select(token => $"'{SettingText.Cut(token.Value)}'") ?? []];
}
