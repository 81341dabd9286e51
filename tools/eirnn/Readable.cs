using System.Globalization;

namespace EiRnnFast.CommandLine;

/// <summary>Numbers and times as people read them.</summary>
internal static class Readable
{
    /// <summary>Thirty years: a longer expectation is no better known.</summary>
    private const double MostSeconds = 1e9;

    /// <summary>mm:ss, h:mm:ss, or days in front.</summary>
    public static string Time(TimeSpan time)
    {
        if (time.TotalDays >= 1) return $"{(int)time.TotalDays}d {time:hh\\:mm}";
        return time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:mm\\:ss}";
    }

    /// <summary>An expected time, thirty years at most.</summary>
    public static string Time(double seconds) => Time(TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds)));

    /// <summary>"1 run", "2 runs".</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>The verb after a count.</summary>
    public static string Are(int count) => count == 1 ? "is" : "are";

    /// <summary>Decimals; powers of ten where decimals would hide the number.</summary>
    public static string Number(double value, string decimals = "0.000") =>
        value.ToString(value == 0 || Math.Abs(value) is >= 1e-5 and < 1e6 ? decimals : "0.000e+00", CultureInfo.InvariantCulture);
}
