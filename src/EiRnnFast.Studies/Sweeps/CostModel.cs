using EiRnnFast.Kernels;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// Expected time and memory of a run. Times are seconds of one core with AVX-512 (bench/results); what matters for the order of
/// runs and the balance of shards is their ratio, so they depend on nothing but the settings.
/// </summary>
public static class CostModel
{
    // Fitted to whole updates of AND with sharing, 50 … 500 units: 0.06, 0.18, 0.65 and 3.8 µs a trial and timestep.
    private const double PerUnitSquared = 1.5e-11, PerUnit = 4e-10;

    /// <summary>Without sharing about twice as many hidden states are computed.</summary>
    private const double SharingSaves = 0.5;

    /// <summary>Data set, test, process: whatever does not grow with the network.</summary>
    private const double Fixed = 0.01;

    /// <summary>Expected seconds, if all epochs run.</summary>
    public static double Seconds(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var task = settings.Task;
        double n = settings.Units;
        var training = settings.Training;
        var trials = training.Data == TrainingData.Fresh ? (double)training.BatchSize * training.EpochUpdates
            : training.Trials ?? task.DefaultTrials;
        var states = trials * task.Steps * training.Epochs;
        var shares = settings is { Training: { Sharing: true, Penalties.L2Rate: 0 }, Cell.IsNoisy: false }
            && task is not CatalogTask { InputsAreNoisy: true };
        var seconds = states * (PerUnitSquared * n * n + PerUnit * n) * (shares ? 1 : 1 / SharingSaves);
        var spectra = 4 * 2.5e-3 * Math.Pow(n / 100, 2.3); // two matrices, each as it is and with its small weights cut off
        return seconds + spectra + Fixed;
    }

    /// <summary>How much longer it takes on a kernel set; only for showing times.</summary>
    public static double Slowness(KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return kernels == KernelSet.Scalar ? 60 : kernels == KernelSet.Vector ? 1.9 : 1;
    }

    /// <summary>Bytes that a run holds beside its data set: workspace, test trials with outputs, network before and after, and the
    /// matrices of an eigenvalue solver.</summary>
    public static long Bytes(RunSettings settings, KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var squared = (long)settings.Units * settings.Units;
        var kept = settings.Training.TestTrials + settings.Training.ValidationTrials;
        return TrainingMemory.WorkspaceBytes(settings.ToSpec(), settings.PosedTask(), settings.Training, kernels)
            + 2 * TrainingMemory.DataSetBytes(settings.PosedTask(), kept)
            + 2 * sizeof(float) * squared + 6 * sizeof(double) * squared;
    }

    /// <summary>Bytes of the data set of a run, which runs with the same one share.</summary>
    public static long DataSetBytes(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return TrainingMemory.DataSetBytes(settings.PosedTask(), settings.Training);
    }

    /// <summary>Bytes that the runtime and libraries of a process take.</summary>
    internal const long ProcessBytes = 100L << 20;

    /// <summary>Bytes that a process needs which has so many runs of these settings at a time, on one data set.</summary>
    public static long NeedBytes(RunSettings settings, KernelSet kernels, int atATime = 1)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return ProcessBytes + Bytes(settings, kernels) * atATime + DataSetBytes(settings) * (settings.SharesDataSet ? 1 : atATime);
    }

    /// <summary>The run of a plan that needs the most memory, and its bytes.</summary>
    /// <param name="runs">One run or more.</param>
    /// <param name="kernels">The kernel set that runs them.</param>
    /// <param name="atATime">Runs of one process at a time.</param>
    public static (SweepRun Run, long Bytes) Largest(IEnumerable<SweepRun> runs, KernelSet kernels, int atATime = 1) =>
        runs.DistinctBy(run => Needs(run.Settings))
            .Select(run => (Run: run, Bytes: NeedBytes(run.Settings, kernels, atATime))).MaxBy(need => need.Bytes);

    /// <summary>What is the same in runs that need the same memory: everything but seeds.</summary>
    public static RunSettings Needs(RunSettings run) => run with { Seed = 0, Training = run.Training with { DataSeed = null } };
}
