using Microsoft.Data.Sqlite;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Rows of a store that do not match their checksums. Their values are worth nothing, and all other rows stay good: so a sweep takes the
/// damaged rows out, with whatever else the store has of their runs, and trains these runs again.
/// </summary>
internal static class DamagedRows
{
    /// <summary>Takes damaged rows out of a store that nobody else writes to.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="StoreBusyException">Another program has it; try again.</exception>
    /// <exception cref="InvalidInputException">It cannot be read or written.</exception>
    public static int TakeOut(string path) => RunStore.Write(path, connection =>
    {
        using var transaction = connection.BeginTransaction();
        var tables = StoreFile.Tables(connection, path);
        var found = StoreFile.CheckedTables.Where(tables.Contains).SelectMany(table => Of(connection, table)).ToArray();
        if (found.Length == 0) return 0;
        StoreFile.Execute(connection, "REINDEX"); // an index may hold the id as it was
        foreach (var (table, row, id) in found)
        {
            StoreFile.Execute(connection, $"DELETE FROM {table} WHERE rowid = $row", ("$row", row));
            foreach (var other in tables.Intersect(StoreFile.CheckedTables))
                StoreFile.Execute(connection, $"DELETE FROM {other} WHERE run_id = $id", ("$id", id));
        }
        // Where the id itself is damaged, its run is known by the losses that it lacks.
        if (tables.Contains("arrays"))
            StoreFile.Execute(connection,
                $"DELETE FROM runs WHERE status <> '{RunStatus.Failed}' AND run_id NOT IN (SELECT run_id FROM arrays)");
        transaction.Commit();
        return found.Length;
    });

    private static List<(string Table, long Row, object? Id)> Of(SqliteConnection connection, string table)
    {
        StoreFile.Limit(connection, table);
        using var command = StoreFile.Command(connection, $"SELECT *, rowid FROM {table}");
        using var reader = command.ExecuteReader();
        string[] columns = [.. Enumerable.Range(0, reader.FieldCount - 1).Select(reader.GetName)];
        var checksum = new RowChecksum(columns);
        int stored = Array.IndexOf(columns, StoreFile.Checksum), id = Array.IndexOf(columns, "run_id");
        List<(string, long, object?)> found = [];
        if (stored < 0 || id < 0) return found; // a store of an earlier version
        while (reader.Read())
            if (!reader.IsDBNull(stored) && !reader.GetValue(stored).Equals(checksum.Of(reader.Handle!)))
                found.Add((table, reader.GetInt64(columns.Length), reader.IsDBNull(id) ? null : reader.GetValue(id)));
        return found;
    }
}
