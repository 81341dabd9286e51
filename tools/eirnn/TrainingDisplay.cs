using EiRnnFast.Training;

namespace EiRnnFast.CommandLine;

/// <summary>Progress of a training: on a terminal ten times a second, elsewhere a line an epoch.</summary>
internal sealed class TrainingDisplay(bool quiet)
{
    /// <summary>Before this, the time of the first updates, which compile the program, says nothing about the others.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    private readonly ProgressLine _line = new(quiet);
    private volatile bool _hasBegun;

    /// <summary>Whether an update is done.</summary>
    public bool HasBegun => _hasBegun;

    public void Show(TrainingProgress progress)
    {
        _hasBegun = true;
        var epochDone = progress.Update == progress.Updates;
        if ((epochDone || _line.Live) && _line.IsDue(milestone: epochDone)) _line.Show(Text(progress));
    }

    /// <summary>Writes a line that stays.</summary>
    public void Note(string line) => _line.Keep(line);

    /// <summary>Leaves the terminal at the start of a clean line; nothing is shown any more.</summary>
    public void End() => _line.End();

    private static string Text(TrainingProgress p)
    {
        var known = p.Epoch > 1 || p.Update == p.Updates || p.Elapsed > s_warmUp;
        var left = known ? $"  left {Readable.Time(p.Left)}" : "";
        return $"epoch {p.Epoch}/{p.Epochs}  update {p.Update}/{p.Updates}"
            + $"  loss {p.Loss:0.000e+00}  gradient {p.GradientNorm:0.000e+00}{left}";
    }
}
