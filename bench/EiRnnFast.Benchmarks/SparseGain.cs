using System.Globalization;
using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Sparse;
using EiRnnFast.Model;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// What missing weights gain: updates of one network in the dense form, in the sparse one, by blocks and in the chosen form, in turn.
/// Least and median times.
/// </summary>
internal static class SparseGain
{
    private static readonly double[] s_densities = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

    /// <param name="args">Nothing, or rounds and sizes.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run(ReadOnlySpan<string> args, TextWriter output)
    {
        var rounds = args.Length > 0 ? Number(args[0]) : 9;
        int[] sizes = args.Length > 1 ? [.. args[1..].ToArray().Select(Number)] : [500, 1000];
        output.WriteLine($"{Machine.Processor}, kernels {KernelSet.Current.Name}; no sharing, batch {UpdateLoop.Batch}, "
            + $"{UpdateLoop.Steps} steps; {rounds} updates of each form in turn; least (median), ms");
        output.WriteLine($"{"units",6} {"wiring",8} {"dense",18} {"blocks",18} {"sparse",18} {"chosen",7} {"gain",12}");
        foreach (var units in sizes)
        {
            foreach (var density in s_densities) Row(units, $"{density}", new Wiring { Density = density }, rounds, output);
            var areas = new Wiring
            {
                Areas = new Dictionary<string, double> { ["a"] = 1 / 3.0, ["b"] = 1 / 3.0, ["c"] = 1 / 3.0 },
                Projections = ["a -> b", "b -> c"],
            };
            Row(units, "a→b→c", areas, rounds, output);
        }
    }

    private static void Row(int units, string name, Wiring wiring, int rounds, TextWriter output)
    {
        RecurrentForm[] forms = [RecurrentForm.Dense, RecurrentForm.Blocks, RecurrentForm.Sparse];
        var loops = forms.Select(form => UpdateLoop.Wired(units, wiring, form, KernelSet.Current)).ToArray();
        var times = forms.Select(_ => new double[rounds]).ToArray();
        for (var round = -1; round < rounds; round++)
            for (var i = 0; i < loops.Length; i++)
            {
                var time = loops[i].TimedUpdate();
                if (round >= 0) times[i][round] = time;
            }
        double Median(int i) => times[i].Order().ElementAt(rounds / 2);
        string Times(int i) => $"{times[i].Min():0.0} ({Median(i):0.0})";
        var chosen = (int)UpdateLoop.Wired(units, wiring, form: null, KernelSet.Current).Form;
        output.WriteLine($"{units,6} {name,8} {Times(0),18} {Times(1),18} {Times(2),18} {forms[chosen].ToString().ToLowerInvariant(),7} "
            + $"{times[0].Min() / times[chosen].Min(),5:0.00} ({Median(0) / Median(chosen):0.00})");
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0 ? number
        : throw InvalidInputException.Of("sparse", $"'{text}'", "numbers above 0: rounds, then sizes", "write it like 9 500");
}
