using System.Globalization;
using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Sparse;
using EiRnnFast.Model;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// What missing weights gain: updates of one network in the dense form and in another one, in turn. Random weights take the sparse form,
/// areas the blocks. Least and median times.
/// </summary>
internal static class SparseGain
{
    /// <summary>Weights of a unit, below which some units would have none.</summary>
    private const int LeastWeights = 6;

    private static readonly double[] s_densities = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

    /// <param name="args">Nothing, or rounds and sizes.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run(ReadOnlySpan<string> args, TextWriter output)
    {
        var rounds = args.Length > 0 ? Number(args[0], 1, 1000) : 9;
        int[] sizes = args.Length > 1 ? [.. args[1..].ToArray().Select(size => Number(size, 20, 5000))] : [500, 1000];
        output.WriteLine($"{Machine.Processor}, kernels {KernelSet.Current.Name}; no sharing, batch {UpdateLoop.Batch}, "
            + $"{UpdateLoop.Steps} steps; {rounds} updates of each form in turn; least (median), ms");
        output.WriteLine($"{"units",6} {"wiring",7} {"dense",17} {"form",7} {"its time",17} {"gain",11} {"chosen",7}");
        foreach (var units in sizes)
        {
            foreach (var density in s_densities.Where(density => density * units >= LeastWeights))
                Row(units, $"{density}", new Wiring { Density = density }, RecurrentForm.Sparse, rounds, output);
            var areas = new Wiring
            {
                Areas = new Dictionary<string, double> { ["a"] = 1 / 3.0, ["b"] = 1 / 3.0, ["c"] = 1 / 3.0 },
                Projections = ["a -> b", "b -> c"],
            };
            Row(units, "a→b→c", areas, RecurrentForm.Blocks, rounds, output);
        }
    }

    private static void Row(int units, string name, Wiring wiring, RecurrentForm form, int rounds, TextWriter output)
    {
        UpdateLoop Loop(RecurrentForm? asked) => UpdateLoop.Wired(units, wiring, asked, KernelSet.Current);
        UpdateLoop dense = Loop(RecurrentForm.Dense), other = Loop(form);
        double[] denseMs = new double[rounds], otherMs = new double[rounds];
        for (var round = -1; round < rounds; round++)
        {
            var (first, second) = (dense.TimedUpdate(), other.TimedUpdate());
            if (round >= 0) (denseMs[round], otherMs[round]) = (first, second);
        }
        double Median(double[] ms) => ms.Order().ElementAt(rounds / 2);
        string Times(double[] ms) => $"{ms.Min():0.0} ({Median(ms):0.0})";
        output.WriteLine($"{units,6} {name,7} {Times(denseMs),17} {Name(form),7} {Times(otherMs),17} "
            + $"{denseMs.Min() / otherMs.Min(),4:0.00} ({Median(denseMs) / Median(otherMs):0.00}) {Name(Loop(null).Form),7}");
    }

    private static string Name(RecurrentForm form) => form.ToString().ToLowerInvariant();

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw InvalidInputException.Of("sparse", $"'{text}'", $"a number from {least} to {most}",
            "write it like 9 500: rounds, then sizes");
}
