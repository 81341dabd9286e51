using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Dynamics;

/// <summary>How a network does on trials.</summary>
/// <param name="Accuracy">Fraction of right trials; null when none asks for an answer.</param>
/// <param name="Loss">Loss; null when no target weighs anything.</param>
public sealed record TrialTest(double? Accuracy, double? Loss)
{
    /// <summary>Trials whose states are in memory at a time.</summary>
    private const int TrialsAtATime = 64;

    /// <summary>Units whose |rate| stays below the threshold in all trials; null where they were not counted.</summary>
    public int? SilentUnits { get; init; }

    /// <summary>Runs trials.</summary>
    /// <param name="network">The network.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers; of any length.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="noiseSeed">Of the network's own noise; null for none.</param>
    /// <exception cref="InvalidInputException">A task that does not fit the network, or noise of a network without any.</exception>
    public static TrialTest Of(EiRnn network, ITask task, TrialBatch trials, LossFunction loss, KernelSet? kernels = null,
        long? noiseSeed = null)
    {
        Lesions.RequireFit(network, trials);
        ArgumentNullException.ThrowIfNull(task);
        var outputs = ForwardPass.Outputs(network, trials.X, trials.Count, kernels ?? KernelSet.Current, noiseSeed);
        return new TrialTest(task.Accuracy(trials, outputs), trials.WeightedLossOf(outputs, loss));
    }

    /// <summary>The same without noise, with the number of silent units.</summary>
    /// <param name="network">The network.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="thresholds">What counts as silent; the usual unless said.</param>
    /// <exception cref="InvalidInputException">A task that does not fit the network.</exception>
    public static TrialTest WithSilentUnits(EiRnn network, ITask task, TrialBatch trials, LossFunction loss, KernelSet? kernels = null,
        ActivityThresholds? thresholds = null)
    {
        Lesions.RequireFit(network, trials);
        ArgumentNullException.ThrowIfNull(task);
        var silent = (thresholds ?? new ActivityThresholds()).Silent;
        var (units, inputs, answers) = (network.Units, trials.Steps * trials.Inputs, trials.Steps * trials.Outputs);
        var (outputs, isHeard) = (new float[(long)trials.Count * answers], new bool[units]);
        for (var first = 0; first < trials.Count; first += TrialsAtATime)
        {
            var count = Math.Min(TrialsAtATime, trials.Count - first);
            var (some, states) = ForwardPass.Run(network, trials.X.AsSpan(first * inputs, count * inputs), count,
                kernels ?? KernelSet.Current);
            some.CopyTo(outputs, first * answers);
            for (var at = 0; at < states.Length; at += units)
                for (var unit = 0; unit < units; unit++) isHeard[unit] |= !(Math.Abs(states[at + unit]) < silent); // as NaN is
        }
        return new TrialTest(task.Accuracy(trials, outputs), trials.WeightedLossOf(outputs, loss))
        {
            SilentUnits = isHeard.Count(heard => !heard),
        };
    }
}
