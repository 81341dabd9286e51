using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of a sweep: on a terminal ten times a second, elsewhere at most one line a second.</summary>
internal sealed class SweepDisplay(string heading, bool quiet, CancellationToken interruption)
{
    private readonly ProgressLine _line = new(quiet);
    private readonly Lock _lock = new();
    private TimeSpan _shown = TimeSpan.MinValue;
    private int _recorded;
    private bool _begun, _told, _waiting;

    public void Show(SweepProgress progress)
    {
        if (quiet) return;
        lock (_lock) Write(progress);
    }

    private void Write(SweepProgress progress)
    {
        if (!_begun) _line.Keep(heading); // once nothing can be refused any more
        _begun = true;
        if (interruption.IsCancellationRequested && !_told)
        {
            _told = true;
            _line.Keep($"interrupted: finishing {progress.Running} {(progress.Running == 1 ? "run" : "runs")} under way; once more stops at once");
        }
        if (progress.Unrecorded is { } waiting && !_waiting)
            _line.Keep($"another program keeps the store open: {waiting} finished runs wait to be recorded, the sweep goes on");
        _waiting = progress.Unrecorded is not null;
        var last = progress.Pending == 0;
        if (!_line.Live && progress.Recorded == _recorded) return;
        if (!last && _shown != TimeSpan.MinValue && progress.Elapsed - _shown < TimeSpan.FromSeconds(_line.Live ? 0.1 : 1)) return;
        (_shown, _recorded) = (progress.Elapsed, progress.Recorded);
        _line.Show(Line(progress));
    }

    /// <summary>Leaves the terminal at the start of a clean line.</summary>
    public void End()
    {
        lock (_lock) _line.End();
    }

    private static string Line(SweepProgress p)
    {
        var diverged = p.Diverged > 0 ? $"  diverged {p.Diverged}" : "";
        var loss = (p.Latest?.Summary as TrainingSummary)?.FinalLoss is { } latest ? $"  loss {latest:0.0e+00}" : "";
        return $"done {p.Done}/{p.Total}  failed {p.Failed}{diverged}  running {p.Running}  {p.PerMinute:0.0}/min{loss}{(p.Left is { } left ? $"  left {Clock.Text(left)}" : "")}";
    }
}
