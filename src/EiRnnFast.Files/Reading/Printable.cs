using System.Globalization;
using System.Text;

namespace EiRnnFast.Files;

/// <summary>Text from a file, a store or a name, safe on a terminal.</summary>
public static class Printable
{
    private const char Replacement = '\uFFFD';
    private const int MostOfHead = 500, MostOfTail = 300;

    /// <summary>The text with every control, format and line-ending character replaced: such characters can rewrite a screen.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(IsUnsafe) ? string.Concat(text.Select(character => IsUnsafe(character) ? Replacement : character)) : text;
    }

    /// <summary>A message as one line of at most 801 characters. A long one loses its middle: its head says what was found, its tail the
    /// remedy.</summary>
    /// <param name="message">Any text.</param>
    public static string Line(string message)
    {
        var line = Of(message.ReplaceLineEndings(" "));
        return line.Length <= MostOfHead + MostOfTail ? line : $"{line.AsSpan(0, MostOfHead)}…{line.AsSpan(line.Length - MostOfTail)}";
    }

    /// <summary>Whether a text can stand in a file or a picture as it is: no control, format or line-ending character, and none that
    /// Unicode gives no meaning.</summary>
    internal static bool IsPlain(string text) =>
        text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned))
        && text.Trim().Length > 0;

    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
