using System.Globalization;
using System.Text;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>The tables of an analysis of dynamics as CSV (RFC 4180): numbers that read back as the same bits, nothing for what is not
/// there.</summary>
internal static class DynamicsTables
{
    public static string FixedPoints(DynamicsRun run)
    {
        var text = new StringBuilder("file,kind,point,q,speed,spectral_radius,leading_re,leading_im,stable,unstable_directions,starts,"
            + "pc1,pc2,pc3,stability,index,disc_centre,disc_radius\n");
        foreach (var network in run.Networks)
            foreach (var (kind, points) in new[] { ("fixed", network.FixedPoints.Fixed), ("slow", network.FixedPoints.Slow) })
                foreach (var (i, point) in points.Index())
                {
                    text.Append(CultureInfo.InvariantCulture, $"{Quoted(network.File)},{kind},{i + 1},");
                    FixedPointRow(text, point, network);
                }
        return text.ToString();
    }

    /// <summary>The columns from q on.</summary>
    private static void FixedPointRow(StringBuilder text, FixedPoint point, NetworkDynamics network)
    {
        var speed = Math.Sqrt(2 * point.Q);
        var leading = point.Eigenvalues[0];
        var stable = point.IsStable ? "true" : "false";
        double[] position = network.Populations[0].Components.Project([.. point.Rates], Math.Min(3, network.Network.Units));
        text.Append(CultureInfo.InvariantCulture, $"{point.Q:R},{speed:R},{point.SpectralRadius:R},");
        text.Append(CultureInfo.InvariantCulture, $"{leading.Real:R},{leading.Imaginary:R},");
        text.Append(CultureInfo.InvariantCulture, $"{stable},{point.UnstableDirections},{point.Starts}");
        for (var k = 0; k < 3; k++) text.Append(CultureInfo.InvariantCulture, $",{(k < position.Length ? position[k] : null):R}");
        text.Append(CultureInfo.InvariantCulture, $",{point.Stability.ToString().ToLowerInvariant()},{point.Index}");
        text.Append(CultureInfo.InvariantCulture, $",{point.Theory?.Centre:R},{point.Theory?.Radius:R}\n");
    }

    public static string Components(DynamicsRun run)
    {
        var text = new StringBuilder("file,population,units,participation_ratio,component,variance,explained_variance,cumulative\n");
        foreach (var network in run.Networks)
            foreach (var population in network.Populations)
            {
                var components = population.Components;
                var sum = 0.0;
                foreach (var (k, explained) in components.ExplainedVariance.Index())
                {
                    sum += explained;
                    text.Append(CultureInfo.InvariantCulture, $"{Quoted(network.File)},{population.Name},{population.Units.Count},");
                    text.Append(CultureInfo.InvariantCulture, $"{components.ParticipationRatio:R},{k + 1},{components.Variances[k]:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{explained:R},{sum:R}\n");
                }
            }
        return text.ToString();
    }

    public static string Groups(DynamicsRun run)
    {
        var text = new StringBuilder("group,measure,mean,sem,n\n");
        foreach (var group in DynamicsGroup.Of(run))
            foreach (var (name, value) in group.Measures)
                text.Append(CultureInfo.InvariantCulture,
                    $"{GroupName(group.Against)},{name},{value.Mean:R},{value.StandardError:R},{value.Count}\n");
        return text.ToString();
    }

    /// <summary>A row per network and degree; where a group has several networks, also rows without a file, over them.</summary>
    public static string Ablation(DynamicsRun run)
    {
        var text = new StringBuilder("group,file,networks,population,removed,fraction,accuracy,accuracy_sem,loss,loss_sem,n\n");
        foreach (var group in run.Networks.GroupBy(network => network.Against))
            foreach (var name in group.SelectMany(network => network.Populations).Select(population => population.Name).Distinct())
                Curves(text, group.Key, $"{name},", [.. group.Select(network => (network.File, AblationOf(network, name)))]);
        return text.ToString();

        static IReadOnlyList<LesionPoint>? AblationOf(NetworkDynamics network, string name) =>
            network.Populations.FirstOrDefault(population => population.Name == name)?.Ablation;
    }

    /// <inheritdoc cref="Ablation"/>
    public static string Pruning(DynamicsRun run)
    {
        var text = new StringBuilder("group,file,networks,removed,fraction,accuracy,accuracy_sem,loss,loss_sem,n\n");
        foreach (var group in run.Networks.GroupBy(network => network.Against))
            Curves(text, group.Key, "", [.. group.Select(network => (network.File, (IReadOnlyList<LesionPoint>?)network.Pruning))]);
        return text.ToString();
    }

    /// <param name="text">Takes the rows.</param>
    /// <param name="against">The group.</param>
    /// <param name="population">The cell of the population with its comma; empty in a table without that column.</param>
    /// <param name="curves">A curve of every network; null for a network without that population.</param>
    private static void Curves(
        StringBuilder text, bool against, string population, (string File, IReadOnlyList<LesionPoint>? Curve)[] curves)
    {
        foreach (var (file, curve) in curves)
            // Small populations round two fractions to one number of units.
            foreach (var point in (curve ?? []).DistinctBy(point => (point.Removed, population.Length > 0 ? 0 : point.Fraction)))
                Row(Quoted(file), 1, $"{point.Removed}", point.Fraction, Estimate.Of(point.Accuracy), Estimate.Of(point.Loss));
        IReadOnlyList<LesionPoint>[] present = [.. curves.Where(one => one.Curve is not null).Select(one => one.Curve!)];
        if (present.Length < 2) return;
        foreach (var (fraction, accuracy, loss) in DynamicsRun.MeanCurve(present))
            Row("", present.Length, "", fraction, accuracy, loss);

        void Row(string file, int networks, string removed, double fraction, Estimate accuracy, Estimate loss)
        {
            text.Append(CultureInfo.InvariantCulture, $"{GroupName(against)},{file},{networks},{population}{removed},{fraction:R},");
            text.Append(CultureInfo.InvariantCulture, $"{accuracy.Mean:R},{accuracy.StandardError:R},");
            text.Append(CultureInfo.InvariantCulture, $"{loss.Mean:R},{loss.StandardError:R},{accuracy.Count}\n");
        }
    }

    internal static string GroupName(bool against) => against ? "against" : "main";

    internal static string Quoted(string value) => value.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : value;
}
