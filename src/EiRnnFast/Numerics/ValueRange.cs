using System.Globalization;

namespace EiRnnFast.Numerics;

/// <summary>The values that a number may have.</summary>
/// <param name="Least">Least value.</param>
/// <param name="Most">Largest value; infinite for no bound.</param>
/// <param name="AboveLeast">Whether the least value itself is out of the range.</param>
/// <param name="BelowMost">Whether the largest value itself is out of the range.</param>
public readonly record struct ValueRange(
    double Least, double Most = double.PositiveInfinity, bool AboveLeast = false, bool BelowMost = false)
{
    /// <summary>All numbers above 0 that single precision can hold.</summary>
    public static ValueRange PositiveSingle { get; } = new(float.Epsilon / 2.0, float.MaxValue, AboveLeast: true);

    /// <summary>Whether a value is in the range; NaN is in none.</summary>
    public bool Holds(double value) => (AboveLeast ? value > Least : value >= Least) && (BelowMost ? value < Most : value <= Most);

    /// <summary>The range in words, such as "1 to 65536" or "a number above 0".</summary>
    /// <param name="whole">Whether the number is a whole one.</param>
    public string Words(bool whole)
    {
        if (this == PositiveSingle) return "a number above 0, within single precision";
        var (least, most) = (Text(Least), Text(Most));
        if (whole) return double.IsFinite(Most) ? $"{least} to {most}" : $"{least} or more";
        var from = AboveLeast ? $"above {least}" : $"{least} or above";
        if (double.IsInfinity(Most)) return $"a number, {from}";
        if (Most == double.MaxValue) return $"a finite number, {from}";
        var below = BelowMost ? "below" : "at most";
        return AboveLeast || BelowMost ? $"a number, {from} and {below} {most}" : $"a number from {least} to {most}";
    }

    /// <summary>Refuses a value that is not in the range.</summary>
    /// <param name="what">What the value is of.</param>
    /// <param name="found">The value.</param>
    /// <param name="usual">Its default.</param>
    /// <exception cref="InvalidInputException">It is not.</exception>
    public void Require(string what, int found, int usual)
    {
        if (!Holds(found)) throw InvalidInputException.Of(what, found, Words(whole: true), $"{Text(usual)} is the default");
    }

    /// <inheritdoc cref="Require(string, int, int)"/>
    public void Require(string what, double found, double usual)
    {
        if (!Holds(found)) throw InvalidInputException.Of(what, found, Words(whole: false), $"{Text(usual)} is the default");
    }

    private static string Text(double value) => Math.Abs(value) is >= 1e7 or (> 0 and < 1e-4)
        ? value.ToString("0.###e0", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
}
