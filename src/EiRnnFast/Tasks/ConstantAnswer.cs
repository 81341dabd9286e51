using System.Runtime.InteropServices;

namespace EiRnnFast.Tasks;

/// <summary>
/// What a network reaches that does not look at its inputs: it gives the same answer to every trial. A network that is no better has
/// learned nothing.
/// </summary>
public static class ConstantAnswer
{
    /// <summary>Targets that are tried as an answer; tasks have a few, or as many as trials.</summary>
    private const int MostAnswers = 64;

    /// <summary>
    /// The least loss of constant outputs: Σ m(y − c)²/Σ m with the best constant c of every output; with cross-entropy the entropy of how
    /// often each answer is right; 0 without weight.
    /// </summary>
    public static double Loss(TrialBatch trials, LossFunction loss = LossFunction.MeanSquare)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return loss == LossFunction.CrossEntropy ? Entropy(trials) : Variance(trials);
    }

    /// <summary>
    /// The chance level: the largest fraction of these trials that one and the same output answers correctly, where that output is the
    /// target of any of them (64 are tried), or the constant of least loss; null when no trial asks for an answer.
    /// </summary>
    public static double? Accuracy(ITask task, TrialBatch trials)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(trials);
        var length = trials.Steps * trials.Outputs;
        if (trials.Count == 0) return null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        var outputs = new float[trials.Y.Length];
        double? best = null;
        for (var trial = -1; trial < trials.Count && seen.Count < MostAnswers; trial++)
        {
            var answer = trial < 0 ? Constant(trials) : trials.Y.AsSpan(trial * length, length).ToArray();
            if (!seen.Add(Convert.ToBase64String(MemoryMarshal.AsBytes<float>(answer)))) continue;
            for (var i = 0; i < trials.Count; i++) answer.CopyTo(outputs, i * length);
            if (task.Accuracy(trials, outputs) is { } right && !(right <= best)) best = right;
        }
        return best;
    }

    /// <summary>The constant output of least square loss, over one trial, [T×O].</summary>
    private static float[] Constant(TrialBatch trials)
    {
        var answer = new float[trials.Steps * trials.Outputs];
        for (var o = 0; o < trials.Outputs; o++)
        {
            double weight = 0, sum = 0;
            for (var i = o; i < trials.Y.Length; i += trials.Outputs)
            {
                double m = trials.Mask?[i] ?? 1;
                weight += m;
                sum += m * trials.Y[i];
            }
            for (var t = 0; weight > 0 && t < trials.Steps; t++) answer[t * trials.Outputs + o] = (float)(sum / weight);
        }
        return answer;
    }

    private static double Entropy(TrialBatch trials)
    {
        var shares = new double[trials.Outputs];
        var weight = 0.0;
        for (var i = 0; i < trials.Y.Length; i++)
        {
            double m = trials.Mask?[i] ?? 1;
            shares[i % trials.Outputs] += m * trials.Y[i];
            weight += m / trials.Outputs; // all outputs of a step weigh the same
        }
        return weight == 0 ? 0 : -shares.Where(share => share > 0).Sum(share => share / weight * Math.Log(share / weight));
    }

    private static double Variance(TrialBatch trials)
    {
        double weight = 0, loss = 0;
        for (var o = 0; o < trials.Outputs; o++)
        {
            double own = 0, sum = 0, squares = 0;
            double first = trials.Y[o]; // deviations from one target: squares of large ones would cancel
            for (var i = o; i < trials.Y.Length; i += trials.Outputs)
            {
                double m = trials.Mask?[i] ?? 1, y = trials.Y[i] - first;
                own += m;
                sum += m * y;
                squares += m * y * y;
            }
            weight += own;
            if (own > 0) loss += Math.Max(0, squares - sum * sum / own);
        }
        return weight > 0 ? loss / weight : 0;
    }
}
