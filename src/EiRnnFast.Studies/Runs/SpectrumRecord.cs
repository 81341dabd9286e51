using System.Diagnostics;
using System.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Studies.Runs;

/// <summary>How well the radial law fits a bulk.</summary>
/// <param name="Residual">Root mean square distance of the moduli from the law, over their root mean square; null below 12 units.</param>
/// <param name="CapMet">Whether more eigenvalues lie beyond the edge than may be outliers: the law does not fit.</param>
public sealed record BulkFitRecord(double? Residual, bool CapMet)
{
    /// <summary>Whether the edge may be relied on as far as is known: neither the cap nor the variances of the weights speak against
    /// it; null where nothing was looked at, as below 12 units.</summary>
    public required bool? EdgeReliable { get; init; }

    /// <summary>Whether the law describes the spectrum in every respect that is looked at; null where nothing was.</summary>
    public required bool? LawDescribes { get; init; }

    /// <summary>What speaks against it, a sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Probability that the edge is more than 5 % off; null without the matrix.</summary>
    public required double? WrongEdgeProbability { get; init; }

    /// <summary>Edge that the variances of the weights demand; null without the matrix.</summary>
    public required double? VarianceEdge { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public required double? VarianceEdgeLow { get; init; }

    /// <summary>Upper end; null where it is infinite.</summary>
    public required double? VarianceEdgeHigh { get; init; }

    /// <summary>Correlation of the weights with their mirror images.</summary>
    public required double? Ellipticity { get; init; }

    /// <summary>Kurtosis of the weights about their means; 3 for normal ones.</summary>
    public required double? WeightKurtosis { get; init; }

    /// <summary>99 % limit of the residual.</summary>
    public required double? ResidualLimit { get; init; }

    /// <summary>Kolmogorov's and Smirnov's distance of the moduli from the fitted law.</summary>
    public required double? ModuliDistance { get; init; }

    /// <summary>Its 99 % limit.</summary>
    public required double? ModuliLimit { get; init; }

    /// <summary>The same of the angles from an even spread.</summary>
    public required double? AngleDistance { get; init; }

    /// <summary>Its 99 % limit.</summary>
    public required double? AngleLimit { get; init; }

    internal static BulkFitRecord Of(Spectrum spectrum)
    {
        var (law, variances) = (spectrum.Law, spectrum.Law.Variances);
        return new BulkFitRecord(spectrum.BulkResidual, spectrum.OutlierCapMet)
        {
            EdgeReliable = law.Checked ? !law.EdgeDoubtful : null, LawDescribes = law.Checked ? law.Reasons.Count == 0 : null,
            Reasons = law.Reasons,
            WrongEdgeProbability = law.WrongEdge, VarianceEdge = variances?.Edge, VarianceEdgeLow = variances?.Low,
            VarianceEdgeHigh = variances is { } known && double.IsFinite(known.High) ? known.High : null,
            Ellipticity = variances?.Ellipticity, WeightKurtosis = variances?.Kurtosis,
            ResidualLimit = law.ResidualLimit, ModuliDistance = law.ModuliDistance, ModuliLimit = law.ModuliLimit,
            AngleDistance = law.AngleDistance, AngleLimit = law.AngleLimit,
        };
    }
}

/// <summary>A spectrum as it stands in JSON; an eigenvalue is [re, im].</summary>
public record SpectrumRecord
{
    /// <summary>Copies a spectrum.</summary>
    public SpectrumRecord(Spectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        Eigenvalues = Pairs(spectrum.Eigenvalues);
        SpectralRadius = spectrum.SpectralRadius;
        SpectralAbscissa = spectrum.SpectralAbscissa;
        OuterRadiusPublished = spectrum.OuterRadiusPublished;
        InnerRadiusPublished = spectrum.InnerRadiusPublished;
        OuterRadius = spectrum.OuterRadius;
        InnerRadius = spectrum.InnerRadius;
        Shape = NameOf(spectrum.Shape);
        Outliers = Pairs(spectrum.Outliers);
        OutlierCount = spectrum.Outliers.Count;
        Fit = BulkFitRecord.Of(spectrum);
        Henrici = spectrum.Henrici;
        (FrequencyPublished, Frequency) = (spectrum.FrequencyPublished, spectrum.Frequency);
        Theory = spectrum.Theory;
    }

    /// <summary>All, largest modulus first.</summary>
    public IReadOnlyList<double[]> Eigenvalues { get; }

    /// <summary>Largest |λ|.</summary>
    public double SpectralRadius { get; }

    /// <summary>Largest Re λ.</summary>
    public double SpectralAbscissa { get; }

    /// <summary>7th largest |λ| under the 1e-4 threshold.</summary>
    public double? OuterRadiusPublished { get; }

    /// <summary>Smallest |λ| under the 1e-4 threshold.</summary>
    public double InnerRadiusPublished { get; }

    /// <summary>Outer edge of the bulk.</summary>
    public double OuterRadius { get; }

    /// <summary>Inner edge of the bulk; 0 for a disc.</summary>
    public double InnerRadius { get; }

    /// <summary>disc or ring.</summary>
    public string Shape { get; }

    /// <summary>Eigenvalues beyond the bulk.</summary>
    public IReadOnlyList<double[]> Outliers { get; }

    /// <summary>How many there are.</summary>
    public int OutlierCount { get; }

    /// <summary>How well the radial law fits the bulk.</summary>
    public BulkFitRecord Fit { get; }

    /// <summary>Departure from normality.</summary>
    public double Henrici { get; }

    /// <summary>Hz, by the published formula under the 1e-4 threshold.</summary>
    public double FrequencyPublished { get; }

    /// <summary>Hz.</summary>
    public double Frequency { get; }

    /// <summary>Theory of the initial matrix as it acts, after its projection; or null.</summary>
    public RandomMatrixTheory? Theory { get; }

    internal static string NameOf(SpectrumShape shape) => shape switch
    {
        SpectrumShape.Disc => "disc",
        SpectrumShape.Ring => "ring",
        _ => throw new UnreachableException($"no name of {shape}"),
    };

    private static double[][] Pairs(IEnumerable<Complex> values) => [.. values.Select(z => new[] { z.Real, z.Imaginary })];
}

/// <summary>The spectrum of one file, as <c>eirnn spectrum --json</c> lists it.</summary>
public sealed record FileSpectrumRecord : SpectrumRecord
{
    /// <summary>Copies a spectrum, with the statistics of the weights and, if asked for, the departure from normality.</summary>
    public FileSpectrumRecord(string file, Spectrum spectrum, WeightStatistics? weights = null, NonNormality? nonNormality = null)
        : base(spectrum)
    {
        Weights = weights;
        NonNormality = nonNormality is null ? null : new NonNormalityRecord(nonNormality);
        File = file;
        Units = spectrum.Units;
        Lapack = spectrum.Lapack;
        Published = spectrum.Published is { } published ? new SpectrumRecord(published) : null;
    }

    /// <summary>The path as given.</summary>
    public string File { get; }

    /// <summary>Which matrix of a stack, from 0; null for a file of one.</summary>
    public int? Index { get; init; }

    /// <summary>N.</summary>
    public int Units { get; }

    /// <summary>The cell; null for a matrix alone.</summary>
    public CellRecord? Cell { get; init; }

    /// <summary>The matrix after the projection of its network's sign constraint; null where that changes nothing.</summary>
    public SpectrumRecord? Projected { get; init; }

    /// <summary>The solver.</summary>
    public string Lapack { get; }

    /// <summary>The spectrum under the published 1e-4 threshold.</summary>
    public SpectrumRecord? Published { get; }

    /// <summary>Statistics of the recurrent weights.</summary>
    public WeightStatistics? Weights { get; }

    /// <summary>Departure from normality and growth.</summary>
    public NonNormalityRecord? NonNormality { get; }

    /// <summary>How well the edge is known; null unless asked for, and where nothing is fitted.</summary>
    public EdgeInterval? EdgeInterval { get; init; }

    /// <summary>Eigenvectors in numbers, in the order of the eigenvalues; null unless asked for.</summary>
    public IReadOnlyList<ModeRecord>? Modes { get; init; }

    /// <summary>What training has added; null unless an initial network was given.</summary>
    public LearnedPartRecord? Learned { get; init; }
}

/// <summary>Departure from normality as it stands in JSON.</summary>
public sealed record NonNormalityRecord
{
    /// <summary>Copies one.</summary>
    public NonNormalityRecord(NonNormality source)
    {
        ArgumentNullException.ThrowIfNull(source);
        NumericalAbscissa = source.NumericalAbscissa;
        SymmetricEigenvalues = source.SymmetricEigenvalues;
        Henrici = source.Henrici;
        KreissBound = source.KreissBound;
        KreissPoint = source.KreissPoint is { } z ? [z.Real, z.Imaginary] : null;
        LargestPower = source.LargestPower;
        LargestPowerAt = source.LargestPowerAt;
        PowersDecay = source.PowersDecay;
        PowerNorms = source.PowerNorms;
    }

    /// <summary>Largest eigenvalue of the symmetric part.</summary>
    public double NumericalAbscissa { get; }

    /// <summary>All eigenvalues of the symmetric part, ascending.</summary>
    public IReadOnlyList<double> SymmetricEigenvalues { get; }

    /// <summary>Off the Schur form.</summary>
    public double Henrici { get; }

    /// <summary>Lower bound of the Kreiss constant.</summary>
    public double KreissBound { get; }

    /// <summary>Where, or null.</summary>
    public IReadOnlyList<double>? KreissPoint { get; }

    /// <summary>Largest ‖Wᵏ‖₂.</summary>
    public double LargestPower { get; }

    /// <summary>Its k.</summary>
    public int LargestPowerAt { get; }

    /// <summary>Whether it is that of all k.</summary>
    public bool PowersDecay { get; }

    /// <summary>‖Wᵏ‖₂ as far as looked at.</summary>
    public IReadOnlyList<double> PowerNorms { get; }
}

/// <summary>The spectrum after some epochs or updates, in short.</summary>
public sealed record EpochSpectrumRecord
{
    /// <summary>Copies what the summary lists.</summary>
    /// <param name="tracked">The spectrum.</param>
    /// <param name="tracking">What is counted.</param>
    /// <param name="losses">The training loss of every epoch.</param>
    public EpochSpectrumRecord(TrackedSpectrum tracked, SpectrumTracking tracking, IReadOnlyList<double>? losses = null)
    {
        ArgumentNullException.ThrowIfNull(tracked);
        ArgumentNullException.ThrowIfNull(tracking);
        var spectrum = tracked.Spectrum;
        (Epoch, Update) = tracking.CountsUpdates ? ((int?)null, (int?)tracked.At) : (tracked.At, null);
        (OuterRadius, InnerRadius) = (spectrum.OuterRadius, spectrum.InnerRadius);
        (SpectralRadius, Shape) = (spectrum.SpectralRadius, SpectrumRecord.NameOf(spectrum.Shape));
        (OutlierCount, Henrici) = (spectrum.Outliers.Count, spectrum.Henrici);
        Loss = Epoch is > 0 and var epoch && epoch <= losses?.Count ? losses[epoch - 1] : null;
        (SilentUnits, TestLoss, Accuracy) = (tracked.Test?.SilentUnits, tracked.Test?.Loss, tracked.Test?.Accuracy);
    }

    /// <summary>0 as created; null where updates are counted.</summary>
    public int? Epoch { get; }

    /// <summary>Updates run, 0 as created; null where epochs are counted.</summary>
    public int? Update { get; }

    /// <summary>Outer edge of the bulk.</summary>
    public double OuterRadius { get; }

    /// <summary>Inner edge of the bulk; 0 for a disc.</summary>
    public double InnerRadius { get; }

    /// <summary>Largest |λ|.</summary>
    public double SpectralRadius { get; }

    /// <summary>disc or ring.</summary>
    public string Shape { get; }

    /// <summary>Eigenvalues beyond the bulk.</summary>
    public int OutlierCount { get; }

    /// <summary>Departure from normality.</summary>
    public double Henrici { get; }

    /// <summary>Units whose |rate| stays below 0.01 in all test trials.</summary>
    public int? SilentUnits { get; }

    /// <summary>Mean training loss of the epoch; null as created, and where updates are counted.</summary>
    public double? Loss { get; }

    /// <summary>Loss over the test trials; null when no target weighs anything.</summary>
    public double? TestLoss { get; }

    /// <summary>Fraction of right test trials; null when none asks for an answer.</summary>
    public double? Accuracy { get; }
}
