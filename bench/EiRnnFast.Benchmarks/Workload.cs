using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>What <c>bench/compare</c> times: updates of the engine, of several networks, and of one network of the peer.</summary>
/// <param name="Name">As on the command line, and as the peer knows it.</param>
/// <param name="Words">For a person.</param>
/// <param name="Loops">The engine's networks of a size; the first is held against the peer's.</param>
/// <param name="Row">A row of the table from its times and the peak.</param>
/// <param name="Header">Names of the columns.</param>
internal sealed record Workload(string Name, string Words, Func<int, KernelSet, UpdateLoop[]> Loops,
    Func<Times, double, IComparisonRow> Row, string Header)
{
    /// <summary>The published network, without and with sharing.</summary>
    public static Workload Reference { get; } = new("reference", "AND",
        (units, kernels) => [new UpdateLoop(units, sharing: false, kernels), new UpdateLoop(units, sharing: true, kernels)],
        (times, peak) => new ReferenceRow(times, peak), ReferenceRow.Header);

    /// <summary>The leaky network, with noise and without, and the published one, none with sharing.</summary>
    public static Workload Leaky { get; } = new("leaky", "AND, leaky relu units with noise, |V|·D",
        (units, kernels) =>
        [
            UpdateLoop.Leaky(units, LeakyNetwork.Noise, kernels), UpdateLoop.Leaky(units, 0, kernels),
            new UpdateLoop(units, sharing: false, kernels),
        ],
        (times, peak) => new LeakyRow(times, peak), LeakyRow.Header);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workload> All { get; } = [Reference, Leaky];
}

/// <summary>Medians of one size, in milliseconds, and of how much the peaks before and after a turn differ, in percent.</summary>
internal sealed record Times(int Units, double[] EngineMs, double PeerMs, double PeakDifferencePercent)
{
    /// <summary>Speed of the first of the engine's networks.</summary>
    public double PercentOf(double peak) => 100 * UpdateLoop.Operations(Units) / (EngineMs[0] * 1e6 * peak);
}

/// <summary>A row of the table; its properties are what stands in JSON.</summary>
internal interface IComparisonRow
{
    int Units { get; }
    double PercentOfPeak { get; }
    double PeakDifferencePercent { get; }
    string ToMarkdown();
}

/// <summary>A row of the reference workload.</summary>
internal sealed class ReferenceRow(Times times, double peak) : IComparisonRow
{
    public const string Header = "units | update, ms | % of peak | sharing, ms | peer, ms | peer / update | peer / sharing";

    public int Units => times.Units;
    public double UpdateMs => times.EngineMs[0];
    public double UpdateSharedMs => times.EngineMs[1];
    public double PeerMs => times.PeerMs;
    public double PercentOfPeak => times.PercentOf(peak);
    public double PeakDifferencePercent => times.PeakDifferencePercent;
    public double Ratio => PeerMs / UpdateMs;
    public double RatioShared => PeerMs / UpdateSharedMs;

    public string ToMarkdown() => $"{Units} | {UpdateMs:0.00} | {PercentOfPeak:0.0} | {UpdateSharedMs:0.00} | {PeerMs:0.0} | {Ratio:0.0} | "
        + $"{RatioShared:0.0}";
}

/// <summary>A row of the leaky workload.</summary>
internal sealed class LeakyRow(Times times, double peak) : IComparisonRow
{
    public const string Header =
        "units | update, ms | % of peak | no noise, ms | tanh, ms | peer, ms | peer / update | update / tanh | no noise / tanh";

    public int Units => times.Units;
    public double UpdateMs => times.EngineMs[0];
    public double UpdateNoiselessMs => times.EngineMs[1];
    public double UpdateTanhMs => times.EngineMs[2];
    public double PeerMs => times.PeerMs;
    public double PercentOfPeak => times.PercentOf(peak);
    public double PeakDifferencePercent => times.PeakDifferencePercent;
    public double Ratio => PeerMs / UpdateMs;
    public double CostOfAll => UpdateMs / UpdateTanhMs;
    public double CostNoiseless => UpdateNoiselessMs / UpdateTanhMs;

    public string ToMarkdown() => $"{Units} | {UpdateMs:0.00} | {PercentOfPeak:0.0} | {UpdateNoiselessMs:0.00} | {UpdateTanhMs:0.00} | "
        + $"{PeerMs:0.0} | {Ratio:0.0} | {CostOfAll:0.00} | {CostNoiseless:0.00}";
}
