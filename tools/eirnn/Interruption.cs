using System.Runtime.InteropServices;

namespace EiRnnFast.CommandLine;

/// <summary>
/// Ctrl-C, SIGTERM and the closing of the terminal. The first Ctrl-C asks; a command with steps is urged by the second one; the next is
/// left to the system, which ends the process. SIGTERM and a closed terminal leave little time: they ask and urge at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _asked = new(), _urgent = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, isUrgent: false)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, isUrgent: true)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Take(context, isUrgent: true)),
    ];

    /// <summary>The user wants the command to end.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>It has to end now.</summary>
    public CancellationToken Urgent => _urgent.Token;

    /// <summary>Whether the command makes a difference between the two.</summary>
    public bool HasSteps { get; set; }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _asked.Dispose();
        _urgent.Dispose();
    }

    private void Take(PosixSignalContext context, bool isUrgent)
    {
        var isSecond = _asked.IsCancellationRequested;
        context.Cancel = !isSecond || HasSteps && !_urgent.IsCancellationRequested;
        if (isUrgent || isSecond) _urgent.Cancel();
        _asked.Cancel();
    }
}
