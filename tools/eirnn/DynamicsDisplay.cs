using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of an analysis: on a terminal ten times a second, elsewhere a line a stage.</summary>
internal sealed class DynamicsDisplay(bool quiet, string heading)
{
    private readonly ProgressLine _line = new(quiet);
    private (string File, string Stage)? _shown;

    public void Show(DynamicsProgress progress)
    {
        var isNew = _shown != (progress.File, progress.Stage);
        if (!isNew && !_line.Live || !_line.IsDue(milestone: isNew)) return;
        if (_shown is null) _line.Keep(heading); // only now is all input known to be good
        _shown = (progress.File, progress.Stage);
        var counts = _line.Live ? $" {progress.Done}/{progress.Total}" : "";
        _line.Show($"{progress.File}: {progress.Stage}{counts}");
    }

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End() => _line.End();
}
