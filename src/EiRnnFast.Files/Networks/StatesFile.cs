using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Files;

/// <summary>
/// What a network did in trials, in a .npz file that is not compressed: single-precision <c>states</c> [B×T×N] (rates after every
/// step), <c>outputs</c> [B×T×O], <c>inputs</c> [B×T×I] (without the network's own noise), <c>targets</c> and <c>mask</c> [B×T×O];
/// double-precision <c>times</c> [T], milliseconds from the first step, and <c>step_ms</c>; 8-bit <c>signs</c> [N]: 1 excitatory,
/// −1 inhibitory, 0 without a sign constraint; the text <c>spec</c> of the network's file. Where the task has them: <c>labels</c> [B],
/// the type of each trial, <c>input_labels</c> [I] and <c>output_labels</c> [O].
/// </summary>
public static class StatesFile
{
    /// <summary>Writes the file, whole or not at all; the same arguments give the same bytes.</summary>
    /// <param name="path">The .npz file, replaced if it exists.</param>
    /// <param name="network">The network.</param>
    /// <param name="task">The task of the trials: its step and its names.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="outputs">What it answered, [B×T×O].</param>
    /// <param name="states">Its rates, [B×T×N].</param>
    /// <param name="provenance">Where all of it came from, kept in <c>spec</c>.</param>
    /// <exception cref="InvalidInputException">Arrays of other sizes, or a file that cannot be written there.</exception>
    public static void Write(string path, EiRnn network, ITask task, TrialBatch trials, float[] outputs, float[] states,
        IReadOnlyDictionary<string, string>? provenance = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(trials);
        var (count, steps) = (trials.Count, trials.Steps);
        var signs = network.Spec.Signs.SignsOf(network.Units);
        Dictionary<string, NpyArray> arrays = new()
        {
            ["states"] = NpyArray.Of(states, count, steps, network.Units),
            ["outputs"] = NpyArray.Of(outputs, count, steps, network.Outputs),
            ["inputs"] = NpyArray.Of(trials.X, count, steps, trials.Inputs),
            ["targets"] = NpyArray.Of(trials.Y, count, steps, trials.Outputs),
            [FileTask.Mask] = NpyArray.Of(trials.Mask ?? [.. Enumerable.Repeat(1f, trials.Y.Length)], count, steps, trials.Outputs),
            ["times"] = NpyArray.Of([.. Enumerable.Range(0, steps).Select(step => step * task.StepMs)], steps),
            [FileTask.Step] = NpyArray.Of([task.StepMs]),
            ["signs"] = NpyArray.Of([.. signs.Select(sign => (sbyte)sign)], network.Units),
            ["spec"] = NpyArray.Of(SpecText.Of(network, provenance)),
        };
        if (trials.Types.Count > 0 && task.TrialTypes.Count > 0)
            arrays[FileTask.Labels] = NpyArray.Of([.. trials.Types.Select(type => task.TrialTypes[type])], count);
        if (task.InputLabels.Count > 0) arrays[FileTask.InputNames] = NpyArray.Of([.. task.InputLabels], trials.Inputs);
        if (task.OutputLabels.Count > 0) arrays[FileTask.OutputNames] = NpyArray.Of([.. task.OutputLabels], trials.Outputs);
        NpzFile.Write(path, arrays, deflates: false); // rates hardly deflate
    }
}
