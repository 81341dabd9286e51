using System.Diagnostics;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of an analysis: on a terminal ten times a second, elsewhere a line a stage.</summary>
internal sealed class DynamicsDisplay(bool quiet, string heading)
{
    private readonly ProgressLine _line = new(quiet);
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
            if (_ended || !isNew && (!_line.Live || _since.ElapsedMilliseconds < 100)) return;
            if (_shown is null) _line.Keep(heading); // only now is all input known to be good
            _shown = (progress.File, progress.Stage);
            _since.Restart();
            _line.Show($"{progress.File}: {progress.Stage}{(_line.Live ? $" {progress.Done}/{progress.Total}" : "")}");
        }
    }

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _line.End();
        }
    }
}
