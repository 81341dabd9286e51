using System.Globalization;
using EiRnnFast.Studies.Files;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// A plan as its file says it. At the top: settings, each one value or a list to cross, <c>seed</c> (of the plan) and
/// <c>seeds</c> (replicas: a count, or "first-last"). <c>[[include]]</c>: a grid of its own, with the top's single values (not its
/// lists) where it does not give its own. <c>[[exclude]]</c>: runs that agree with every line of it are left out.
/// </summary>
internal sealed class PlanFile
{
    private const string Include = "include", Exclude = "exclude", PlanSeed = "seed", Replicas = "seeds";

    private static readonly Dictionary<string, string> s_defaults = NamedSettings.Describe(new TrainingSettings(), all: true).ToDictionary();

    private readonly IReadOnlyList<Dictionary<string, HashSet<string>>> _excluded;

    private PlanFile(long seed, IReadOnlyList<PlanGrid> grids, IReadOnlyList<Dictionary<string, HashSet<string>>> excluded) => (Seed, Grids, _excluded) = (seed, grids, excluded);

    public long Seed { get; }

    public IReadOnlyList<PlanGrid> Grids { get; }

    /// <summary>Whether an exclude block agrees with these values, and with the defaults of what is not given, in every line.</summary>
    public bool Excluded(IReadOnlyDictionary<string, object> values)
    {
        if (_excluded.Count == 0) return false;
        var own = new Dictionary<string, string>(s_defaults);
        if (values.ContainsKey("preset")) own["sign"] = "postsynaptic";
        foreach (var (name, value) in values) own[name] = TextOf(value);
        if (own["sign"] == "none") own.Remove("excitatory");
        if (own["clipping"] == "none") own.Remove("clip_norm");
        if (own["init"] == "two-gaussian") own.TryAdd("mu", TextOf(NamedSettings.DefaultMu));
        own.TryAdd("input_nonnegative", TextOf(own["sign"] != "none"));
        if (values.ContainsKey("task_file")) own.Remove("task");
        else
        {
            var task = TaskCatalog.Get(own["task"]);
            foreach (var option in task.Options) own.TryAdd(NamedSettings.TaskOptionPrefix + option.Name, TextOf(option.Value));
            own.TryAdd("trials", TextOf((long)task.DefaultTrials));
            own.TryAdd("data_seed", TextOf((long)task.DefaultDataSeed));
        }
        return _excluded.Any(block => block.All(line => own.TryGetValue(line.Key, out var value) && line.Value.Contains(value)));
    }

    public static PlanFile Parse(string text, string name)
    {
        var (top, blocks) = Tables(text, name);
        var seed = top.TryGetValue(PlanSeed, out var given) ? given is long number and >= 0 ? number : throw Wrong(name, PlanSeed, given, "a whole number, 0 or above") : 1;
        var replicas = top.TryGetValue(Replicas, out var seeds) ? ReplicasOf(seeds, name) : new ReplicaRange(1, 1);
        var values = Lines(top, name, [PlanSeed, Replicas]);
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
            if (own.Count == 0) throw InvalidInputException.Of(at, "no setting", "at least one", "name what is excluded, or take the block out");
            excluded.Add(own.ToDictionary(line => line.Key, line => line.Value.Select(TextOf).ToHashSet()));
        }
        return new PlanFile(seed, grids, excluded);
    }

    /// <summary>The settings of a table, each a list of one value or more.</summary>
    private static Dictionary<string, IReadOnlyList<object>> Lines(TomlTable table, string place, string[] besides)
    {
        Dictionary<string, IReadOnlyList<object>> lines = [];
        foreach (var (key, value) in Flat(table))
        {
            if (besides.Contains(key)) continue;
            if (!NamedSettings.IsKnown(key))
                throw InvalidInputException.Of(place, $"the unknown key '{Shown(key)}'", string.Join(", ", besides.Concat(NamedSettings.Names)), "correct the name");
            object[] values = value is TomlArray list ? [.. list.Select(entry => entry!)] : [value];
            if (values.Length == 0) throw InvalidInputException.Of($"{place}, {key}", "an empty list", "at least one value", "give values, or take the line out");
            if (values.FirstOrDefault(entry => entry is not (string or long or double or bool)) is { } wrong)
                throw Wrong(place, key, wrong, "a text, a number, true or false, or a list of these");
            if (values.GroupBy(TextOf).FirstOrDefault(equal => equal.Count() > 1) is { } twice) throw InvalidInputException.Of($"{place}, {key}", $"{Shown(twice.Key)} twice", "every value once", "take one of them out");
            foreach (var entry in values) Check(place, key, entry);
            lines[key] = values;
        }
        return lines;
    }

    /// <summary>task_option.gap = 40, or task_option = { gap = 40 }: a table in TOML, one setting an option here.</summary>
    private static IEnumerable<KeyValuePair<string, object>> Flat(TomlTable table) =>
        table.SelectMany(line => line is { Key: "task_option", Value: TomlTable options } ? options.Select(option => KeyValuePair.Create(NamedSettings.TaskOptionPrefix + option.Key, option.Value)) : [line]);

    private static IEnumerable<(TomlTable Block, string Place)> Blocks(List<(string Key, TomlTable Block)> blocks, string key, string name) =>
        blocks.Where(entry => entry.Key == key).Select((entry, i) => (entry.Block, $"{name}, [[{key}]] {i + 1}"));

    /// <summary>
    /// The top and the blocks, one by one: Tomlyn's serializer (2.10) keeps only the last of [[include]] blocks that an [[exclude]]
    /// stands between.
    /// </summary>
    private static (TomlTable Top, List<(string Key, TomlTable Block)> Blocks) Tables(string text, string name)
    {
        try
        {
            TomlSerializer.Deserialize<TomlTable>(text); // tells of errors by their place in the whole
            var document = SyntaxParser.ParseStrict(text, name);
            List<(string, TomlTable)> blocks = [];
            foreach (var table in document.Tables)
            {
                var key = table.Name?.ToString().Trim();
                if (table is not TableArraySyntax || key is not (Include or Exclude))
                    throw InvalidInputException.Of(name, $"a table named '{key}'", $"[[{Include}]] and [[{Exclude}]] only", "correct the name, and write two brackets");
                blocks.Add((key, Table(table.Items)));
            }
            return (Table(document.KeyValues), blocks);
        }
        catch (TomlException e)
        {
            throw new InvalidInputException(InvalidInputException.Of(name, InputFile.OneLine(e.Message).Replace(" : error : ", " ", StringComparison.Ordinal).TrimEnd('.'),
                "a plan in TOML", "correct the place that (line,column) names").Message, e);
        }

        static TomlTable Table(SyntaxNode lines) => TomlSerializer.Deserialize<TomlTable>(lines.ToString()) ?? [];
    }

    /// <summary>5 is 1, 2, 3, 4, 5; "6-10" is 6, 7, 8, 9, 10.</summary>
    private static ReplicaRange ReplicasOf(object? value, string place)
    {
        long first = 1, last = 0;
        if (value is long count) last = count;
        else if (value is string range && range.Split('-') is [var from, var to]
            && long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out first) && long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var end)) last = end;
        if (first < 1 || last < first || last > int.MaxValue) throw Wrong(place, Replicas, value, "a count from 1, or a range such as \"6-10\"");
        if (last - first + 1 > SweepPlan.MostRuns) throw InvalidInputException.Of($"{place}, {Replicas}", $"{last - first + 1} replicas", $"at most {SweepPlan.MostRuns} runs", "ask for fewer");
        return new ReplicaRange(first, (int)(last - first + 1));
    }

    /// <summary>A value by itself, beside defaults: its kind and range.</summary>
    private static void Check(string place, string key, object value)
    {
        Dictionary<string, object> alone = new() { [key] = value };
        if (key.StartsWith(NamedSettings.TaskOptionPrefix, StringComparison.Ordinal) && value is long or double) return; // which there are depends on the task
        if (key == "mu") alone["init"] = "two-gaussian";
        if (key is "stop_validation_loss" or "stop_validation_accuracy" or "patience") alone["validation_trials"] = 1L;
        if (key is "trials" or "test_trials" or "validation_trials" && value is >= 1L and <= int.MaxValue) return; // whether they fit depends on one another and on the task
        try
        {
            NamedSettings.Build(alone, seed: 0);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{place}: {e.Message}", e);
        }
    }

    /// <summary>Foreign text, fit for one line of a message.</summary>
    private static string Shown(string text) => string.Concat(text.Take(60).Select(character => char.IsControl(character) ? ' ' : character)) + (text.Length > 60 ? "…" : "");

    private static string TextOf(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static InvalidInputException Wrong(string place, string key, object? value, string expected) => InvalidInputException.Of($"{place}, {key}", value switch
    {
        string text => $"'{Shown(text)}'",
        bool or long or double => TextOf(value),
        TomlArray => "a list",
        TomlTable or TomlTableArray => "a table",
        _ => "something else",
    }, expected, "correct the line");

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
