using System.Globalization;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Writes a table as CSV (RFC 4180, UTF-8, line feeds): numbers that read back as the same bits, true and false, nothing for what is not
/// there. A text that
/// begins with <c>= + - @</c>, a tab or a carriage return gets an apostrophe in front, since spreadsheets would take it for a formula.
/// </summary>
public static class CsvTable
{
    /// <summary>Writes the whole table.</summary>
    public static void Write(SweepTable table, TextWriter text)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(text);
        text.Write(string.Join(',', table.Columns.Select(column => column.Name)));
        text.Write('\n');
        Span<char> number = stackalloc char[32];
        foreach (var row in table.Parts.SelectMany(part => part))
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (i > 0) text.Write(',');
                switch (row[i])
                {
                    case null: break;
                    case string value: text.Write(Cell(value)); break;
                    case bool flag: text.Write(flag ? "true" : "false"); break;
                    case ISpanFormattable value:
                        value.TryFormat(number, out var length, "", CultureInfo.InvariantCulture);
                        text.Write(number[..length]);
                        break;
                }
            }
            text.Write('\n');
        }
    }

    private static string Cell(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
