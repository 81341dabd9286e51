using System.Globalization;
using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Runs;

/// <summary>
/// Settings of a training run by name and value, as the command line and plan files give them. Values are strings, whole
/// numbers (long), numbers (double) and flags (bool); a whole number serves as a number.
/// </summary>
public static class NamedSettings
{
    /// <summary>Mean of the two Gaussians unless said (arXiv 2208.10304).</summary>
    public const double DefaultMu = 0.05;

    /// <summary>Every name, in the order in which runs are described.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "task", "units", "sign", "excitatory", "input_nonnegative", "init", "gain", "mu", "balanced", "epochs", "batch", "learning_rate", "decay", "beta1", "beta2",
        "epsilon", "clipping", "clip_norm", "stop_loss", "divergence_loss", "shuffle", "sharing", "trials", "test_trials", "validation_trials", "stop_validation_loss", "stop_validation_accuracy", "patience", "data_seed",
        "task_file", TaskOptionPrefix + "NAME", "preset",
    ];

    /// <summary>What stands before the name of a task's option.</summary>
    public const string TaskOptionPrefix = "task_option.";

    /// <summary>Data seed of a run that has the seed of its network: every network its own data set.</summary>
    public const string NetworkSeed = "network";

    /// <summary>Whether a setting has this name.</summary>
    public static bool IsKnown(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(TaskOptionPrefix, StringComparison.Ordinal) ? name.Length > TaskOptionPrefix.Length : Names.Contains(name);
    }

    /// <summary>The settings that these values describe; what is not named has its default.</summary>
    /// <param name="values">Values by name.</param>
    /// <param name="seed">Seed of weights and shuffling.</param>
    /// <exception cref="InvalidInputException">A name that is not known, a value of the wrong kind or out of range, or two that exclude each other.</exception>
    public static TrainingSettings Build(IReadOnlyDictionary<string, object> values, long seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Keys.FirstOrDefault(name => !IsKnown(name)) is { } unknown)
            throw InvalidInputException.Of("setting", $"'{unknown}'", $"one of {string.Join(", ", Names)}", "correct the name");
        var (given, initial) = (new Values(values), new TrainingSettings());
        var ownDataSet = values.GetValueOrDefault("data_seed") is NetworkSeed;
        var training = initial.Training with
        {
            Epochs = given.Whole("epochs", initial.Training.Epochs), BatchSize = given.Whole("batch", initial.Training.BatchSize),
            LearningRate = given.Number("learning_rate", initial.Training.LearningRate), Decay = given.Number("decay", initial.Training.Decay),
            Beta1 = given.Number("beta1", initial.Training.Beta1), Beta2 = given.Number("beta2", initial.Training.Beta2), Epsilon = given.Number("epsilon", initial.Training.Epsilon),
            Clipping = given.Choice("clipping", SettingNames.Clippings, initial.Training.Clipping), ClipNorm = given.Number("clip_norm", initial.Training.ClipNorm),
            StopLoss = given.Number("stop_loss", initial.Training.StopLoss), DivergenceLoss = given.Number("divergence_loss", initial.Training.DivergenceLoss),
            Shuffle = given.Flag("shuffle", true), Sharing = given.Flag("sharing", true),
            Trials = given.Has("trials") ? given.Whole("trials", 0) : null, TestTrials = given.Whole("test_trials", initial.Training.TestTrials),
            ValidationTrials = given.Whole("validation_trials", 0), StopValidationLoss = given.Number("stop_validation_loss", 0),
            StopValidationAccuracy = given.Has("stop_validation_accuracy") ? given.Number("stop_validation_accuracy", 0) : null, Patience = given.Whole("patience", 0),
            DataSeed = given.Has("data_seed") && !ownDataSet ? DataSeed(given.Long("data_seed")) : null,
        };
        if (given.Has("clip_norm") && training.Clipping == GradientClipping.None)
            throw InvalidInputException.Of("clip norm", "a norm together with no clipping", "a norm only with clipping", "leave out one of the two");
        var settings = (initial with
        {
            Task = TaskOf(given, values), Units = given.Whole("units", initial.Units),
            Signs = Signs(given), Init = Init(given), Training = training, OwnDataSet = ownDataSet,
        }).WithSeed(seed);
        settings.ToSpec();
        return settings;
    }

    /// <summary>
    /// Names and values of settings, as text that is the same on every machine. Only those that matter (no mu without two Gaussians)
    /// and, unless <paramref name="all"/>, only those that are not the default: so that a setting that a later version adds
    /// leaves the text of older runs as it is.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Describe(TrainingSettings settings, bool all = false)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var pairs = Pairs(settings);
        if (all) return [.. pairs];
        var initial = Pairs(new TrainingSettings()).ToDictionary();
        return [.. pairs.Where(pair => !initial.TryGetValue(pair.Key, out var value) || value != pair.Value)];
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(TrainingSettings settings)
    {
        var (signs, init, training) = (settings.Signs, settings.Init, settings.Training);
        if (settings.Task is FileTask file) yield return new("task_sha256", file.Sha256);
        else yield return new("task", settings.Task.Name);
        foreach (var option in SetOptions(settings.Task)) yield return Pair(TaskOptionPrefix + option.Name, option.Value);
        yield return Pair("units", settings.Units);
        yield return new("sign", SettingNames.Of(SettingNames.Axes, signs.Axis));
        if (signs.Excitatory is { } excitatory) yield return Pair("excitatory", excitatory);
        if (signs.NonNegativeInput != (signs.Axis != SignAxis.None)) yield return Pair("input_nonnegative", signs.NonNegativeInput);
        yield return new("init", SettingNames.Of(SettingNames.Inits, init.Kind));
        yield return Pair("gain", init.Gain);
        if (init.Kind == RecurrentInitKind.TwoGaussian) yield return Pair("mu", init.Mu);
        yield return Pair("balanced", init.Balanced);
        yield return Pair("epochs", training.Epochs);
        yield return Pair("batch", training.BatchSize);
        yield return Pair("learning_rate", training.LearningRate);
        yield return Pair("decay", training.Decay);
        yield return Pair("beta1", training.Beta1);
        yield return Pair("beta2", training.Beta2);
        yield return Pair("epsilon", training.Epsilon);
        yield return new("clipping", SettingNames.Of(SettingNames.Clippings, training.Clipping));
        if (training.Clipping != GradientClipping.None) yield return Pair("clip_norm", training.ClipNorm);
        yield return Pair("stop_loss", training.StopLoss);
        yield return Pair("divergence_loss", training.DivergenceLoss);
        yield return Pair("shuffle", training.Shuffle);
        yield return Pair("sharing", training.Sharing);
        if (training.Trials is { } trials) yield return Pair("trials", trials);
        yield return Pair("test_trials", training.TestTrials);
        yield return Pair("validation_trials", training.ValidationTrials);
        yield return Pair("stop_validation_loss", training.StopValidationLoss);
        if (training.StopValidationAccuracy is { } accuracy) yield return Pair("stop_validation_accuracy", accuracy);
        yield return Pair("patience", training.Patience);
        if (settings.OwnDataSet) yield return new("data_seed", NetworkSeed);
        else if (training.DataSeed is { } dataSeed) yield return Pair("data_seed", dataSeed);

        static KeyValuePair<string, string> Pair(string name, IConvertible value) =>
            new(name, value is bool flag ? flag ? "true" : "false" : value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The options of a task that are not the default, as <c>name=value name=value</c>; null when all are.</summary>
    internal static string? OptionsOf(ITask task) =>
        string.Join(' ', SetOptions(task).Select(option => string.Create(CultureInfo.InvariantCulture, $"{option.Name}={option.Value:R}"))) is { Length: > 0 } text ? text : null;

    private static IEnumerable<TaskOption> SetOptions(ITask task) => task is CatalogTask known ? known.Options.Where(option => option.Value != option.Default) : [];

    /// <summary>The task of some settings (task, task_option.…, task_file), all other settings aside.</summary>
    /// <exception cref="InvalidInputException">A task or option that is not known, a file that cannot be used, or both a task and a file.</exception>
    public static ITask TaskOf(IReadOnlyDictionary<string, object> values) => TaskOf(new Values(values), values);

    private static ITask TaskOf(Values given, IReadOnlyDictionary<string, object> values)
    {
        var options = values.Keys.Where(name => name.StartsWith(TaskOptionPrefix, StringComparison.Ordinal)).ToDictionary(name => name[TaskOptionPrefix.Length..], name => given.Number(name, 0));
        if (!given.Has("task_file")) return TaskCatalog.Get(given.Text("task", TaskCatalog.All.Select(task => task.Name), new TrainingSettings().Task.Name), options);
        if (values.Keys.FirstOrDefault(name => name is "task" or "data_seed" || name.StartsWith(TaskOptionPrefix, StringComparison.Ordinal)) is { } other)
            throw InvalidInputException.Of("task file", $"it together with {other}", "a file, whose trials are what they are, or a task by name", "leave out one of the two");
        return FileTask.Read(given.Text("task_file"));
    }

    private static SignConstraint Signs(Values given)
    {
        given.Text("preset", ["published"], "");
        var axis = given.Choice("sign", SettingNames.Axes, given.Has("preset") ? SignAxis.Postsynaptic : SignAxis.Presynaptic);
        var excitatory = given.Number("excitatory", 0.5);
        if (axis == SignAxis.None && given.Has("excitatory"))
            throw InvalidInputException.Of("excitatory fraction", "one together with no sign constraint", "a fraction only with a sign constraint", "leave out one of the two");
        var signs = axis switch
        {
            SignAxis.Presynaptic => SignConstraint.Presynaptic(excitatory),
            SignAxis.Postsynaptic => SignConstraint.Postsynaptic(excitatory),
            _ => SignConstraint.None,
        };
        return signs with { NonNegativeInput = given.Flag("input_nonnegative", signs.NonNegativeInput) };
    }

    private static RecurrentInit Init(Values given)
    {
        var kind = given.Choice("init", SettingNames.Inits, RecurrentInitKind.Orthogonal);
        if (given.Has("mu") && kind != RecurrentInitKind.TwoGaussian)
            throw InvalidInputException.Of("mu", $"it together with {SettingNames.Of(SettingNames.Inits, kind)} initialisation", "it only with two-gaussian", "leave out mu or choose that initialisation");
        var init = kind switch
        {
            RecurrentInitKind.Orthogonal => RecurrentInit.Orthogonal(),
            RecurrentInitKind.Normal => RecurrentInit.Normal(),
            RecurrentInitKind.TwoGaussian => RecurrentInit.TwoGaussian(given.Number("mu", DefaultMu)),
            _ => RecurrentInit.Identity(),
        };
        return init with { Gain = given.Number("gain", 1), Balanced = given.Flag("balanced", false) };
    }

    /// <summary>Foreign text, cut and without control characters: fit for one line of a message.</summary>
    internal static string Shown(string text, int most = 60) =>
        string.Concat(text.Take(most).Select(character => char.IsControl(character) ? ' ' : character)) + (text.Length > most ? "…" : "");

    private static uint DataSeed(long given) => given is >= 0 and <= TrainingSettings.MaxSeed
        ? (uint)given
        : throw InvalidInputException.Of("data seed", given, $"0 to {TrainingSettings.MaxSeed}", "choose a seed in that range");

    /// <summary>Values by name, of the kind asked for.</summary>
    private readonly struct Values(IReadOnlyDictionary<string, object> values)
    {
        public bool Has(string name) => values.ContainsKey(name);

        public string Text(string name, IEnumerable<string> choices, string initial)
        {
            if (!values.TryGetValue(name, out var value)) return initial;
            return value is string text && choices.Contains(text) ? text : throw Wrong(name, value, $"one of {string.Join(", ", choices)}");
        }

        public string Text(string name) => values[name] is string text ? text : throw Wrong(name, values[name], "a text");

        public T Choice<T>(string name, IReadOnlyDictionary<string, T> choices, T initial) =>
            Has(name) ? choices[Text(name, choices.Keys, "")] : initial;

        public bool Flag(string name, bool initial) =>
            !values.TryGetValue(name, out var value) ? initial : value is bool flag ? flag : throw Wrong(name, value, "true or false");

        public double Number(string name, double initial) =>
            !values.TryGetValue(name, out var value) ? initial : value is double number ? number : value is long whole ? whole : throw Wrong(name, value, "a number");

        public long Long(string name) => values[name] is long whole ? whole : throw Wrong(name, values[name], name == "data_seed" ? $"a whole number, or '{NetworkSeed}'" : "a whole number");

        public int Whole(string name, int initial) =>
            !Has(name) ? initial : Long(name) is >= int.MinValue and <= int.MaxValue and var whole ? (int)whole : throw Wrong(name, values[name], $"a whole number of at most {int.MaxValue}");

        private static InvalidInputException Wrong(string name, object value, string expected)
        {
            var shown = value switch
            {
                string text => $"'{Shown(text)}'",
                bool flag => flag ? "true" : "false",
                double and > -1e15 and < 1e15 and var whole when whole == Math.Floor(whole) =>
                    whole.ToString("0.0", CultureInfo.InvariantCulture),
                IConvertible number => number.ToString(CultureInfo.InvariantCulture),
                _ => "something else",
            };
            var remedy = value is double && expected.StartsWith("a whole number", StringComparison.Ordinal)
                ? $"{shown} is not a whole number: write one without a point" : "correct the value";
            return InvalidInputException.Of(name, shown, expected, remedy);
        }
    }
}
