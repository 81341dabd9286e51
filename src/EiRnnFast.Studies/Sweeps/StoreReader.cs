using EiRnnFast.Files;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Reads the stores of a sweep, also while they are written. It writes nothing: where a writer was cut off in a transaction, a copy is
/// read, as of the last commit. Every row that has a checksum is held against it; control characters in texts are replaced.
/// </summary>
internal static class StoreReader
{
    /// <summary>How long a reader waits for a writer, seconds.</summary>
    private const int Patience = 60;

    /// <summary>How often a copy is taken again because the store changed meanwhile.</summary>
    private const int MostCopies = 20;

    private const int IdLength = 16, NetworksAtATime = 16;

    /// <summary>How every recorded run of a store ended, and whether its row has a checksum.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, string Status, string? Reason, bool Checked)> Outcomes(string path) =>
        Read(path, "runs", "", row =>
            (row.Id, row.Text("status") ?? throw new FormatException("a run without status"), row.Text("reason"), row.Checked));

    /// <summary>The last session of a store; null where there was none.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static StoreSession? LastSession(string path)
    {
        const string select = "SELECT host, workers, started, last, (julianday(last) - julianday(started)) * 86400, cost "
            + "FROM sessions ORDER BY session DESC LIMIT 1";
        return Read(path, (connection, tables) => !tables.Contains("sessions") ? null : StoreFile.Rows(connection, select) switch
        {
            [] => null,
            [[string host, long workers, string, string last, double seconds, double cost]] =>
                new StoreSession(Printable.Of(host), workers, Printable.Of(last), seconds, cost),
            _ => throw new FormatException("a session of other values"),
        });
    }

    /// <summary>Names of the kernel sets that a store's runs were made with.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<string> KernelSets(string path)
    {
        const string select = "SELECT DISTINCT kernel_set FROM runs WHERE kernel_set IS NOT NULL";
        return Read(path, (connection, tables) => tables.Contains("runs")
            ? StoreFile.Rows(connection, select).ConvertAll(row => Printable.Of($"{row[0]}"))
            : []);
    }

    /// <summary>Refuses a store whose pages are damaged.</summary>
    /// <exception cref="InvalidInputException">They are.</exception>
    public static void Check(string path)
    {
        if (Read(path, (connection, _) => StoreFile.Scalar(connection, "PRAGMA quick_check(1)")) is not "ok")
            throw StoreFile.Damaged(path, null);
    }

    /// <summary>Whether some row does not match its checksum.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static bool HasDamagedRows(string path)
    {
        try
        {
            foreach (var table in StoreFile.CheckedTables) Read(path, table, "", row => row.Id);
            return false;
        }
        catch (InvalidInputException e) when (e.InnerException is DamagedRowException)
        {
            return true;
        }
    }

    /// <summary>Every recorded run, its values in the order of <see cref="RunColumns.All"/>; what a store of another version lacks is
    /// null.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<object?[]> Rows(string path) => Read(path, "runs", "", row =>
    {
        var values = new object?[RunColumns.All.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (RunColumns.All[i].Type, row.At(row.Positions[i])) switch
            {
                (_, null) => null,
                ({ } type, string text) when type == typeof(string) => Printable.Of(text),
                ({ } type, double number) when type == typeof(double) => number,
                ({ } type, long whole) when type == typeof(long) => whole,
                ({ } type, long flag) when type == typeof(bool) => flag != 0,
                _ => throw new FormatException($"{RunColumns.All[i].Name} is of another kind"),
            };
        RunColumns.FillLaterSettings(values);
        return values[1] is string ? values : throw new FormatException("a run without status");
    });

    /// <summary>Eigenvalues of every run that has some: [re, im, re, im …] before and after training.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, double[] Initial, double[] Final)> Eigenvalues(string path) =>
        Read(path, "arrays", "", row =>
            (row.Id, RunRecord.ValuesOf(row.Blob("eigenvalues_initial")), RunRecord.ValuesOf(row.Blob("eigenvalues"))));

    /// <summary>Loss and gradient norm of every epoch of every run that has some.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, double[] Losses, double[] GradientNorms)> Losses(string path) => Read(path, "arrays", "", row =>
    {
        var (losses, norms) = (RunRecord.ValuesOf(row.Blob("losses")), RunRecord.ValuesOf(row.Blob("gradient_norms")));
        return losses.Length == norms.Length ? (row.Id, losses, norms) : throw new FormatException("losses and norms of different length");
    });

    /// <summary>The tracked epochs of every run that has some, as <see cref="TrackedEpochs"/> lists them.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, IReadOnlyList<object?[]> Rows)> Epochs(string path) => Read(path, "arrays", "", row =>
        (row.Id, EpochsOf(row)));

    /// <summary>The tests of every run that has some beyond its training, as <see cref="GeneralisationRows"/> lists them.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, IReadOnlyList<object?[]> Rows)> Generalisation(string path) => Read(path, "arrays", "", row =>
        (row.Id, TestsOf(row)));

    /// <summary>The runs that have the analyses asked for.</summary>
    /// <param name="path">The store.</param>
    /// <param name="has">Whether a run has them: its id, the epochs run, those tracked, and the values tested.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static IEnumerable<string> Analysed(
        string path, Func<string, int, HashSet<long>, HashSet<(string Option, double Value)>, bool> has) =>
        Read(path, "arrays", "", row => (row.Id, Has: has(row.Id, RunRecord.ValuesOf(row.Blob("losses")).Length,
            EpochsOf(row).Select(one => (long)one[1]!).ToHashSet(),
            TestsOf(row).Select(one => ((string)one[1]!, (double)one[2]!)).ToHashSet()))).Where(run => run.Has).Select(run => run.Id);

    /// <summary>The .npz bytes of kept networks whose run's id begins so; two at most.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, byte[] Npz)> Networks(string path, string prefix) =>
        Read(path, "networks", "WHERE substr(run_id, 1, length($prefix)) = $prefix LIMIT 2",
            row => (row.Id, row.Blob("npz")), ("$prefix", prefix));

    /// <summary>The .npz bytes of the next kept networks after an id, in the order of ids: a few, so that neither memory nor the store
    /// is held long.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static List<(string Id, byte[] Npz)> NetworksAfter(string path, string id) =>
        Read(path, "networks", $"WHERE run_id > $id ORDER BY run_id LIMIT {NetworksAtATime}",
            row => (row.Id, row.Blob("npz")), ("$id", id));

    private static IReadOnlyList<object?[]> EpochsOf(Row row) =>
        TrackedEpochs.RowsOf(row.Id, row.HasValue("epochs") ? RunRecord.ValuesOf(row.Blob("epochs")) : []);

    private static IReadOnlyList<object?[]> TestsOf(Row row) =>
        GeneralisationRows.RowsOf(row.Id, row.HasValue("generalisation") ? row.Text("generalisation") ?? "" : "");

    /// <summary>Rows of one table, each checked before it is converted; none where the table is not there yet.</summary>
    private static List<T> Read<T>(
        string path, string table, string which, Func<Row, T> convert, params (string Name, object? Value)[] values) =>
        Read(path, (connection, tables) =>
        {
            List<T> rows = [];
            if (!tables.Contains(table)) return rows;
            StoreFile.Limit(connection, table);
            using var command = StoreFile.Command(connection, $"SELECT * FROM {table} {which}", values);
            using var reader = command.ExecuteReader();
            var row = new Row(reader, [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)]);
            while (row.Next()) rows.Add(convert(row));
            return rows;
        });

    private static T Read<T>(string path, Func<SqliteConnection, HashSet<string>, T> work)
    {
        StoreFile.RefusePipe(path);
        try
        {
            try
            {
                return From(path, path, SqliteOpenMode.ReadOnly, work);
            }
            catch (SqliteException e) when (e.SqliteExtendedErrorCode == StoreFile.ReadOnlyRollback)
            {
                return FromCopy(path, work);
            }
        }
        catch (SqliteException e)
        {
            throw StoreFile.AsInputError(path, e);
        }
        catch (DamagedRowException e)
        {
            throw StoreFile.DamagedRow(path, e);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException
            or InvalidOperationException or ArgumentException)
        {
            throw StoreFile.Foreign(path, e is FormatException ? e.Message : "values of another kind", e);
        }
    }

    /// <summary>Tables and rows as of one moment.</summary>
    private static T From<T>(string file, string name, SqliteOpenMode mode, Func<SqliteConnection, HashSet<string>, T> work)
    {
        using var connection = StoreFile.Open(file, mode, Patience);
        using var moment = connection.BeginTransaction(deferred: true);
        return work(connection, StoreFile.Tables(connection, name));
    }

    /// <summary>
    /// The store as of its last commit, where a process was cut off in the next one: only the sweep itself may put the store in order,
    /// so its file and journal are copied, and the copy is put in order. Both stay as they are until a sweep does so; otherwise they are
    /// looked at again.
    /// </summary>
    private static T FromCopy<T>(string path, Func<SqliteConnection, HashSet<string>, T> work)
    {
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("eirnn-");
            var copy = Path.Combine(folder.FullName, "store");
            for (var attempt = 0; attempt < MostCopies; attempt++)
            {
                var before = State();
                if (before is null) return From(path, path, SqliteOpenMode.ReadOnly, work);
                File.Copy(path, copy, overwrite: true);
                File.Copy(path + "-journal", copy + "-journal", overwrite: true);
                if (State() == before) return From(copy, path, SqliteOpenMode.ReadWrite, work);
            }
            throw CutOff(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CutOff(e);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }

        (long, DateTime, long, DateTime)? State()
        {
            var (store, journal) = (new FileInfo(path), new FileInfo(path + "-journal"));
            return journal.Exists ? (store.Length, store.LastWriteTimeUtc, journal.Length, journal.LastWriteTimeUtc) : null;
        }

        InvalidInputException CutOff(Exception? inner) => new(InvalidInputException.Of(Printable.Of(path),
            "a store whose writer was cut off, and no room for a copy", "a store that its sweep has put in order",
            "give the sweep command again, or make room in the folder for temporary files").Message, inner);
    }

    /// <summary>A row does not match its checksum.</summary>
    private sealed class DamagedRowException : Exception;

    /// <summary>The row that a reader stands at, held against its checksum as it lies in the store.</summary>
    private sealed class Row(SqliteDataReader reader, string[] columns)
    {
        private readonly RowChecksum _checksum = new(columns);
        private readonly int _id = Array.IndexOf(columns, "run_id"), _stored = Array.IndexOf(columns, StoreFile.Checksum);

        /// <summary>Where each of <see cref="RunColumns.All"/> is; −1 where it is not.</summary>
        public int[] Positions { get; } = [.. RunColumns.All.Select(column => Array.IndexOf(columns, column.Name))];

        /// <summary>16 hexadecimal digits: files are named after it.</summary>
        public string Id { get; private set; } = "";

        public bool Checked { get; private set; }

        public bool Next()
        {
            if (!reader.Read()) return false;
            var stored = At(_stored);
            Checked = stored is not null;
            if (Checked && !stored!.Equals(_checksum.Of(reader.Handle!))) throw new DamagedRowException();
            Id = At(_id) is string { Length: IdLength } id && id.All(char.IsAsciiHexDigitLower) ? id
                : throw new FormatException("a run without an id");
            return true;
        }

        /// <summary>The value of a column; null where it is empty or, at −1, not there.</summary>
        public object? At(int column) => column < 0 || reader.IsDBNull(column) ? null : reader.GetValue(column);

        public string? Text(string column) => At(Column(column)) is string text ? Printable.Of(text) : null;

        public byte[] Blob(string column) => At(Column(column)) as byte[] ?? throw new FormatException($"no {column}");

        /// <summary>Whether the store has the column, and the row a value in it: earlier versions had fewer columns.</summary>
        public bool HasValue(string column) => At(Array.IndexOf(columns, column)) is not null;

        private int Column(string name) => Array.IndexOf(columns, name) is >= 0 and var index ? index
            : throw new FormatException($"no column {name}");
    }
}

/// <summary>A session of the process that writes a store.</summary>
/// <param name="Host">Where it ran.</param>
/// <param name="Workers">Networks at a time.</param>
/// <param name="Last">When it recorded last (or began).</param>
/// <param name="Seconds">From its start to that time.</param>
/// <param name="Cost">Expected seconds of the runs recorded meanwhile.</param>
internal sealed record StoreSession(string Host, long Workers, string Last, double Seconds, double Cost);
