using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EiRnnFast.Files;
using EiRnnFast.Files.Native;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>The folder of a sweep: <c>plan.toml</c>, and for every shard a store <c>runs-i-of-n.sqlite</c> with its lock.</summary>
public sealed partial class SweepFolder
{
    /// <summary>The file of the plan.</summary>
    internal const string PlanName = "plan.toml";

    private const string TurnFile = "plan.lock";

    /// <summary>How long a claim waits for those who only look, and for the claims of others.</summary>
    private static readonly TimeSpan s_lockPatience = TimeSpan.FromSeconds(1), s_turnPatience = TimeSpan.FromMinutes(2);

    private SweepFolder(string path) => Path = path;

    /// <summary>The folder as it was named.</summary>
    public string Path { get; }

    /// <summary>A copy of the plan that was run last.</summary>
    public string PlanFile => System.IO.Path.Combine(Path, PlanName);

    /// <summary>The batch script, where the sweep is run by Slurm.</summary>
    public string BatchScript => System.IO.Path.Combine(Path, "sweep.sbatch");

    /// <summary>A folder that holds a sweep, to be read.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static SweepFolder Existing(string path)
    {
        var folder = new SweepFolder(path);
        var isFolder = Directory.Exists(path);
        if (isFolder && (folder.Stores().Count > 0 || (File.Exists(folder.PlanFile) && File.Exists(folder.BatchScript)))) return folder;
        var found = isFolder ? "a folder without a recorded sweep" : File.Exists(path) ? "a file" : "no such folder";
        throw InvalidInputException.Of(path.Length == 0 ? "''" : Printable.Of(path), found, "the folder of a sweep",
            "name what eirnn sweep (for a report: or eirnn train) was given as --out");
    }

    /// <summary>A folder that a sweep is to be run in; it must exist.</summary>
    public static SweepFolder At(string path) => new(path);

    /// <summary>The store of a shard.</summary>
    public string StoreOf(Shard shard) =>
        System.IO.Path.Combine(Path, FormattableString.Invariant($"runs-{shard.Index}-of-{shard.Count}.sqlite"));

    /// <summary>Whether a path is one of the files that a sweep lives on, so that nothing else may be written there.</summary>
    public bool Owns(string path)
    {
        var full = RealPath.Of(path);
        var name = System.IO.Path.GetFileName(full);
        return RealPath.Comparer.Equals(System.IO.Path.GetDirectoryName(full), RealPath.Of(Path))
            && (name == System.IO.Path.GetFileName(PlanFile) || name == System.IO.Path.GetFileName(BatchScript) || name == TurnFile
                || name.StartsWith("runs-", StringComparison.Ordinal) || SweepCheckpoints.IsName(name));
    }

    /// <summary>Makes this the folder's plan.</summary>
    /// <exception cref="InvalidInputException">It cannot be written, or a process is at work on another plan: what it runs and what the
    /// new one adds would overlap.</exception>
    public void SetPlan(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RequireOwn(plan);
        using var turn = TakeTurn();
        SetPlan(plan, null);
    }

    /// <summary>All stores that are there, in the order of their shards.</summary>
    public IReadOnlyList<(Shard Shard, string Path)> Stores() => Of(".sqlite");

    /// <summary>
    /// Names of the kernel sets that recorded runs were made with; each gives bits of its own. "vector" is a name of earlier versions,
    /// which did not say the lanes.
    /// </summary>
    /// <exception cref="InvalidInputException">A store cannot be read.</exception>
    public IReadOnlyList<string> KernelSets() =>
        [.. Stores().SelectMany(store => StoreReader.KernelSets(store.Path)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Shards that a process is at work on now.</summary>
    public IEnumerable<Shard> Active() => Of(".lock").Where(entry => IsLocked(entry.Path)).Select(entry => entry.Shard);

    /// <summary>
    /// Claims a shard for this process until the result is disposed, or the process ends, however it does, and makes the plan the
    /// folder's. Processes that start together do this one after the other, so that each sees the plan and the shards of those before it.
    /// </summary>
    /// <exception cref="InvalidInputException">Another process has it, works on another plan or in another number of shards, or a file
    /// cannot be written.</exception>
    internal FileStream Claim(Shard shard, SweepPlan plan)
    {
        RequireOwn(plan);
        using var turn = TakeTurn();
        var own = Lock(LockOf(shard), s_lockPatience) ?? throw InvalidInputException.Of(
            Printable.Of(Path), $"another process at work on shard {shard}", "one process a shard",
            "wait for it, or stop it; eirnn status shows where it stands");
        try
        {
            if (Active().FirstOrDefault(active => active.Count != shard.Count) is { Count: > 0 } other)
                throw InvalidInputException.Of(
                    Printable.Of(Path), $"a process at work on shard {other}", $"none while shard {shard} is run",
                    "a plan is run in one number of shards at a time: wait for it, or stop it");
            SetPlan(plan, shard);
            return own;
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes out the damaged rows of all stores that this process may write to: its own, and those that nobody is at work on.
    /// </summary>
    /// <returns>How many rows there were.</returns>
    /// <exception cref="InvalidInputException">A store cannot be read or written.</exception>
    internal int TakeOutDamagedRows(Shard own)
    {
        var rows = 0;
        foreach (var (shard, path) in Stores())
        {
            StoreFile.RefuseLink(path);
            if (!StoreReader.HasDamagedRows(path)) continue;
            using var claim = shard == own ? null : Lock(LockOf(shard), s_lockPatience);
            if (shard == own || claim is not null) rows += DamagedRows.TakeOut(path);
        }
        return rows;
    }

    /// <summary>Whether another plan lies in the folder.</summary>
    public bool PlanDiffers(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return File.Exists(PlanFile) && SweepPlan.TextOf(PlanFile) != plan.Text;
    }

    /// <summary>Those of some runs that are under way on another kernel set, by that set. They begin anew: their bits would be
    /// others.</summary>
    public ILookup<string, string> RunsBegunElsewhere(IEnumerable<SweepRun> runs, string kernelSet) =>
        SweepCheckpoints.KernelSets(Path, runs).Where(entry => entry.KernelSet != kernelSet)
            .ToLookup(entry => entry.KernelSet, entry => entry.Id);

    /// <summary>Refuses a folder that no sweep has used and that holds a training, or a plan or batch script of another origin.</summary>
    private void RequireOwn(SweepPlan plan)
    {
        foreach (var file in new[] { PlanFile, BatchScript }) StoreFile.RefuseLink(file);
        if (!Directory.Exists(Path) || File.Exists(System.IO.Path.Combine(Path, TurnFile)) || Stores().Count > 0) return;
        if (TrainingPlace.FileOfTraining(Path) is { } training)
            throw InvalidInputException.Of(Printable.Of(Path), $"{training}, which a training writes", "a folder of its own for a sweep",
                "choose another --out, or move that file");
        if (File.Exists(BatchScript) && SlurmScript.IsOne(BatchScript)) return;
        var foreign = File.Exists(BatchScript) ? BatchScript : PlanDiffers(plan) ? PlanFile : null;
        if (foreign is not null)
            throw InvalidInputException.Of(Printable.Of(foreign), "a file that no sweep has put there", "a folder without it",
                "choose another --out, or move that file");
    }

    private void SetPlan(SweepPlan plan, Shard? own)
    {
        if (File.Exists(PlanFile) && SweepPlan.TextOf(PlanFile) == plan.Text) return;
        if (Active().FirstOrDefault(active => active != own) is { Count: > 0 } other)
            throw InvalidInputException.Of(Printable.Of(Path), $"a process at work on shard {other} of another plan", "one plan at a time",
                "wait for it, or stop it, before the plan is changed");
        AtomicFile.WriteText(PlanFile, plan.Text);
    }

    /// <summary>Whoever has it is the only one who claims a shard or sets the plan.</summary>
    private FileStream TakeTurn() => Lock(System.IO.Path.Combine(Path, TurnFile), s_turnPatience) ?? throw InvalidInputException.Of(
        Printable.Of(Path), $"a process that has held {TurnFile} for {s_turnPatience.TotalSeconds:0} s",
        "processes that start one after the other", "look for one that was stopped as it began");

    private string LockOf(Shard shard) => System.IO.Path.ChangeExtension(StoreOf(shard), ".lock");

    /// <summary>
    /// The lock, or null while somebody else has it. The file stays when it is released: deleting it could hand it to two. Others may
    /// hold it for an instant to see whether it is free, hence the patience.
    /// </summary>
    private static FileStream? Lock(string path, TimeSpan patience)
    {
        StoreFile.RefuseLink(path);
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                if (!File.Exists(path)) new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, 1).Dispose();
                // Across a network, only a file open for writing can be locked for one alone; elsewhere none is kept open for that.
                return new FileStream(path, FileMode.Open, IsNetwork(path) ? FileAccess.ReadWrite : FileAccess.Read, FileShare.None, 1);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException) && !IsUnwritable(e))
            {
                if (Stopwatch.GetElapsedTime(begun) > patience) return null;
                Thread.Sleep(Random.Shared.Next(5, 30));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException(InvalidInputException.Of(Printable.Of(path),
                    $"a file that cannot be written ({Printable.Of(e.Message).TrimEnd('.')})",
                    "a writable folder with room", "choose another --out").Message, e);
            }
        }
    }

    private static bool IsNetwork(string path)
    {
        try
        {
            return new DriveInfo(System.IO.Path.GetFullPath(path)).DriveType == DriveType.Network;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    private static bool IsLocked(string path)
    {
        if (SystemCalls.IsSpecial(path))
            throw InvalidInputException.Of(Printable.Of(path), "a pipe or device", "the lock of a shard", "take it away");
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false; // nobody can tell; who claims it will be told
        }
    }

    /// <summary>ENOSPC and EROFS; ERROR_WRITE_PROTECT and two that say that a disk is full on Windows.</summary>
    private static bool IsUnwritable(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 19 or 39 or 112
        : (e.HResult & 0xFFFF) is 28 or 30;

    /// <summary>The files of shards with an extension, in the order of the shards.</summary>
    private (Shard Shard, string Path)[] Of(string extension)
    {
        List<(Shard Shard, string Path)> found = [];
        foreach (var file in Directory.EnumerateFiles(Path, "runs-*-of-*" + extension))
            if (Name().Match(System.IO.Path.GetFileNameWithoutExtension(file)) is { Success: true } match)
            {
                var shard = new Shard(Number(match, 1), Number(match, 2));
                if (shard.Index <= shard.Count && shard.Count <= Shard.MostShards) found.Add((shard, file));
            }
        return [.. found.OrderBy(entry => entry.Shard.Count).ThenBy(entry => entry.Shard.Index)];

        static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^runs-([1-9]\d{0,5})-of-([1-9]\d{0,5})$")]
    private static partial Regex Name();
}
