using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Checkpoints of the runs under way, one file a run beside the stores: a task that is ended after hours goes on inside its networks. They
/// are no part of a store, which would have to be locked for every one of them and would never become smaller again.
/// </summary>
/// <param name="folder">The folder of the sweep.</param>
/// <param name="interval">Least time between two of a run.</param>
/// <param name="tracking">Which epochs are tracked: a run that was begun without them begins anew.</param>
internal sealed class SweepCheckpoints(string folder, TimeSpan interval, SpectrumTracking? tracking)
{
    private const string Prefix = "checkpoint-", Suffix = ".npz";

    /// <summary>Whether a name is that of such a file.</summary>
    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>How a run is kept, and where it goes on: only with the bits that it would have had without interruption.</summary>
    /// <param name="run">The run.</param>
    /// <param name="kernelSet">The kernel set that computes.</param>
    public RunCheckpoints Of(SweepRun run, string kernelSet) =>
        new() { Path = PathOf(run.Id), From = Read(run, kernelSet), Interval = interval };

    /// <summary>Removes that of a run that is recorded, or that cannot be used.</summary>
    public void Drop(string id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left is never used, and the next sweep tries again.
        }
    }

    /// <summary>Removes those of runs that were recorded by a process that was killed right after.</summary>
    public void DropRecorded(IReadOnlyDictionary<string, string> recorded)
    {
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*" + Suffix))
            if (Path.GetFileName(path)[Prefix.Length..^Suffix.Length] is var id && recorded.ContainsKey(id)) Drop(id);
    }

    /// <summary>The kernel sets of those of some runs that lie in a folder and can be read.</summary>
    public static IEnumerable<(string Id, string KernelSet)> KernelSets(string folder, IEnumerable<SweepRun> runs)
    {
        foreach (var run in runs)
            if (Readable(Path.Combine(folder, Prefix + run.Id + Suffix)) is { } file)
                yield return (run.Id, file.Checkpoint.KernelSet);
    }

    private string PathOf(string id) => Path.Combine(folder, Prefix + id + Suffix);

    private CheckpointFile? Read(SweepRun run, string kernelSet) =>
        Readable(PathOf(run.Id)) is { } file && file.Version == Backend.EngineVersion && file.Checkpoint.KernelSet == kernelSet
            && (tracking is null || RunCheckpoints.TrackingOf(file) == tracking.ToString()) ? file : null;

    private static CheckpointFile? Readable(string path)
    {
        try
        {
            return File.Exists(path) ? CheckpointFile.Read(path) : null;
        }
        catch (InvalidInputException)
        {
            return null; // the run begins anew
        }
    }
}
