using System.Globalization;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>Part <paramref name="Index"/>, from 1, of <paramref name="Count"/> parts of a plan; each is run by one process and has files
/// of its own.</summary>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>Most parts: the largest array that Slurm can be set up for, 4 million, is far beyond.</summary>
    public const int MostShards = 100_000;

    /// <summary>The plan as a whole.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Reads <c>i/n</c>.</summary>
    /// <exception cref="InvalidInputException">Not two numbers with 1 ≤ i ≤ n.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split('/') is [var index, var count] && IsNumber(index, out var i) && IsNumber(count, out var n)
            && i >= 1 && i <= n && n <= MostShards)
            return new Shard(i, n);
        throw InvalidInputException.Of("shard", $"'{text.ReplaceLineEndings(" ")}'",
            $"i/n with i from 1 to n and n at most {MostShards}", "write it like 1/4");

        static bool IsNumber(string part, out int number) =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary><c>i/n</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Index}/{Count}");

    /// <summary>
    /// The runs of every shard of a plan. Longest first, each to the shard with the least to do: no shard then lasts longer than the
    /// mean by more than one run. It depends on the plan alone, so every process finds the same.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<SweepRun>> Deal(SweepPlan plan, int shards)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (shards == 1) return [plan.Runs];
        var dealt = Enumerable.Range(0, shards).Select(_ => new List<SweepRun>()).ToArray();
        var least = new PriorityQueue<int, (double Load, int Shard)>(Enumerable.Range(0, shards).Select(shard => (shard, (0.0, shard))));
        foreach (var run in plan.Runs.OrderByDescending(run => run.Cost).ThenBy(run => run.Id, StringComparer.Ordinal))
        {
            least.TryDequeue(out var shard, out var priority);
            dealt[shard].Add(run);
            least.Enqueue(shard, (priority.Load + run.Cost, shard));
        }
        return dealt;
    }
}
