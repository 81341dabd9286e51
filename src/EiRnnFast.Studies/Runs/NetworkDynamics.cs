using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Similarity;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>Units that are looked at together.</summary>
/// <param name="Name">all, excitatory or inhibitory.</param>
/// <param name="Units">Their indices.</param>
/// <param name="Components">Principal components of their activity.</param>
/// <param name="Ablation">What is left when some are removed.</param>
public sealed record PopulationDynamics(
    string Name, IReadOnlyList<int> Units, PrincipalComponents Components, IReadOnlyList<LesionPoint> Ablation);

/// <summary>How far an analysis has come.</summary>
/// <param name="File">The network under way.</param>
/// <param name="Stage">What is done with it.</param>
/// <param name="Done">Steps of the stage done.</param>
/// <param name="Total">Steps of the stage.</param>
public readonly record struct DynamicsProgress(string File, string Stage, int Done, int Total);

/// <summary>Everything that the analysis finds about one network.</summary>
public sealed record NetworkDynamics
{
    /// <summary>The file as it was named.</summary>
    public required string File { get; init; }

    /// <summary>Whether it is one of those that the others are held against.</summary>
    public required bool Against { get; init; }

    /// <summary>The network.</summary>
    public required EiRnn Network { get; init; }

    /// <summary>Rates, [trials×steps×N].</summary>
    public required float[] States { get; init; }

    /// <summary>Outputs, [trials×steps×O].</summary>
    public required float[] Outputs { get; init; }

    /// <summary>Fraction of right trials.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean squared error.</summary>
    public required double Loss { get; init; }

    /// <summary>All units; with a sign constraint also excitatory and inhibitory ones, where there are any.</summary>
    public required IReadOnlyList<PopulationDynamics> Populations { get; init; }

    /// <summary>How alike excitatory and inhibitory units move; null without both, or where one of them is still.</summary>
    public PopulationAlignment? Alignment { get; init; }

    /// <summary>Activity of single units.</summary>
    public required UnitActivity Activity { get; init; }

    /// <summary>Eigenvalues of W_rec.</summary>
    public required Spectrum Spectrum { get; init; }

    /// <summary>Whether the activity lies where the outliers of W_rec are; null without outliers, and where no unit changes.</summary>
    public OutlierActivity? OutlierActivity { get; init; }

    /// <summary>Fixed and slow points.</summary>
    public required FixedPoints FixedPoints { get; init; }

    /// <summary>Jacobians along trials; null where none was asked for.</summary>
    public TrialJacobians? Jacobians { get; init; }

    /// <summary>Fixed points along the input; null where none were asked for.</summary>
    public FixedPointCurves? Curves { get; init; }

    /// <summary>Lyapunov exponents of where the trials lead, and what grows most within them.</summary>
    public required LyapunovExponents Lyapunov { get; init; }

    /// <summary>Divergence of pushed copies.</summary>
    public required PerturbationResponse Response { get; init; }

    /// <summary>What is left without each unit alone, in their order; null where that was not asked.</summary>
    public IReadOnlyList<SingleUnit>? SingleUnits { get; init; }

    /// <summary>What is left when the smallest weights are set to 0.</summary>
    public required IReadOnlyList<LesionPoint> Pruning { get; init; }

    /// <summary>How much of what training has added the task needs; null where the initial network is not known.</summary>
    public LearnedTruncations? Learned { get; init; }

    /// <summary>Analyses one network.</summary>
    /// <exception cref="InvalidInputException">A task that does not fit the network, or a setting out of range.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static NetworkDynamics Of(string file, bool against, EiRnn network, DynamicsSettings settings, TrialBatch trials,
        Backend? backend = null, Action<DynamicsProgress>? progress = null, EiRnn? initial = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(network);
        backend ??= Backend.Default;
        var (kernels, solver) = backend;
        var threads = backend.Threads;
        long? noise = settings.Noise ? settings.Seed : null;
        var (accuracy, loss) = Lesions.Judge(network, settings.Task, trials, kernels, noise);
        var map = RecurrentMap.Of(network, [.. settings.Input]);

        Report("activity", 0, 1);
        var (outputs, states) = network.Run(trials.X, trials.Count, kernels, noise);
        var activity = UnitActivity.Of(states, trials.Count, network.Units, settings.Task.StepMs, settings.Thresholds,
            network.Spec.Cell.Activation);
        var alignment = PopulationAlignment.Of(states, network.Spec.Signs.SignsOf(network.Units));
        cancellation.ThrowIfCancellationRequested();
        var visited = map.IsOfVoltages ? map.States(trials.X, trials.Count)
            : noise is null ? states : network.Run(trials.X, trials.Count, kernels).States;
        var points = Search(map);
        var curves = settings.Bifurcation is null ? null : FixedPointCurves.Of(network, settings.Bifurcation, Search,
            settings.FixedPoints.Distance, done => Report("curves of fixed points", done, done), solver, cancellation);
        var looked = Math.Min(trials.Count, settings.JacobianTrials);
        var jacobians = settings.JacobianSteps == 0 ? null
            : TrialJacobians.Of(network, trials.X.AsSpan(0, looked * trials.Steps * trials.Inputs), looked, settings.JacobianSteps,
                done => Report("Jacobians", done, looked), solver, threads, cancellation);
        var followed = Math.Min(trials.Count, settings.StabilityTrials);
        var inputs = trials.X.AsSpan(0, followed * trials.Steps * trials.Inputs);
        var lyapunov = LyapunovExponents.Of(network, inputs, followed, Math.Min(network.Units, settings.Exponents), settings.Seed,
            done => Report("Lyapunov exponents", done, followed), solver, threads, cancellation);
        Report("perturbations", 0, 1);
        var response = PerturbationResponse.Of(network, inputs, followed, Math.Min(trials.Steps / 2, trials.Steps - 2),
            settings.Push, settings.Copies, settings.Seed, cancellation);
        List<PopulationDynamics> populations = [];
        foreach (var (name, units) in PopulationsOf(network))
        {
            Report($"ablation, {name} units", populations.Count, 3);
            var components = PrincipalComponents.Of(states, network.Units, units);
            var removed = settings.AblationFractions.Select(fraction => (int)Math.Round(fraction * units.Length));
            var ablation = Lesions.Ablation(network, settings.Task, trials, units, removed, settings.Draws, settings.Seed, kernels,
                noiseSeed: noise, threads: threads, cancellation: cancellation);
            populations.Add(new PopulationDynamics(name, units, components, ablation));
        }
        var singles = !settings.SingleUnits ? null : Lesions.SingleUnits(network, settings.Task, trials, kernels,
            done => Report("single units", done, network.Units), noise, threads, cancellation);
        var learned = initial is null ? null : LearnedTruncations.Of(network, initial, settings.Task, trials, kernels,
            done => Report("learned part", done, network.Units + 1), noise, threads, cancellation);
        Report("outliers", 0, 1);
        var spectrum = Spectrum.Of(network, solver);
        var outliers = OutlierActivity.Of(network, spectrum, populations[0].Components, solver, cancellation);
        Report("pruning", 0, 1);
        return new NetworkDynamics
        {
            File = file, Against = against, Network = network,
            States = states, Outputs = outputs, Accuracy = accuracy, Loss = loss,
            Populations = populations, Alignment = alignment, Activity = activity,
            Spectrum = spectrum, OutlierActivity = outliers,
            FixedPoints = points, Curves = curves, Jacobians = jacobians, Lyapunov = lyapunov, Response = response, SingleUnits = singles,
            Learned = learned,
            Pruning = Lesions.Pruning(network, settings.Task, trials, settings.PruningFractions, kernels, noiseSeed: noise,
                threads: threads, cancellation: cancellation),
        };

        FixedPoints Search(RecurrentMap under)
        {
            var starts = FixedPoints.StartsFrom(under, visited, settings.Starts, settings.StartNoise, settings.FixedPoints.FreeSteps,
                settings.Seed, threads);
            return FixedPoints.Find(under, starts, settings.FixedPoints,
                done => Report("fixed points", done, Math.Max(done, starts.Length)), solver, settings.Seed, threads, cancellation);
        }

        void Report(string stage, int done, int total) => progress?.Invoke(new DynamicsProgress(file, stage, done, total));
    }

    private static (string Name, int[] Units)[] PopulationsOf(EiRnn network)
    {
        var signs = network.Spec.Signs.SignsOf(network.Units);
        (string Name, int[] Units)[] populations =
        [
            ("all", Where(_ => true)),
            ("inhibitory", Where(sign => sign < 0)),
            ("excitatory", Where(sign => sign > 0)),
        ];
        return [.. populations.Where(population => population.Units.Length > 0)];

        int[] Where(Func<int, bool> test) => [.. Enumerable.Range(0, signs.Length).Where(unit => test(signs[unit]))];
    }
}
