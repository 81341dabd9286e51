using System.Text;

namespace EiRnnFast.CommandLine;

/// <summary>
/// How wide text may be. On a terminal every text is broken between words at its width. Elsewhere a message or a result is one line,
/// and help, lists and tables have 80 columns.
/// </summary>
internal static class Terminal
{
    private const int UsualWidth = 80;

    /// <summary>Columns of the terminal; 80 where there is none.</summary>
    public static int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
            }
            catch (Exception e) when (e is IOException or PlatformNotSupportedException)
            {
                return UsualWidth;
            }
        }
    }

    /// <summary>Columns of help, lists and tables on standard output.</summary>
    public static int OutputWidth => Console.IsOutputRedirected ? UsualWidth : Width;

    /// <summary>A line broken between words; what follows stands under the text behind the label, which ends with two spaces.</summary>
    public static string Wrap(string line, int width)
    {
        var label = line.Length - line.TrimStart(' ').Length;
        var gap = line.IndexOf("  ", label, StringComparison.Ordinal);
        if (gap >= 0) label = line.Length - line[gap..].TrimStart(' ').Length;
        return Wrap(line[..label], line[label..], width);
    }

    /// <summary>A text behind a label, broken between words; what follows stands under it.</summary>
    public static string Wrap(string label, string text, int width)
    {
        if (label.Length + text.Length <= width) return label + text;
        // a narrow terminal has no room for the indent
        var indent = new string(' ', Math.Min(label.Length, width / 2));
        var wrapped = new StringBuilder(label);
        var (column, isFirst) = (label.Length, true);
        foreach (var word in text.Split(' '))
        {
            if (!isFirst && column + 1 + word.Length > width)
            {
                wrapped.Append(Environment.NewLine).Append(indent);
                (column, isFirst) = (indent.Length, true);
            }
            if (!isFirst) wrapped.Append(' ');
            wrapped.Append(word);
            column += word.Length + (isFirst ? 0 : 1);
            isFirst = false;
        }
        return wrapped.ToString();
    }

    /// <summary>Prints a row of a list: a text behind a label, wrapped.</summary>
    public static void PrintRow(string label, string text) => Console.WriteLine(Wrap(label, text, OutputWidth));
}
