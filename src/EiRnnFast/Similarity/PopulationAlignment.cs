namespace EiRnnFast.Similarity;

/// <summary>
/// How alike the excitatory and the inhibitory units of one network move in time: their units differ, so that they are compared in the
/// space of moments.
/// </summary>
/// <param name="Cka">Linear CKA of the two populations.</param>
/// <param name="DebiasedCka">The same of unbiased estimates; null where there is none.</param>
/// <param name="CanonicalCorrelation">Mean canonical correlation of the components that hold 99 % of the variance of each.</param>
/// <param name="PrincipalAngles">Between their first components, largest first, in radians.</param>
/// <param name="InhibitoryInExcitatory">Alignment index: variance of the inhibitory units in the first components of the excitatory ones,
/// over the most that so many directions hold.</param>
/// <param name="ExcitatoryInInhibitory">The reverse.</param>
public sealed record PopulationAlignment(double Cka, double? DebiasedCka, double CanonicalCorrelation,
    IReadOnlyList<double> PrincipalAngles, double InhibitoryInExcitatory, double ExcitatoryInInhibitory)
{
    /// <summary>√ of the mean square of the angles.</summary>
    public double SubspaceAngle => Math.Sqrt(PrincipalAngles.Sum(angle => angle * angle) / PrincipalAngles.Count);

    /// <summary>Compares populations; null where one has no unit, or none that ever changes.</summary>
    /// <param name="states">Rates, [moments×N].</param>
    /// <param name="signs">1 for excitatory units, −1 for inhibitory ones, 0 for others, [N].</param>
    /// <param name="options">The usual ones unless said.</param>
    /// <exception cref="InvalidInputException">States that do not fit, or are not finite; an option out of range.</exception>
    /// <exception cref="ComputationException">Singular values that did not converge.</exception>
    public static PopulationAlignment? Of(ReadOnlySpan<float> states, IReadOnlyList<int> signs, SimilarityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signs);
        options ??= new SimilarityOptions();
        int[] excitatory = [.. signs.Index().Where(unit => unit.Item > 0).Select(unit => unit.Index)];
        int[] inhibitory = [.. signs.Index().Where(unit => unit.Item < 0).Select(unit => unit.Index)];
        if (excitatory.Length == 0 || inhibitory.Length == 0) return null;
        var e = ActivitySpace.Of(states, signs.Count, excitatory, options.Moments);
        var i = ActivitySpace.Of(states, signs.Count, inhibitory, options.Moments);
        if (e.IsStill || i.IsStill) return null;
        SpaceComparison alike = SpaceComparison.Of(e, i), reverse = SpaceComparison.Of(i, e);
        return new PopulationAlignment(alike.Cka, alike.DebiasedCka, alike.CanonicalCorrelations(options.Variance).Average(),
            alike.PrincipalAngles(options.Components), alike.AlignmentIndex(options.Components),
            reverse.AlignmentIndex(options.Components));
    }
}
