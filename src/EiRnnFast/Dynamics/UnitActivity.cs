using System.Numerics;
using EiRnnFast.Model;

namespace EiRnnFast.Dynamics;

/// <summary>What counts as silent and as saturated.</summary>
/// <param name="Silent">A unit is silent when its |rate| stays below this in all trials.</param>
/// <param name="Saturated">A tanh or sigmoid unit is saturated at a step when its |rate| is above this …</param>
/// <param name="SaturatedFraction">… and altogether when it is so for more than this fraction of all steps of all trials.</param>
public sealed record ActivityThresholds(double Silent = 0.01, double Saturated = 0.99, double SaturatedFraction = 0.9);

/// <summary>Activity of every unit over trials.</summary>
public sealed record UnitActivity
{
    /// <summary>Largest |rate| of each unit, [N].</summary>
    public required IReadOnlyList<double> Largest { get; init; }

    /// <summary>Mean rate of each unit, [N].</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Fraction of steps at which each unit is saturated, [N]; null for rates without bounds, which do not saturate.</summary>
    public required IReadOnlyList<double>? SaturatedSteps { get; init; }

    /// <summary>
    /// Frequency in Hz at which the power of each unit is largest, [N]: of the periodograms of single trials, each without its mean,
    /// averaged; a multiple of 1000/(T·step ms). Null for a unit that does not change.
    /// </summary>
    public required IReadOnlyList<double?> DominantFrequency { get; init; }

    /// <summary>The thresholds.</summary>
    public required ActivityThresholds Thresholds { get; init; }

    /// <summary>Units that are silent.</summary>
    public IEnumerable<int> SilentUnits => Indices(unit => Largest[unit] < Thresholds.Silent);

    /// <summary>Units that are saturated; null where none can be.</summary>
    public IEnumerable<int>? SaturatedUnits =>
        SaturatedSteps is { } steps ? Indices(unit => steps[unit] > Thresholds.SaturatedFraction) : null;

    /// <summary>Measures rates.</summary>
    /// <param name="states">Rates, [trials×steps×N].</param>
    /// <param name="trials">Trials.</param>
    /// <param name="units">N.</param>
    /// <param name="stepMs">Milliseconds per step.</param>
    /// <param name="thresholds">The usual ones unless said.</param>
    /// <param name="activation">f, which says whether rates saturate.</param>
    /// <exception cref="InvalidInputException">States that do not divide into trials, or that are not finite;
    /// thresholds that cannot be used.</exception>
    public static UnitActivity Of(ReadOnlySpan<float> states, int trials, int units, double stepMs, ActivityThresholds? thresholds = null,
        Activation activation = Activation.Tanh)
    {
        if (trials < 1 || units < 1 || states.IsEmpty || states.Length % ((long)trials * units) != 0)
            throw InvalidInputException.Of("states", $"{states.Length} values", $"trials×steps×{units}", "give whole trials");
        if (states.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw InvalidInputException.Of("states", "a value that is not finite", "finite activity",
                "the weights are damaged or diverged");
        if (!(stepMs > 0)) throw InvalidInputException.Of("milliseconds per step", stepMs, "above 0", "most tasks have 1");
        thresholds ??= new ActivityThresholds();
        if (!(thresholds is { Silent: >= 0 and < 1, Saturated: > 0 and <= 1, SaturatedFraction: >= 0 and < 1 }))
            throw InvalidInputException.Of("activity thresholds", thresholds, "numbers from 0 to 1", "0.01, 0.99 and 0.9 are usual");
        double[] largest = new double[units], mean = new double[units], saturated = new double[units];
        var moments = states.Length / units;
        for (var t = 0; t < moments; t++)
            for (var i = 0; i < units; i++)
            {
                double h = states[t * units + i];
                largest[i] = Math.Max(largest[i], Math.Abs(h));
                mean[i] += h / moments;
                if (Math.Abs(h) > thresholds.Saturated) saturated[i]++;
            }
        for (var i = 0; i < units; i++) saturated[i] /= moments;
        return new UnitActivity
        {
            Largest = largest, Mean = mean, SaturatedSteps = RateRange.Of(activation).IsBounded ? saturated : null,
            DominantFrequency = Frequencies(states, trials, units, stepMs), Thresholds = thresholds,
        };
    }

    /// <summary>
    /// 1000·|arg λ|/(2π·step): the frequency in Hz at which a mode of the linear map h ↦ h·W turns;
    /// 500/step where it changes sign every step.
    /// </summary>
    /// <param name="eigenvalues">λ.</param>
    /// <param name="stepMs">Milliseconds per step.</param>
    public static IReadOnlyList<double> SpectralFrequencies(IEnumerable<Complex> eigenvalues, double stepMs) =>
        [.. eigenvalues.Select(z => z == 0 ? 0 : 1000 * Math.Abs(z.Phase) / (2 * Math.PI * stepMs))];

    /// <summary>
    /// A discrete Fourier transform by its definition, from a table of one period:
    /// T² a unit and trial, which is little for T in the hundreds.
    /// </summary>
    private static double?[] Frequencies(ReadOnlySpan<float> states, int trials, int units, double stepMs)
    {
        var steps = states.Length / (trials * units);
        double[] cosine = new double[steps], sine = new double[steps], series = new double[steps];
        for (var t = 0; t < steps; t++) (sine[t], cosine[t]) = Math.SinCos(2 * Math.PI * t / steps);
        var dominant = new double?[units];
        for (var unit = 0; unit < units; unit++)
        {
            var power = new double[steps / 2 + 1];
            for (var trial = 0; trial < trials; trial++)
            {
                var mean = 0.0;
                for (var t = 0; t < steps; t++) mean += (series[t] = states[(trial * steps + t) * units + unit]) / steps;
                var still = true;
                for (var t = 0; t < steps; t++) still &= Math.Abs(series[t] -= mean) < 1e-7; // single precision's last place
                if (still) continue;
                for (var k = 1; k < power.Length; k++)
                {
                    double re = 0, im = 0;
                    for (int t = 0, angle = 0; t < steps; t++)
                    {
                        re += series[t] * cosine[angle];
                        im += series[t] * sine[angle];
                        angle += k;
                        if (angle >= steps) angle -= steps;
                    }
                    power[k] += re * re + im * im;
                }
            }
            var best = Array.IndexOf(power, power.Max());
            if (best > 0) dominant[unit] = best * 1000 / (steps * stepMs);
        }
        return dominant;
    }

    private IEnumerable<int> Indices(Func<int, bool> test) => Enumerable.Range(0, Largest.Count).Where(test);
}
