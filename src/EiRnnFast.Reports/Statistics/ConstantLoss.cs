using System.Globalization;
using EiRnnFast.Tasks;

namespace EiRnnFast.Reports;

/// <summary>What a network loses that always gives the best constant answer: it has learned nothing.</summary>
public static class ConstantLoss
{
    /// <summary>Trials that the variance of the targets is taken over; it varies by a few per cent with them, success asks for
    /// half.</summary>
    private const int Trials = 2000;

    /// <summary>Σ m(y − c)²/Σ m with the constant c of every output that makes it least; 0 without weight.</summary>
    public static double Of(TrialBatch trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
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
    public static double? Of(string task, string? options, bool isFile)
    {
        if (isFile) return null;
        try
        {
            var values = (options ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => double.Parse(pair[^1], CultureInfo.InvariantCulture));
            var known = TaskCatalog.Get(task, values);
            return Of(known.Generate(Trials, known.DefaultDataSeed)) is > 0 and var loss ? loss : null;
        }
        catch (Exception e) when (e is InvalidInputException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
