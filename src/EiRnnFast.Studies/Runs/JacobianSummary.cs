using System.Globalization;
using System.Numerics;
using System.Text;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>Jacobians of an analysis of dynamics, in JSON and as tables.</summary>
internal static class JacobianSummary
{
    /// <summary>What a table and JSON average, by name.</summary>
    public static IReadOnlyList<(string Name, Func<TrialJacobian, double?> Of)> Measures { get; } =
    [
        ("spectral_radius", one => one.Spectrum.SpectralRadius),
        ("abscissa", one => one.Spectrum.Abscissa),
        ("edge", one => one.Spectrum.Edge),
        ("outliers", one => one.Spectrum.Outliers?.Count),
        ("theory_radius", one => one.Spectrum.Theory?.Radius),
        ("theory_reach", one => one.Spectrum.TheoryReach),
        ("fraction_inside", one => one.Spectrum.FractionInside),
        ("input_gain", one => one.InputGains[0]),
    ];

    /// <summary>Along trials; null where none was asked for.</summary>
    public static object? Of(TrialJacobians? jacobians) => jacobians is null ? null : new
    {
        jacobians.Steps, jacobians.Trials, jacobians.Escaped,
        ByStep = Measures.ToDictionary(measure => measure.Name, measure => jacobians.ByStep(measure.Of).Select(DynamicsSummary.Value)),
        All = jacobians.All.Select(one => new
        {
            one.Trial, one.Step, one.Spectrum.SpectralRadius, one.Spectrum.Abscissa,
            Leading = Pair(one.Spectrum.Eigenvalues[0]), one.Spectrum.Edge, Outliers = one.Spectrum.Outliers?.Select(Pair),
            one.Spectrum.Theory, one.Spectrum.TheoryReach, one.Spectrum.FractionInside, one.InputGains,
        }),
    };

    /// <summary>At a fixed or slow point, beside what the point itself says.</summary>
    public static object? Of(JacobianSpectrum? spectrum) => spectrum is null ? null : new
    {
        spectrum.Abscissa, spectrum.Edge, Outliers = spectrum.Outliers?.Select(Pair), spectrum.TheoryReach, spectrum.FractionInside,
    };

    /// <summary>A row per trial and step.</summary>
    public static string Table(DynamicsRun run)
    {
        var text = new StringBuilder("file,trial,step,spectral_radius,abscissa,leading_re,leading_im,edge,outliers,disc_centre,disc_radius,"
            + "theory_reach,fraction_inside,input_gain\n");
        foreach (var network in run.Networks)
            foreach (var one in network.Jacobians?.All ?? [])
            {
                var spectrum = one.Spectrum;
                var leading = spectrum.Eigenvalues[0];
                text.Append(CultureInfo.InvariantCulture, $"{DynamicsTables.Quoted(network.File)},{one.Trial + 1},{one.Step + 1},");
                text.Append(CultureInfo.InvariantCulture, $"{spectrum.SpectralRadius:R},{spectrum.Abscissa:R},");
                text.Append(CultureInfo.InvariantCulture, $"{leading.Real:R},{leading.Imaginary:R},");
                text.Append(CultureInfo.InvariantCulture, $"{spectrum.Edge:R},{spectrum.Outliers?.Count},");
                text.Append(CultureInfo.InvariantCulture, $"{spectrum.Theory?.Centre:R},{spectrum.Theory?.Radius:R},");
                text.Append(CultureInfo.InvariantCulture, $"{spectrum.TheoryReach:R},{spectrum.FractionInside:R},{one.InputGains[0]:R}\n");
            }
        return text.ToString();
    }

    /// <summary>A row per eigenvalue: of fixed and slow points by their number, along trials by trial and step.</summary>
    public static string Eigenvalues(DynamicsRun run)
    {
        var text = new StringBuilder("file,kind,point,trial,step,re,im\n");
        foreach (var network in run.Networks)
        {
            foreach (var (kind, points) in new[] { ("fixed", network.FixedPoints.Fixed), ("slow", network.FixedPoints.Slow) })
                foreach (var (i, point) in points.Index()) Rows(network, $"{kind},{i + 1},,", point.Eigenvalues);
            foreach (var one in network.Jacobians?.All ?? [])
                Rows(network, $"trial,,{one.Trial + 1},{one.Step + 1}", one.Spectrum.Eigenvalues);
        }
        return text.ToString();

        void Rows(NetworkDynamics network, string where, IReadOnlyList<Complex> eigenvalues)
        {
            foreach (var z in eigenvalues)
                text.Append(CultureInfo.InvariantCulture, $"{DynamicsTables.Quoted(network.File)},{where},{z.Real:R},{z.Imaginary:R}\n");
        }
    }

    private static double[] Pair(Complex z) => [z.Real, z.Imaginary];
}
