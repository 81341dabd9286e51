using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>What the networks of a group have in common: measures over networks, so that two groups stand side by side.</summary>
/// <param name="Against">Whether the others are held against them.</param>
/// <param name="Networks">How many.</param>
/// <param name="Measures">Name and mean with standard error over those networks that have it.</param>
public sealed record DynamicsGroup(bool Against, int Networks, IReadOnlyList<KeyValuePair<string, Estimate>> Measures)
{
    private static readonly (string Name, Func<NetworkDynamics, double?> Of)[] s_measures =
    [
        ("accuracy", network => network.Accuracy),
        ("loss", network => network.Loss),
        ("spectral_radius", network => network.Spectrum.SpectralRadius),
        ("outer_radius", network => network.Spectrum.OuterRadius),
        ("participation_ratio", network => Population(network, "all")?.Components.ParticipationRatio),
        ("participation_ratio_inhibitory", network => Population(network, "inhibitory")?.Components.ParticipationRatio),
        ("participation_ratio_excitatory", network => Population(network, "excitatory")?.Components.ParticipationRatio),
        ("ei_cka", network => network.Alignment?.Cka),
        ("ei_subspace_angle", network => network.Alignment?.SubspaceAngle),
        ("ei_canonical_correlation", network => network.Alignment?.CanonicalCorrelation),
        ("inhibitory_in_excitatory", network => network.Alignment?.InhibitoryInExcitatory),
        ("excitatory_in_inhibitory", network => network.Alignment?.ExcitatoryInInhibitory),
        ("outlier_pattern_variance", network => network.OutlierActivity?.Patterns.Variance),
        ("outlier_sensitivity_variance", network => network.OutlierActivity?.Sensitivities.Variance),
        ("outlier_pattern_in_components", network => InComponents(network, mode => mode.Pattern)),
        ("outlier_sensitivity_in_components", network => InComponents(network, mode => mode.Sensitivity)),
        ("outlier_dimensions", network => network.OutlierActivity?.Patterns.Dimension),
        ("median_unit_frequency", network => Median([.. network.Activity.DominantFrequency.OfType<double>()])),
        ("silent_units", network => network.Activity.SilentUnits.Count()),
        ("saturated_units", network => network.Activity.SaturatedUnits?.Count()),
        ("stable_fixed_points", network => network.FixedPoints.Fixed.Count(point => point.IsStable)),
        ("marginal_fixed_points", network => network.FixedPoints.Fixed.Count(point => point.Stability == PointStability.Marginal)),
        ("unstable_fixed_points", network => network.FixedPoints.Fixed.Count(point => point.Stability == PointStability.Unstable)),
        ("fixed_points_missing", network => network.FixedPoints.IsIncomplete is { } missing ? missing ? 1 : 0 : null),
        ("slow_points", network => network.FixedPoints.Slow.Count),
        ("jacobian_radius", network => network.Jacobians?.Mean(one => one.Spectrum.SpectralRadius)),
        ("jacobian_edge", network => network.Jacobians?.Mean(one => one.Spectrum.Edge)),
        ("jacobian_theory_edge", network => network.Jacobians?.Mean(one => one.Spectrum.Theory?.Radius)),
        ("jacobian_theory_reach", network => network.Jacobians?.Mean(one => one.Spectrum.TheoryReach)),
        ("jacobian_fraction_inside", network => network.Jacobians?.Mean(one => one.Spectrum.FractionInside)),
        ("input_gain", network => network.Jacobians?.Mean(one => one.InputGains[0])),
        ("lyapunov", network => network.Lyapunov.PerStep[0] is { Count: > 0, Mean: var mean } ? mean : null),
        ("trial_growth", network => network.Lyapunov.TrialGrowth is { Count: > 0, Mean: var mean } ? mean : null),
        ("pushed_distance", network => network.Response.Distance[^1].Mean),
        ("accuracy_without_tenth", network => AccuracyWithout(0.1, Population(network, "all")?.Ablation)),
        ("learned_keeping_rank", network => network.Learned?.Keeping),
        ("learned_settled_rank", network => network.Learned?.Settled),
        ("learned_projected_keeping_rank", network => network.Learned?.ProjectedKeeping),
        ("learned_projected_settled_rank", network => network.Learned?.ProjectedSettled),
        ("accuracy_pruned_half", network => AccuracyWithout(0.5, network.Pruning)),
    ];

    /// <summary>The groups of an analysis: the networks asked about, then those that they are held against, if any.</summary>
    public static IReadOnlyList<DynamicsGroup> Of(DynamicsRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. run.Networks.GroupBy(network => network.Against)
            .Select(group => new DynamicsGroup(group.Key, group.Count(), [.. MeasuresOf([.. group])]))];
    }

    /// <summary>Every measure of the networks asked about, and of those that they are held against.</summary>
    internal static IEnumerable<(string Measure, double[] Main, double[] Against)> Values(DynamicsRun run)
    {
        return s_measures.Select(measure => (measure.Name, Of(measure.Of, false), Of(measure.Of, true)));

        double[] Of(Func<NetworkDynamics, double?> measure, bool against) =>
            [.. run.Networks.Where(network => network.Against == against).Select(measure).OfType<double>().Where(double.IsFinite)];
    }

    /// <summary>The measures that at least one network has.</summary>
    private static IEnumerable<KeyValuePair<string, Estimate>> MeasuresOf(NetworkDynamics[] networks) => s_measures
        .Select(measure => KeyValuePair.Create(measure.Name, Estimate.Of([.. networks.Select(measure.Of).OfType<double>()])))
        .Where(measure => measure.Value.Count > 0);

    private static PopulationDynamics? Population(NetworkDynamics network, string name) =>
        network.Populations.FirstOrDefault(population => population.Name == name);

    /// <summary>Mean accuracy at the largest damage up to a fraction; null without such a point.</summary>
    private static double? AccuracyWithout(double fraction, IReadOnlyList<LesionPoint>? curve) =>
        curve?.LastOrDefault(point => point.Fraction <= fraction)?.Accuracy.Average();

    /// <summary>Mean over the outliers of the share of their planes in the first components.</summary>
    private static double? InComponents(NetworkDynamics network, Func<ActiveMode, ActivityOverlap> of) =>
        network.OutlierActivity is not { } found ? null : found.Modes.Average(mode =>
            of(mode).InComponents[found.Components.Count(count => count <= OutlierActivity.UsualComponents) - 1]);

    private static double? Median(double[] values)
    {
        if (values.Length == 0) return null;
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
