using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>What a training will hold in memory, before it starts.</summary>
public static class TrainingMemory
{
    /// <summary>
    /// Bytes of the workspace of one training: weights, moments, hidden states, gradients and what one batch needs
    /// (docs/performance.md).
    /// </summary>
    /// <exception cref="InvalidInputException">Settings that cannot be used.</exception>
    public static long WorkspaceBytes(NetworkSpec spec, ITask task, TrainingOptions options, KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(kernels);
        var batch = Math.Min(options.BatchSize, (options.Trials ?? task.DefaultTrials) - options.TestTrials);
        var masks = spec.Wiring.IsFull && options.Frozen.Count == 0 ? 0 : new ParameterLayout(spec, kernels).Length;
        return sizeof(float) * (TrainingWorkspace.Floats(options.SpecFor(spec), task.Steps, batch, kernels) + masks);
    }

    /// <summary>Bytes of a task's data set: inputs and targets, and a mask where the task has one.</summary>
    public static long DataSetBytes(ITask task, int trials)
    {
        ArgumentNullException.ThrowIfNull(task);
        return sizeof(float) * (long)trials * task.Steps * (task.Inputs + 2 * task.Outputs);
    }
}
