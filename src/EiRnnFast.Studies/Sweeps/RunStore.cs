using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// The file in which one process records its finished runs: SQLite, one transaction a run. Only its own process writes to it. The rollback
/// journal (DELETE) is used, not the write-ahead log: that needs memory shared between readers and writer, which
/// network file systems do not have. synchronous = EXTRA: a run that counts as recorded survives a power cut, the last one too, for the
/// folder is synchronised after its journal is gone. Readers elsewhere need nothing but the file locks that NFS 4, Lustre (mounted with
/// flock) and GPFS give.
/// </summary>
internal sealed class RunStore
{
    /// <summary>How long one attempt to write waits for readers, seconds; in between, they get their turn.</summary>
    private const int Patience = 1;

    private static readonly RowWriter s_runs = new("runs", [.. RunColumns.All.Select(column => column.Name)]);
    private static readonly RowWriter s_arrays = new("arrays",
        ["run_id", "losses", "gradient_norms", "eigenvalues_initial", "eigenvalues", "epochs", "generalisation"]);
    private static readonly RowWriter s_networks = new("networks", ["run_id", "npz"]);

    private readonly string _path;
    private readonly long _session;

    /// <summary>Creates the file if there is none, and begins a session of this process. Between writes it is not kept open.</summary>
    /// <exception cref="StoreBusyException">Another program has it; try again.</exception>
    /// <exception cref="InvalidInputException">It cannot be written, is damaged or of another kind, or a link.</exception>
    public RunStore(string path, int workers, DateTimeOffset now)
    {
        _path = path;
        foreach (var file in new[] { path, path + "-journal", path + "-wal", path + "-shm" }) StoreFile.RefuseLink(file);
        Create(path);
        _session = Write(connection =>
        {
            if (StoreFile.Scalar(connection, "PRAGMA quick_check(1)") is not "ok") throw StoreFile.Damaged(path, null);
            using var transaction = connection.BeginTransaction();
            StoreFile.Tables(connection, path);
            StoreFile.Execute(connection, $"PRAGMA application_id = {StoreFile.ApplicationId}");
            CreateTables(connection);
            const string insert = "INSERT INTO sessions (host, pid, workers, version, started, last, cost) "
                + "VALUES ($host, $pid, $workers, $version, $now, $now, 0) RETURNING session";
            var session = (long)StoreFile.Scalar(connection, insert,
                ("$host", Environment.MachineName), ("$pid", Environment.ProcessId), ("$workers", workers),
                ("$version", Backend.EngineVersion), ("$now", Time(now)))!;
            transaction.Commit();
            return session;
        });
    }

    /// <summary>Records a finished run: all of it or nothing.</summary>
    /// <exception cref="StoreBusyException">Another program has the store; try again.</exception>
    /// <exception cref="InvalidInputException">It could not be written.</exception>
    public void Add(RunRecord record, DateTimeOffset now) => Write(connection =>
    {
        using var transaction = connection.BeginTransaction();
        var id = record.Run.Id;
        s_runs.Write(connection,
            [id, record.Status, record.Reason, Environment.MachineName, Time(record.Started), Time(record.Finished),
                .. RunColumns.ValuesOf(record.Summary)]);
        if (record.Summary is TrainingSummary summary)
            s_arrays.Write(connection, [id, RunRecord.BlobOf([.. summary.Losses]), RunRecord.BlobOf([.. summary.GradientNorms]),
                RunRecord.BlobOf(summary.SpectrumInitial.Eigenvalues), RunRecord.BlobOf(summary.Spectrum.Eigenvalues),
                TrackedEpochs.BlobOf(summary.SpectrumEpochs), GeneralisationRows.TextOf(summary.Generalisation)]);
        if (record.NetworkBlob() is { } npz) s_networks.Write(connection, [id, npz]);
        StoreFile.Execute(connection, "UPDATE sessions SET last = $now, cost = cost + $cost WHERE session = $session",
            ("$now", Time(now)), ("$cost", record.Run.Cost), ("$session", _session));
        transaction.Commit();
        return 0;
    });

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null);

    /// <summary>An empty file, open to whom the umask says: SQLite would give the group no right to write, and its journal takes the
    /// rights of the store.</summary>
    private static void Create(string path)
    {
        if (File.Exists(path)) return;
        try
        {
            new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, 1).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // SQLite says why, or finds it there by now.
        }
    }

    private static void CreateTables(SqliteConnection connection)
    {
        var columns = RunColumns.All.Select(column => $"{column.Name} {column.SqlType}{(column.Name == "run_id" ? " PRIMARY KEY" : "")}");
        const string arrays = "run_id TEXT PRIMARY KEY, losses BLOB, gradient_norms BLOB, eigenvalues_initial BLOB, eigenvalues BLOB, "
            + "epochs BLOB, generalisation TEXT";
        const string sessions = "session INTEGER PRIMARY KEY, host TEXT, pid INTEGER, workers INTEGER, version TEXT, "
            + "started TEXT, last TEXT, cost REAL";
        StoreFile.Execute(connection, $"""
            CREATE TABLE IF NOT EXISTS runs ({string.Join(", ", columns)}, {StoreFile.Checksum} INTEGER);
            CREATE TABLE IF NOT EXISTS arrays ({arrays},
                {StoreFile.Checksum} INTEGER);
            CREATE TABLE IF NOT EXISTS networks (run_id TEXT PRIMARY KEY, npz BLOB, {StoreFile.Checksum} INTEGER);
            CREATE TABLE IF NOT EXISTS sessions ({sessions});
            """);
        // A store of an earlier version gets the columns that came since; its rows have nothing in them.
        foreach (var (table, name, type) in StoreFile.Columns)
            if (StoreFile.Scalar(connection, $"SELECT count(*) FROM pragma_table_info('{table}') WHERE name = '{name}'") is 0L)
                StoreFile.Execute(connection, $"ALTER TABLE {table} ADD COLUMN {name} {type}");
    }

    private T Write<T>(Func<SqliteConnection, T> work) => Write(_path, work);

    /// <summary>Works on a store that exists.</summary>
    internal static T Write<T>(string path, Func<SqliteConnection, T> work)
    {
        using var connection = StoreFile.Open(path, SqliteOpenMode.ReadWrite, Patience);
        try
        {
            StoreFile.Execute(connection, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;");
            return work(connection);
        }
        catch (SqliteException e) when (StoreFile.IsBusy(e))
        {
            throw new StoreBusyException(path, e);
        }
        catch (SqliteException e)
        {
            throw StoreFile.AsInputError(path, e);
        }
    }

    /// <summary>Writes rows of one table, each with its checksum.</summary>
    private sealed class RowWriter(string table, string[] columns)
    {
        private readonly string _insert = $"INSERT OR REPLACE INTO {table} ({string.Join(", ", columns)}, {StoreFile.Checksum}) "
            + $"VALUES ({string.Join(", ", columns.Select((_, i) => $"$v{i}"))}, $checksum)";

        public void Write(SqliteConnection connection, object?[] values)
        {
            var checksum = new RowChecksum(columns).Of(values);
            StoreFile.Execute(connection, _insert, [.. values.Select((value, i) => ($"$v{i}", value)), ("$checksum", checksum)]);
        }
    }
}

/// <summary>Another program has a store for the moment: the write is tried again.</summary>
internal sealed class StoreBusyException(string path, Exception inner) : Exception($"{Printable.Of(path)}: another program has it", inner);
