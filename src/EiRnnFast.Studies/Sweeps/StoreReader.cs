using EiRnnFast.Studies.Files;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>Reads the stores of a sweep, also while they are written.</summary>
internal static class StoreReader
{
    /// <summary>How every recorded run of a store ended.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, string Status, string? Reason)> Outcomes(string path) =>
        Read(path, "SELECT run_id, status, reason FROM runs", row => (row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)));

    /// <summary>The last session of a store: host, workers, seconds from its start to its last record, and the cost recorded meanwhile.</summary>
    public static (string Host, long Workers, string Started, string Last, double Seconds, double Cost)? LastSession(string path) =>
        Read(path, "SELECT host, workers, started, last, (julianday(last) - julianday(started)) * 86400, cost FROM sessions ORDER BY session DESC LIMIT 1",
            row => (row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetDouble(4), row.GetDouble(5))).Select(session => ((string, long, string, string, double, double)?)session).FirstOrDefault();

    /// <summary>Refuses a store whose pages are damaged.</summary>
    /// <exception cref="InvalidInputException">They are.</exception>
    public static void Check(string path)
    {
        if (Read(path, "PRAGMA quick_check(1)", row => row.GetString(0)) is not ["ok"]) throw RunStore.Damaged(path, null);
    }

    /// <summary>Every recorded run, its values in the order of <see cref="RunColumns.All"/>; what a store of another version lacks is null.</summary>
    public static List<object?[]> Rows(string path)
    {
        var present = Read(path, "SELECT name FROM pragma_table_info('runs')", row => row.GetString(0)).ToHashSet();
        return Read(path, $"SELECT {string.Join(", ", RunColumns.All.Select(column => present.Contains(column.Name) ? column.Name : "NULL"))} FROM runs", row =>
        {
            var values = new object?[RunColumns.All.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = row.IsDBNull(i) ? null : (RunColumns.All[i], row.GetValue(i)) switch
                {
                    ({ Type: var type }, string text) when type == typeof(string) => text,
                    ({ Type: var type }, double number) when type == typeof(double) => number,
                    ({ Type: var type }, long whole) when type == typeof(long) => whole,
                    ({ Type: var type }, long flag) when type == typeof(bool) => flag != 0,
                    ({ Name: var name }, var other) => throw new FormatException($"{name} is {other}"),
                };
            return values[0] is string && values[1] is string ? values : throw new FormatException("a run without id or status");
        });
    }

    /// <summary>Eigenvalues of every run that has some: [re, im, re, im …] before and after training.</summary>
    public static List<(string Id, double[] Initial, double[] Final)> Eigenvalues(string path) =>
        Read(path, "SELECT run_id, eigenvalues_initial, eigenvalues FROM arrays", row => (row.GetString(0), RunRecord.ValuesOf((byte[])row[1]), RunRecord.ValuesOf((byte[])row[2])));

    /// <summary>Loss and gradient norm of every epoch of every run that has some.</summary>
    public static List<(string Id, double[] Losses, double[] GradientNorms)> Losses(string path) =>
        Read(path, "SELECT run_id, losses, gradient_norms FROM arrays", row =>
        {
            var (losses, norms) = (RunRecord.ValuesOf((byte[])row[1]), RunRecord.ValuesOf((byte[])row[2]));
            return losses.Length == norms.Length ? (row.GetString(0), losses, norms) : throw new FormatException("losses and norms of different length");
        });

    /// <summary>The .npz bytes of kept networks whose run's id begins so; two at most.</summary>
    public static List<(string Id, byte[] Npz)> Networks(string path, string prefix) =>
        Read(path, "SELECT run_id, npz FROM networks WHERE substr(run_id, 1, length($prefix)) = $prefix LIMIT 2", row => (row.GetString(0), (byte[])row[1]), ("$prefix", prefix));

    private static List<T> Read<T>(string path, string sql, Func<SqliteDataReader, T> convert, params ReadOnlySpan<(string Name, object Value)> values)
    {
        try
        {
            // Writable where the file system allows it (else SQLite reads only): what a killed process left half-done has to be rolled back first.
            using var connection = RunStore.Open(path, SqliteOpenMode.ReadWrite);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA application_id";
            if ((long)command.ExecuteScalar()! is not (RunStore.Mark or 0)) throw RunStore.Damaged(path, null);
            command.CommandText = sql;
            foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
            using var reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read()) rows.Add(convert(reader));
            return rows;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 1 && e.Message.Contains("no such table", StringComparison.Ordinal))
        {
            return []; // its process has not come as far as making the tables
        }
        catch (SqliteException e)
        {
            throw RunStore.Told(path, e);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            throw InputFile.Unusable(InputFile.OneLine(path), "values of another kind", "a store of runs", "move it away: its runs will be run again", e);
        }
    }
}
