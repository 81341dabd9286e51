using System.Text.Json;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// Engine and peer in turn on the reference workload, one thread each: in every round the peak loop, updates without sharing,
/// updates with sharing and updates of the peer, so that a machine that changes its pace changes it for all. Medians are shown.
/// </summary>
internal static class Comparison
{
    /// <summary>Time that each of the four has in a round, milliseconds; at least one update.</summary>
    private const double Turn = 150;

    private static readonly JsonSerializerOptions s_json =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Measures and prints.</summary>
    /// <exception cref="InvalidInputException">No Python with PyTorch.</exception>
    /// <exception cref="ComputationException">The peer failed.</exception>
    public static void Run(ComparisonSettings settings, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        var kernels = KernelSet.Current;
        using var peer = Peer.Start();
        progress.WriteLine($"EiRnnFast, kernels {kernels.Name}, against {peer.Name}; "
            + $"AND, batches of {UpdateLoop.Batch}, {UpdateLoop.Steps} steps, one thread each");
        PeakLoop.Measure(kernels, Turn);
        List<double> peaks = [];
        var rows = settings.Units.Select(units => Measure(units, settings.Rounds, kernels, peer, peaks, progress, cancellation)).ToList();
        var peak = Median(peaks);
        var result = new Result(peak, DateTime.UtcNow.ToString("yyyy-MM-dd"), Machine.Processor, Machine.Engine, kernels.Name, peer.Name,
            [.. rows.Select(row => row.Against(peak))]);
        if (settings.Json) output.WriteLine(JsonSerializer.Serialize(result, s_json));
        else Print(result, output);
    }

    private static Times Measure(int units, int rounds, KernelSet kernels, Peer peer, List<double> peaks, TextWriter progress,
        CancellationToken cancellation)
    {
        var separate = new EngineTurn(new UpdateLoop(units, sharing: false, kernels));
        var shared = new EngineTurn(new UpdateLoop(units, sharing: true, kernels));
        var peerUpdates = UpdatesPerTurn(peer.Update(units, 4).Min());
        separate.WarmUp(Turn);
        shared.WarmUp(Turn);
        List<double> peerTimes = [];
        for (var round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            peaks.Add(PeakLoop.Measure(kernels));
            separate.Run();
            shared.Run();
            peaks.Add(PeakLoop.Measure(kernels));
            peerTimes.AddRange(peer.Update(units, peerUpdates));
        }
        var times = new Times(units, Median(separate.Milliseconds), Median(shared.Milliseconds), Median(peerTimes));
        progress.WriteLine($"{units} units: {times.UpdateMs:0.00} ms, shared {times.UpdateSharedMs:0.00} ms, peer {times.PeerMs:0.0} ms");
        return times;
    }

    private static int UpdatesPerTurn(double milliseconds) => Math.Max(1, (int)(Turn / milliseconds));

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static void Print(Result result, TextWriter output)
    {
        output.WriteLine($"{result.Date}, {result.Processor}, peak {result.PeakGflops:0} GFLOP/s on one core; "
            + $"{result.Engine}, kernels {result.Kernels}; {result.Peer}");
        output.WriteLine();
        output.WriteLine("| units | update, ms | % of peak | sharing, ms | peer, ms | peer / update | peer / sharing |");
        output.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in result.Rows)
            output.WriteLine($"| {row.Units} | {row.UpdateMs:0.00} | {row.PercentOfPeak:0.0} | {row.UpdateSharedMs:0.00} | "
                + $"{row.PeerMs:0.0} | {row.Ratio:0.0} | {row.RatioShared:0.0} |");
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

    private sealed record Times(int Units, double UpdateMs, double UpdateSharedMs, double PeerMs)
    {
        public Row Against(double peak) => new(Units, UpdateMs, UpdateSharedMs, PeerMs,
            100 * UpdateLoop.Operations(Units) / (UpdateMs * 1e6 * peak), PeerMs / UpdateMs, PeerMs / UpdateSharedMs);
    }

    private sealed record Row(int Units, double UpdateMs, double UpdateSharedMs, double PeerMs, double PercentOfPeak, double Ratio,
        double RatioShared);

    private sealed record Result(double PeakGflops, string Date, string Processor, string Engine, string Kernels, string Peer, Row[] Rows);
}
