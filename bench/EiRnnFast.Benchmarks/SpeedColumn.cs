using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace EiRnnFast.Benchmarks;

/// <summary>Operations over the median time, as GFLOP/s or against the peak of the same lane.</summary>
internal sealed class SpeedColumn(string name, string legend, Func<double, string, string> format) : IColumn
{
    public static SpeedColumn Gflops { get; } = new("GFLOP/s", "Multiply-adds of the dense products, counted as two, over the median time", (gflops, _) => $"{gflops:0.0}");

    public static SpeedColumn PercentOfPeak { get; } =
        new("% of peak", $"Of a loop of multiply-adds in registers, measured before the run: {Peak.Before}", (gflops, kernels) => $"{100 * gflops / Peak.Of(kernels):0.0}");

    public string Id => $"{nameof(SpeedColumn)}.{name}";
    public string ColumnName => name;
    public string Legend => legend;
    public bool AlwaysShow => true; // also when there is one row
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => name == "GFLOP/s" ? 0 : 1;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => Work(benchmark)?.Operations is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        Work(benchmarkCase) is { Operations: { } operations } work && summary[benchmarkCase]?.ResultStatistics is { Median: var nanoseconds }
            ? format(operations / nanoseconds, work.Kernels)
            : "-";

    /// <summary>The benchmark with its parameters, not set up.</summary>
    private static ICountedWork? Work(BenchmarkCase benchmark)
    {
        if (!benchmark.Descriptor.Type.IsAssignableTo(typeof(ICountedWork))) return null;
        var work = Activator.CreateInstance(benchmark.Descriptor.Type)!;
        foreach (var parameter in benchmark.Parameters.Items) work.GetType().GetProperty(parameter.Name)!.SetValue(work, parameter.Value);
        return (ICountedWork)work;
    }
}
