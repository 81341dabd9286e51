using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>A ring of 32 units. Unit i prefers the direction 2πi/32. A direction is coded by a bump of activity around it.</summary>
internal static class Ring
{
    /// <summary>Units of a ring.</summary>
    public const int Units = 32;

    private const double Height = 0.8, Width = Math.PI / 8;

    /// <summary>A population vector that is shorter than this part of the activity has no direction: it is rounding.</summary>
    private const double LeastVector = 1e-9;

    private static readonly double[] s_cosines = [.. Enumerable.Range(0, Units).Select(i => Math.Cos(Preferred(i)))];
    private static readonly double[] s_sines = [.. Enumerable.Range(0, Units).Select(i => Math.Sin(Preferred(i)))];

    /// <summary>The direction that a unit prefers.</summary>
    public static double Preferred(int unit) => unit * (Math.Tau / Units);

    /// <summary>A direction of [0, 2π): <c>2π·random_sample()</c>.</summary>
    public static double DrawDirection(NumPyRandom random) => Math.Tau * random.RandomSample();

    /// <summary>The same direction in [0, 2π).</summary>
    public static double Wrap(double direction)
    {
        var rest = direction % Math.Tau;
        return rest < 0 ? rest + Math.Tau : rest;
    }

    /// <summary>The angle between two directions, 0 … π.</summary>
    public static double Distance(double one, double other)
    {
        var apart = Math.Abs(one - other);
        return Math.Min(apart, Math.Tau - apart);
    }

    /// <summary>Writes the bump of a direction: 0.8·strength at its peak, a Gaussian of width π/8.</summary>
    public static void Bump(double direction, double strength, Span<double> units)
    {
        for (var i = 0; i < Units; i++)
        {
            var distance = Distance(direction, Preferred(i)) / Width;
            units[i] = Height * Math.Exp(-distance * distance / 2) * strength;
        }
    }

    /// <summary>The direction of the population vector; null where the units say none, as when all are equal.</summary>
    public static double? Direction(ReadOnlySpan<float> units)
    {
        double cosine = 0, sine = 0, activity = 0;
        for (var i = 0; i < Units; i++)
        {
            cosine += units[i] * s_cosines[i];
            sine += units[i] * s_sines[i];
            activity += Math.Abs(units[i]);
        }
        return Math.Sqrt(cosine * cosine + sine * sine) > LeastVector * activity ? Wrap(Math.Atan2(sine, cosine)) : null;
    }
}
