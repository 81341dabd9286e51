using Microsoft.Data.Sqlite;
using EiRnnFast.Studies.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// The file in which one process records its finished runs: SQLite, one transaction a run. Only its own process writes to it. The rollback
/// journal (DELETE) is used, not the write-ahead log: that needs memory shared between readers and writer, which
/// network file systems do not have. synchronous = FULL: a run that counts as recorded survives a power cut. Readers elsewhere
/// need nothing but the file locks that NFS 4, Lustre (mounted with flock) and GPFS give.
/// </summary>
internal sealed class RunStore
{
    /// <summary>How long a write waits for readers before it gives up, seconds.</summary>
    private const int Patience = 60;

    /// <summary>SQLite's application_id of our stores: "EiRn".</summary>
    internal const long Mark = 0x4569526E;

    private static readonly string s_insert =
        $"INSERT OR REPLACE INTO runs ({string.Join(", ", RunColumns.All.Select(column => column.Name))}) VALUES ({string.Join(", ", RunColumns.All.Select((_, i) => $"$v{i}"))})";

    private readonly string _path;
    private readonly long _session;

    /// <summary>Creates the file if there is none, and begins a session of this process. Between writes it is not kept open.</summary>
    /// <exception cref="InvalidInputException">It cannot be written, is damaged or of another kind.</exception>
    public RunStore(string path, int workers, DateTimeOffset now)
    {
        _path = path;
        _session = Write(SqliteOpenMode.ReadWriteCreate, connection =>
        {
            if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok") throw Damaged(path, null);
            if (Scalar(connection, "PRAGMA application_id") is not Mark && Scalar(connection, "SELECT count(*) FROM sqlite_master") is not 0L) throw Damaged(path, null);
            using var transaction = connection.BeginTransaction();
            Execute(connection, $"PRAGMA application_id = {Mark}");
            CreateTables(connection);
            var session = (long)Scalar(connection, "INSERT INTO sessions (host, pid, workers, version, started, last, cost) VALUES ($host, $pid, $workers, $version, $now, $now, 0) RETURNING session",
                ("$host", Environment.MachineName), ("$pid", Environment.ProcessId), ("$workers", workers), ("$version", SettingsRecord.EngineVersion), ("$now", Time(now)))!;
            transaction.Commit();
            return session;
        });
    }

    /// <summary>Records a finished run: all of it or nothing.</summary>
    /// <exception cref="InvalidInputException">It could not be written.</exception>
    public void Add(RunRecord record, DateTimeOffset now) => Write(SqliteOpenMode.ReadWrite, connection =>
    {
        using var transaction = connection.BeginTransaction();
        object?[] values = [record.Run.Id, record.Status, record.Reason, Environment.MachineName, Time(record.Started), Time(record.Finished), .. RunColumns.ValuesOf(record.Summary)];
        Execute(connection, s_insert, [.. values.Select((value, i) => ($"$v{i}", value))]);
        if (record.Summary is TrainingSummary summary)
            Execute(connection, "INSERT OR REPLACE INTO arrays (run_id, losses, gradient_norms, eigenvalues_initial, eigenvalues) VALUES ($id, $losses, $norms, $initial, $final)",
                ("$id", record.Run.Id), ("$losses", RunRecord.BlobOf([.. summary.Losses])), ("$norms", RunRecord.BlobOf([.. summary.GradientNorms])),
                ("$initial", RunRecord.BlobOf(summary.SpectrumInitial.Eigenvalues)), ("$final", RunRecord.BlobOf(summary.Spectrum.Eigenvalues)));
        if (record.NetworkBlob() is { } npz) Execute(connection, "INSERT OR REPLACE INTO networks (run_id, npz) VALUES ($id, $npz)", ("$id", record.Run.Id), ("$npz", npz));
        Execute(connection, "UPDATE sessions SET last = $now, cost = cost + $cost WHERE session = $session", ("$now", Time(now)), ("$cost", record.Run.Cost), ("$session", _session));
        transaction.Commit();
        return 0;
    });

    /// <summary>A connection of its own to a store.</summary>
    internal static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = Patience }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Told(path, e);
        }
    }

    /// <summary>What a failure of SQLite means to the person at the keyboard.</summary>
    internal static InvalidInputException Told(string path, SqliteException e) => e.SqliteErrorCode switch
    {
        11 or 26 => Damaged(path, e), // SQLITE_CORRUPT, SQLITE_NOTADB
        13 => Message(path, "a full disk", "room for finished runs", "make room and give the same command again: what is recorded stays", e),
        8 or 14 or 23 => Message(path, "a file that cannot be written", "a writable file in a writable folder", "check permissions and whether the file system is mounted read-only", e),
        5 or 6 => Message(path, $"a lock that was not released in {Patience} s", "readers that finish", "look for a program that keeps the file open", e),
        10 => Message(path, "a read or write that failed", "a working disk with room", "check the disk and give the same command again: what is recorded stays", e),
        _ => Message(path, $"an error of SQLite ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})", "a store of runs", "move the file away: its runs will be run again", e),
    };

    internal static InvalidInputException Damaged(string path, Exception? inner) =>
        Message(path, "a damaged file, or one of another kind", "a store of runs", "move it away, and give the same command again: its runs will be run again", inner);

    private static InvalidInputException Message(string path, string found, string expected, string remedy, Exception? inner) =>
        new(InvalidInputException.Of(InputFile.OneLine(path), found, expected, remedy).Message, inner);

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null);

    private static void CreateTables(SqliteConnection connection)
    {
        Execute(connection, $"CREATE TABLE IF NOT EXISTS runs ({string.Join(", ", RunColumns.All.Select(column => $"{column.Name} {column.SqlType}{(column.Name == "run_id" ? " PRIMARY KEY" : "")}"))})");
        Execute(connection, """
            CREATE TABLE IF NOT EXISTS arrays (run_id TEXT PRIMARY KEY, losses BLOB, gradient_norms BLOB, eigenvalues_initial BLOB, eigenvalues BLOB);
            CREATE TABLE IF NOT EXISTS networks (run_id TEXT PRIMARY KEY, npz BLOB);
            CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY, host TEXT, pid INTEGER, workers INTEGER, version TEXT, started TEXT, last TEXT, cost REAL);
            """);
        // A store of an earlier version gets the columns that came since; its rows have nothing in them.
        HashSet<string> present = [];
        using (var columns = Command(connection, "SELECT name FROM pragma_table_info('runs')"))
        using (var reader = columns.ExecuteReader())
            while (reader.Read()) present.Add(reader.GetString(0));
        foreach (var column in RunColumns.All.Where(column => !present.Contains(column.Name))) Execute(connection, $"ALTER TABLE runs ADD COLUMN {column.Name} {column.SqlType}");
    }

    private T Write<T>(SqliteOpenMode mode, Func<SqliteConnection, T> work)
    {
        using var connection = Open(_path, mode);
        try
        {
            Execute(connection, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw Told(_path, e);
        }
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteScalar();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
