using System.Globalization;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>The tests of a run beyond its training: a row a test, in a store as text, <c>;</c> behind a row, <c>,</c> between values, and
/// nothing for what is not known.</summary>
internal static class GeneralisationRows
{
    /// <summary>The columns behind the id of the run.</summary>
    public static IReadOnlyList<RunColumn> Columns { get; } =
    [
        new("option", typeof(string)), new("value", typeof(double)), new("trained", typeof(bool)), new("trials", typeof(long)),
        new("data_seed", typeof(long)), new("accuracy", typeof(double)), new("chance", typeof(double)),
        new("loss", typeof(double)),
    ];

    /// <summary>As a store has them; null where none was made.</summary>
    public static string? TextOf(IReadOnlyList<GeneralisationRecord>? tests) => tests is null ? null : string.Concat(tests.Select(test =>
        string.Create(CultureInfo.InvariantCulture, $"{test.Option},{test.Value:R},{(test.Trained ? 1 : 0)},{test.Trials},")
            + string.Create(CultureInfo.InvariantCulture, $"{test.DataSeed},{test.Accuracy:R},{test.Chance:R},{test.Loss:R};")));

    /// <summary>The rows, the run's id in front.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static IReadOnlyList<object?[]> RowsOf(string id, string text)
    {
        return [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Row)];

        object?[] Row(string row)
        {
            var cells = row.Split(',');
            if (cells.Length != Columns.Count || cells[0].Length == 0 || cells[1].Length == 0)
                throw new FormatException("a test beyond the training without its values");
            return [id, .. cells.Zip(Columns, Value)];
        }

        static object? Value(string cell, RunColumn column) => cell.Length == 0 ? null
            : column.Type == typeof(string) ? cell
            : column.Type == typeof(bool) ? cell == "1"
            : column.Type == typeof(long) ? (object)long.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture)
            : double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
