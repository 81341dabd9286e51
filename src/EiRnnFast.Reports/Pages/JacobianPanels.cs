using EiRnnFast.Dynamics;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Reports;

/// <summary>The panels of Jacobians, and of fixed points along the input, of an analysis of dynamics.</summary>
internal static class JacobianPanels
{
    /// <summary>Of one network.</summary>
    public static JacobianPanel Of(DynamicsRun run, NetworkDynamics network)
    {
        List<JacobianLine> lines = [];
        if (network.Jacobians is { } jacobians)
        {
            Add(jacobians, "spectral radius", false, one => one.Spectrum.SpectralRadius);
            Add(jacobians, "edge of the bulk + 1 − α", false, one => one.Spectrum.Edge + one.Spectrum.Theory?.Centre);
            Add(jacobians, "theory's spectral radius", true, one => one.Spectrum.TheoryReach);
        }
        return new JacobianPanel(network.Against ? "against" : "network",
            [.. network.FixedPoints.Fixed.Select(point => new JacobianPoint(point.Eigenvalues, point.Stability, point.Theory))],
            [.. (network.Jacobians?.Steps ?? []).Select(step => step * run.Settings.Task.StepMs)], lines);

        void Add(TrialJacobians all, string name, bool isTheory, Func<TrialJacobian, double?> measure)
        {
            var values = all.ByStep(measure);
            if (values.Any(value => value.Count > 0)) lines.Add(new JacobianLine(name, isTheory, values));
        }
    }

    /// <summary>The first readout of one network's fixed points along the input.</summary>
    public static BifurcationPanel Bifurcation(NetworkDynamics network)
    {
        var found = network.Curves!;
        BifurcationPoint At(CurvePoint point, BifurcationKind? kind) =>
            new(point.S, BifurcationSummary.Readout(network.Network, point.Rates)[0], point.IsStable, kind);
        return new BifurcationPanel(network.Against ? "against" : "network",
            FormattableString.Invariant($"s, input from {Text(found.Path.From)} to {Text(found.Path.To)}"),
            [.. found.Curves.Select(curve =>
            {
                var kinds = curve.Bifurcations.ToDictionary(one => one.Point, one => one.Kind);
                return (IReadOnlyList<BifurcationPoint>)[.. curve.Points.Index()
                    .Select(place => At(place.Item, kinds.TryGetValue(place.Index, out var kind) ? kind : null))];
            })]);

        static string Text(IReadOnlyList<double> input) =>
            $"({string.Join(", ", input.Select(x => x.ToString("g3", System.Globalization.CultureInfo.InvariantCulture)))})";
    }
}
