using System.Globalization;
using System.Text;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;

namespace EiRnnFast.Studies.Runs;

/// <summary>Fixed points along the input, in JSON and as tables.</summary>
public static class BifurcationSummary
{
    /// <summary>The files, which are there where such curves were asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["bifurcations.csv", "fixed_point_curves.csv"];

    /// <summary>What is read out of a network in a state: r·W_out + b_out, [O].</summary>
    public static double[] Readout(EiRnn network, IReadOnlyList<double> rates)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rates);
        var outputs = network.Outputs;
        var found = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            found[o] = network.OutputBias[o];
            for (var i = 0; i < rates.Count; i++) found[o] += rates[i] * network.OutputWeights[i * outputs + o];
        }
        return found;
    }

    /// <summary>In JSON; null where no curves were asked for.</summary>
    internal static object? Of(NetworkDynamics network) => network.Curves is not { } found ? null : new
    {
        found.Path.From, found.Path.To, found.Path.Steps, FixedPointCurves.Tolerance, found.Searched, found.NotFollowed,
        found.HasIndexSum, found.Counts,
        Curves = found.Curves.Select(curve => new
        {
            Begin = Name(curve.Begin), End = Name(curve.End), S = curve.Points.Select(point => point.S),
            Outputs = curve.Points.Select(point => Readout(network.Network, point.Rates)),
            SpectralRadius = curve.Points.Select(point => point.SpectralRadius),
            UnstableDirections = curve.Points.Select(point => point.UnstableDirections), Index = curve.Points.Select(point => point.Index),
        }),
        Bifurcations = found.Curves.Index().SelectMany(curve => curve.Item.Bifurcations.Select(one => new
        {
            Curve = curve.Index + 1, Kind = Name(one.Kind), curve.Item.Points[one.Point].S,
            Input = found.Path.At(curve.Item.Points[one.Point].S), Point = one.Point + 1,
            Critical = new[] { one.Critical.Real, one.Critical.Imaginary }, one.UnstableBefore, one.UnstableAfter,
            Change = Change(one), one.Width, Outputs = Readout(network.Network, curve.Item.Points[one.Point].Rates),
            State = curve.Item.Points[one.Point].Rates,
        })),
    };

    /// <summary>What a bifurcation does as the input goes from x₀ to x₁.</summary>
    public static string Change(Bifurcation one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return (one.IsBirth, one.UnstableBefore, one.UnstableAfter) switch
        {
            (true, _, _) => "born",
            (false, _, _) => "lost",
            (_, 0, > 0) => "loses stability",
            (_, > 0, 0) => "becomes stable",
            _ => "stays unstable",
        };
    }

    /// <summary>fold, branch_point, flip, neimark_sacker and so on, as files have it.</summary>
    public static string Name<T>(T value) where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var letter in value.ToString())
            text.Append(char.IsUpper(letter) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        return text.ToString();
    }

    /// <summary>A row per bifurcation.</summary>
    internal static string Table(DynamicsRun run)
    {
        var inputs = run.Settings.Task.Inputs;
        var text = new StringBuilder("file,curve,point,kind,s,");
        for (var c = 1; c <= inputs; c++) text.Append(CultureInfo.InvariantCulture, $"input_{c},");
        text.Append("critical_re,critical_im,unstable_before,unstable_after,change,width,output_1\n");
        foreach (var network in run.Networks)
            foreach (var (k, curve) in (network.Curves?.Curves ?? []).Index())
                foreach (var one in curve.Bifurcations)
                {
                    var point = curve.Points[one.Point];
                    text.Append(CultureInfo.InvariantCulture, $"{DynamicsTables.Quoted(network.File)},{k + 1},{one.Point + 1},");
                    text.Append(CultureInfo.InvariantCulture, $"{Name(one.Kind)},{point.S:R},");
                    foreach (var x in network.Curves!.Path.At(point.S)) text.Append(CultureInfo.InvariantCulture, $"{x:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{one.Critical.Real:R},{one.Critical.Imaginary:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{one.UnstableBefore},{one.UnstableAfter},{Change(one)},{one.Width:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{Readout(network.Network, point.Rates)[0]:R}\n");
                }
        return text.ToString();
    }

    /// <summary>A row per point of a curve.</summary>
    internal static string Points(DynamicsRun run)
    {
        var outputs = run.Settings.Task.Outputs;
        var text = new StringBuilder("file,curve,point,s,spectral_radius,leading_re,leading_im,unstable_directions,index");
        for (var o = 1; o <= outputs; o++) text.Append(CultureInfo.InvariantCulture, $",output_{o}");
        text.Append('\n');
        foreach (var network in run.Networks)
            foreach (var (k, curve) in (network.Curves?.Curves ?? []).Index())
                foreach (var (i, point) in curve.Points.Index())
                {
                    text.Append(CultureInfo.InvariantCulture, $"{DynamicsTables.Quoted(network.File)},{k + 1},{i + 1},{point.S:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{point.SpectralRadius:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{point.Leading.Real:R},{point.Leading.Imaginary:R},");
                    text.Append(CultureInfo.InvariantCulture, $"{point.UnstableDirections},{point.Index}");
                    foreach (var z in Readout(network.Network, point.Rates)) text.Append(CultureInfo.InvariantCulture, $",{z:R}");
                    text.Append('\n');
                }
        return text.ToString();
    }
}
