using EiRnnFast.Model;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>What is exported of a sweep: columns, and rows in parts, so that a long table is never in memory whole.</summary>
/// <param name="Columns">Names and types.</param>
/// <param name="Parts">The rows, some at a time; a value is null, or of its column's type.</param>
public sealed record SweepTable(IReadOnlyList<RunColumn> Columns, IEnumerable<IReadOnlyList<object?[]>> Parts)
{
    private const int RowsOfPart = 100_000;

    private static readonly string[] s_order = ["task", "units", "sign_axis", "excitatory", "init", "gain", "balanced", "seed", "run_id"];

    /// <summary>One row a run, in an order that does not depend on who ran it: by settings, then seed.</summary>
    /// <exception cref="InvalidInputException">A store that cannot be read: what it holds would be missing.</exception>
    public static SweepTable Runs(SweepFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Dictionary<string, object?[]> rows = [];
        foreach (var row in Stores(folder).SelectMany(store => StoreReader.Rows(store.Path)))
            if (!rows.TryGetValue((string)row[0]!, out var known) || known[1] is RunStatus.Failed) rows[(string)row[0]!] = row;
        var order = s_order.Select(name => RunColumns.All.ToList().FindIndex(column => column.Name == name)).ToArray();
        var sorted = rows.Values.ToArray();
        Array.Sort(sorted, (a, b) =>
        {
            foreach (var column in order)
            {
                var difference = a[column] is string text
                    ? string.CompareOrdinal(text, b[column] as string)
                    : System.Collections.Comparer.DefaultInvariant.Compare(a[column], b[column]);
                if (difference != 0) return difference;
            }
            return 0;
        });
        return new SweepTable(RunColumns.All, sorted.Chunk(RowsOfPart));
    }

    /// <summary>One row an eigenvalue: run_id, stage (initial or final), rank from 1 (largest modulus), re, im.</summary>
    /// <exception cref="InvalidInputException">A store that cannot be read.</exception>
    public static SweepTable Eigenvalues(SweepFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        RunColumn[] columns =
        [
            new("run_id", typeof(string)), new("stage", typeof(string)), new("rank", typeof(long)),
            new("re", typeof(double)), new("im", typeof(double)),
        ];
        return new SweepTable(columns, Long(folder, StoreReader.Eigenvalues, run => run.Id,
            run => Ranked(run.Id, "initial", run.Initial).Concat(Ranked(run.Id, "final", run.Final))));

        static IEnumerable<object?[]> Ranked(string id, string stage, double[] pairs)
        {
            for (var i = 0; i < pairs.Length / 2; i++) yield return [id, stage, i + 1L, pairs[2 * i], pairs[2 * i + 1]];
        }
    }

    /// <summary>One row an epoch: run_id, epoch from 1, loss, gradient_norm.</summary>
    /// <exception cref="InvalidInputException">A store that cannot be read.</exception>
    public static SweepTable Losses(SweepFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        RunColumn[] columns =
        [
            new("run_id", typeof(string)), new("epoch", typeof(long)),
            new("loss", typeof(double)), new("gradient_norm", typeof(double)),
        ];
        return new SweepTable(columns, Long(folder, StoreReader.Losses, run => run.Id,
            run => run.Losses.Select((loss, i) => new object?[] { run.Id, i + 1L, loss, run.GradientNorms[i] })));
    }

    /// <summary>One row a tracked epoch: run_id, epoch (0 as created), radii, outliers, Henrici, silent units, losses,
    /// accuracy.</summary>
    /// <exception cref="InvalidInputException">A store that cannot be read.</exception>
    public static SweepTable Epochs(SweepFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new SweepTable([new("run_id", typeof(string)), .. TrackedEpochs.Columns],
            Long(folder, StoreReader.Epochs, run => run.Id, run => run.Rows));
    }

    /// <summary>One row a test beyond the training: run_id, option, value, trained, trials, data_seed, accuracy, chance, loss.</summary>
    /// <exception cref="InvalidInputException">A store that cannot be read.</exception>
    public static SweepTable Generalisation(SweepFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new SweepTable([new("run_id", typeof(string)), .. GeneralisationRows.Columns],
            Long(folder, StoreReader.Generalisation, run => run.Id, run => run.Rows));
    }

    /// <summary>The .npz bytes of a network that was kept.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="id">Its run's id, or the beginning of it that no other has.</param>
    /// <exception cref="InvalidInputException">None, or more than one.</exception>
    public static (string Id, byte[] Npz) Network(SweepFolder folder, string id)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (string.IsNullOrEmpty(id))
            throw InvalidInputException.Of("network", "an empty id", "the id of a run", "export --csv lists the ids");
        var found = folder.Stores().SelectMany(store => StoreReader.Networks(store.Path, id))
            .DistinctBy(network => network.Id).Take(2).ToArray();
        return found.Length switch
        {
            1 => found[0],
            0 => throw InvalidInputException.Of("network", $"none kept of a run '{Printable.Of(id)}'",
                "the id of a run whose weights were kept",
                "export --csv lists the ids; weights are kept of runs that a sweep with --keep-weights records, "
                    + "not of those recorded before"),
            _ => throw InvalidInputException.Of("network", $"more than one whose id begins with '{Printable.Of(id)}'", "one",
                "give more of the id"),
        };
    }

    /// <summary>Writes all networks that were kept as <c>id.npz</c>, with the bytes that the stores have: all of them, or none.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="into">A folder that exists; other files in it stay.</param>
    /// <param name="progress">Called with the number written so far.</param>
    /// <returns>The ids, in the order in which they were written.</returns>
    /// <exception cref="InvalidInputException">No network was kept, a store cannot be read, or a file cannot be written.</exception>
    public static IReadOnlyList<string> WriteNetworks(SweepFolder folder, string into, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(into);
        List<string> ids = [];
        HashSet<string> known = [];
        FilesAside.Write(into, null, [], aside =>
        {
            foreach (var (_, path) in Stores(folder))
                for (var last = ""; StoreReader.NetworksAfter(path, last) is { Count: > 0 } networks; last = networks[^1].Id)
                    foreach (var (id, npz) in networks.Where(network => known.Add(network.Id)))
                    {
                        AtomicFile.Write(Path.Combine(aside, $"{id}.npz"), stream => stream.Write(npz));
                        ids.Add(id);
                        progress?.Invoke(ids.Count);
                    }
            if (ids.Count == 0)
                throw InvalidInputException.Of(Printable.Of(folder.Path), "no network kept", "a sweep that keeps its networks",
                    "weights are kept of runs that a sweep with --keep-weights records, not of those recorded before");
        });
        return ids;
    }

    /// <summary>The network of a run; null where it was not kept.</summary>
    internal static EiRnn? Kept(SweepFolder folder, string id)
    {
        foreach (var store in folder.Stores())
            if (StoreReader.Networks(store.Path, id) is [var (_, npz), ..]) return NetworkFile.FromBytes(npz, store.Path);
        return null;
    }

    /// <summary>The stores, each whole.</summary>
    private static IReadOnlyList<(Shard Shard, string Path)> Stores(SweepFolder folder)
    {
        if (folder.Stores() is not { Count: > 0 } stores)
            throw InvalidInputException.Of(Printable.Of(folder.Path), "no recorded run yet", "the folder of a sweep that has begun",
                "wait for the first task; eirnn status shows where it stands");
        foreach (var (_, path) in stores) StoreReader.Check(path);
        return stores;
    }

    /// <summary>The rows of every run, in parts.</summary>
    private static IEnumerable<IReadOnlyList<object?[]>> Long<T>(
        SweepFolder folder, Func<string, List<T>> read, Func<T, string> id, Func<T, IEnumerable<object?[]>> rows) => Stores(folder)
        .SelectMany(store => read(store.Path))
        .DistinctBy(id).OrderBy(id, StringComparer.Ordinal)
        .SelectMany(rows).Chunk(RowsOfPart);
}
