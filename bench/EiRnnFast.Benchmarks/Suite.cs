using BenchmarkDotNet.Analysers;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Csv;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using EiRnnFast.Kernels;
using EiRnnFast.Spectra;
using Perfolizer.Horology;

namespace EiRnnFast.Benchmarks;

/// <summary>The BenchmarkDotNet suite: [--short | --dry] and BenchmarkDotNet's own arguments; without --filter all benchmarks.</summary>
internal static class Suite
{
    /// <summary>Runs and prints; tables and log go to BenchmarkDotNet.Artifacts.</summary>
    /// <exception cref="InvalidInputException">Arguments that are not understood, or that leave no benchmark.</exception>
    /// <exception cref="ComputationException">A benchmark failed.</exception>
    public static void Run(string[] arguments)
    {
        if (arguments.Contains("--short") && arguments.Contains("--dry")) throw Misunderstood("--short --dry");
        var job = arguments.Contains("--short") ? Short : arguments.Contains("--dry") ? Dry : Full;
        string[] rest = [.. arguments.Where(argument => argument is not ("--short" or "--dry"))];
        if (rest is [var first, ..] && !first.StartsWith('-')) throw Misunderstood(first); // which BenchmarkDotNet would overlook
        if (!rest.Any(argument => argument is "--filter" or "-f")) rest = [.. rest, "--filter", "*"]; // without one, BenchmarkDotNet asks
        var config = Config(job, new PeakMeter());
        var complaint = new AccumulationLogger();
        var (understood, _, options) = ConfigParser.Parse(rest, complaint, config);
        if (!understood && rest.Any(argument => argument is "--help" or "--version"))
        {
            Console.WriteLine(Usage.All);
            Console.WriteLine(complaint.GetLog());
            return;
        }
        if (!understood) throw Misunderstood(string.Join(' ', arguments));

        var (kernels, solver) = (KernelSet.Current, EigenSolver.Current); // what the environment asks for is there, or an exception says so
        Console.WriteLine($"{Machine.Processor}; {Machine.Engine}; kernels {kernels.Name}; eigenvalues {solver.Name}; "
            + $"peak {PeakLoop.Measure(kernels, 200):0} GFLOP/s");
        Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Suite).Assembly).Run(rest, config)];
        if (options.PrintInformation || options.ListBenchmarkCaseMode != default) return;
        if (summaries.Length == 0) throw Misunderstood(string.Join(' ', arguments));
        if (summaries.Any(summary => summary.HasCriticalValidationErrors))
            throw new ComputationException("BenchmarkDotNet ran nothing; its reasons are above");
        string[] failed = [.. summaries.SelectMany(summary =>
            summary.BenchmarksCases.Where(benchmark => summary[benchmark] is not { Success: true }))
            .Select(benchmark => benchmark.DisplayInfo)];
        if (failed.Length > 0) throw new ComputationException($"{failed.Length} failed: {string.Join("; ", failed)}");
    }

    /// <summary>
    /// One table in the order of the run. BenchmarkDotNet's default analysers are left out: they write a warning a line about short runs.
    /// </summary>
    private static ManualConfig Config(Job job, PeakMeter peak) => ManualConfig.CreateEmpty().WithOptions(ConfigOptions.JoinSummary)
        .AddJob(job.AsDefault()).AddLogger(ConsoleLogger.Default).AddExporter(MarkdownExporter.GitHub, CsvExporter.Default)
        .AddAnalyser(EnvironmentAnalyser.Default).AddValidator(JitOptimizationsValidator.FailOnError)
        .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
        .AddColumnProvider(DefaultColumnProviders.Instance).AddColumn(StatisticColumn.Median)
        .AddDiagnoser(peak).AddColumn(SpeedColumn.All(peak)).HideColumns(Column.Job, Column.Type, Column.Mean, Column.Error);

    /// <summary>A process for each benchmark, compiled as this program is (see the project file).</summary>
    private static Job Full => new Job("Full").WithEnvironmentVariables(
        new EnvironmentVariable("DOTNET_TieredPGO", "0"), new EnvironmentVariable("DOTNET_TC_QuickJitForLoops", "0"),
        new EnvironmentVariable("DOTNET_gcConcurrent", "0"));

    /// <summary>
    /// About a minute for all, half of it on 1000 units and the eigenvalue solver;
    /// in this process, since building another takes longer than a benchmark.
    /// </summary>
    private static Job Short => new Job("Short").WithToolchain(InProcessEmitToolchain.Instance).WithEvaluateOverhead(false)
        .WithWarmupCount(2).WithIterationCount(7).WithIterationTime(TimeInterval.FromMilliseconds(50));

    private static Job Dry => new Job("Dry", Job.Dry).WithToolchain(InProcessEmitToolchain.Instance);

    private static InvalidInputException Misunderstood(string found) => InvalidInputException.Of("arguments", $"'{found}'",
        $"[--short | --dry] and BenchmarkDotNet's, such as --filter *Tile*, or one of {string.Join(", ", Usage.Verbs)}",
        "see --help and --list flat");
}
