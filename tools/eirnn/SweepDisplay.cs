using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of a sweep: on a terminal ten times a second, elsewhere at most one line a second.</summary>
internal sealed class SweepDisplay(string heading, bool quiet, Interruption interruption)
{
    private readonly ProgressLine _line = new(quiet);
    private int _recorded;
    private bool _begun, _interruptionTold, _waitingTold;

    public void Show(SweepProgress progress)
    {
        if (!_begun) _line.Keep(heading); // once nothing can be refused any more
        _begun = true;
        if (interruption.Asked.IsCancellationRequested && !_interruptionTold)
        {
            _interruptionTold = true;
            var running = Readable.Count(progress.Running, "run");
            _line.Keep(interruption.Urgent.IsCancellationRequested
                ? $"interrupted: {running} under way stop, and go on from there next time"
                : $"interrupted: finishing {running} under way; Ctrl-C again stops them, to go on from there next time");
        }
        if (progress.Unrecorded is { } waiting && !_waitingTold)
            _line.Keep($"another program keeps the store open: "
                + $"{Readable.Count(waiting, "finished run")} not recorded yet, the sweep goes on");
        _waitingTold = progress.Unrecorded is not null;
        if (!_line.Live && progress.Recorded == _recorded || !_line.IsDue(milestone: progress.Pending == 0)) return;
        _recorded = progress.Recorded;
        _line.Show(Text(progress));
    }

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End() => _line.End();

    private static string Text(SweepProgress p)
    {
        var diverged = p.Diverged > 0 ? $"  diverged {p.Diverged}" : "";
        var loss = (p.Latest?.Summary as TrainingSummary)?.FinalLoss is { } latest ? $"  loss {latest:0.0e+00}" : "";
        var left = p.Left is { } time ? $"  left {Readable.Time(time)}" : "";
        return $"done {p.Done}/{p.Total}  failed {p.Failed}{diverged}  running {p.Running}  {p.PerMinute:0.0}/min{loss}{left}";
    }
}
