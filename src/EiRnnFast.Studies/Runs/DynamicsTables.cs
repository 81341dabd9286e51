using System.Globalization;
using System.Text;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>The tables of an analysis of dynamics as CSV (RFC 4180): numbers that read back as the same bits, nothing for what is not there.</summary>
internal static class DynamicsTables
{
    public static string FixedPoints(DynamicsRun run)
    {
        var text = new StringBuilder("file,kind,point,q,speed,spectral_radius,leading_re,leading_im,stable,unstable_directions,starts,pc1,pc2,pc3,stability,index\n");
        foreach (var network in run.Networks)
            foreach (var (kind, points) in new[] { ("fixed", network.FixedPoints.Fixed), ("slow", network.FixedPoints.Slow) })
                for (var i = 0; i < points.Count; i++)
                {
                    var point = points[i];
                    text.Append(CultureInfo.InvariantCulture, $"{Quoted(network.File)},{kind},{i + 1},{point.Q:R},{Math.Sqrt(2 * point.Q):R},{point.SpectralRadius:R},{point.Eigenvalues[0].Real:R},{point.Eigenvalues[0].Imaginary:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{(point.IsStable ? "true" : "false")},{point.UnstableDirections},{point.Starts}");
                    double[] position = network.Populations[0].Components.Project([.. point.State], Math.Min(3, network.Network.Units));
                    for (var k = 0; k < 3; k++) text.Append(CultureInfo.InvariantCulture, $",{(k < position.Length ? position[k] : null):R}");
                    text.Append(CultureInfo.InvariantCulture, $",{point.Stability.ToString().ToLowerInvariant()},{point.Index}\n");
                }
        return text.ToString();
    }

    public static string Components(DynamicsRun run)
    {
        var text = new StringBuilder("file,population,units,participation_ratio,component,variance,explained_variance,cumulative\n");
        foreach (var network in run.Networks)
            foreach (var population in network.Populations)
            {
                var (explained, sum) = (population.Components.ExplainedVariance, 0.0);
                for (var k = 0; k < explained.Count; k++)
                    text.Append(CultureInfo.InvariantCulture, $"{Quoted(network.File)},{population.Name},{population.Units.Count},{population.Components.ParticipationRatio:R},{k + 1},{population.Components.Variances[k]:R},{explained[k]:R},{sum += explained[k]:R}\n");
            }
        return text.ToString();
    }

    public static string Groups(DynamicsRun run)
    {
        var text = new StringBuilder("group,measure,mean,sem,n\n");
        foreach (var group in DynamicsGroup.Of(run))
            foreach (var (name, value) in group.Measures) text.Append(CultureInfo.InvariantCulture, $"{(group.Against ? "against" : "main")},{name},{value.Mean:R},{value.StandardError:R},{value.Count}\n");
        return text.ToString();
    }

    /// <summary>A row per network and degree; where a group has several networks, also rows without a file, over them.</summary>
    public static string Ablation(DynamicsRun run)
    {
        var text = new StringBuilder("group,file,networks,population,removed,fraction,accuracy,accuracy_sem,loss,loss_sem,n\n");
        foreach (var group in run.Networks.GroupBy(network => network.Against))
            foreach (var population in group.SelectMany(network => network.Populations).GroupBy(population => population.Name))
                Curves(text, group.Key, $"{population.Key},", [.. group.Select(network => (network.File, network.Populations.FirstOrDefault(own => own.Name == population.Key)?.Ablation))]);
        return text.ToString();
    }

    /// <inheritdoc cref="Ablation"/>
    public static string Pruning(DynamicsRun run)
    {
        var text = new StringBuilder("group,file,networks,removed,fraction,accuracy,accuracy_sem,loss,loss_sem,n\n");
        foreach (var group in run.Networks.GroupBy(network => network.Against))
            Curves(text, group.Key, "", [.. group.Select(network => (network.File, (IReadOnlyList<LesionPoint>?)network.Pruning))]);
        return text.ToString();
    }

    private static void Curves(StringBuilder text, bool against, string population, (string File, IReadOnlyList<LesionPoint>? Curve)[] curves)
    {
        foreach (var (file, curve) in curves)
            foreach (var point in (curve ?? []).DistinctBy(point => (point.Removed, population.Length > 0 ? 0 : point.Fraction))) // small populations round two fractions to one number of units
                Row(Quoted(file), 1, $"{point.Removed}", point.Fraction, Estimate.Of(point.Accuracy), Estimate.Of(point.Loss));
        IReadOnlyList<LesionPoint>[] present = [.. curves.Where(one => one.Curve is not null).Select(one => one.Curve!)];
        if (present.Length < 2) return;
        foreach (var (fraction, accuracy, loss) in DynamicsRun.Over(present)) Row("", present.Length, "", fraction, accuracy, loss);

        void Row(string file, int networks, string removed, double fraction, Estimate accuracy, Estimate loss) => text.Append(CultureInfo.InvariantCulture,
            $"{(against ? "against" : "main")},{file},{networks},{population}{removed},{fraction:R},{accuracy.Mean:R},{accuracy.StandardError:R},{loss.Mean:R},{loss.StandardError:R},{accuracy.Count}\n");
    }

    private static string Quoted(string value) => value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
