using System.Numerics;
using EiRnnFast.Dynamics;
using EiRnnFast.Settings;
using EiRnnFast.Files;

namespace EiRnnFast.Studies.Runs;

/// <summary>An analysis of dynamics as it stands in JSON: <c>dynamics.json</c>.</summary>
public static class DynamicsSummary
{
    /// <summary>The object to serialise with <see cref="TrainingSummary.Json"/>.</summary>
    public static object Of(DynamicsRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (settings, task, points) = (run.Settings, run.Settings.Task, run.Settings.FixedPoints);
        var comparisons = DynamicsComparison.Of(run);
        return new
        {
            Version = Backend.EngineVersion, KernelSet = run.Backend.Kernels.Name, Lapack = run.Backend.Solver.Name,
            Task = task.Name, TaskOptions = SettingTable.Get(SettingTable.TaskOptions).Of(new RunSettings { Task = task }),
            TaskFile = (task as FileTask)?.Path, TaskSha256 = (task as FileTask)?.Sha256,
            task.StepMs, task.Steps, run.DataSeed, Trials = run.Trials.Count, settings.Seed, settings.Noise,
            Tolerances = new
            {
                settings.Starts, settings.StartNoise, points.FreeSteps, points.FurtherStarts,
                ConstantInput = settings.Input.Count > 0 ? settings.Input : new double[task.Inputs],
                points.FixedTolerance, points.SlowTolerance, points.StepTolerance, points.GradientTolerance,
                points.Distance, points.Iterations, FixedPoints.FruitlessStarts, Marginal = FixedPoint.Rounding,
                settings.Thresholds.Silent, settings.Thresholds.Saturated, settings.Thresholds.SaturatedFraction,
                settings.Push, settings.Copies, settings.StabilityTrials, settings.JacobianSteps, settings.JacobianTrials,
                LyapunovExponents.SettlingSteps, LyapunovExponents.AligningSteps, LyapunovExponents.MeasuredSteps,
                settings.Draws,
            },
            Groups = DynamicsGroup.Of(run).Select(group => new
            {
                group.Against, group.Networks,
                Measures = group.Measures.ToDictionary(measure => measure.Key, measure => Value(measure.Value)),
            }),
            ComparisonTests = comparisons.Count, Comparisons = comparisons,
            Networks = run.Networks.Select(network => Network(network, task.StepMs)),
            Similarity = run.Similarity is { } similarity ? SimilaritySummary.Of(similarity, run.Networks) : null,
        };
    }

    private static object Network(NetworkDynamics n, double stepMs)
    {
        int[] silent = [.. n.Activity.SilentUnits];
        int[]? saturated = n.Activity.SaturatedUnits is { } units ? [.. units] : null;
        return new
        {
            n.File, n.Against, n.Network.Units, n.Network.Seed,
            SignAxis = SettingNames.Of(SettingNames.Axes, n.Network.Spec.Signs.Axis),
            Cell = new CellRecord(n.Network.Spec.Cell),
            n.Accuracy, n.Loss,
            Populations = n.Populations.Select(population => new
            {
                population.Name, population.Units.Count, population.Components.ParticipationRatio,
                NinetyPercentComponents = population.Components.Holding(0.9),
                population.Components.ExplainedVariance,
                Silent = population.Units.Count(silent.Contains),
                Saturated = saturated is null ? (int?)null : population.Units.Count(saturated.Contains),
            }),
            PopulationAlignment = SimilaritySummary.Of(n.Alignment),
            OutlierActivity = OutlierActivityTable.Of(n.OutlierActivity, n.Network.Units),
            Activity = new
            {
                SilentUnits = silent, SaturatedUnits = saturated, n.Activity.Largest, n.Activity.Mean, n.Activity.SaturatedSteps,
            },
            Frequencies = new
            {
                Units = n.Activity.DominantFrequency,
                Eigenvalues = Pairs(n.Spectrum.Eigenvalues),
                Spectral = UnitActivity.SpectralFrequencies(n.Spectrum.Eigenvalues, stepMs),
            },
            FixedPoints = new
            {
                n.FixedPoints.Starts, n.FixedPoints.FurtherStarts,
                n.FixedPoints.EndedFixed, n.FixedPoints.EndedSlow, n.FixedPoints.EndedFast, n.FixedPoints.Unfinished,
                n.FixedPoints.HasIndexSum, n.FixedPoints.IndexSum, n.FixedPoints.IsIncomplete,
                Stable = Count(n, PointStability.Stable),
                Marginal = Count(n, PointStability.Marginal),
                Unstable = Count(n, PointStability.Unstable),
                Fixed = n.FixedPoints.Fixed.Select(Point), Slow = n.FixedPoints.Slow.Select(Point),
            },
            Jacobians = JacobianSummary.Of(n.Jacobians),
            Bifurcation = BifurcationSummary.Of(n),
            Lyapunov = new
            {
                n.Lyapunov.AtRest, n.Lyapunov.Escaping,
                PerStep = n.Lyapunov.PerStep.Zip(n.Lyapunov.Vanishing, Exponent),
                TrialGrowth = Value(n.Lyapunov.TrialGrowth),
                LeadingGrowth = n.Lyapunov.Growth.Select(Value),
            },
            Perturbation = new { n.Response.Step, n.Response.Size, n.Response.Copies, Distance = n.Response.Distance.Select(Value) },
            Ablation = n.Populations.ToDictionary(population => population.Name,
                population => population.Ablation.DistinctBy(point => point.Removed).Select(Lesion)),
            SingleUnits = n.SingleUnits?.Select(one => new
            {
                one.Unit, Population = SingleUnitTable.PopulationOf(one), one.Sign, one.Accuracy, one.Loss,
                AccuracyChange = one.Accuracy - n.Accuracy, LossChange = one.Loss - n.Loss,
            }),
            Learned = LearnedTruncationTable.Of(n.Learned),
            Pruning = n.Pruning.Select(Lesion),
        };
    }

    private static object Point(FixedPoint point) => new
    {
        point.Q, point.SpectralRadius,
        Stable = point.IsStable, Stability = point.Stability.ToString().ToLowerInvariant(),
        point.Index, point.UnstableDirections, point.Starts,
        JacobianEigenvalues = Pairs(point.Eigenvalues), JacobianTheory = point.Theory,
        Jacobian = JacobianSummary.Of(point.Jacobian),
        State = point.Rates, Voltage = point.IsOfVoltages ? point.State : null,
    };

    /// <summary>A mean with its error, null for a mean of nothing.</summary>
    internal static object Value(Estimate estimate) =>
        new { Mean = Known(estimate), Sem = estimate.StandardError, N = estimate.Count };

    private static object Exponent(Estimate exponent, int vanishing) =>
        new { Mean = Known(exponent), Sem = exponent.StandardError, N = exponent.Count, Vanishing = vanishing };

    /// <summary>The mean, null where there is none.</summary>
    private static double? Known(Estimate estimate) => estimate.Count > 0 ? estimate.Mean : null;

    private static int Count(NetworkDynamics network, PointStability stability) =>
        network.FixedPoints.Fixed.Count(point => point.Stability == stability);

    private static object Lesion(LesionPoint point) => new
    {
        point.Removed, point.Fraction,
        Accuracy = Value(Estimate.Of(point.Accuracy)), Loss = Value(Estimate.Of(point.Loss)),
    };

    private static double[][] Pairs(IEnumerable<Complex> values) => [.. values.Select(z => new[] { z.Real, z.Imaginary })];
}
