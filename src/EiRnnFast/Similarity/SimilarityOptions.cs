namespace EiRnnFast.Similarity;

/// <summary>How closely networks are compared.</summary>
public sealed record SimilarityOptions
{
    /// <summary>Most moments at which activity is compared; of more so many are taken evenly.</summary>
    public int Moments { get; init; } = ActivitySpace.UsualMoments;

    /// <summary>First components between which principal angles are taken.</summary>
    public int Components { get; init; } = 3;

    /// <summary>Fraction of the variance whose components are correlated (SVCCA).</summary>
    public double Variance { get; init; } = 0.99;

    /// <summary>How linear dynamics are fitted.</summary>
    public DelayOptions Delay { get; init; } = new();

    /// <summary>Descents that are begun for each alignment of dynamics.</summary>
    public int AlignmentStarts { get; init; } = VectorFieldAlignment.UsualStarts;

    /// <summary>Of the alignments and of the ways to divide networks into groups, 0 or above.</summary>
    public long Seed { get; init; } = 1;
}
