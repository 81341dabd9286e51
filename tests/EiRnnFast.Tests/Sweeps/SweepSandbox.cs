using System.Globalization;
using EiRnnFast.Studies.Sweeps;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>Folders for sweeps of a tiny plan, in this process.</summary>
public sealed class SweepSandbox : IDisposable
{
    /// <summary>Columns that say when and where, not what.</summary>
    private static readonly string[] s_circumstances = ["host", "started", "finished", "seconds"];

    public const string Tiny = """
        seeds = 3
        task = ["and", "xor"]
        units = [5, 8]
        trials = 120
        epochs = 2
        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("eirnn-tests-").FullName;

    /// <summary>A sweep of a plan into a folder of that name.</summary>
    public SweepFolder Run(string name, string plan = Tiny, SweepOptions? options = null, Action<SweepProgress>? progress = null,
        CancellationToken stop = default)
    {
        var folder = SweepFolder.At(Directory.CreateDirectory(Path.Combine(Folder, name)).FullName);
        Sweep.Run(SweepPlan.Parse(plan, "plan"), folder, options ?? new SweepOptions { Workers = 2 }, progress, stop);
        return folder;
    }

    /// <summary>The same until the runs under way are left.</summary>
    public SweepProgress RunUntil(string name, string plan, SweepOptions options, Action<SweepProgress> progress, CancellationToken leave)
    {
        var folder = SweepFolder.At(Directory.CreateDirectory(Path.Combine(Folder, name)).FullName);
        return Sweep.Run(SweepPlan.Parse(plan, "plan"), folder, options, progress, leave: leave);
    }

    /// <summary>Every row as text, without what says when and where.</summary>
    public static string[] Rows(SweepFolder folder) => [.. SweepTable.Runs(folder).Parts.SelectMany(part => part).Select(row =>
        string.Join("; ", row.Select((value, i) => (RunColumns.All[i].Name, value)).Where(entry => !s_circumstances.Contains(entry.Name))
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Name} {Exact(entry.value)}"))))];

    public static string[] Arrays(SweepFolder folder) =>
        [.. new[] { SweepTable.Eigenvalues(folder), SweepTable.Losses(folder) }.SelectMany(table => table.Parts).SelectMany(part => part)
        .Select(row => string.Join(' ', row.Select(value => string.Create(CultureInfo.InvariantCulture, $"{Exact(value)}"))))
        .Order(StringComparer.Ordinal)];

    /// <summary>What another program does to a store.</summary>
    public static void Change(string store, string sql)
    {
        using var connection = Connect(store);
        Execute(connection, sql);
    }

    public static SqliteConnection Connect(string store)
    {
        var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Value(object?[] row, string column) => row[RunColumns.All.ToList().FindIndex(known => known.Name == column)];

    private static string? Exact(object? value) =>
        value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
