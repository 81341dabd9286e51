using EiRnnFast.Training;

namespace EiRnnFast.CommandLine;

/// <summary>Progress on standard error: one line that rewrites itself on a terminal, one plain line an epoch when redirected.</summary>
internal sealed class TrainingDisplay(bool quiet)
{
    private readonly bool _live = !quiet && !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private TimeSpan? _shown;
    private bool _ended;

    public void Show(TrainingProgress progress)
    {
        if (quiet) return;
        lock (_lock)
        {
            if (!_ended) Write(progress);
        }
    }

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            if (_shown is not null) Console.Error.Write("\r\x1b[K");
        }
    }

    private void Write(TrainingProgress progress)
    {
        var epochDone = progress.Update == progress.Updates;
        if (_live)
        {
            if (!epochDone && _shown is { } shown && progress.Elapsed - shown < TimeSpan.FromMilliseconds(100)) return;
            _shown = progress.Elapsed;
            Console.Error.Write($"\r\x1b[K{Line(progress)}");
        }
        else if (epochDone) Console.Error.WriteLine(Line(progress));
    }

    private static string Line(TrainingProgress p) =>
        $"epoch {p.Epoch}/{p.Epochs}  update {p.Update}/{p.Updates}  loss {p.Loss:0.000e+00}  gradient {p.GradientNorm:0.000e+00}  left {Clock.Text(p.Left)}";
}
