using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;

namespace EiRnnFast.Dynamics;

/// <summary>How a network does after one degree of damage.</summary>
/// <param name="Removed">Units removed, or weights set to 0.</param>
/// <param name="Fraction">Of the population, or of all N² weights.</param>
/// <param name="Accuracy">Fraction of right trials, one value a draw.</param>
/// <param name="Loss">Mean squared error, one value a draw.</param>
public sealed record LesionPoint(int Removed, double Fraction, IReadOnlyList<double> Accuracy, IReadOnlyList<double> Loss);

/// <summary>What is left without one unit.</summary>
/// <param name="Unit">Its index.</param>
/// <param name="Sign">1 excitatory, −1 inhibitory; 0 without a sign constraint.</param>
/// <param name="Accuracy">Fraction of right trials.</param>
/// <param name="Loss">Mean squared error.</param>
public sealed record SingleUnit(int Unit, int Sign, double Accuracy, double Loss);

/// <summary>Removing units and weights from a trained network, and what is left of its answers.</summary>
public static class Lesions
{
    /// <summary>
    /// Removes units drawn at random: all weights into and out of them, their biases and their initial states are 0. Nothing hears them:
    /// their own rate goes to f(0), which is 0 for tanh, relu and linear, ½ for sigmoid and ln 2 for softplus, and acts on nothing.
    /// </summary>
    /// <param name="network">The network, which stays as it is.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers.</param>
    /// <param name="population">Indices of the units to draw from.</param>
    /// <param name="counts">How many are removed, each 0 to the size of the population.</param>
    /// <param name="draws">Draws for each count, 1 or more.</param>
    /// <param name="seed">0 or above; the same seed draws the same units.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="progress">Called after every draw, one call at a time.</param>
    /// <param name="noiseSeed">Of the network's own noise; null for none. Every draw has the same noise.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every draw.</param>
    /// <exception cref="InvalidInputException">A task that does not fit the network, or a number out of range.</exception>
    public static IReadOnlyList<LesionPoint> Ablation(EiRnn network, ITask task, TrialBatch trials, IReadOnlyList<int> population,
        IEnumerable<int> counts, int draws, long seed, KernelSet? kernels = null, Action? progress = null, long? noiseSeed = null,
        int threads = 1, CancellationToken cancellation = default)
    {
        RequireFit(network, trials);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(population);
        ArgumentNullException.ThrowIfNull(counts);
        if (draws < 1) throw InvalidInputException.Of("draws", draws, "1 or more", "10 is usual");
        if (population.Any(unit => unit < 0 || unit >= network.Units))
            throw InvalidInputException.Of("population", "a unit that is not there", $"indices from 0 to {network.Units - 1}",
                "check the indices");
        var random = new RandomStream(seed, "ablation");
        List<(int[] Removed, double[] Accuracy, double[] Loss, int Draw)> damages = [];
        List<LesionPoint> points = [];
        foreach (var count in counts)
        {
            if (count < 0 || count > population.Count)
                throw InvalidInputException.Of("units removed", count, $"0 to {population.Count}", "remove fewer");
            var times = count == 0 || count == population.Count ? 1 : draws; // every draw would be the same
            var (accuracy, loss) = (new double[times], new double[times]);
            for (var time = 0; time < times; time++)
            {
                int[] order = [.. population];
                random.Shuffle(order);
                damages.Add((order[..count], accuracy, loss, time));
            }
            points.Add(new LesionPoint(count, (double)count / Math.Max(1, population.Count), accuracy, loss));
        }
        var tally = new Tally(progress is null ? null : _ => progress());
        ThreadTeam.ForEach(damages.Count, ThreadBudget.Checked(threads), i =>
        {
            var (removed, accuracy, loss, time) = damages[i];
            (accuracy[time], loss[time]) = Judge(Without(network, removed), task, trials, kernels, noiseSeed);
            tally.Add();
        }, cancellation);
        return points;
    }

    /// <summary>Removes every unit alone, as <see cref="Ablation"/> removes some: no draw, so exact.</summary>
    /// <param name="network">The network, which stays as it is.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="progress">Called after every unit with the number done, one call at a time.</param>
    /// <param name="noiseSeed">Of the network's own noise; null for none. Every unit has the same noise.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every unit.</param>
    /// <returns>One a unit, in their order.</returns>
    /// <exception cref="InvalidInputException">A task that does not fit the network.</exception>
    public static IReadOnlyList<SingleUnit> SingleUnits(EiRnn network, ITask task, TrialBatch trials, KernelSet? kernels = null,
        Action<int>? progress = null, long? noiseSeed = null, int threads = 1, CancellationToken cancellation = default)
    {
        RequireFit(network, trials);
        ArgumentNullException.ThrowIfNull(task);
        var (units, signs, tally) = (new SingleUnit[network.Units], network.Spec.Signs.SignsOf(network.Units), new Tally(progress));
        ThreadTeam.ForEach(units.Length, ThreadBudget.Checked(threads), unit =>
        {
            var (accuracy, loss) = Judge(Without(network, [unit]), task, trials, kernels, noiseSeed);
            units[unit] = new SingleUnit(unit, signs[unit], accuracy, loss);
            tally.Add();
        }, cancellation);
        return units;
    }

    /// <summary>Sets the smallest fraction of |W_rec| to 0, with the trained weights that it follows from; entries that are 0 already
    /// come first.</summary>
    /// <param name="network">The network, which stays as it is.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers.</param>
    /// <param name="fractions">0 to 1 each, of all N² entries.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="progress">Called after every fraction, one call at a time.</param>
    /// <param name="noiseSeed">Of the network's own noise; null for none. Every fraction has the same noise.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every fraction.</param>
    /// <exception cref="InvalidInputException">A task that does not fit the network, or a fraction out of range.</exception>
    public static IReadOnlyList<LesionPoint> Pruning(EiRnn network, ITask task, TrialBatch trials, IEnumerable<double> fractions,
        KernelSet? kernels = null, Action? progress = null, long? noiseSeed = null, int threads = 1,
        CancellationToken cancellation = default)
    {
        RequireFit(network, trials);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(fractions);
        var weights = network.RecurrentWeights.ToArray();
        int[] order = [.. Enumerable.Range(0, weights.Length).OrderBy(index => Math.Abs(weights[index]))];
        double[] all = [.. fractions];
        foreach (var fraction in all)
            if (!(fraction is >= 0 and <= 1))
                throw InvalidInputException.Of("fraction of weights", fraction, "0 to 1", "choose a fraction");
        var points = new LesionPoint[all.Length];
        var tally = new Tally(progress is null ? null : _ => progress());
        ThreadTeam.ForEach(all.Length, ThreadBudget.Checked(threads), i =>
        {
            var count = (int)Math.Round(all[i] * weights.Length);
            var pruned = network.Clone();
            foreach (var index in order.AsSpan(0, count)) pruned.TrainedRecurrentWeights[index] = 0;
            pruned.FormEffectiveWeights();
            var (accuracy, loss) = Judge(pruned, task, trials, kernels, noiseSeed);
            points[i] = new LesionPoint(count, all[i], [accuracy], [loss]);
            tally.Add();
        }, cancellation);
        return points;
    }

    /// <summary>Fraction of right trials and mean squared error.</summary>
    /// <param name="network">The network.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="noiseSeed">Of the network's own noise; null for none.</param>
    /// <exception cref="InvalidInputException">A task that does not fit the network, trials of which none asks for an
    /// answer, or noise of a network without any.</exception>
    public static (double Accuracy, double Loss) Judge(EiRnn network, ITask task, TrialBatch trials, KernelSet? kernels = null,
        long? noiseSeed = null)
    {
        RequireFit(network, trials);
        ArgumentNullException.ThrowIfNull(task);
        var outputs = ForwardPass.Outputs(network, trials.X, trials.Count, kernels ?? KernelSet.Current, noiseSeed);
        var accuracy = task.Accuracy(trials, outputs)
            ?? throw InvalidInputException.Of("trials", "none that asks for an answer", "trials with weighted targets",
                "use other trials, or another mask");
        return (accuracy, trials.LossOf(outputs, task is ChoiceTask ? LossFunction.CrossEntropy : LossFunction.MeanSquare));
    }

    internal static void RequireFit(EiRnn network, TrialBatch trials)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(trials);
        if (trials.Inputs != network.Inputs || trials.Outputs != network.Outputs)
            throw InvalidInputException.Of("network", $"{network.Inputs} inputs and {network.Outputs} outputs",
                $"{trials.Inputs} and {trials.Outputs}, as the task has", "choose the task that it was trained on");
    }

    private static EiRnn Without(EiRnn network, ReadOnlySpan<int> removed)
    {
        var (n, lesioned) = (network.Units, network.Clone());
        foreach (var unit in removed)
        {
            var weights = lesioned.TrainedRecurrentWeights;
            for (var i = 0; i < n; i++) weights[i * n + unit] = weights[unit * n + i] = 0;
            for (var c = 0; c < network.Inputs; c++) lesioned.InputWeights[c * n + unit] = 0;
            lesioned.Bias[unit] = lesioned.InitialState[unit] = 0;
            lesioned.OutputWeights.Slice(unit * network.Outputs, network.Outputs).Clear();
        }
        lesioned.FormEffectiveWeights();
        return lesioned;
    }
}
