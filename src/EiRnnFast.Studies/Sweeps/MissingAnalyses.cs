namespace EiRnnFast.Studies.Sweeps;

/// <summary>Recorded runs that lack an analysis which a plan asks for: it was added to the plan, or changed, after they were run.</summary>
internal static class MissingAnalyses
{
    /// <summary>How many there are; 0 where a store has damaged rows, which another shard at work may still hold.</summary>
    /// <param name="stores">The stores.</param>
    /// <param name="done">Runs that are recorded as done.</param>
    /// <param name="options">Which analyses are asked for.</param>
    public static int Count(IEnumerable<string> stores, IEnumerable<SweepRun> done, SweepOptions options)
    {
        if (options is { Tracking: null, Generalisation: null }) return 0;
        var without = done.ToDictionary(run => run.Id);
        if (without.Count == 0) return 0;
        try
        {
            foreach (var store in stores)
                foreach (var id in StoreReader.Analysed(store, Has)) without.Remove(id);
        }
        catch (InvalidInputException)
        {
            return 0;
        }
        return without.Count;

        bool Has(string id, int epochs, HashSet<long> tracked, HashSet<(string, double)> tested) =>
            without.TryGetValue(id, out var run) && HasEpochs(epochs, tracked) && HasTests(run, tested);

        bool HasEpochs(int epochs, HashSet<long> tracked) => options.Tracking is not { Every: var every }
            || Enumerable.Range(0, epochs / every + 1).All(k => tracked.Contains((long)k * every));

        bool HasTests(SweepRun run, HashSet<(string, double)> tested) => options.Generalisation?.For(run.Settings) is not { } beyond
            || beyond.Lists.All(list => list.Value.All(value => tested.Contains((list.Key, value))));
    }
}
