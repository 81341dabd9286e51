using MathNet.Numerics.Distributions;

namespace EiRnnFast.Reports;

/// <summary>One time at which something happened.</summary>
/// <param name="Time">When.</param>
/// <param name="AtRisk">How many were watched just before, and had not had it.</param>
/// <param name="Events">How many had it then.</param>
/// <param name="Probability">Of not having had it by then.</param>
/// <param name="StandardError">Of that, by Greenwood; NaN where the probability is 0.</param>
/// <param name="Low">Lower end of the 95 % interval of log(−log); NaN where the probability is 0.</param>
/// <param name="High">Upper end.</param>
public sealed record SurvivalPoint(
    double Time, int AtRisk, int Events, double Probability, double StandardError, double Low, double High);

/// <summary>
/// How long it takes until something happens, where some were not watched long enough to see it (Kaplan and Meier 1958). Whoever is
/// censored at the time of an event was at risk then.
/// </summary>
/// <param name="Count">How many were watched.</param>
/// <param name="Events">How many had it.</param>
/// <param name="Points">One a time with events, ascending.</param>
/// <param name="Median">The first time at which the probability is below one half; null where it never is.</param>
/// <param name="MedianLow">Lower end of its 95 % interval (Brookmeyer and Crowley 1982, with log(−log)): the first time at which one half
/// is within the interval of the probability; null where it never is.</param>
/// <param name="MedianHigh">Upper end: the time after the last such one; null where there is none.</param>
public sealed record SurvivalCurve(
    int Count, int Events, IReadOnlyList<SurvivalPoint> Points, double? Median, double? MedianLow, double? MedianHigh)
{
    /// <summary>The last time at which anybody was watched: the curve ends there.</summary>
    public required double LastTime { get; init; }

    /// <summary>Estimates the curve; null without anybody.</summary>
    /// <param name="watched">Time, and whether the event came then; else the watching ended.</param>
    public static SurvivalCurve? Of(IReadOnlyCollection<(double Time, bool Event)> watched)
    {
        ArgumentNullException.ThrowIfNull(watched);
        if (watched.Count == 0) return null;
        var z = Normal.InvCDF(0, 1, 0.975);
        List<SurvivalPoint> points = [];
        var (probability, greenwood) = (1.0, 0.0);
        foreach (var at in watched.Where(one => one.Event).GroupBy(one => one.Time).OrderBy(group => group.Key))
        {
            var (risk, events) = (watched.Count(one => one.Time >= at.Key), at.Count());
            probability *= 1 - (double)events / risk;
            greenwood += events == risk ? double.NaN : (double)events / risk / (risk - events);
            var error = probability * Math.Sqrt(greenwood);
            var reach = z * Math.Sqrt(greenwood) / Math.Abs(Math.Log(probability));
            points.Add(new SurvivalPoint(at.Key, risk, events, probability, error,
                Math.Pow(probability, Math.Exp(reach)), Math.Pow(probability, Math.Exp(-reach))));
        }
        var (first, last) = (points.FindIndex(HoldsHalf), points.FindLastIndex(HoldsHalf));
        return new SurvivalCurve(watched.Count, watched.Count(one => one.Event), points,
            points.FirstOrDefault(point => point.Probability < 0.5)?.Time,
            first < 0 ? null : points[first].Time, last < 0 || last == points.Count - 1 ? null : points[last + 1].Time)
        {
            LastTime = watched.Max(one => one.Time),
        };

        static bool HoldsHalf(SurvivalPoint point) => point is { Low: <= 0.5, High: >= 0.5 };
    }
}
