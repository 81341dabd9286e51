using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of a sweep on standard error: one line that rewrites itself on a terminal, at most one plain line a second when redirected.</summary>
internal sealed class SweepDisplay(string heading, bool quiet, CancellationToken interruption)
{
    private readonly bool _live = !quiet && !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private TimeSpan _shown = TimeSpan.MinValue;
    private int _recorded;
    private bool _begun, _told, _waiting, _deaf;

    /// <summary>Never fails: a sweep goes on when its terminal is gone or its log is on a full disk.</summary>
    public void Show(SweepProgress progress)
    {
        if (quiet || _deaf) return;
        try
        {
            lock (_lock) Write(progress);
        }
        catch (IOException)
        {
            _deaf = true;
        }
    }

    private void Write(SweepProgress progress)
    {
        if (!_begun) Console.Error.WriteLine(heading); // once nothing can be refused any more
        _begun = true;
        if (interruption.IsCancellationRequested && !_told)
        {
            _told = true;
            Console.Error.WriteLine($"{(_live ? "\r\x1b[K" : "")}interrupted: finishing {progress.Running} {(progress.Running == 1 ? "run" : "runs")} under way; once more stops at once");
        }
        if (progress.Unrecorded is { } waiting && !_waiting)
            Console.Error.WriteLine($"{(_live ? "\r\x1b[K" : "")}another program keeps the store open: "
                + $"{waiting} finished runs wait to be recorded, the sweep goes on");
        _waiting = progress.Unrecorded is not null;
        var last = progress.Pending == 0;
        if (!_live && progress.Recorded == _recorded) return;
        if (!last && _shown != TimeSpan.MinValue && progress.Elapsed - _shown < TimeSpan.FromSeconds(_live ? 0.1 : 1)) return;
        (_shown, _recorded) = (progress.Elapsed, progress.Recorded);
        if (_live) Console.Error.Write($"\r\x1b[K{Line(progress)}");
        else Console.Error.WriteLine(Line(progress));
    }

    /// <summary>Leaves the terminal at the start of a clean line.</summary>
    public void End()
    {
        lock (_lock)
            if (_live && !_deaf && _shown != TimeSpan.MinValue) Console.Error.Write("\r\x1b[K");
    }

    private static string Line(SweepProgress p)
    {
        var diverged = p.Diverged > 0 ? $"  diverged {p.Diverged}" : "";
        var loss = (p.Latest?.Summary as TrainingSummary)?.FinalLoss is { } latest ? $"  loss {latest:0.0e+00}" : "";
        return $"done {p.Done}/{p.Total}  failed {p.Failed}{diverged}  running {p.Running}  {p.PerMinute:0.0}/min{loss}  left {(p.Left is { } left ? Clock.Text(left) : "?")}";
    }
}
