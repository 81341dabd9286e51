using System.Globalization;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.Reports;

/// <summary>What a network loses that always gives the best constant answer: it has learned nothing.</summary>
public static class ConstantLoss
{
    /// <summary>Trials that the variance of the targets is taken over; it varies by a few per cent with them, success asks for
    /// half.</summary>
    private const int Trials = 2000;

    /// <summary>
    /// Σ m(y − c)²/Σ m with the constant c of every output that makes it least; with cross-entropy the entropy of how often each answer
    /// is right; 0 without weight.
    /// </summary>
    public static double Of(TrialBatch trials, LossFunction loss = LossFunction.MeanSquare)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return loss == LossFunction.CrossEntropy ? Entropy(trials) : Variance(trials);
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

    /// <summary>That of a recorded task; null for trials from a file, and for what this version does not know.</summary>
    /// <param name="task">Its name.</param>
    /// <param name="options">Its options as recorded, <c>name=value name=value</c>, or null.</param>
    /// <param name="isFile">Whether the trials came from a file.</param>
    /// <param name="loss">The loss by its name; null for that of older versions.</param>
    public static double? Of(string task, string? options, bool isFile, string? loss = null)
    {
        if (isFile) return null;
        try
        {
            var values = (options ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => double.Parse(pair[^1], CultureInfo.InvariantCulture));
            var known = TaskCatalog.Get(task, values);
            var kind = SettingNames.Losses[loss ?? SettingNames.Of(SettingNames.Losses, LossFunction.MeanSquare)];
            return Of(ChoiceTask.For(known, kind).Generate(Trials, known.DefaultDataSeed), kind) is > 0 and var least ? least : null;
        }
        catch (Exception e) when (e is InvalidInputException or FormatException or ArgumentException or KeyNotFoundException)
        {
            return null;
        }
    }
}
