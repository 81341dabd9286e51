using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;

namespace EiRnnFast.Dynamics;

/// <summary>How a network does with part of what training has added to W_rec: W_k = P(W₀) + the first k singular components of
/// W − P(W₀). Everything else is as trained.</summary>
/// <param name="Rank">k.</param>
/// <param name="Norm">‖kept part‖_F over that of the whole.</param>
/// <param name="Accuracy">Fraction of right trials with W_k as it is: no weight is projected.</param>
/// <param name="Loss">Its mean squared error.</param>
/// <param name="WrongSigns">Fraction of the N² weights of W_k whose sign the constraint forbids; 0 without a constraint.</param>
/// <param name="Absent">Fraction of the N² weights of W_k that no mask allows and that are not 0.</param>
/// <param name="RemovedNorm">‖W_k − P(W_k)‖_F/‖W_k‖_F: how much of W_k these weights are; 0 of a matrix of zeros.</param>
/// <param name="ProjectedAccuracy">The same with P(W_k): forbidden weights are 0.</param>
/// <param name="ProjectedLoss">Its mean squared error.</param>
public sealed record LearnedTruncation(int Rank, double Norm, double Accuracy, double Loss, double WrongSigns, double Absent,
    double RemovedNorm, double ProjectedAccuracy, double ProjectedLoss);

/// <summary>How much of what training has added to W_rec the task needs.</summary>
/// <param name="Ranks">Of every k from 0, the initial matrix, to N, the trained one.</param>
/// <param name="Keeping">The smallest k whose accuracy is at least that of the trained network.</param>
/// <param name="Settled">The smallest k from which on every accuracy is.</param>
/// <param name="ProjectedKeeping">As <paramref name="Keeping"/>, after the projection.</param>
/// <param name="ProjectedSettled">As <paramref name="Settled"/>, after the projection.</param>
public sealed record LearnedTruncations(IReadOnlyList<LearnedTruncation> Ranks, int Keeping, int Settled, int ProjectedKeeping,
    int ProjectedSettled)
{
    private const double Rounding = 1e-12; // of the largest weight: what a sum of components leaves where a weight is 0

    /// <summary>Runs a network with every truncation.</summary>
    /// <param name="trained">The network, which stays as it is.</param>
    /// <param name="initial">The same as created; only its W_rec counts.</param>
    /// <param name="task">What judges the answers.</param>
    /// <param name="trials">What it answers.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="progress">Called after every rank with the number done, one call at a time.</param>
    /// <param name="noiseSeed">Of the network's own noise; null for none. Every rank has the same noise.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every rank.</param>
    /// <exception cref="InvalidInputException">Networks of different sizes or signs, or a task that does not fit.</exception>
    /// <exception cref="ComputationException">Singular values that did not converge.</exception>
    public static LearnedTruncations Of(EiRnn trained, EiRnn initial, ITask task, TrialBatch trials, KernelSet? kernels = null,
        Action<int>? progress = null, long? noiseSeed = null, int threads = 1, CancellationToken cancellation = default)
    {
        Lesions.RequireFit(trained, trials);
        ArgumentNullException.ThrowIfNull(task);
        var (after, before) = LearnedComponents.MatricesOf(trained, initial);
        var n = trained.Units;
        var components = new LearnedComponents(after, before, n);
        var (ranks, tally) = (new LearnedTruncation[n + 1], new Tally(progress));
        ThreadTeam.ForEach(n + 1, ThreadBudget.Checked(threads), k =>
        {
            double[] sum = [.. k == n ? after : before];
            for (var c = 0; c < k && k < n; c++) components.Add(c, sum);
            var rounding = Rounding * Math.Max(sum.Max(), -sum.Min());
            float[] weights = [.. sum.Select(weight => Math.Abs(weight) <= rounding ? 0 : (float)weight)];
            var projected = Projected(trained, weights, out var wrong, out var absent);
            var (accuracy, loss) = Judge(weights);
            var (projectedAccuracy, projectedLoss) = wrong + absent == 0 ? (accuracy, loss) : Judge(projected);
            var all = (double)n * n;
            ranks[k] = new LearnedTruncation(k, components.ShareOf(k), accuracy, loss, wrong / all, absent / all,
                Removed(weights, projected), projectedAccuracy, projectedLoss);
            tally.Add();
        }, cancellation);
        var (keeping, settled) = Kept(ranks, one => one.Accuracy);
        var (projectedKeeping, projectedSettled) = Kept(ranks, one => one.ProjectedAccuracy);
        return new LearnedTruncations(ranks, keeping, settled, projectedKeeping, projectedSettled);

        (double Accuracy, double Loss) Judge(float[] weights) =>
            Lesions.Judge(With(trained, weights), task, trials, kernels, noiseSeed);
    }

    /// <summary>
    /// The network as it was created, drawn again from the seed and the settings that stand with its weights: the same bits as the initial
    /// network of its training, if that ran in this version.
    /// </summary>
    /// <param name="trained">The network.</param>
    /// <param name="name">What the message calls its file.</param>
    /// <exception cref="InvalidInputException">It has no seed or no initialisation, or another mask: its weights came from
    /// elsewhere.</exception>
    public static EiRnn InitialOf(EiRnn trained, string name = "trained network")
    {
        ArgumentNullException.ThrowIfNull(trained);
        const string remedy = "give the initial network (initial.npz)";
        if (trained is not { Seed: { } seed, Spec.Init: not null })
            throw InvalidInputException.Of(name, trained.Seed is null ? "no recorded seed" : "no recorded initialisation",
                "a seed and an initialisation, to draw its initial weights again", remedy);
        if (seed is < 0 or > uint.MaxValue)
            throw InvalidInputException.Of(name, $"the recorded seed {seed}", $"0 to {uint.MaxValue}", remedy);
        var initial = EiRnn.Create(trained.Spec, seed);
        if (trained.Masks?.Recurrent is { } mask && initial.Masks?.Recurrent?.SequenceEqual(mask) != true)
            throw InvalidInputException.Of(name, "a recurrent mask that its settings do not draw", "one that they do", remedy);
        return initial;
    }

    private static (int Keeping, int Settled) Kept(LearnedTruncation[] ranks, Func<LearnedTruncation, double> accuracy)
    {
        var goal = accuracy(ranks[^1]);
        return (Array.FindIndex(ranks, one => accuracy(one) >= goal), 1 + Array.FindLastIndex(ranks, one => accuracy(one) < goal));
    }

    /// <summary>The weights that sign constraint and mask allow, and how many they do not.</summary>
    private static float[] Projected(EiRnn network, float[] weights, out int wrong, out int absent)
    {
        var (n, signs, mask) = (network.Units, WeightSigns.Of(network.Spec), network.Masks?.Recurrent);
        float[] allowed = [.. weights];
        (wrong, absent) = (0, 0);
        for (var k = 0; k < weights.Length; k++)
        {
            var isAbsent = mask is not null && !mask[k] && weights[k] != 0;
            var isWrong = weights[k] * signs.Of(k / n, k % n) < 0;
            if (isAbsent) absent++;
            if (isWrong) wrong++;
            if (isAbsent || isWrong) allowed[k] = 0;
        }
        return allowed;
    }

    private static double Removed(float[] weights, float[] projected)
    {
        double removed = 0, all = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            var square = (double)weights[k] * weights[k];
            all += square;
            if (projected[k] != weights[k]) removed += square;
        }
        return all == 0 ? 0 : Math.Sqrt(removed / all);
    }

    /// <summary>The network with a W_rec that no constraint or mask changes.</summary>
    private static EiRnn With(EiRnn network, float[] weights) => EiRnn.FromWeights(
        network.Spec with { Signs = SignConstraint.None, Init = null, Wiring = Wiring.Full }, network.InputWeights, weights, network.Bias,
        network.OutputWeights, network.OutputBias, network.Seed, network.InitialState);
}
