using BenchmarkDotNet.Analysers;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// Runs the peak loop of a benchmark's lane right before and right after its measured calls, which wait for it: a shared
/// machine changes its pace by a tenth within a minute.
/// </summary>
internal sealed class PeakMeter : IDiagnoser
{
    private readonly Dictionary<BenchmarkCase, double> _gflops = [];

    public IEnumerable<string> Ids => [nameof(PeakMeter)];
    public IEnumerable<IExporter> Exporters => [];
    public IEnumerable<IAnalyser> Analysers => [];

    /// <summary>The larger of before and after: neighbours slow the loop, nothing makes it faster than the machine is.</summary>
    public double? Gflops(BenchmarkCase benchmark) => _gflops.TryGetValue(benchmark, out var gflops) ? gflops : null;

    public RunMode GetRunMode(BenchmarkCase benchmarkCase) => RunMode.NoOverhead;

    public void Handle(HostSignal signal, DiagnoserActionParameters parameters)
    {
        if (signal is not (HostSignal.BeforeActualRun or HostSignal.AfterActualRun)
            || ICountedWork.Of(parameters.BenchmarkCase) is not { } work) return;
        _gflops[parameters.BenchmarkCase] = Math.Max(Gflops(parameters.BenchmarkCase) ?? 0, Median(KernelSet.Get(work.Kernels)));
    }

    public IEnumerable<Metric> ProcessResults(DiagnoserResults results) => [];

    public void DisplayResults(ILogger logger)
    {
    }

    public IEnumerable<ValidationError> Validate(ValidationParameters validationParameters) => [];

    /// <summary>The median of five: a neighbour on the machine slows some of them.</summary>
    private static double Median(KernelSet kernels)
    {
        PeakLoop.Measure(kernels, 10); // wide registers are off until they are used
        return Enumerable.Range(0, 5).Select(_ => PeakLoop.Measure(kernels, 10)).Order().ElementAt(2);
    }
}
