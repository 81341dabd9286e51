using System.Diagnostics;
using System.Text.Json;
using EiRnnFast.Kernels;
using EiRnnFast.Threads;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// What cores add: workers that each train a network of their own, as in a sweep, and threads of one network. Beside both, on as many
/// threads at once, a loop of multiply-adds and a loop of copies say what the machine has to give.
/// </summary>
internal static class Scaling
{
    private const double LoopShare = 0.25; // of the time of a measurement, for each loop before it and after it
    private static readonly int[] s_sweepUnits = [50, 100, 200, 500, 1000], s_threadUnits = [100, 200, 500, 1000, 2000];
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static void Run(ScalingSettings settings, TextWriter output, TextWriter progress)
    {
        var (kernels, steps) = (KernelSet.Current, ScalingSettings.Steps(ThreadTeam.Cores));
        var workers = Rows(settings.Units ?? s_sweepUnits, steps, settings, false, progress,
            (units, count) => WorkersPerSecond(units, count, settings.Seconds, kernels));
        var threads = Rows(settings.Units ?? s_threadUnits, steps, settings, true, progress,
            (units, count) => ThreadsPerSecond(units, count, settings.Seconds, kernels));
        if (settings.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                Machine.Processor, Machine.Engine, Kernels = kernels.Name, ThreadTeam.Cores, settings.Rounds, settings.Seconds,
                CopyLoop.LastLevelCache, ScalingRow.JobEpochs, ScalingRow.JobUpdates, Workers = workers, Threads = threads,
            }, s_json));
            return;
        }
        output.WriteLine($"{Machine.Processor}; {ThreadTeam.Cores} cores; {Machine.Engine}; kernels {kernels.Name}");
        output.WriteLine($"AND, batches of {UpdateLoop.Batch} with sharing, medians of {settings.Rounds} times {settings.Seconds} s; "
            + $"a network: {ScalingRow.JobEpochs} epochs of {ScalingRow.JobUpdates} updates");
        output.WriteLine();
        Print("workers | networks an hour", workers);
        output.WriteLine();
        Print("threads | updates a second", threads);
        output.WriteLine("\nOf the threads that are given, a network uses as many as pay: one below 256 units.");

        void Print(string what, List<ScalingRow> rows)
        {
            output.WriteLine($"| units | {what} | efficiency | multiply-add loop | copy loop | limit |");
            output.WriteLine("|---:|---:|---:|---:|---:|---:|---|");
            foreach (var row in rows) output.WriteLine($"| {row.ToMarkdown()} |");
        }
    }

    private static List<ScalingRow> Rows(int[] sizes, int[] steps, ScalingSettings settings, bool oneNetwork, TextWriter progress,
        Func<int, int, double> updatesPerSecond)
    {
        List<ScalingRow> rows = [];
        foreach (var units in sizes)
        {
            var all = steps.ToDictionary(step => step, _ => new List<ScalingMeasure>());
            for (var round = 0; round < settings.Rounds; round++)
                foreach (var step in steps) // in turn: a shared machine changes its pace
                {
                    progress.WriteLine($"{units} units, {step} {(oneNetwork ? "threads" : "workers")}, round {round + 1}");
                    var (gflops, copied) = Loops(step, settings.Seconds);
                    var updates = updatesPerSecond(units, step);
                    var (gflopsAfter, copiedAfter) = Loops(step, settings.Seconds);
                    all[step].Add(new ScalingMeasure(updates, (gflops + gflopsAfter) / 2, (copied + copiedAfter) / 2));
                }
            var alone = Medians(all[1]);
            rows.AddRange(steps.Select(step => new ScalingRow(units, step, Medians(all[step]), alone, oneNetwork)));
        }
        return rows;
    }

    /// <summary>Updates a second of so many networks, each on a thread of its own.</summary>
    private static double WorkersPerSecond(int units, int workers, double seconds, KernelSet kernels) => OnAll(workers, team =>
    {
        var loop = new UpdateLoop(units, sharing: true, kernels);
        loop.Update(); // compiles
        loop.Update();
        team.Meet();
        return Timed(loop, seconds);
    });

    /// <summary>Updates a second of one network that may use so many threads.</summary>
    private static double ThreadsPerSecond(int units, int threads, double seconds, KernelSet kernels)
    {
        var loop = new UpdateLoop(units, sharing: true, kernels);
        loop.Take(ThreadBudget.For(units, kernels.LaneWidth, threads));
        loop.Update(); // compiles
        loop.Update();
        var speed = Timed(loop, seconds);
        loop.Take(1);
        return speed;
    }

    /// <summary>Updates a second over about the given time.</summary>
    private static double Timed(UpdateLoop loop, double seconds)
    {
        const int leastUpdates = 2;
        var (start, updates) = (Stopwatch.GetTimestamp(), 0);
        do
        {
            loop.Update();
            updates++;
        }
        while (updates < leastUpdates || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return updates / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>GFLOP/s and GB/s of all threads together.</summary>
    private static (double Gflops, double Copied) Loops(int threads, double seconds)
    {
        var milliseconds = 1000 * LoopShare * seconds;
        var gflops = OnAll(threads, team =>
        {
            PeakLoop.Measure(KernelSet.Current, 10); // wide registers are off until they are used
            team.Meet();
            return PeakLoop.Measure(KernelSet.Current, milliseconds);
        });
        var copied = OnAll(threads, team =>
        {
            using var loop = new CopyLoop(threads);
            team.Meet();
            return loop.Measure(milliseconds);
        });
        return (gflops, copied);
    }

    /// <summary>The sum of what every thread measures at the same time.</summary>
    private static double OnAll(int threads, Func<ThreadTeam, double> measure)
    {
        using var team = new ThreadTeam(threads);
        var speeds = new double[threads];
        team.Run(member => speeds[member] = measure(team));
        return speeds.Sum();
    }

    private static ScalingMeasure Medians(List<ScalingMeasure> all)
    {
        return new ScalingMeasure(Median(one => one.UpdatesPerSecond), Median(one => one.Gflops), Median(one => one.Copied));

        double Median(Func<ScalingMeasure, double> of)
        {
            double[] sorted = [.. all.Select(of).Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
