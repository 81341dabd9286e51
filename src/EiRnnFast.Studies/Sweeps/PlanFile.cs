using System.Globalization;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// A plan as its file says it. At the top: settings, each one value or a list to cross, <c>seed</c> (of the plan), <c>seeds</c>
/// (replicas: a count, or "first-last"), <c>threads</c> of each network, and analyses, which are no part of a run:
/// <c>track_spectrum</c> and <c>generalise</c>. <c>[[include]]</c>: a grid of its own, with the top's single values (not its lists)
/// where it does not give its own. <c>[[exclude]]</c>: runs that agree with every line of it are left out.
/// </summary>
internal sealed class PlanFile
{
    private const string OptionPrefix = SettingTable.TaskOptions + ".";

    private const string Include = "include", Exclude = "exclude", PlanSeed = "seed", Replicas = "seeds", ThreadCount = "threads",
        Track = "track_spectrum", GeneralisePrefix = PlanToml.Generalise + ".";

    /// <summary>Most comparisons of a combination with an exclude block, which take about 10 s.</summary>
    private const int MostChecks = 100_000_000;

    private readonly IReadOnlyList<Dictionary<string, HashSet<string>>> _excluded;

    private PlanFile(string text, long seed, IReadOnlyList<PlanGrid> grids, IReadOnlyList<Dictionary<string, HashSet<string>>> excluded) =>
        (Text, Seed, Grids, _excluded) = (text, seed, grids, excluded);

    /// <summary>The plan as it was written, but for the full paths of its task files.</summary>
    public string Text { get; }

    public long Seed { get; }

    /// <summary>Threads of each network, which change no result and no run; null where the plan does not say.</summary>
    public int? Threads { get; private init; }

    /// <summary>Which epochs are tracked, which changes no run; null where the plan does not say.</summary>
    public SpectrumTracking? Tracking { get; private init; }

    /// <summary>What networks are tested on beyond their training, which changes no run; null where the plan does not say.</summary>
    public Generalisation? Generalisation { get; private init; }

    public IReadOnlyList<PlanGrid> Grids { get; }

    /// <summary>Whether an exclude block agrees with these values, and with what a run has where none is given, in every line.</summary>
    public bool Excluded(IReadOnlyDictionary<string, object> values)
    {
        if (_excluded.Count == 0) return false;
        // Whether the options belong to the task is seen when the run is built; here a block may leave out those that do not.
        var run = RunSettings.Sketch(values.Where(entry => !entry.Key.StartsWith(OptionPrefix, StringComparison.Ordinal)).ToDictionary());
        return _excluded.Any(block => block.All(line => line.Value.Contains(ValueIn(run, values, line.Key))));
    }

    private static string ValueIn(RunSettings run, IReadOnlyDictionary<string, object> values, string name)
    {
        if (name.StartsWith(OptionPrefix, StringComparison.Ordinal))
            return SettingText.Of(values.TryGetValue(name, out var given) ? given : OptionOf(run.Task, name[OptionPrefix.Length..]));
        if (name.Contains('.', StringComparison.Ordinal)) return SettingText.Of(values.GetValueOrDefault(name));
        if (name == SettingTable.PresetName) return SettingText.Of(values.GetValueOrDefault(name));
        var setting = SettingTable.Get(name);
        if (setting.When is { } when && !when.Holds(run)) return "";
        return SettingText.Of(values.GetValueOrDefault(name) is { } own and not IFileContent ? own : setting.Of(run));

        static object? OptionOf(ITask task, string option) =>
            (task as CatalogTask)?.Options.FirstOrDefault(known => known.Name == option)?.Value;
    }

    /// <summary>Parses a plan; task files are looked for in <paramref name="folder"/>, if one is given.</summary>
    public static PlanFile Parse(string text, string name, string? folder)
    {
        var plan = PlanToml.Read(text, name, folder, [Include, Exclude]);
        var (top, blocks) = (plan.Top, plan.Blocks);
        var seed = top.TryGetValue(PlanSeed, out var given) ? SeedOf(given, name) : 1;
        var replicas = top.TryGetValue(Replicas, out var seeds) ? ReplicasOf(seeds, name) : new ReplicaRange(1, 1);
        int? threads = top.TryGetValue(ThreadCount, out var number) ? ThreadsOf(number, name) : null;
        var tracking = top.TryGetValue(Track, out var every) ? TrackingOf(every, name) : null;
        var beyond = GeneralisationOf(top, name);
        var values = Lines(top, name, [PlanSeed, Replicas, ThreadCount, Track, PlanToml.Generalise]);
        List<PlanGrid> grids = [new PlanGrid(name, values, replicas)];
        var single = values.Where(line => line.Value.Count == 1);
        foreach (var (block, at) in Blocks(blocks, Include, name))
        {
            var own = Lines(block, at, [Replicas]);
            Dictionary<string, IReadOnlyList<object>> lines = new(single.Where(line => !own.ContainsKey(line.Key)));
            foreach (var (key, value) in own) lines[key] = value;
            grids.Add(new PlanGrid(at, lines, block.TryGetValue(Replicas, out var count) ? ReplicasOf(count, at) : replicas));
        }
        List<Dictionary<string, HashSet<string>>> excluded = [];
        foreach (var (block, at) in Blocks(blocks, Exclude, name))
        {
            var own = Lines(block, at, []);
            if (own.Count == 0)
                throw InvalidInputException.Of(at, "no setting", "at least one", "name what is excluded, or take the block out");
            excluded.Add(own.ToDictionary(line => line.Key, line => line.Value.Select(SettingText.Of).ToHashSet()));
        }
        var checks = grids.Sum(grid => grid.Combinations) * excluded.Count;
        return checks <= MostChecks
            ? new PlanFile(plan.Text, seed, grids, excluded) { Threads = threads, Tracking = tracking, Generalisation = beyond }
            : throw InvalidInputException.Of(name, $"{checks:0} combinations to compare with [[{Exclude}]] blocks", $"at most {MostChecks}",
                "use lists in fewer blocks, or split the plan");
    }

    /// <summary>The settings of a table, each a list of one value or more.</summary>
    private static Dictionary<string, IReadOnlyList<object>> Lines(Dictionary<string, object> table, string place, string[] besides)
    {
        Dictionary<string, IReadOnlyList<object>> lines = [];
        foreach (var (key, value) in table)
        {
            if (besides.Contains(key)) continue;
            var name = SettingValues.NameOf(key) ?? throw InvalidInputException.Of(place, $"the unknown key '{SettingText.Cut(key)}'",
                $"one of {string.Join(", ", besides.Concat(SettingValues.KnownNames))}",
                NearestName.Remedy("correct the name", key, besides.Concat(SettingValues.KnownNames)));
            var values = value as object[] ?? [value];
            if (values.Length == 0)
                throw InvalidInputException.Of(
                    $"{place}, {key}", "an empty list", "at least one value", "give values, or take the line out");
            if (values.FirstOrDefault(entry => entry is not (string or long or double or bool)) is { } wrong)
                throw Wrong(place, key, wrong, "a text, a number, true or false, or a list of these");
            if (values.GroupBy(SettingText.Of).FirstOrDefault(equal => equal.Count() > 1) is { } twice)
                throw InvalidInputException.Of($"{place}, {key}", $"{SettingText.Cut(twice.Key)} twice", "every value once",
                    "take one of them out");
            foreach (var entry in values) Check(place, key, entry);
            if (!lines.TryAdd(name, values)) throw InvalidInputException.Of($"{place}, {key}", "it twice", "it once", "take one out");
        }
        return lines;
    }

    private static IEnumerable<(Dictionary<string, object> Lines, string Place)> Blocks(
        List<(string Key, Dictionary<string, object> Lines)> blocks, string key, string name) =>
        blocks.Where(entry => entry.Key == key).Select((entry, i) => (entry.Lines, $"{name}, [[{key}]] {i + 1}"));

    private static long SeedOf(object value, string place) => value is long seed and >= 0
        ? seed
        : throw Wrong(place, PlanSeed, value, "a whole number, 0 or above");

    private static int ThreadsOf(object value, string place) => value is long threads and >= 1 and <= ThreadBudget.Most
        ? (int)threads
        : throw Wrong(place, ThreadCount, value, $"a whole number, 1 to {ThreadBudget.Most}");

    private static SpectrumTracking TrackingOf(object value, string place) => value is long every and >= 1 and <= int.MaxValue
        ? new SpectrumTracking((int)every)
        : throw Wrong(place, Track, value, "a whole number of epochs, 1 or more");

    /// <summary>Takes the lines of the analysis out of a plan.</summary>
    private static Generalisation? GeneralisationOf(Dictionary<string, object> top, string place)
    {
        if (top.TryGetValue(PlanToml.Generalise, out var whole))
            throw Wrong(place, PlanToml.Generalise, whole, "options with lists of values, such as { gap = [10, 20] }");
        List<KeyValuePair<string, IReadOnlyList<double>>> lists = [];
        foreach (var key in top.Keys.Where(key => key.StartsWith(GeneralisePrefix, StringComparison.Ordinal)).ToArray())
        {
            top.Remove(key, out var value);
            lists.Add(new(key[GeneralisePrefix.Length..], [.. (value as object[] ?? [value!]).Select(entry => entry is long or double
                ? Convert.ToDouble(entry, null) : throw Wrong(place, key, entry, "a number, or a list of them"))]));
        }
        try
        {
            return lists.Count == 0 ? null : new Generalisation(lists);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{place}: {e.Message}", e);
        }
    }

    /// <summary>5 is 1, 2, 3, 4, 5; "6-10" is 6, 7, 8, 9, 10.</summary>
    private static ReplicaRange ReplicasOf(object? value, string place)
    {
        long first = 1, last = 0;
        if (value is long count) last = count;
        else if (value is string range && range.Split('-') is [var from, var to] && IsNumber(from, out first) && IsNumber(to, out var end))
            last = end;
        if (first < 1 || last < first || last > int.MaxValue)
            throw Wrong(place, Replicas, value, "a count from 1, or a range such as \"6-10\", up to 2147483647");
        if (last - first + 1 > SweepPlan.MostRuns)
            throw InvalidInputException.Of($"{place}, {Replicas}", $"{last - first + 1} replicas", $"at most {SweepPlan.MostRuns} runs",
                "ask for fewer");
        return new ReplicaRange(first, (int)(last - first + 1));

        static bool IsNumber(string text, out long number) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A value by itself: its kind and range. Whether it fits beside the others of a run is seen when that run is built.</summary>
    private static void Check(string place, string key, object value)
    {
        try
        {
            SettingValues.Check(key, value);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{place}: {e.Message}", e);
        }
    }

    private static InvalidInputException Wrong(string place, string key, object? value, string expected)
    {
        var found = value is PlanToml.Unusable unusable ? unusable.What : SettingText.Shown(value);
        return InvalidInputException.Of($"{place}, {key}", found, expected, "correct the line");
    }

    /// <summary>Consecutive numbers; a list of them without a million entries.</summary>
    private sealed class ReplicaRange(long first, int count) : IReadOnlyList<long>
    {
        public long this[int index] => first + index;
        public int Count => count;
        public IEnumerator<long> GetEnumerator() => Enumerable.Range(0, count).Select(i => first + i).GetEnumerator();
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>Lists to cross, and the replicas of each combination.</summary>
internal sealed record PlanGrid(string Place, Dictionary<string, IReadOnlyList<object>> Values, IReadOnlyList<long> Replicas)
{
    public double Combinations => Values.Values.Aggregate(1.0, (product, list) => product * list.Count);

    /// <summary>Every combination, the last list changing fastest.</summary>
    public IEnumerable<Dictionary<string, object>> Cross()
    {
        string[] keys = [.. Values.Keys];
        var at = new int[keys.Length];
        while (true)
        {
            yield return Enumerable.Range(0, keys.Length).ToDictionary(i => keys[i], i => Values[keys[i]][at[i]]);
            var i = keys.Length - 1;
            while (i >= 0 && ++at[i] == Values[keys[i]].Count) at[i--] = 0;
            if (i < 0) yield break;
        }
    }
}
