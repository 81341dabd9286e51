using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Settings;

/// <summary>One training run, written down: what is trained, on what, how and from which seeds.</summary>
public sealed record RunSettings
{
    /// <summary>Largest seed: that of NumPy's legacy generator, 2³² − 1, for the network as for the data.</summary>
    public const long MaxSeed = uint.MaxValue;

    /// <summary>What is trained: a task of the catalogue with its options, or the trials of a file.</summary>
    public ITask Task { get; init; } = TaskCatalog.Get("and");

    /// <summary>The task as the loss needs it: for cross-entropy a task of the catalogue has one output per answer.</summary>
    /// <exception cref="InvalidInputException">A task without discrete answers, with cross-entropy.</exception>
    public ITask PosedTask() => ChoiceTask.For(Task, Training.Loss);

    /// <summary>N.</summary>
    public int Units { get; init; } = 100;

    /// <summary>The sign constraint.</summary>
    public SignConstraint Signs { get; init; } = SignConstraint.Presynaptic(SignConstraint.DefaultExcitatory);

    /// <summary>The initialisation of W_rec.</summary>
    public RecurrentInit Init { get; init; } = RecurrentInit.Orthogonal();

    /// <summary>What a unit does with its input.</summary>
    public CellSpec Cell { get; init; } = CellSpec.Published;

    /// <summary>The network that the training starts from; null to draw one.</summary>
    public StartingNetwork? Start { get; init; }

    /// <summary>Which weights exist.</summary>
    public Wiring Wiring { get; init; } = Wiring.Full;

    /// <summary>Seed of weights and shuffling.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Whether the data set has the seed of the network, so that every network has a data set of its own.</summary>
    public bool OwnDataSet { get; init; }

    /// <summary>Whether runs with other seeds have the same data set.</summary>
    public bool SharesDataSet => !OwnDataSet && Training is { Data: TrainingData.Fixed, Curriculum: [] };

    /// <summary>The options of the task that are not the default, by name.</summary>
    public IReadOnlyDictionary<string, double> ChangedTaskOptions => Task is not CatalogTask known
        ? new Dictionary<string, double>()
        : known.Options.Where(option => option.Value != option.Default).ToDictionary(option => option.Name, option => option.Value);

    /// <summary>The run that values describe; what is not named has its default.</summary>
    /// <param name="values">Values by name, as <see cref="Setting.Checked"/> takes them. The options of a task may also come one by one,
    /// as <c>task_options.NAME</c>. A task's file is the task that was read from it.</param>
    /// <param name="seed">Seed of weights and shuffling.</param>
    /// <exception cref="InvalidInputException">A name that is not known, a value of the wrong kind or out of range, or two that exclude
    /// each other.</exception>
    public static RunSettings From(IReadOnlyDictionary<string, object> values, long seed)
    {
        try
        {
            var run = SettingValues.Of(values).Put(withoutMeaning: (setting, run) =>
            {
                var when = setting.When!;
                var other = SettingTable.Get(when.Setting).Of(run);
                throw InvalidInputException.Of(
                    setting.Name, $"it together with {when.Setting} {other}", $"it only with {when}", "leave out one of the two");
            }).WithSeed(seed);
            run.ToSpec();
            return run;
        }
        catch (InvalidInputException e)
            when (values.GetValueOrDefault(SettingTable.PresetName) is string name && Preset.Find(name) is not null)
        {
            throw new InvalidInputException($"{e.Message} (what you do not give is of preset {name}: eirnn presets {name})", e);
        }
    }

    /// <summary>The task of some values (task, task_options, task_file), all other settings aside.</summary>
    /// <exception cref="InvalidInputException">A task or option that is not known, or both a task and a file.</exception>
    public static ITask TaskFrom(IReadOnlyDictionary<string, object> values) =>
        Sketch(values.Where(entry => SettingValues.PartOf(entry.Key) == SettingPart.Task).ToDictionary()).Task;

    /// <summary>What values describe, before it is known to be usable. Values without a meaning are left out: so lists can be crossed
    /// freely.</summary>
    /// <param name="values">As <see cref="From"/> takes them.</param>
    /// <param name="withoutMeaning">Hears of every setting that is left out.</param>
    /// <exception cref="InvalidInputException">A name that is not known, a value of the wrong kind or out of range, or two that exclude
    /// each other.</exception>
    public static RunSettings Sketch(IReadOnlyDictionary<string, object> values, Action<Setting>? withoutMeaning = null) =>
        SettingValues.Of(values).Put((setting, _) => withoutMeaning?.Invoke(setting));

    /// <summary>The same with another seed.</summary>
    public RunSettings WithSeed(long seed) =>
        this with { Seed = seed, Training = OwnDataSet ? Training with { DataSeed = (uint)seed } : Training };

    /// <summary>
    /// The text behind the id of the run, as names and values: every setting that has a meaning and is not the default, in the order of
    /// the table. A setting that a later version adds leaves the text of older runs as it is. The seed is no part of it.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Describe()
    {
        List<KeyValuePair<string, string>> pairs = [];
        var defaults = new RunSettings();
        foreach (var setting in SettingTable.All)
            switch (setting.Asked(this))
            {
                case null: break;
                case IReadOnlyDictionary<string, double> options:
                    foreach (var (name, number) in options) Add($"{setting.IdName}.{name}", number);
                    break;
                case var value:
                    if (!value.Equals(setting.Asked(defaults))) Add(setting.IdName, value);
                    break;
            }
        return pairs;

        void Add(string name, object value) => pairs.Add(KeyValuePair.Create(name, SettingText.Of(value)));
    }

    /// <summary>Values by name that describe this run, its seed aside: <see cref="From"/> gives it again. What is the default is left out;
    /// in place of what a file holds stands the file's name.</summary>
    public IReadOnlyDictionary<string, object> Values()
    {
        var defaults = Start is null ? new RunSettings() : new RunSettings().StartingFrom(Start);
        return SettingTable.All.Where(setting => setting.When?.Holds(this) != false)
            .Select(setting => (setting.Name, Asked: setting.Asked(this), setting))
            .Where(entry => entry.Asked is { } asked
                && (entry.Name == SettingTable.StartFile || !asked.Equals(entry.setting.Asked(defaults))))
            .ToDictionary(entry => entry.Name, entry => entry.setting.Kind == SettingKind.File ? entry.setting.Of(this)! : entry.Asked!);
    }

    /// <summary>The network before its first update: drawn from the seed, or the one that it starts from.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge, of an initialisation to a spectral radius.</exception>
    public EiRnn CreateNetwork() => Start?.As(ToSpec(), Seed) ?? EiRnn.Create(ToSpec(), Seed);

    /// <summary>The network that these settings describe.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public NetworkSpec ToSpec()
    {
        if (Seed is < 0 or > MaxSeed) throw InvalidInputException.Of("seed", Seed, $"0 to {MaxSeed}", "choose a seed in that range");
        Required.Value(Task, "task", "a task, such as TaskCatalog.Get(\"and\")");
        Required.Value(Training, "training", "options, such as new TrainingOptions()");
        Training.Validate();
        if (Training.Terms.Count > 0)
            throw InvalidInputException.Of("run", "terms of one's own in its loss", "settings that can be written down",
                "hand the terms to Trainer");
        if (Training.Data == TrainingData.Fixed) Training.RequireTrainingTrials(Training.Trials ?? Task.DefaultTrials);
        else if (Task is ArrayTask)
            throw InvalidInputException.Of("data", "fresh, with given trials", "a task that draws trials", "leave out data");
        var (most, reason) = Task switch
        {
            CatalogTask known => (known.MostTrials, "what an array holds"),
            ArrayTask => (Task.DefaultTrials, "those that were given"),
            _ => (int.MaxValue, "what an array holds"),
        };
        if (Training.Trials > most)
            throw InvalidInputException.Of($"trials of task '{Task.Name}'", Training.Trials, $"at most {most}, {reason}", "ask for fewer");
        var spec = new NetworkSpec
        {
            Units = Units, Inputs = Task.Inputs, Outputs = PosedTask().Outputs, Signs = Signs, Init = Start is null ? Init : null,
            Cell = TimedCell, Wiring = Wiring,
        };
        Start?.Require(spec, Task.Name);
        spec.Validate();
        Training.RequireTrainable(spec);
        foreach (var stage in Training.Curriculum) stage.Validate(Task);
        if (Training.Loss == LossFunction.CrossEntropy && spec.Outputs < 2)
            throw InvalidInputException.Of("loss cross_entropy", $"trials of '{Task.Name}' with one output",
                "one output per answer, two or more",
                "give targets [n,T,O] with O of 2 or more, or use the loss mse");
        return spec;
    }

    /// <summary>The cell; where τ is given without dt, with the step of the task.</summary>
    internal CellSpec TimedCell => Cell.Tau is not null && Cell.Dt is null ? Cell with { Dt = Task.StepMs } : Cell;

    /// <summary>The same with the weights, size, cell, signs and masks of a network.</summary>
    internal RunSettings StartingFrom(StartingNetwork start)
    {
        var (network, spec) = (start.Network, start.Network.Spec);
        return this with
        {
            Start = start,
            Units = network.Units,
            Signs = spec.Signs,
            Cell = spec.Cell,
            Wiring = network.Masks is { } masks ? new Wiring { Given = start.MasksOf(masks) } : Wiring.Full,
        };
    }

    internal RunSettings WithInit(Func<RecurrentInit, RecurrentInit> change) => this with { Init = change(Init) };

    internal RunSettings WithWiring(Func<Wiring, Wiring> change) => this with { Wiring = change(Wiring) };

    internal RunSettings WithCell(Func<CellSpec, CellSpec> change) => this with { Cell = change(Cell) };

    internal RunSettings Penalise(Func<Penalties, Penalties> change) =>
        Train(training => training with { Penalties = change(training.Penalties) });

    internal RunSettings Train(Func<TrainingOptions, TrainingOptions> change) => this with { Training = change(Training) };
}
