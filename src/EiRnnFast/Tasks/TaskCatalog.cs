using EiRnnFast.Tasks.Yang;

namespace EiRnnFast.Tasks;

/// <summary>The tasks that the engine knows by name.</summary>
public static class TaskCatalog
{
    private static readonly (string Name, Func<TaskOptions, CatalogTask> Make)[] s_tasks =
    [
        ("and", BooleanTask.And), ("or", BooleanTask.Or), ("xor", BooleanTask.Xor), ("not", options => new NotTask(options)),
        ("flip-flop", options => new FlipFlopTask(options)),
        ("oscillator", options => new OscillatorTask(options)), ("time-pulse", options => new TimePulseTask(options)),
        ("delayed-response", DelayedDecisionTask.DelayedResponse), ("long-short", DelayedDecisionTask.LongShort),
        ("four-times", options => DelayedDecisionTask.Times(options, 4)), ("eight-times", options => DelayedDecisionTask.Times(options, 8)),
        ("amplitude-sign", DelayedDecisionTask.AmplitudeSign), ("encoded-time", options => new EncodedTimeTask(options)),
        ("interval-comparison", options => new IntervalComparisonTask(options)),
        ("windowed-integration", IntegrationTask.Windowed), ("continuous-integration", IntegrationTask.Continuous),
        ("cued-integration", IntegrationTask.Cued),
        ("perceptual-decision", options => new PerceptualDecisionTask(options)),
        ("working-memory", options => new WorkingMemoryTask(options)),
        ("context-decision", options => new ContextDecisionTask(options)), ("match-to-sample", options => new MatchToSampleTask(options)),
        .. YangTask.All.Select(task => ($"yang-{task.Name}", task.Make)),
    ];

    /// <summary>All of them with their default options, family by family.</summary>
    public static IReadOnlyList<CatalogTask> All { get; } =
        [.. s_tasks.Select(task => Make(task.Name, task.Make, new Dictionary<string, double>()))];

    /// <summary>The task of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Values by the name of the option; what is not named has its default.</param>
    /// <exception cref="InvalidInputException">No such task or option, or a value out of range;
    /// the message lists what there is.</exception>
    public static CatalogTask Get(string name, IReadOnlyDictionary<string, double>? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var index = Array.FindIndex(s_tasks, task => task.Name == name);
        if (index < 0)
            throw InvalidInputException.Of("task", $"'{name}'", $"one of {string.Join(", ", s_tasks.Select(task => task.Name))}",
                NearestName.Remedy("choose one of these (see: eirnn tasks)", name, s_tasks.Select(task => task.Name)));
        return options is null || options.Count == 0 ? All[index] : Make(name, s_tasks[index].Make, options);
    }

    private static CatalogTask Make(string name, Func<TaskOptions, CatalogTask> make, IReadOnlyDictionary<string, double> values)
    {
        var options = new TaskOptions(name, values);
        var task = make(options);
        options.RefuseUnknown();
        return task;
    }
}
