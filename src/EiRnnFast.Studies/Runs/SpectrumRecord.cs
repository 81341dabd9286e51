using System.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Studies.Runs;

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
        Shape = spectrum.Shape == SpectrumShape.Ring ? "ring" : "disc";
        Outliers = Pairs(spectrum.Outliers);
        OutlierCount = spectrum.Outliers.Count;
        Henrici = spectrum.Henrici;
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

    /// <summary>Departure from normality.</summary>
    public double Henrici { get; }

    /// <summary>Theory of the projected initial matrix, or null.</summary>
    public RandomMatrixTheory? Theory { get; }

    private static double[][] Pairs(IEnumerable<Complex> values) => [.. values.Select(z => new[] { z.Real, z.Imaginary })];
}

/// <summary>The spectrum of one file, as <c>eirnn spectrum --json</c> lists it.</summary>
public sealed record FileSpectrumRecord : SpectrumRecord
{
    /// <summary>Copies a spectrum.</summary>
    public FileSpectrumRecord(string file, Spectrum spectrum) : base(spectrum)
    {
        File = file;
        Units = spectrum.Units;
        Lapack = spectrum.Lapack;
        Published = spectrum.Published is { } published ? new SpectrumRecord(published) : null;
    }

    /// <summary>The path as given.</summary>
    public string File { get; }

    /// <summary>N.</summary>
    public int Units { get; }

    /// <summary>The solver.</summary>
    public string Lapack { get; }

    /// <summary>The spectrum under the published 1e-4 threshold.</summary>
    public SpectrumRecord? Published { get; }
}
