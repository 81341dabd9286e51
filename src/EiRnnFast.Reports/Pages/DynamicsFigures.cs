using EiRnnFast.Dynamics;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Reports;

/// <summary>The figures in the folder of an analysis of dynamics: activity, trajectories, fixed_points, jacobians, lesions, where the
/// learned part was truncated learned, where fixed points were followed along the input bifurcation, and distances of compared
/// networks.</summary>
public static class DynamicsFigures
{
    private const string ActivityName = "activity", Trajectories = "trajectories", FixedPoints = "fixed_points",
        Jacobians = "jacobians", Lesions = "lesions", Learned = "learned", Bifurcation = "bifurcation", Distances = "distances";

    /// <summary>All files that may be there.</summary>
    public static IReadOnlyList<string> Every { get; } = Names(svg: true, bifurcation: true, compared: true, learned: true);

    /// <summary>The files, in the order in which a person looks at them.</summary>
    /// <param name="svg">As SVG beside PNG.</param>
    /// <param name="bifurcation">Whether fixed points were followed along the input.</param>
    /// <param name="compared">Of an analysis that compares networks.</param>
    /// <param name="learned">Whether the learned part was truncated.</param>
    public static IReadOnlyList<string> Names(bool svg = false, bool bifurcation = false, bool compared = false, bool learned = false)
    {
        List<string> names = [ActivityName, Trajectories, FixedPoints, Jacobians, Lesions];
        if (learned) names.Add(Learned);
        if (bifurcation) names.Add(Bifurcation);
        if (compared) names.Add(Distances);
        return FigureFiles.Names([.. names], svg);
    }

    /// <summary>The figures of an analysis.</summary>
    /// <param name="run">The analysis.</param>
    /// <param name="svg">As SVG beside PNG.</param>
    public static FolderFigures Of(DynamicsRun run, bool svg = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new FolderFigures(Every, folder => Write(folder, run, svg));
    }

    private static void Write(string folder, DynamicsRun run, bool svg)
    {
        NetworkDynamics[] shown = [.. run.Networks.GroupBy(network => network.Against).Select(group => group.First())];
        var title = $"{run.Settings.Task.Name}: {string.Join(" against ", shown.Select(Name))}";
        PhasePortrait[] portraits = [.. shown.Select(network => Portrait(run, network))];
        ActivityFigure.Of(Activity(run, shown), title).Write(Path.Combine(folder, ActivityName), svg);
        PhaseFigure.Trajectories(portraits, title).Write(Path.Combine(folder, Trajectories), svg);
        PhaseFigure.FixedPoints(portraits, title).Write(Path.Combine(folder, FixedPoints), svg);
        JacobianFigure.Of([.. shown.Select(network => JacobianPanels.Of(run, network))], title)
            .Write(Path.Combine(folder, Jacobians), svg);
        if (run.Settings.Bifurcation is not null)
            BifurcationFigure.Of([.. shown.Select(network => JacobianPanels.Bifurcation(network))], title)
                .Write(Path.Combine(folder, Bifurcation), svg);
        LesionFigure.Of(LesionPanels(run), LesionTitle(run)).Write(Path.Combine(folder, Lesions), svg);
        if (run.Settings.Initial is not null)
            LesionFigure.Of(LearnedPanels(run), LearnedTitle(run)).Write(Path.Combine(folder, Learned), svg);
        if (run.Similarity is { } similarity) Compared(run, similarity).Write(Path.Combine(folder, Distances), svg);
    }

    /// <summary>The file with the folder that it lies in: most networks are called network.npz.</summary>
    private static string Name(NetworkDynamics network) => string.Join('/', network.File.Split('/', '\\').TakeLast(2));

    /// <summary>One trial of each type, the networks side by side.</summary>
    private static ActivityPanel[] Activity(DynamicsRun run, NetworkDynamics[] shown)
    {
        var panels = new List<ActivityPanel>();
        foreach (var (name, trial) in TrialTrace.Samples(run.Settings.Task, run.Trials))
            foreach (var network in shown)
            {
                var length = run.Trials.Steps * network.Network.Units;
                panels.Add(new ActivityPanel(shown.Length > 1 ? $"{name}, {(network.Against ? "against" : "network")}" : name,
                    network.States.AsSpan(trial * length, length).ToArray(), network.Network.Spec.Signs.SignsOf(network.Network.Units),
                    run.Settings.Task.StepMs));
            }
        return [.. panels];
    }

    /// <summary>Trials and points in the plane of all units' components.</summary>
    private static PhasePortrait Portrait(DynamicsRun run, NetworkDynamics network)
    {
        var (units, components, samples) =
            (network.Network.Units, network.Populations[0].Components, TrialTrace.Samples(run.Settings.Task, run.Trials).ToArray());
        var typed = run.Trials.Types.Count > 0 && samples.All(sample => sample.Trial < run.Trials.Types.Count);
        var map = RecurrentMap.Of(network.Network);
        List<PhasePath> paths = [];
        for (var color = 0; color < samples.Length; color++)
        {
            var own = typed ? Enumerable.Range(0, run.Trials.Count)
                .Where(trial => run.Trials.Types[trial] == run.Trials.Types[samples[color].Trial]).Take(PhasePath.MostOfAType)
                : [samples[color].Trial];
            foreach (var trial in own) paths.Add(Path3(samples[color].Name, color, trial));
        }
        double[] Position(ReadOnlySpan<double> state)
        {
            var known = components.Project(state, Math.Min(3, units));
            return [known[0], known.Length > 1 ? known[1] : 0, known.Length > 2 ? known[2] : 0];
        }
        PhasePath Path3(string name, int color, int trial)
        {
            var (positions, speed) = (new double[run.Trials.Steps][], new double[run.Trials.Steps]);
            double[] h = new double[units], before = map.Rates(map.Initial);
            for (var t = 0; t < run.Trials.Steps; t++)
            {
                for (var i = 0; i < units; i++) h[i] = network.States[(trial * run.Trials.Steps + t) * units + i];
                positions[t] = Position(h);
                for (var i = 0; i < units; i++) speed[t] += (h[i] - before[i]) * (h[i] - before[i]);
                speed[t] = Math.Sqrt(speed[t]);
                h.CopyTo(before, 0);
            }
            return new PhasePath(name, color, positions, speed);
        }
        return new PhasePortrait(network.Against ? "against" : "network", paths,
            [.. network.FixedPoints.Fixed.Select(point => new PhasePoint(Position([.. point.Rates]), point.Stability, Slow: false)),
             .. network.FixedPoints.Slow.Select(point => new PhasePoint(Position([.. point.Rates]), point.Stability, Slow: true))],
                 run.Settings.Task.StepMs);
    }

    private static Figure Compared(DynamicsRun run, NetworkSimilarity similarity) => DistanceFigure.Of(
        [.. similarity.Measures.Select(measure => new DistancePanel(measure.Distances.Measure.Replace('_', ' '), measure.Distances.Values,
            measure.Clusters?.Leaves, measure.Clusters?.Merges ?? []))],
        $"{run.Settings.Task.Name}: distances between networks",
        [.. run.Networks.Select((network, i) => FormattableString.Invariant($"{(network.Against ? "a" : "")}{i + 1}"))],
        run.Networks.Any(network => network.Against) ? "network (a: against)" : "network");

    private static string LesionTitle(DynamicsRun run)
    {
        var over = run.Networks.Count(network => !network.Against) > 1 ? "networks" : "draws";
        return $"{Counted(run)}, bands ± s.e.m. over {over}";
    }

    private static string LearnedTitle(DynamicsRun run) => Counted(run)
        + (run.Networks.CountBy(network => network.Against).Any(group => group.Value > 1) ? ", bands ± s.e.m. over networks" : "");

    private static string Counted(DynamicsRun run) => $"{run.Settings.Task.Name}: " + string.Join(" against ",
        run.Networks.CountBy(network => network.Against)
            .Select(group => group.Value == 1 ? "1 network" : FormattableString.Invariant($"{group.Value} networks")));

    /// <summary>Up to twice the rank from which on the trained accuracy is kept: little happens beyond.</summary>
    private static LesionPanel[] LearnedPanels(DynamicsRun run)
    {
        LearnedTruncations[] all = [.. run.Networks.Select(network => network.Learned!)];
        var last = Math.Min(Math.Max(10, 2 * all.Max(one => Math.Max(one.Settled, one.ProjectedSettled))),
            all.Min(one => one.Ranks.Count) - 1);
        List<LesionLine> lines(params (string Name, Func<LearnedTruncation, double> Of)[] what) =>
            [.. run.Networks.GroupBy(network => network.Against).SelectMany(group => what.Select(one =>
            {
                Estimate[] over = [.. Enumerable.Range(0, last + 1)
                    .Select(k => Estimate.Of([.. group.Select(network => one.Of(network.Learned!.Ranks[k]))]))];
                return new LesionLine(one.Name, group.Key, [.. Enumerable.Range(0, last + 1).Select(k => (double)k)],
                    [.. over.Select(point => point.Mean)], [.. over.Select(point => point.StandardError ?? 0)]);
            }))];
        return
        [
            new LesionPanel("P(W₀) and components of the learned part", "components", "accuracy",
                lines(("as it is", one => one.Accuracy), ("signs kept", one => one.ProjectedAccuracy)), Unit: true, last),
            new LesionPanel("P(W₀) and components of the learned part", "components", "loss",
                lines(("as it is", one => one.Loss), ("signs kept", one => one.ProjectedLoss)), Unit: false, last),
        ];
    }

    private static LesionPanel[] LesionPanels(DynamicsRun run)
    {
        List<LesionLine> ablation(Func<(double Fraction, Estimate Accuracy, Estimate Loss), Estimate> what) =>
            [.. run.Networks.GroupBy(network => network.Against)
                .SelectMany(group => group.SelectMany(network => network.Populations).GroupBy(population => population.Name)
                .Select(population => Line(population.Key, group.Key, [.. population.Select(one => one.Ablation)], what)))];
        List<LesionLine> pruning(Func<(double Fraction, Estimate Accuracy, Estimate Loss), Estimate> what) =>
            [.. run.Networks.GroupBy(network => network.Against)
                .Select(group => Line("weights", group.Key, [.. group.Select(network => network.Pruning)], what))];
        return
        [
            new LesionPanel("units removed", "fraction of the population", "accuracy", ablation(point => point.Accuracy), Unit: true),
            new LesionPanel("smallest weights set to 0", "fraction of W_rec", "accuracy", pruning(point => point.Accuracy), Unit: true),
            new LesionPanel("units removed", "fraction of the population", "loss", ablation(point => point.Loss), Unit: false),
            new LesionPanel("smallest weights set to 0", "fraction of W_rec", "loss", pruning(point => point.Loss), Unit: false),
        ];
    }

    private static LesionLine Line(string name, bool against,
        IReadOnlyList<IReadOnlyList<LesionPoint>> curves, Func<(double Fraction, Estimate Accuracy, Estimate Loss), Estimate> what)
    {
        var over = DynamicsRun.MeanCurve(curves);
        return new LesionLine(name, against, [.. over.Select(point => point.Fraction)], [.. over.Select(point => what(point).Mean)],
            [.. over.Select(point => what(point).StandardError ?? 0)]);
    }
}
