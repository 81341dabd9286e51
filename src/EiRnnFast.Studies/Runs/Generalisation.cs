using System.Globalization;
using EiRnnFast.Dynamics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// What a trained network is tested on beyond its training: options of its task, noise_in and noise_rec, each with some values. One value
/// at a time replaces the trained one, all others stay. It is no setting of a training, and changes no bit of one.
/// </summary>
public sealed class Generalisation
{
    private const string Name = "generalise", NoiseRec = "noise_rec", NoiseIn = "noise_in";
    private const int MostValues = 1000;

    /// <summary>Tests of these values.</summary>
    /// <param name="lists">Options with their values, each option and each of its values once.</param>
    /// <exception cref="InvalidInputException">None, too many, one twice, or one that is not finite.</exception>
    public Generalisation(IReadOnlyList<KeyValuePair<string, IReadOnlyList<double>>> lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        if (lists.Count == 0 || lists.Any(list => list.Value.Count == 0))
            throw InvalidInputException.Of(Name, "no value", "an option with at least one value", "write it like gap = [10, 20]");
        if (lists.Sum(list => (double)list.Value.Count) is > MostValues and var count)
            throw InvalidInputException.Of(Name, $"{count} values", $"at most {MostValues}", "give fewer");
        if (lists.GroupBy(list => list.Key).FirstOrDefault(equal => equal.Count() > 1) is { Key: var twice })
            throw InvalidInputException.Of(Name, $"{SettingText.Cut(twice)} twice", "every option once", "give all its values together");
        foreach (var (option, values) in lists)
        {
            if (values.Any(value => !double.IsFinite(value)))
                throw InvalidInputException.Of($"{Name} {SettingText.Cut(option)}", "a value that is not finite", "numbers", "correct it");
            if (values.GroupBy(value => value).FirstOrDefault(equal => equal.Count() > 1) is { Key: var again })
                throw InvalidInputException.Of($"{Name} {SettingText.Cut(option)}", $"{SettingText.Of(again)} twice", "every value once",
                    "take one out");
        }
        Lists = lists;
    }

    /// <summary>Options with their values.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<double>>> Lists { get; }

    /// <summary>Reads lists as the command line has them.</summary>
    /// <param name="texts">Such as <c>gap=10 20 40</c>.</param>
    /// <exception cref="InvalidInputException">One is no list, or they cannot be used together.</exception>
    public static Generalisation Parse(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new Generalisation([.. texts.Select(List)]);

        static KeyValuePair<string, IReadOnlyList<double>> List(string text)
        {
            var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
            string[] words = parts.Length < 2 ? [] : parts[1].Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries);
            var values = new double[words.Length];
            for (var i = 0; i < words.Length; i++)
                if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])) words = [];
            return parts[0].Length > 0 && words.Length > 0 ? new(parts[0], values)
                : throw InvalidInputException.Of("--generalise", $"'{SettingText.Cut(text)}'", "an option and numbers",
                    "write it like 'gap=10 20 40'");
        }
    }

    /// <summary>The lists of those options that the task of a run has; null for none. Noise is an option of all.</summary>
    public Generalisation? For(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        KeyValuePair<string, IReadOnlyList<double>>[] known = [.. Lists.Where(list => OptionsOf(settings).Contains(list.Key))];
        return known.Length == 0 ? null : new Generalisation(known);
    }

    /// <summary>Refuses what cannot be tested, before anything is trained.</summary>
    /// <exception cref="InvalidInputException">An option that the task does not have, a value that it cannot have, or one that gives the
    /// network other inputs or outputs.</exception>
    public void Validate(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        foreach (var (option, values) in Lists)
        {
            RequireKnown(option, OptionsOf(settings));
            foreach (var value in values)
                try
                {
                    if (IsNoise(option)) RequireNoise(settings, option, value);
                    else RequireTask(settings, option, value);
                }
                catch (InvalidInputException e)
                {
                    throw new InvalidInputException($"{Name}: {e.Message}", e);
                }
        }
    }

    /// <summary>Refuses an option that is none of those that there are.</summary>
    /// <exception cref="InvalidInputException">It is not.</exception>
    internal static void RequireKnown(string option, IReadOnlyCollection<string> known)
    {
        if (!known.Contains(option))
            throw InvalidInputException.Of(Name, $"the option '{SettingText.Cut(option)}'", $"one of {string.Join(", ", known)}",
                NearestName.Remedy("choose one of these (see: eirnn tasks NAME)", option, known));
    }

    /// <summary>The seed of the trials: that of the data set, with bits turned over, so it is never the same.</summary>
    public static uint SeedOf(uint dataSeed) => dataSeed ^ 0x9E3779B9; // 2³² over the golden ratio

    /// <summary>What may be named for a run: the options of its task, and the noise of every network.</summary>
    internal static IReadOnlyCollection<string> OptionsOf(RunSettings settings) =>
        [.. (settings.Task as CatalogTask)?.Options.Select(option => option.Name) ?? [], NoiseIn, NoiseRec];

    /// <summary>
    /// Tests a network on as many trials as its test had, of <see cref="SeedOf"/>; given trials are those of its test. The trained value
    /// of every option is tested too. Trials are without noise of the network, as in its test, but for the values of noise_in and
    /// noise_rec; that noise has the seed of the run.
    /// </summary>
    /// <param name="settings">How it was trained.</param>
    /// <param name="network">The network, which stays as it is.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <returns>Option by option, values ascending.</returns>
    /// <exception cref="InvalidInputException">As <see cref="Validate"/>.</exception>
    public IReadOnlyList<GeneralisationRecord> Test(RunSettings settings, EiRnn network, KernelSet? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Validate(settings);
        var (loss, count) = (settings.Training.Loss, settings.Training.TestTrials);
        uint? dataSeed = settings.Task is ArrayTask ? null : SeedOf(settings.Training.DataSeed ?? settings.Task.DefaultDataSeed);
        var own = ChoiceTask.For(settings.Task, loss);
        TrialBatch? ownTrials = null;
        List<GeneralisationRecord> records = [];
        foreach (var (option, values) in Lists)
        {
            var trained = TrainedValue(settings, network, option);
            foreach (var value in values.Append(trained).Distinct().Order())
            {
                var isOwn = IsNoise(option) || value == trained;
                var task = isOwn ? own : ChoiceTask.For(TaskWith(settings, option, value), loss);
                var trials = isOwn ? ownTrials ??= own.Generate(count, dataSeed ?? 0) : task.Generate(count, dataSeed ?? 0);
                var tested = IsNoise(option) ? WithCell(network, CellWith(network.Spec.Cell, option, value)) : network;
                var noise = IsNoise(option) && tested.Spec.Cell.IsNoisy ? settings.Seed : (long?)null;
                var test = TrialTest.Of(tested, task, trials, loss, kernels, noise);
                records.Add(new GeneralisationRecord(option, value, value == trained, trials.Count, dataSeed, test.Accuracy,
                    ConstantAnswer.Accuracy(task, trials), test.Loss));
            }
        }
        return records;
    }

    private static bool IsNoise(string option) => option is NoiseIn or NoiseRec;

    private static double TrainedValue(RunSettings settings, EiRnn network, string option) => option switch
    {
        NoiseRec => network.Spec.Cell.Noise,
        NoiseIn => network.Spec.Cell.InputNoise,
        _ => ((CatalogTask)settings.Task).Options.First(known => known.Name == option).Value,
    };

    private static CatalogTask TaskWith(RunSettings settings, string option, double value) =>
        TaskCatalog.Get(settings.Task.Name, new Dictionary<string, double>(settings.ChangedTaskOptions) { [option] = value });

    private static void RequireTask(RunSettings settings, string option, double value)
    {
        var task = TaskWith(settings, option, value);
        var (posed, own) = (ChoiceTask.For(task, settings.Training.Loss), settings.PosedTask());
        if (posed.Inputs != own.Inputs || posed.Outputs != own.Outputs)
            throw InvalidInputException.Of($"{option} = {SettingText.Of(value)}", $"{posed.Inputs} inputs and {posed.Outputs} outputs",
                $"{own.Inputs} and {own.Outputs}, as the trained network has", "leave this value out");
        if (settings.Training.TestTrials > task.MostTrials)
            throw InvalidInputException.Of($"{option} = {SettingText.Of(value)}", $"{settings.Training.TestTrials} test trials",
                $"at most {task.MostTrials}, what an array holds", "leave this value out, or ask for fewer test trials");
    }

    private static void RequireNoise(RunSettings settings, string option, double value)
    {
        SettingValues.Check(option, value);
        var spec = settings.ToSpec();
        (spec with { Cell = CellWith(spec.Cell, option, value) }).Validate();
    }

    private static CellSpec CellWith(CellSpec cell, string option, double value) =>
        option == NoiseRec ? cell with { Noise = value } : cell with { InputNoise = value };

    private static EiRnn WithCell(EiRnn network, CellSpec cell) => EiRnn.FromWeights(network.Spec with { Cell = cell },
        network.InputWeights, network.TrainedRecurrentWeights, network.Bias, network.OutputWeights, network.OutputBias, network.Seed,
        network.InitialState, network.Masks);
}

/// <summary>A test of a network beyond its training.</summary>
/// <param name="Option">The option of its task, or noise_in or noise_rec.</param>
/// <param name="Value">What it was set to.</param>
/// <param name="Trained">Whether the network was trained with this value.</param>
/// <param name="Trials">Trials of the test.</param>
/// <param name="DataSeed">Their seed; null for given trials.</param>
/// <param name="Accuracy">Fraction of right trials; null when none asks for an answer.</param>
/// <param name="Chance">What one and the same answer to all of them reaches; null when none asks for an answer.</param>
/// <param name="Loss">Loss over them; null when no target weighs anything.</param>
public sealed record GeneralisationRecord(
    string Option, double Value, bool Trained, int Trials, uint? DataSeed, double? Accuracy, double? Chance, double? Loss);
