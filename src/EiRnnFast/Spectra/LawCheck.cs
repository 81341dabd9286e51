using System.Numerics;

namespace EiRnnFast.Spectra;

/// <summary>
/// Whether the law of a disc or ring describes a matrix, so that its fitted edge may be relied on. Three things are looked at: the edge
/// against the one that the variances of the matrix's own entries demand (<see cref="VarianceLaw"/>), the moduli of the bulk against
/// the fitted law, and the angles of its complex eigenvalues against an even spread. Error rates: docs/spectra.md.
/// </summary>
public sealed record LawCheck
{
    /// <summary>An edge that is off by more than this fraction is wrong.</summary>
    public const double Margin = 0.05;

    /// <summary>An edge that is wrong with a larger probability is doubtful: that misses one wrong edge in 16, where one half misses one in
    /// nine.</summary>
    private const double MostDoubt = 0.3;

    /// <summary>Below this size nothing is fitted or checked.</summary>
    private const int FewestUnits = 12, FewestAngles = 5;

    /// <summary>What the variances of the entries say; null without the matrix, and for equal entries.</summary>
    public required VarianceLaw? Variances { get; init; }

    /// <summary>Probability that the fitted edge is more than 5 % off, if the edge of the variances is right within its error; null
    /// without one, and below 12 units.</summary>
    public required double? WrongEdge { get; init; }

    /// <summary>Kolmogorov's and Smirnov's distance of the bulk's moduli from the fitted law; null below 12 units.</summary>
    public required double? ModuliDistance { get; init; }

    /// <summary>99 of 100 matrices of independent entries of this size have a smaller one.</summary>
    public required double? ModuliLimit { get; init; }

    /// <summary>Root mean square distance of the bulk's moduli from the law, over their root mean square; null where it is not
    /// fitted.</summary>
    public required double? Residual { get; init; }

    /// <summary>99 of 100 matrices of independent entries of this size have a smaller one.</summary>
    public required double? ResidualLimit { get; init; }

    /// <summary>The same distance of |arg λ|/π from an even spread, over the bulk's complex pairs; null below five of them.</summary>
    public required double? AngleDistance { get; init; }

    /// <summary>99 of 100 matrices of independent entries with so many pairs have a smaller one.</summary>
    public required double? AngleLimit { get; init; }

    /// <summary>Whether more eigenvalues lie beyond the bulk than may be outliers.</summary>
    public required bool CapMet { get; init; }

    /// <summary>Whether anything was looked at: not below 12 units, and not of equal entries.</summary>
    public bool Checked => WrongEdge is not null || ModuliDistance is not null;

    /// <summary>Whether the edge is not to be relied on.</summary>
    public bool EdgeDoubtful => CapMet || WrongEdge > MostDoubt;

    /// <summary>Whether the moduli do not follow the fitted law.</summary>
    public bool ModuliDiffer => ModuliDistance > ModuliLimit || Residual > ResidualLimit;

    /// <summary>Whether the eigenvalues are not spread evenly about 0, as in an ellipse.</summary>
    public bool AnglesDiffer => AngleDistance > AngleLimit;

    /// <summary>What is wrong, a sentence each; empty where the law describes the matrix.</summary>
    public IReadOnlyList<string> Reasons => [.. Sentences()];

    /// <summary>Checks a bulk.</summary>
    /// <param name="bulk">As fitted to the moduli.</param>
    /// <param name="eigenvalues">All, largest modulus first.</param>
    /// <param name="variances">Of the matrix, if it is there.</param>
    internal static LawCheck Of(SpectralBulk bulk, IReadOnlyList<Complex> eigenvalues, VarianceLaw? variances)
    {
        var n = eigenvalues.Count;
        double[] angles = [.. eigenvalues.Skip(bulk.OutlierCount).Where(z => z.Imaginary > 0).Select(z => z.Phase / Math.PI).Order()];
        var enough = angles.Length >= FewestAngles && n >= FewestUnits;
        return new LawCheck
        {
            Variances = variances,
            WrongEdge = n >= FewestUnits && variances is not null ? Doubt(bulk, variances) : null,
            ModuliDistance = bulk.Distance, ModuliLimit = bulk.Distance is null ? null : LimitOfModuli(n),
            Residual = bulk.Residual, ResidualLimit = bulk.Residual is null ? null : 1.75 * Math.Pow(n, -0.8),
            AngleDistance = enough ? DistanceFromEven(angles) : null, AngleLimit = enough ? LimitOfAngles(angles.Length) : null,
            CapMet = bulk.CapMet,
        };
    }

    private static double Doubt(SpectralBulk bulk, VarianceLaw law)
    {
        // A ring is that of an orthogonal part, which no correlation stretches.
        var (edge, demanded) = (bulk.OuterRadius, bulk.Shape == SpectrumShape.Ring ? law.RoundEdge : law.Edge);
        if (edge == 0 && demanded == 0) return 0;
        if (edge == 0 || demanded == 0) return 1;
        // ln(edge/true) is normal about ln(edge/law), with the standard error of the latter
        var (off, error) = (Math.Log(edge / demanded), Math.Max(law.RelativeError, 1e-6));
        return Math.Min(1, RandomMatrixTheory.Normal((Math.Log(1 - Margin) - off) / error)
            + RandomMatrixTheory.Normal((off - Math.Log(1 + Margin)) / error));
    }

    private static double DistanceFromEven(double[] sorted)
    {
        double distance = 0, n = sorted.Length;
        for (var i = 0; i < sorted.Length; i++)
            distance = Math.Max(distance, Math.Max((i + 1) / n - sorted[i], sorted[i] - i / n));
        return distance;
    }

    private static double LimitOfModuli(int n) => 1.4 / Math.Sqrt(n);

    private static double LimitOfAngles(int pairs) => 1.6 / Math.Pow(pairs, 0.7);

    private IEnumerable<string> Sentences()
    {
        if (CapMet) yield return "more eigenvalues lie beyond the edge than may be outliers";
        if (WrongEdge > MostDoubt && Variances is { } law)
            yield return double.IsFinite(law.RelativeError)
                ? $"the variances of the weights put the edge at {law.Edge:g3} (95 % interval {law.Low:g3} to {law.High:g3})"
                : "the weights without their means have no cycle, which leaves no bulk";
        if (ModuliDiffer) yield return "the moduli do not follow the law of a disc or ring";
        if (AnglesDiffer) yield return "the eigenvalues are not spread evenly about 0";
    }
}
