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
        var batch = options.Data == TrainingData.Fresh ? options.BatchSize
            : options.BatchOf(options.TrainingTrialsOf(task));
        var layout = new ParameterLayout(spec, kernels);
        var masks = spec.Wiring.IsFull && options.Frozen.Count == 0 ? 0 : layout.Length;
        var pattern = spec.Wiring.IsFull ? 0 : RecurrentPattern.MostFloats(spec.Units, kernels);
        var steps = Math.Max(task.Steps, options.Curriculum.Select(stage => stage.Task.Steps).DefaultIfEmpty().Max());
        var terms = options.Terms is [] ? 0
            : (2L * spec.Units + 2 * spec.Outputs + layout.Width) * kernels.PadRows(batch) * steps + 2L * spec.Units * spec.Units;
        return sizeof(float) * (TrainingWorkspace.Floats(options.SpecFor(spec), steps, batch, kernels) + masks + pattern + terms);
    }

    /// <summary>Bytes of the data set of a training; of fresh data, that of the trials kept and of two batches.</summary>
    public static long DataSetBytes(ITask task, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        var trials = options.Data == TrainingData.Fresh ? options.TestTrials + options.ValidationTrials + 2 * options.BatchSize
            : options.Trials ?? task.DefaultTrials;
        return options.Curriculum.Select(stage => ChoiceTask.For(stage.Task, options.Loss)).Prepend(task)
            .Max(stage => DataSetBytes(stage, trials)) * (options.Curriculum.Count > 0 ? 2 : 1); // that of the stage and the last one's
    }

    /// <summary>Bytes of a task's data set: inputs and targets, and a mask where the task has one.</summary>
    public static long DataSetBytes(ITask task, int trials)
    {
        ArgumentNullException.ThrowIfNull(task);
        return sizeof(float) * (long)trials * task.Steps * (task.Inputs + 2 * task.Outputs);
    }
}
