using System.Globalization;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>Text from a store or a name, safe on a terminal.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with every control, format and line-ending character replaced: such characters can rewrite a screen.</summary>
    public static string Of(string text) =>
        text.Any(IsUnsafe) ? string.Concat(text.Select(character => IsUnsafe(character) ? Replacement : character)) : text;

    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
