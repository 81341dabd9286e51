namespace EiRnnFast.Tasks;

/// <summary>What counts as a right answer where a task does not say so itself.</summary>
public static class TrialAccuracy
{
    /// <summary>Most target levels among which an answer is looked for; more are taken for a curve.</summary>
    private const int MostLevels = 16;

    /// <summary>
    /// Fraction of trials answered correctly, judged by the targets alone.
    /// A trial's answer is its last weighted stretch of constant target. Where all answers together take 2 to 16 levels,
    /// a trial is right when the mean output over its stretch is nearer to its own level than to any other; else the targets are curves,
    /// and a trial is right when its mean squared error is below a quarter of the variance of all weighted targets.
    /// Every output must be right. Trials without weight do not count; null when none counts.
    /// </summary>
    /// <param name="trials">Trials with their targets.</param>
    /// <param name="outputs">Outputs, [n×T×O].</param>
    /// <param name="some">The trials that are judged, all unless said. Levels and variance are of all trials in any case: those of one
    /// type may have one level among them.</param>
    public static double? OfTargets(TrialBatch trials, ReadOnlySpan<float> outputs, IReadOnlyList<int>? some = null)
    {
        ArgumentNullException.ThrowIfNull(trials);
        List<double> levels = [];
        for (var trial = 0; trial < trials.Count && levels.Count <= MostLevels; trial++)
            for (var o = 0; o < trials.Outputs; o++)
                if (Stretch(trials, trial, o) is { } answer && !levels.Contains(answer.Level)) levels.Add(answer.Level);
        some ??= [.. Enumerable.Range(0, trials.Count)];
        return levels.Count is >= 2 and <= MostLevels ? OfLevels(trials, outputs, levels, some) : OfCurves(trials, outputs, some);
    }

    /// <summary>
    /// Fraction of trials answered correctly where targets are probabilities, one output per answer. A trial's answer is its last weighted
    /// stretch with the same most probable output; it is right when the largest mean output over the stretch is that one. Trials without
    /// weight do not count; null when none counts.
    /// </summary>
    /// <param name="trials">Trials with their targets; all outputs of a step weigh the same.</param>
    /// <param name="outputs">Outputs, [n×T×O].</param>
    public static double? OfProbabilities(TrialBatch trials, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(trials);
        int right = 0, counted = 0, width = trials.Outputs;
        for (var trial = 0; trial < trials.Count; trial++)
        {
            var t = trials.Steps - 1;
            while (t >= 0 && !Weighs(trials, trial, t)) t--;
            if (t < 0) continue;
            counted++;
            var (expected, sums) = (Largest(trials.TargetsOf(trial).Slice(t * width, width)), new float[width]);
            for (; t >= 0 && Weighs(trials, trial, t) && Largest(trials.TargetsOf(trial).Slice(t * width, width)) == expected; t--)
                for (var o = 0; o < width; o++) sums[o] += outputs[(trial * trials.Steps + t) * width + o];
            if (Largest(sums) == expected && IsFinite(outputs.Slice(trial * trials.Steps * width, trials.Steps * width))) right++;
        }
        return counted == 0 ? null : (double)right / counted;

        static bool Weighs(TrialBatch trials, int trial, int t) =>
            trials.MaskOf(trial) is var mask && (mask.IsEmpty || mask[t * trials.Outputs] > 0);

        static int Largest(ReadOnlySpan<float> values)
        {
            var largest = 0;
            for (var o = 1; o < values.Length; o++)
                if (values[o] > values[largest]) largest = o;
            return largest;
        }
    }

    /// <summary>Fraction of the trials of each type that are right; null where trials have no types.</summary>
    /// <param name="task">What judges.</param>
    /// <param name="trials">Trials.</param>
    /// <param name="outputs">Outputs, [n×T×O].</param>
    public static IReadOnlyDictionary<string, double?>? ByType(ITask task, TrialBatch trials, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(trials);
        trials.RequireOutputs(outputs);
        if (task.TrialTypes.Count == 0 || trials.Types.Count == 0) return null;
        var byType = new Dictionary<string, double?>();
        for (var type = 0; type < task.TrialTypes.Count; type++)
        {
            int[] own = [.. Enumerable.Range(0, trials.Count).Where(trial => trials.Types[trial] == type)];
            byType[task.TrialTypes[type]] = own.Length == 0 ? null : task.AccuracyOfSome(trials, outputs, own);
        }
        return byType;
    }

    /// <summary>The outputs of some trials, in this order.</summary>
    internal static float[] Gathered(TrialBatch trials, ReadOnlySpan<float> outputs, IReadOnlyList<int> some)
    {
        var length = trials.Steps * trials.Outputs;
        var gathered = new float[some.Count * length];
        for (var i = 0; i < some.Count; i++) outputs.Slice(some[i] * length, length).CopyTo(gathered.AsSpan(i * length));
        return gathered;
    }

    /// <summary>The level nearest to a value.</summary>
    internal static double Nearest(double value, IEnumerable<double> levels) => levels.MinBy(level => Math.Abs(level - value));

    /// <summary>Whether a trial's outputs are numbers: a network that has left them answers nothing, whatever comparisons say.</summary>
    internal static bool IsFinite(ReadOnlySpan<float> output)
    {
        foreach (var value in output)
            if (!float.IsFinite(value)) return false;
        return true;
    }

    private static double? OfLevels(TrialBatch trials, ReadOnlySpan<float> outputs, List<double> levels, IReadOnlyList<int> some)
    {
        int right = 0, counted = 0;
        foreach (var trial in some)
        {
            var output = outputs.Slice(trial * trials.Steps * trials.Outputs, trials.Steps * trials.Outputs);
            bool any = false, all = true;
            for (var o = 0; o < trials.Outputs; o++)
            {
                if (Stretch(trials, trial, o) is not { } answer) continue;
                any = true;
                var sum = 0.0;
                for (var t = answer.First; t <= answer.Last; t++) sum += output[t * trials.Outputs + o];
                all &= Nearest(sum / (answer.Last - answer.First + 1), levels) == answer.Level;
            }
            if (any) counted++;
            if (any && all && IsFinite(output)) right++;
        }
        return counted == 0 ? null : (double)right / counted;
    }

    private static double? OfCurves(TrialBatch trials, ReadOnlySpan<float> outputs, IReadOnlyList<int> some)
    {
        double weight = 0, sum = 0, variance = 0;
        for (var i = 0; i < trials.Y.Length; i++)
        {
            double m = trials.Mask?[i] ?? 1;
            weight += m;
            sum += m * trials.Y[i];
        }
        if (weight == 0) return null;
        for (var i = 0; i < trials.Y.Length; i++) variance += (trials.Mask?[i] ?? 1) * Math.Pow(trials.Y[i] - sum / weight, 2) / weight;
        int right = 0, counted = 0;
        foreach (var trial in some)
        {
            double own = 0, error = 0;
            for (int i = trial * trials.Steps * trials.Outputs, end = i + trials.Steps * trials.Outputs; i < end; i++)
            {
                double m = trials.Mask?[i] ?? 1;
                own += m;
                error += m * Math.Pow((double)outputs[i] - trials.Y[i], 2);
            }
            if (own == 0) continue;
            counted++;
            if (error / own < variance / 4) right++;
        }
        return counted == 0 ? null : (double)right / counted;
    }

    /// <summary>The last weighted stretch of constant target of one output; null without weight.</summary>
    private static (int First, int Last, double Level)? Stretch(TrialBatch trials, int trial, int output)
    {
        ReadOnlySpan<float> y = trials.TargetsOf(trial), mask = trials.MaskOf(trial);
        var last = trials.Steps - 1;
        while (last >= 0 && !Weighted(mask, last)) last--;
        if (last < 0) return null;
        var (first, level) = (last, y[last * trials.Outputs + output]);
        while (first > 0 && Weighted(mask, first - 1) && y[(first - 1) * trials.Outputs + output] == level) first--;
        return (first, last, level);

        bool Weighted(ReadOnlySpan<float> weights, int t) => weights.IsEmpty || weights[t * trials.Outputs + output] > 0;
    }
}
