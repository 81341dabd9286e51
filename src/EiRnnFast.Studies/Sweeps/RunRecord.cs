using System.Runtime.InteropServices;
using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>How a run ended.</summary>
public static class RunStatus
{
    /// <summary>Trained and measured.</summary>
    public const string Done = "done";

    /// <summary>Its loss or gradient ceased to be finite; what is recorded is of its last finite epoch.</summary>
    public const string Diverged = "diverged";

    /// <summary>A computation failed; the reason says which.</summary>
    public const string Failed = "failed";
}

/// <summary>A finished run as it goes into the store.</summary>
/// <param name="Run">Which.</param>
/// <param name="Status">One of <see cref="RunStatus"/>.</param>
/// <param name="Reason">Why it diverged or failed; null when it is done.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">Begin plus the time it took, whatever the clock did meanwhile.</param>
/// <param name="Summary">Settings and, unless it failed, results.</param>
public sealed record RunRecord(
    SweepRun Run, string Status, string? Reason, DateTimeOffset Started, DateTimeOffset Finished, SettingsRecord Summary)
{
    /// <summary>The trained network; null unless weights are kept.</summary>
    public EiRnn? Network { get; init; }

    /// <summary>A run that came to its end.</summary>
    public static RunRecord Of(SweepRun run, TrainingRun trained, DateTimeOffset started, TimeSpan elapsed, bool keepWeights)
    {
        ArgumentNullException.ThrowIfNull(trained);
        var diverged = trained.Result.Stopped == StopReason.Diverged;
        return new RunRecord(
            run,
            diverged ? RunStatus.Diverged : RunStatus.Done,
            diverged ? $"the loss or gradient was not finite or too large at update {trained.Result.DivergedAtUpdate}" : null,
            started, started + elapsed, new TrainingSummary(trained))
        {
            Network = keepWeights ? trained.Network : null,
        };
    }

    /// <summary>A run that did not.</summary>
    public static RunRecord Failure(SweepRun run, string reason, DateTimeOffset started, TimeSpan elapsed, Backend backend)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(backend);
        var settings = new SettingsRecord(run.Settings, backend.Kernels.Name, backend.Solver.Name);
        return new RunRecord(run, RunStatus.Failed, reason.ReplaceLineEndings(" "), started, started + elapsed, settings);
    }

    /// <summary>Eigenvalues as re, im, re, im …, little-endian doubles.</summary>
    internal static byte[] BlobOf(IReadOnlyList<double[]> eigenvalues) => BlobOf([.. eigenvalues.SelectMany(pair => pair)]);

    internal static byte[] BlobOf(double[] values) => MemoryMarshal.AsBytes<double>(values).ToArray();

    internal static double[] ValuesOf(byte[] blob) => MemoryMarshal.Cast<byte, double>(blob).ToArray();

    /// <summary>The network as an .npz file, with where it came from.</summary>
    internal byte[]? NetworkBlob() => Network is null || Summary is not TrainingSummary summary
        ? null
        : NetworkFile.ToBytes(Network, RunFolder.Provenance(summary));
}
