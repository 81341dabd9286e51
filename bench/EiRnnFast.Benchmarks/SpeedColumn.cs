using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace EiRnnFast.Benchmarks;

/// <summary>Operations per nanosecond of the median, times a factor.</summary>
internal sealed class SpeedColumn(string name, string legend, int place, Func<BenchmarkCase, double?> factor) : IColumn
{
    public string Id => $"{nameof(SpeedColumn)}.{name}";
    public string ColumnName => name;
    public string Legend => legend;
    public bool AlwaysShow => true; // also when there is one row
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => place;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    /// <summary>GFLOP/s, and how much that is of the peak around the benchmark.</summary>
    public static IColumn[] All(PeakMeter peak) =>
    [
        new SpeedColumn("GFLOP/s", "Multiply-adds of the dense products, counted as two, over the median time", 0, _ => 1),
        new SpeedColumn("% of peak", "Of a loop of multiply-adds in registers of the same width, timed right before and after: the larger",
            1, benchmark => 100 / peak.Gflops(benchmark)),
    ];

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => ICountedWork.Of(benchmark) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        ICountedWork.Of(benchmarkCase)?.Operations / summary[benchmarkCase]?.ResultStatistics?.Median * factor(benchmarkCase) is { } speed
            ? $"{speed:0.0}"
            : "-";
}
