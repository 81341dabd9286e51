using EiRnnFast.Dynamics;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>Dynamics of one or more networks on the same trials.</summary>
/// <param name="Settings">What was asked for.</param>
/// <param name="DataSeed">Seed of the trials.</param>
/// <param name="Trials">The trials.</param>
/// <param name="Networks">The networks asked about, then those that they are held against.</param>
public sealed record DynamicsRun(DynamicsSettings Settings, uint DataSeed, TrialBatch Trials, IReadOnlyList<NetworkDynamics> Networks)
{
    /// <summary>What computed.</summary>
    public required Backend Backend { get; init; }

    /// <summary>How alike the networks are; null unless asked for.</summary>
    public NetworkSimilarity? Similarity { get; init; }

    private const int MostStarts = 1_000_000, MostDraws = 10_000;

    /// <summary>Analyses networks.</summary>
    /// <param name="networks">Name, whether others are held against it, and the network itself; at least one.</param>
    /// <param name="settings">What is looked at.</param>
    /// <param name="progress">Called as the work goes on.</param>
    /// <param name="backend">What computes; the default unless said.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="InvalidInputException">A task that does not fit a network, or a setting out of range.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DynamicsRun Execute(IReadOnlyList<(string File, bool Against, EiRnn Network)> networks, DynamicsSettings settings,
        Action<DynamicsProgress>? progress = null, Backend? backend = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(settings);
        if (networks.Count == 0) throw InvalidInputException.Of("networks", 0, "1 or more", "name a file");
        if (settings.Compare && networks.Count < 2)
            throw InvalidInputException.Of("networks to compare", networks.Count, "2 or more", "name more files, or leave --compare out");
        settings = settings with { Task = ChoiceTask.For(settings.Task, networks[0].Network.Outputs) };
        Validate(settings);
        foreach (var (file, _, network) in networks)
        {
            RequireFitting(file, network, settings.Task, settings.Noise);
            if ((long)settings.Trials * settings.Task.Steps * network.Units > Array.MaxLength)
                throw InvalidInputException.Of($"{InputFile.OneLine(file)}: trials", settings.Trials,
                    $"at most {Array.MaxLength / ((long)settings.Task.Steps * network.Units)} with {settings.Task.Steps} steps and "
                        + $"{network.Units} units", "run fewer");
        }
        if (settings.Initial is { } initial)
        {
            if (initial.Count != networks.Count)
                throw InvalidInputException.Of("initial networks", initial.Count, $"{networks.Count}, one a network", "give one of each");
            foreach (var (one, created) in networks.Zip(initial))
                LearnedPart.RequireOneTraining(one.Network, created, $"initial network of {one.File.ReplaceLineEndings(" ")}");
        }
        var task = settings.Task;
        if (settings.Compare) NetworkSimilarity.RequireRoom(networks.Select(one => one.Network.Units), settings.Trials * task.Steps);
        var dataSeed = settings.DataSeed ?? task.DefaultDataSeed;
        var count = task is ArrayTask ? Math.Min(settings.Trials, task.DefaultTrials) : settings.Trials;
        var trials = task.Generate(count, dataSeed);
        backend ??= Backend.Default;
        NetworkDynamics[] analysed = [.. networks.Select((one, i) => About(one.File, () => NetworkDynamics.Of(one.File, one.Against,
            one.Network, settings, trials, backend, progress, settings.Initial?[i], cancellation)))];
        return new DynamicsRun(settings, dataSeed, trials, analysed)
        {
            Backend = backend,
            Similarity = settings.Compare
                ? NetworkSimilarity.Of(analysed, settings, trials, backend, progress, cancellation) : null,
        };
    }

    private static void Validate(DynamicsSettings settings)
    {
        if (settings.Trials < 1) throw InvalidInputException.Of("trials", settings.Trials, "1 or more", "50 is usual");
        if (settings.Starts is < 1 or > MostStarts)
            throw InvalidInputException.Of("starts", settings.Starts, $"1 to {MostStarts}", "200 is usual");
        if (settings.Draws is < 1 or > MostDraws)
            throw InvalidInputException.Of("draws of ablation", settings.Draws, $"1 to {MostDraws}", "10 is usual");
        settings.FixedPoints.Validate();
        if (settings.Seed < 0) throw InvalidInputException.Of("seed", settings.Seed, "0 or above", "choose another seed");
        var task = settings.Task;
        if (task.Steps < 2)
            throw InvalidInputException.Of("steps of the task", task.Steps, "2 or more", "choose a task with longer trials");
        if (settings.JacobianSteps < 0 || settings.JacobianSteps > task.Steps)
            throw InvalidInputException.Of("steps of Jacobians (--jacobian-steps)", settings.JacobianSteps,
                $"0 to {task.Steps}, the steps of a trial", "10 is usual, 0 is for none");
        if (settings.JacobianTrials < 1)
            throw InvalidInputException.Of("trials of Jacobians (--jacobian-trials)", settings.JacobianTrials, "1 or more",
                "5 is usual; --jacobian-steps 0 is for none");
        settings.Bifurcation?.Validate(task.Inputs);
        if (settings.Input.Count > 0 && (settings.Input.Count != task.Inputs || !settings.Input.All(value => float.IsFinite((float)value))))
            throw InvalidInputException.Of("constant input", string.Join(",", settings.Input),
                $"{Count(task.Inputs, "finite number")}, one per input channel", "write it like 0,1");
    }

    /// <summary>Works on a file; what is refused, or fails, says of which file.</summary>
    internal static T About<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{InputFile.OneLine(file)}: {e.Message}", e.InnerException ?? e);
        }
        catch (ComputationException e)
        {
            throw new ComputationException($"{InputFile.OneLine(file)}: {e.Message}", e.InnerException ?? e);
        }
    }

    /// <summary>Refuses a network that cannot run trials of a task.</summary>
    internal static void RequireFitting(string file, EiRnn network, ITask task, bool noise)
    {
        if (network.Inputs != task.Inputs || network.Outputs != task.Outputs)
            throw InvalidInputException.Of(file.ReplaceLineEndings(" "),
                $"a network of {Count(network.Inputs, "input")} and {Count(network.Outputs, "output")}",
                $"{Count(task.Inputs, "input")} and {Count(task.Outputs, "output")}, as task '{task.Name}' has",
                "name the task that it was trained on (--task)");
        if (noise && !network.Spec.Cell.IsNoisy)
            throw InvalidInputException.Of(file.ReplaceLineEndings(" "), "a network without noise (noise_rec 0)",
                "noise_rec or noise_in above 0, for trials with noise", "leave --noise out, or train with --noise-rec");
    }

    /// <summary>Curves of several networks as one: at each degree of damage the mean of the networks' means and its standard error over
    /// networks.</summary>
    internal static IReadOnlyList<(double Fraction, Estimate Accuracy, Estimate Loss)> MeanCurve(
        IReadOnlyList<IReadOnlyList<LesionPoint>> curves)
    {
        return curves.Count == 1
            ? [.. curves[0].Select(point => (point.Fraction, Estimate.Of(point.Accuracy), Estimate.Of(point.Loss)))]
            : [.. Enumerable.Range(0, curves[0].Count).Select(OverNetworks)];

        (double Fraction, Estimate Accuracy, Estimate Loss) OverNetworks(int degree)
        {
            LesionPoint[] points = [.. curves.Select(curve => curve[degree])];
            return (points.Average(point => point.Fraction),
                Estimate.Of([.. points.Select(point => point.Accuracy.Average())]),
                Estimate.Of([.. points.Select(point => point.Loss.Average())]));
        }
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : FormattableString.Invariant($"{count} {what}s");
}
