namespace EiRnnFast.CommandLine;

/// <summary>Times as people read them.</summary>
internal static class Clock
{
    /// <summary>mm:ss, h:mm:ss, or days in front.</summary>
    public static string Text(TimeSpan time) =>
        time.TotalDays >= 1 ? $"{(int)time.TotalDays}d {time:hh\\:mm}" : time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:mm\\:ss}";
}
