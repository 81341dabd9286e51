using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Files.Native;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>A store as a file of SQLite: how it is opened, what may be in it, and what its failures mean. A store may come from anybody,
/// so nothing in it is trusted.</summary>
internal static class StoreFile
{
    /// <summary>SQLite's application_id of our stores: "EiRn".</summary>
    public const long ApplicationId = 0x4569526E;

    /// <summary>The column that holds <see cref="RowChecksum"/>; empty in rows of earlier versions.</summary>
    public const string Checksum = "checksum";

    /// <summary>SQLite's code for a file that has to be put in order first, by somebody who may write.</summary>
    public const int ReadOnlyRollback = 776;

    /// <summary>Most bytes of a value: a network of most units, with room for what is not its recurrent weights.</summary>
    private const int MostBytes = sizeof(float) * NetworkSpec.MaxUnits * NetworkSpec.MaxUnits + (1 << 26);

    /// <summary>Most bytes of a value that is a text or a number.</summary>
    private const int MostBytesOfText = 1 << 20;

    /// <summary>The tables of a store, each with the declared types that its columns may have.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> s_tables = new()
    {
        ["runs"] = RunColumns.All.ToDictionary(column => column.Name, column => column.SqlType),
        ["arrays"] = new()
        {
            ["run_id"] = "TEXT", ["losses"] = "BLOB", ["gradient_norms"] = "BLOB",
            ["eigenvalues_initial"] = "BLOB", ["eigenvalues"] = "BLOB", ["epochs"] = "BLOB", ["generalisation"] = "TEXT",
        },
        ["networks"] = new() { ["run_id"] = "TEXT", ["npz"] = "BLOB" },
        ["sessions"] = new()
        {
            ["session"] = "INTEGER", ["host"] = "TEXT", ["pid"] = "INTEGER", ["workers"] = "INTEGER", ["version"] = "TEXT",
            ["started"] = "TEXT", ["last"] = "TEXT", ["cost"] = "REAL",
        },
    };

    /// <summary>Every column of every table, with its declared type.</summary>
    public static IEnumerable<(string Table, string Name, string Type)> Columns =>
        s_tables.SelectMany(table => table.Value.Select(column => (table.Key, column.Key, column.Value)));

    /// <summary>The tables whose rows have a checksum.</summary>
    public static IReadOnlyList<string> CheckedTables { get; } = ["runs", "arrays", "networks"];

    static StoreFile()
    {
        foreach (var name in CheckedTables) s_tables[name][Checksum] = "INTEGER";
    }

    /// <summary>A connection of its own to a store. Statements wait <paramref name="patience"/> seconds for others.</summary>
    /// <exception cref="InvalidInputException">It cannot be opened, or is no regular file.</exception>
    /// <exception cref="ComputationException">SQLite itself cannot be loaded.</exception>
    public static SqliteConnection Open(string path, SqliteOpenMode mode, int patience)
    {
        SqliteConnection? connection = null;
        try
        {
            // A full path, for SQLite takes a name such as file:x for an address.
            var place = new SqliteConnectionStringBuilder
            {
                DataSource = Path.GetFullPath(path), Mode = mode, Pooling = false, DefaultTimeout = patience,
            };
            connection = new SqliteConnection(place.ToString());
            connection.Open();
            raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_DEFENSIVE, 1, out _);
            Limit(connection, null);
            Execute(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;");
            return connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw AsInputError(path, e);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException || e.GetType() == typeof(Exception))
        {
            // The provider throws the last when an earlier attempt to load the library failed.
            throw new ComputationException("SQLite: found a library that cannot be loaded, "
                + "expected it beside the program and files left to open; "
                + "raise the limit of open files (ulimit -n), or install the program again", e);
        }
    }

    /// <summary>SQLite refuses, before it takes memory, a value that is larger than one of that table can be; null: of any table.</summary>
    public static void Limit(SqliteConnection connection, string? table) =>
        raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_LENGTH, table == "runs" ? MostBytesOfText : MostBytes);

    /// <summary>Refuses a file whose tables are not those of a store: a view, trigger, index or unknown table could answer in their
    /// place.</summary>
    /// <returns>The names of the tables that are there; none in a file that its process has not filled yet.</returns>
    /// <exception cref="InvalidInputException">They are not.</exception>
    public static HashSet<string> Tables(SqliteConnection connection, string path)
    {
        HashSet<string> tables = [];
        foreach (var row in Rows(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema"))
        {
            // An index without a text is the one that SQLite itself makes for a primary key.
            var own = row is ["table", string name, string table, string] && name == table && s_tables.ContainsKey(name)
                || row is ["index", _, string of, null] && s_tables.ContainsKey(of);
            if (!own) throw Foreign(path, $"{Printable.Of($"{row[0]} {row[1]}")} in it");
            if (row[0] is "table") tables.Add((string)row[1]!);
        }
        if (tables.Count == 0) return tables;
        if (Scalar(connection, "PRAGMA application_id") is not (ApplicationId or 0L)) throw Damaged(path, null);
        foreach (var table in tables)
            foreach (var column in Rows(connection, $"SELECT name, type, hidden FROM pragma_table_xinfo('{table}')"))
            {
                // A later version may have more columns, but none that is computed.
                var known = s_tables[table].GetValueOrDefault((string)column[0]!);
                var type = column[1] as string;
                if (column[2] is not 0L || type is not ("TEXT" or "INTEGER" or "REAL" or "BLOB") || (known is not null && known != type))
                    throw Foreign(path, $"a column {Printable.Of((string)column[0]!)} of another type in {table}");
            }
        return tables;
    }

    /// <summary>What a failure of SQLite means to the person at the keyboard.</summary>
    public static InvalidInputException AsInputError(string path, SqliteException e) => e.SqliteErrorCode switch
    {
        11 or 26 => Damaged(path, e), // SQLITE_CORRUPT, SQLITE_NOTADB
        13 => Message(path, "a full disk", "room for finished runs", "make room and give the same command again: what is recorded stays",
            e),
        8 or 14 or 23 => Message(path, "a file that cannot be opened as it has to be", "a writable file in a writable folder",
            "check permissions, whether the file system is mounted read-only, and the limit of open files (ulimit -n)", e),
        5 or 6 => Message(path, "a lock that was not released", "readers and writers that finish",
            "look for a program that keeps the file open", e),
        10 => Message(path, "a read or write that failed", "a working disk with room",
            "check the disk and give the same command again: what is recorded stays", e),
        18 => Foreign(path, "a value that is too large"),
        _ => Foreign(path, $"an error of SQLite ({Printable.Of(e.Message).TrimEnd('.')})", e),
    };

    /// <summary>Whether another program has the store at the moment: SQLITE_BUSY, SQLITE_LOCKED.</summary>
    public static bool IsBusy(SqliteException e) => e.SqliteErrorCode is 5 or 6;

    public static InvalidInputException Damaged(string path, Exception? inner) =>
        Message(path, "a damaged file, or one of another kind", "a store of runs",
            "move it away, and give the same command again: its runs will be run again", inner);

    /// <summary>What SQLite takes for a new store: a process was killed as it began, or something has emptied it.</summary>
    public static InvalidInputException Empty(string path) =>
        Message(path, "an empty file", "a store of runs",
            "put a copy of it back if it ever held runs; the sweep command runs them again", null);

    public static InvalidInputException DamagedRow(string path, Exception inner) =>
        Message(path, "a row that does not match its checksum", "rows as they were written",
            "give the sweep command again: it takes damaged rows out, trains only their runs again, and keeps all others", inner);

    public static InvalidInputException Foreign(string path, string found, Exception? inner = null) =>
        Message(path, found, "a store of runs", "move it away: its runs will be run again", inner);

    /// <summary>
    /// Refuses a file of a sweep that is to be written, and is a link or no regular file: what a link leads to belongs to somebody else.
    /// A file that is not there is none.
    /// </summary>
    /// <exception cref="InvalidInputException">It is one.</exception>
    public static void RefuseLink(string path)
    {
        var found = new FileInfo(path).LinkTarget is not null ? "a link"
            : Directory.Exists(path) ? "a folder"
            : SystemCalls.IsSpecial(path) ? "a pipe or device"
            : null;
        if (found is not null) throw Message(path, found, "a file of the sweep itself", "take it away, or choose another --out", null);
    }

    /// <summary>Refuses a store that is a pipe or device, where reading would wait for ever.</summary>
    /// <exception cref="InvalidInputException">It is one.</exception>
    public static void RefusePipe(string path)
    {
        if (SystemCalls.IsSpecial(path)) throw Message(path, "a pipe or device", "a store of runs", "take it away", null);
    }

    public static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteScalar();
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>The rows of a small table: text, long, double, byte[] or null.</summary>
    public static List<object?[]> Rows(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        using var reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    private static InvalidInputException Message(string path, string found, string expected, string remedy, Exception? inner) =>
        new(InvalidInputException.Of(Printable.Of(path), found, expected, remedy).Message, inner);
}
