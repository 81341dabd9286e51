using System.Globalization;

namespace EiRnnFast;

/// <summary>Base of every error this library throws on purpose; the message is one line for the person at the keyboard.</summary>
public abstract class EiRnnException(string message, Exception? inner = null) : Exception(OneLine(message), inner)
{
    /// <summary>Messages quote names and files of others: control characters, line ends and marks that turn the direction of writing
    /// become spaces.</summary>
    private static string OneLine(string message) => string.Create(message.Length, message, (line, text) =>
    {
        for (var i = 0; i < line.Length; i++)
            line[i] = char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : text[i];
    });
}

/// <summary>A setting, an array or a file that cannot be used: the message says what was found, what was expected and the remedy.</summary>
public sealed class InvalidInputException(string message, Exception? inner = null) : EiRnnException(message, inner)
{
    /// <summary>Builds the message in its one form: "<paramref name="what"/>: found …, expected …; remedy".</summary>
    public static InvalidInputException Of(string what, object? found, string expected, string remedy) =>
        new(FormattableString.Invariant($"{what}: found {found ?? "nothing"}, expected {expected}; {remedy}"));
}

/// <summary>A computation that was given good input and still failed, such as an eigenvalue iteration that did not converge.</summary>
public sealed class ComputationException(string message, Exception? inner = null) : EiRnnException(message, inner);
