using System.Diagnostics;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of an analysis on standard error: one line that rewrites itself on a terminal, one plain line a stage when redirected.</summary>
internal sealed class DynamicsDisplay(bool quiet, string heading)
{
    private readonly bool _live = !quiet && !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private (string File, string Stage)? _shown;
    private bool _ended;

    public void Show(DynamicsProgress progress)
    {
        if (quiet) return;
        lock (_lock)
        {
            var isNew = _shown != (progress.File, progress.Stage);
            if (_ended || !isNew && (!_live || _since.ElapsedMilliseconds < 100)) return;
            if (_shown is null) Console.Error.WriteLine(heading); // only now is all input known to be good
            _shown = (progress.File, progress.Stage);
            _since.Restart();
            if (_live) Console.Error.Write($"\r\x1b[K{progress.File}: {progress.Stage} {progress.Done}/{progress.Total}");
            else Console.Error.WriteLine($"{progress.File}: {progress.Stage}");
        }
    }

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            if (_live && _shown is not null) Console.Error.Write("\r\x1b[K");
        }
    }
}
