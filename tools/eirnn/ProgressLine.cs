namespace EiRnnFast.CommandLine;

/// <summary>Progress on standard error: one line that rewrites itself on a terminal, plain lines elsewhere. Not for several threads at
/// once.</summary>
internal sealed class ProgressLine(bool quiet)
{
    private const int UnknownWidth = 80;
    private const string Clear = "\r\x1b[K";
    private bool _shown;

    /// <summary>Whether it rewrites itself: a terminal that says it understands escape codes.</summary>
    public bool Live { get; } = !quiet && !Console.IsErrorRedirected && (OperatingSystem.IsWindows()
        || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    /// <summary>Shows a text instead of the last one; on a narrow terminal as much of it as fits into one row.</summary>
    public void Show(string text)
    {
        if (quiet) return;
        if (!Live)
        {
            StandardStreams.TellLine(text);
            return;
        }
        _shown = true;
        StandardStreams.Tell(Clear + Fit(text, Width()));
    }

    /// <summary>Writes a line that stays, above the one that rewrites itself.</summary>
    public void Keep(string line)
    {
        if (quiet) return;
        End();
        StandardStreams.TellLine(line);
    }

    /// <summary>Leaves the terminal at the start of a clean line.</summary>
    public void End()
    {
        if (_shown) StandardStreams.Tell(Clear);
        _shown = false;
    }

    /// <summary>The last column stays free: some terminals begin a new row when it is filled.</summary>
    internal static string Fit(string text, int width) => text.Length < width ? text : width > 1 ? string.Concat(text.AsSpan(0,
        width - 2), "…") : "";

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : UnknownWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return UnknownWidth;
        }
    }
}
