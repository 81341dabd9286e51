using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// Engine and peer in turn on a workload, one thread each: in every round the peak loop, updates of each of the engine's networks and
/// updates of the peer, so that a machine that changes its pace changes it for all. Medians are shown.
/// </summary>
internal static class Comparison
{
    /// <summary>Time that each of them has in a round, milliseconds; at least one update.</summary>
    private const double Turn = 150;

    /// <summary>Measures and prints.</summary>
    /// <exception cref="InvalidInputException">No Python with PyTorch.</exception>
    /// <exception cref="ComputationException">The peer failed.</exception>
    public static void Run(ComparisonSettings settings, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        var (kernels, workload) = (KernelSet.Current, settings.Workload);
        using var peer = Peer.Start(workload.Name);
        progress.WriteLine($"EiRnnFast, kernels {kernels.Name}, against {peer.Name}; "
            + $"{workload.Words}, batches of {UpdateLoop.Batch}, {UpdateLoop.Steps} steps, one thread each");
        PeakLoop.Measure(kernels, Turn);
        List<double> peaks = [];
        var rows = settings.Units.Select(units => Measure(units, settings, kernels, peer, peaks, progress, cancellation)).ToList();
        var peak = Median(peaks);
        var result = new ComparisonResult(peak, DateTime.UtcNow.ToString("yyyy-MM-dd"), Machine.Processor, Machine.Engine, kernels.Name,
            peer.Name, workload.Name, [.. rows.Select(row => workload.Row(row, peak))]);
        if (settings.Json) output.WriteLine(result.ToJson());
        else result.Print(output);
        if (settings.Ledger is { } ledger) result.AppendTo(ledger);
    }

    private static Times Measure(int units, ComparisonSettings settings, KernelSet kernels, Peer peer, List<double> peaks,
        TextWriter progress, CancellationToken cancellation)
    {
        EngineTurn[] turns = [.. settings.Workload.Loops(units, kernels).Select(loop => new EngineTurn(loop))];
        var peerUpdates = UpdatesPerTurn(peer.Update(units, 4).Min());
        foreach (var turn in turns) turn.WarmUp(Turn);
        List<double> peerTimes = [], differences = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = PeakLoop.Measure(kernels);
            foreach (var turn in turns) turn.Run();
            var after = PeakLoop.Measure(kernels);
            peaks.AddRange([before, after]);
            differences.Add(100 * Math.Abs(before - after) / Math.Max(before, after));
            peerTimes.AddRange(peer.Update(units, peerUpdates));
        }
        var times = new Times(units, [.. turns.Select(turn => Median(turn.Milliseconds))], Median(peerTimes), Median(differences));
        progress.WriteLine($"{units} units: {string.Join(", ", times.EngineMs.Select(ms => $"{ms:0.00} ms"))}, peer {times.PeerMs:0.0} ms");
        return times;
    }

    private static int UpdatesPerTurn(double milliseconds) => Math.Max(1, (int)(Turn / milliseconds));

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    /// <summary>One side's turns: as many updates as fit, each timed.</summary>
    private sealed class EngineTurn(UpdateLoop loop)
    {
        private int _updates = 1;

        public List<double> Milliseconds { get; } = [];

        public void WarmUp(double milliseconds)
        {
            var total = 0.0;
            for (var i = 0; i < 5 || total < milliseconds; i++) total += loop.TimedUpdate();
            _updates = UpdatesPerTurn(loop.TimedUpdate());
        }

        public void Run()
        {
            for (var i = 0; i < _updates; i++) Milliseconds.Add(loop.TimedUpdate());
        }
    }
}
