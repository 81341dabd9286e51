using System.Diagnostics;
using System.Globalization;
using EiRnnFast.Kernels;
using EiRnnFast.Threads;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// What a meeting of threads costs, and what threads gain: updates of one network on one thread and on several in turn, and of as many
/// networks at once, each on a thread of its own: so much the machine gives. Least times, which a busy machine moves less than others.
/// </summary>
internal static class ThreadGain
{
    private const int Meetings = 2000, Trials = 40;

    /// <param name="args">Nothing, or threads, rounds and sizes.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run(ReadOnlySpan<string> args, TextWriter output)
    {
        var threads = args.Length > 0 ? Number(args[0]) : ThreadBudget.Cores;
        var rounds = args.Length > 1 ? Number(args[1]) : 20;
        int[] sizes = args.Length > 2 ? [.. args[2..].ToArray().Select(Number)] : [100, 200, 256, 300, 500, 1000];
        ThreadBudget.Checked(threads);
        output.WriteLine($"{Machine.Processor}, {ThreadBudget.Cores} cores, kernels {KernelSet.Current.Name}");
        output.WriteLine($"{"threads",7} {"meeting, µs",12} {"call of the team, µs",21}");
        for (var size = 2; size < 2 * threads; size *= 2)
        {
            using var team = new ThreadTeam(Math.Min(size, threads));
            var meeting = Least(() => team.Run(_ =>
            {
                for (var i = 0; i < Meetings; i++) team.Meet();
            })) / Meetings;
            var call = Least(() =>
            {
                for (var i = 0; i < Meetings / 10; i++) team.Run(_ => { });
            }) / (Meetings / 10);
            output.WriteLine($"{team.Size,7} {meeting,12:0.000} {call,21:0.000}");
        }
        output.WriteLine($"least of {rounds} updates in turn; gain of one network on {threads} threads, and of {threads} networks at once");
        output.WriteLine($"{"units",7} {"sharing",8} {"1, ms",10} {$"{threads}, ms",10} {"gain",7} {"at once, ms",12} {"gain",7}");
        foreach (var units in sizes)
            foreach (var sharing in new[] { true, false })
            {
                var loops = Enumerable.Range(0, threads).Select(_ => new UpdateLoop(units, sharing, KernelSet.Current)).ToArray();
                using var team = new ThreadTeam(threads);
                var loop = loops[0];
                double one = double.MaxValue, several = double.MaxValue, each = double.MaxValue;
                for (var round = -2; round < rounds; round++)
                {
                    loop.Take(1);
                    var alone = loop.TimedUpdate();
                    loop.Take(threads);
                    var together = loop.TimedUpdate();
                    loop.Take(1);
                    var start = Stopwatch.GetTimestamp();
                    team.Run(member => loops[member].Update());
                    var atOnce = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                    if (round < 0) continue;
                    (one, several, each) = (Math.Min(one, alone), Math.Min(several, together), Math.Min(each, atOnce));
                }
                output.WriteLine($"{units,7} {(sharing ? "yes" : "no"),8} {one,10:0.00} {several,10:0.00} {one / several,7:0.00} "
                    + $"{each,12:0.00} {threads * one / each,7:0.00}");
            }
    }

    /// <summary>Microseconds, the least of some trials.</summary>
    private static double Least(Action work)
    {
        var least = double.MaxValue;
        for (var trial = 0; trial < Trials; trial++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        return least;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0 ? number
        : throw InvalidInputException.Of("threads", $"'{text}'", "numbers above 0: threads, rounds, then sizes",
            "write it like 2 20 500 (see --help)");
}
