using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using EiRnnFast.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Model;

/// <summary>The distributions from which W_rec is drawn.</summary>
public enum RecurrentInitKind
{
    /// <summary>Haar-distributed orthogonal matrix × gain.</summary>
    Orthogonal,

    /// <summary>Entries N(0, gain²/N).</summary>
    Normal,

    /// <summary>Entries N(±μ, gain²/N), the sign that of the unit along the constrained axis.</summary>
    TwoGaussian,

    /// <summary>Identity × gain.</summary>
    Identity,

    /// <summary>Magnitudes from a gamma distribution, with the sign of the unit (Song et al. 2016).</summary>
    Gamma,

    /// <summary>Magnitudes from a lognormal distribution, with the sign of the unit.</summary>
    Lognormal,
}

/// <summary>How W_rec is drawn (arXiv 2208.10304, initial conditions). W_in and W_out are Glorot uniform, biases 0.</summary>
public sealed record RecurrentInit
{
    /// <summary>Mean of the two Gaussians unless said (arXiv 2208.10304).</summary>
    public const double DefaultMu = 0.05;

    /// <summary>Coefficient of variation of gamma and lognormal magnitudes unless said.</summary>
    public const double DefaultVariation = 1;

    internal static readonly ValueRange GainRange = new(0, 1e6, AboveLeast: true), MuRange = new(-1e6, 1e6),
        VariationRange = new(0.01, 10);

    private RecurrentInit(RecurrentInitKind kind) => Kind = kind;

    /// <summary>A distribution with its default numbers.</summary>
    public static RecurrentInit Of(RecurrentInitKind kind) => new(kind) { Mu = kind == RecurrentInitKind.TwoGaussian ? DefaultMu : 0 };

    /// <summary>The distribution.</summary>
    public RecurrentInitKind Kind { get; }

    /// <summary>Scale of the matrix (standard deviation × √N for the random ones); 1 in the reference.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Distance of the two Gaussians' means from 0; only for <see cref="RecurrentInitKind.TwoGaussian"/>.</summary>
    public double Mu { get; init; }

    /// <summary>
    /// Scale excitatory weights by √(f_I/f_E) and inhibitory ones by √(f_E/f_I): after projection the mean total input
    /// of a unit vanishes, and with it the outlier, while the bulk's radius stays as it was.
    /// </summary>
    public bool Balanced { get; init; }

    /// <summary>
    /// Mean of gamma and lognormal magnitudes, times gain; null for that with which the standard deviation of an entry is gain/√N, as
    /// normal has it.
    /// </summary>
    public double? MagnitudeMean { get; init; }

    /// <summary>Standard deviation over mean of gamma and lognormal magnitudes.</summary>
    public double MagnitudeVariation { get; init; } = DefaultVariation;

    /// <summary>
    /// ρ: all weights are scaled so that the largest |λ| of the initial W_rec, as it acts after projection, is this; null for no
    /// scaling. The gain then has no meaning.
    /// </summary>
    public double? SpectralRadius { get; init; }

    /// <summary>The factor that brought a network that was drawn to <see cref="SpectralRadius"/>; null before.</summary>
    public double? RadiusScale { get; init; }

    /// <summary>Whether entries are magnitudes with the sign of their unit.</summary>
    internal bool IsSigned => Kind is RecurrentInitKind.Gamma or RecurrentInitKind.Lognormal;

    /// <summary>Haar-distributed orthogonal matrix × gain.</summary>
    public static RecurrentInit Orthogonal(double gain = 1) => new(RecurrentInitKind.Orthogonal) { Gain = gain };

    /// <summary>Entries N(0, gain²/N).</summary>
    public static RecurrentInit Normal(double gain = 1) => new(RecurrentInitKind.Normal) { Gain = gain };

    /// <summary>Entries N(+μ, gain²/N) in the excitatory and N(−μ, gain²/N) in the inhibitory block.</summary>
    public static RecurrentInit TwoGaussian(double mu = DefaultMu, double gain = 1) =>
        new(RecurrentInitKind.TwoGaussian) { Mu = mu, Gain = gain };

    /// <summary>Identity × gain.</summary>
    public static RecurrentInit Identity(double gain = 1) => new(RecurrentInitKind.Identity) { Gain = gain };

    internal void Validate(NetworkSpec spec)
    {
        Required.Known(Kind, "init");
        GainRange.Require("gain", Gain, 1);
        MuRange.Require("mu", Mu, DefaultMu);
        if (MagnitudeMean is { } mean && !GainRange.Holds(mean))
            throw InvalidInputException.Of("magnitude_mean", mean, GainRange.Words(whole: false), "leave it out for that of gain/√N");
        VariationRange.Require("magnitude_cv", MagnitudeVariation, DefaultVariation);
        if (SpectralRadius is { } radius)
        {
            GainRange.Require("spectral_radius", radius, 1);
        }
        if (Kind == RecurrentInitKind.Identity && !spec.Wiring.Autapses)
            throw InvalidInputException.Of("identity initialisation", "no autapses, so that the matrix is 0", "weights other than 0",
                "allow autapses, or choose another initialisation");
        var inhibitory = spec.Signs.InhibitoryCount(spec.Units);
        if ((IsSigned || Kind == RecurrentInitKind.TwoGaussian) && spec.Signs.Axis == SignAxis.None)
            throw InvalidInputException.Of(
                Kind == RecurrentInitKind.TwoGaussian ? "two-Gaussian initialisation" : $"{Kind} initialisation", "no sign constraint",
                "an excitatory and an inhibitory population", "choose a sign axis or another initialisation");
        if (Balanced && (spec.Signs.Axis == SignAxis.None || inhibitory == 0 || inhibitory == spec.Units))
            throw InvalidInputException.Of("balanced initialisation",
                spec.Signs.Axis == SignAxis.None ? "no sign constraint" : $"{inhibitory} inhibitory of {spec.Units} units",
                "both an excitatory and an inhibitory population", "choose an excitatory fraction between 0 and 1, or leave balancing off");
    }

    /// <summary>Draws W_rec, row-major [N×N], unprojected.</summary>
    internal float[] Draw(NetworkSpec spec, long seed)
    {
        var n = spec.Units;
        var random = new RandomStream(seed, "recurrent weights");
        var signs = WeightSigns.Of(spec);
        var w = Kind switch
        {
            RecurrentInitKind.Orthogonal => HaarOrthogonal(n, random),
            RecurrentInitKind.Identity => IdentityMatrix(n),
            RecurrentInitKind.Normal or RecurrentInitKind.TwoGaussian => Gaussian(n, random),
            RecurrentInitKind.Gamma or RecurrentInitKind.Lognormal => Magnitudes(n, random),
            _ => throw new UnreachableException($"no way to draw {Kind}"),
        };
        double inhibitory = spec.Signs.InhibitoryCount(n), excitatory = n - inhibitory;
        // 1 but for two Gaussians in the mode rectified, where the populations' magnitudes differ.
        var ratio = Balanced ? RandomMatrixTheory.MeanRatio(spec) : 1;
        var result = new float[w.Length];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                var sign = signs.Of(i, j);
                var weight = w[i * n + j] * Gain + (Kind == RecurrentInitKind.TwoGaussian ? sign * Mu : 0);
                if (Balanced) weight *= sign > 0 ? Math.Sqrt(inhibitory / excitatory / ratio) : Math.Sqrt(excitatory / inhibitory * ratio);
                if (IsSigned && spec.Signs.Mode == SignMode.Projection) weight *= sign; // V is positive in the other modes
                result[i * n + j] = (float)weight;
            }
        return result;
    }

    /// <summary>The mean magnitude of gamma and lognormal entries, gain included.</summary>
    internal double MeanOf(int units) => Gain * (MagnitudeMean ?? 1 / (MagnitudeVariation * Math.Sqrt(units)));

    /// <summary>Gamma or lognormal magnitudes before the gain.</summary>
    private double[] Magnitudes(int n, RandomStream random)
    {
        var w = new double[n * n];
        var (mean, square) = (MeanOf(n) / Gain, MagnitudeVariation * MagnitudeVariation);
        var (shape, spread) = (1 / square, Math.Log(1 + square));
        for (var i = 0; i < w.Length; i++)
            w[i] = Kind == RecurrentInitKind.Gamma
                ? random.NextGamma(shape) * mean / shape
                : mean * Math.Exp(Math.Sqrt(spread) * random.NextGaussian() - spread / 2);
        return w;
    }

    private static double[] Gaussian(int n, RandomStream random)
    {
        var w = new double[n * n];
        var scale = 1 / Math.Sqrt(n);
        for (var i = 0; i < w.Length; i++) w[i] = scale * random.NextGaussian();
        return w;
    }

    private static double[] IdentityMatrix(int n)
    {
        var w = new double[n * n];
        for (var i = 0; i < n; i++) w[i * n + i] = 1;
        return w;
    }

    /// <summary>
    /// A Haar-distributed orthogonal matrix as a product of Householder reflections of Gaussian vectors in dimensions
    /// 2 … n and a diagonal of signs (Stewart 1980, SIAM J. Numer. Anal. 17, 403): no QR decomposition is needed.
    /// </summary>
    internal static double[] HaarOrthogonal(int n, RandomStream random)
    {
        var q = IdentityMatrix(n);
        double[] u = new double[n], projection = new double[n];
        q[^1] = random.NextGaussian() < 0 ? -1 : 1;
        for (var first = n - 2; first >= 0; first--)
        {
            var squares = 0.0;
            for (var i = first; i < n; i++)
            {
                u[i] = random.NextGaussian();
                squares += u[i] * u[i];
            }
            // The reflection takes x to −sign(x₁)‖x‖e₁; the row is then given the sign of x₁.
            var sign = u[first] < 0 ? -1.0 : 1.0;
            var norm = Math.Sqrt(squares);
            var beta = 1 / (norm * (norm + Math.Abs(u[first])));
            u[first] += sign * norm;
            // q ← (I − β·u·uᵀ)·q on rows and columns first … n−1.
            var columns = n - first;
            Array.Clear(projection);
            for (var i = first; i < n; i++) AddScaled(projection.AsSpan(0, columns), u[i], q.AsSpan(i * n + first, columns));
            for (var i = first; i < n; i++) AddScaled(q.AsSpan(i * n + first, columns), -beta * u[i], projection.AsSpan(0, columns));
            for (var j = first; j < n; j++) q[first * n + j] *= -sign;
        }
        return q;
    }

    private static void AddScaled(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        var lanes = Vector<double>.Count;
        var end = y.Length - y.Length % lanes;
        var yLanes = MemoryMarshal.Cast<double, Vector<double>>(y[..end]);
        var xLanes = MemoryMarshal.Cast<double, Vector<double>>(x[..end]);
        for (var i = 0; i < yLanes.Length; i++) yLanes[i] += factor * xLanes[i];
        for (var i = end; i < y.Length; i++) y[i] += factor * x[i];
    }
}
