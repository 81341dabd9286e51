using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// The runs of a study: settings crossed with one another and with replicas. Equal runs count once, whatever wrote them;
/// their ids and seeds do not depend on what else the plan holds.
/// </summary>
public sealed class SweepPlan
{
    /// <summary>Most runs of one plan.</summary>
    public const int MostRuns = 1_000_000;

    private SweepPlan(PlanFile file, IReadOnlyList<SweepRun> runs) =>
        (Text, Threads, Tracking, Generalisation, Runs) = (file.Text, file.Threads, file.Tracking, file.Generalisation, runs);

    /// <summary>The plan as it was written, TOML, with task files named by their full paths.</summary>
    public string Text { get; }

    /// <summary>Threads of each network, which change no result; null where the plan does not say.</summary>
    public int? Threads { get; }

    /// <summary>Which epochs of every run are tracked, which changes no run; null where the plan does not say.</summary>
    public SpectrumTracking? Tracking { get; }

    /// <summary>What the networks are tested on beyond their training, each on those options that its task has; this changes no run. Null
    /// where the plan does not say.</summary>
    public Generalisation? Generalisation { get; }

    /// <summary>All runs, in the order of the plan.</summary>
    public IReadOnlyList<SweepRun> Runs { get; }

    /// <summary>Reads a plan file. Task files are looked for in its folder, and named by their full paths from then on: copies of the
    /// plan lie elsewhere.</summary>
    /// <exception cref="InvalidInputException">No such file, no TOML, or a plan that cannot be run; the message names the
    /// place.</exception>
    public static SweepPlan Read(string path)
    {
        var text = TextOf(path);
        return Parse(text, InputFile.OneLine(path), Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    internal static string TextOf(string path) => PlanToml.TextOf(path);

    /// <summary>Parses a plan.</summary>
    /// <param name="text">TOML.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="folder">Where task files are looked for; null for the working folder.</param>
    /// <exception cref="InvalidInputException">No TOML, or a plan that cannot be run; the message names the place.</exception>
    public static SweepPlan Parse(string text, string name, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var file = PlanFile.Parse(text, name, folder);
        var total = file.Grids.Sum(grid => grid.Combinations * grid.Replicas.Count);
        if (total > MostRuns) throw InvalidInputException.Of(name, $"{total:0} runs", $"at most {MostRuns}", "split the plan into several");
        var runs = new List<SweepRun>();
        var ids = new HashSet<string>();
        foreach (var grid in file.Grids)
            foreach (var values in grid.Cross())
            {
                var known = SettingFiles.Resolve(values);
                if (file.Excluded(known)) continue;
                var settings = Build(known, grid.Place);
                var (description, cost) = (SweepRun.Describe(settings), CostModel.Seconds(settings));
                foreach (var replica in grid.Replicas)
                {
                    var seed = SweepRun.SeedOf(file.Seed, replica);
                    var id = SweepRun.IdOf(description, seed);
                    if (ids.Add(id)) runs.Add(new SweepRun(id, settings.WithSeed(seed), cost));
                }
            }
        if (runs.Count == 0)
            throw InvalidInputException.Of(name, "no run that is not excluded", "at least one run", "take an [[exclude]] block out");
        if (file.Generalisation is { } beyond) Require(beyond, runs, name);
        return new SweepPlan(file, runs);
    }

    /// <summary>Refuses an option that no task has, and values that one cannot have.</summary>
    private static void Require(Generalisation beyond, IReadOnlyList<SweepRun> runs, string name)
    {
        HashSet<string> known = [];
        try
        {
            foreach (var run in runs.DistinctBy(run => (DataSets.KeyOf(run.Settings).Task, run.Settings.Training.TestTrials)))
            {
                known.UnionWith(Generalisation.OptionsOf(run.Settings));
                beyond.For(run.Settings)?.Validate(run.Settings);
            }
            foreach (var (option, _) in beyond.Lists) Generalisation.RequireKnown(option, known);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{name}: {e.Message}", e);
        }
    }

    private static RunSettings Build(IReadOnlyDictionary<string, object> values, string place)
    {
        try
        {
            // Without a sign constraint there is no fraction, and so on: so lists can be crossed freely.
            var meant = new Dictionary<string, object>(values);
            RunSettings.Sketch(values, setting => meant.Remove(setting.Name));
            return RunSettings.From(meant, seed: 0);
        }
        catch (InvalidInputException e)
        {
            var run = string.Join(", ", values.Select(pair => $"{pair.Key} = {Shown(pair.Value)}"));
            throw new InvalidInputException($"{place}: {e.Message} (in the run with {SettingText.Cut(run, 300)})", e);
        }

        static string? Shown(object value) => value is IFileContent content ? content.SourceFile : SettingText.Of(value);
    }
}
