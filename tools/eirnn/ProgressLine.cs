using System.Diagnostics;

namespace EiRnnFast.CommandLine;

/// <summary>
/// Progress on standard error: one line that rewrites itself on a terminal, plain lines elsewhere. One thread shows; any thread may end it.
/// </summary>
internal sealed class ProgressLine(bool quiet)
{
    private const string Clear = "\r\x1b[K";

    private readonly Lock _lock = new();
    private readonly Stopwatch _sinceShown = new();
    private bool _onScreen, _ended;

    /// <summary>Whether it rewrites itself: a terminal that says it understands escape codes.</summary>
    public bool Live { get; } = !quiet && !Console.IsErrorRedirected
        && (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    /// <summary>Whether a text should be shown now: ten times a second on a terminal, elsewhere once a second.</summary>
    /// <param name="milestone">A text that does not wait for its turn.</param>
    public bool IsDue(bool milestone) =>
        !quiet && (milestone || !_sinceShown.IsRunning || _sinceShown.Elapsed >= TimeSpan.FromSeconds(Live ? 0.1 : 1));

    /// <summary>Shows a text instead of the last one; on a narrow terminal as much of it as fits into one row.</summary>
    public void Show(string text)
    {
        if (quiet) return;
        lock (_lock)
        {
            if (_ended) return;
            _sinceShown.Restart();
            _onScreen = Live;
            if (Live) StandardStreams.Tell(Clear + Fit(text, Terminal.Width));
            else StandardStreams.TellLine(text);
        }
    }

    /// <summary>Writes a line that stays, above the one that rewrites itself.</summary>
    public void Keep(string line)
    {
        if (quiet) return;
        lock (_lock)
        {
            if (_ended) return;
            Erase();
            StandardStreams.TellLine(line);
        }
    }

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Erase();
        }
    }

    private void Erase()
    {
        if (_onScreen) StandardStreams.Tell(Clear);
        _onScreen = false;
    }

    /// <summary>The last column stays free: some terminals begin a new row when it is filled.</summary>
    private static string Fit(string text, int width)
    {
        if (text.Length < width) return text;
        return width > 1 ? $"{text.AsSpan(0, width - 2)}…" : "";
    }
}
