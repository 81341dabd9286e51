using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>Which weights of W_rec share the sign of a unit.</summary>
public enum SignAxis
{
    /// <summary>No constraint.</summary>
    None,

    /// <summary>All weights out of a unit (a row of W_rec): Dale's law.</summary>
    Presynaptic,

    /// <summary>All weights into a unit (a column of W_rec): what the published code does.</summary>
    Postsynaptic,
}

/// <summary>How the signs of W_rec are kept.</summary>
public enum SignMode
{
    /// <summary>Weights of a forbidden sign are set to 0 after every update (the published code).</summary>
    Projection,

    /// <summary>W_rec = |V|∘D with V trained and D the signs: signs hold at creation too (PsychRNN, nn-brain).</summary>
    Magnitude,

    /// <summary>W_rec = max(V, 0)∘D with V trained (Song et al. 2016).</summary>
    Rectified,
}

/// <summary>
/// The sign constraint (arXiv 2208.10304): every weight along the constrained axis has its unit's sign or is exactly 0.
/// By projection it holds after every update, never at initialisation; in the other modes it holds always.
/// </summary>
public sealed record SignConstraint
{
    /// <summary>Fraction of excitatory units unless said.</summary>
    public const double DefaultExcitatory = 0.5;

    internal static readonly ValueRange ExcitatoryRange = new(0, 1);

    private SignConstraint(SignAxis axis) => Axis = axis;

    /// <summary>The constrained axis of W_rec.</summary>
    public SignAxis Axis { get; }

    /// <summary>Fraction of excitatory units, 0 … 1; null without a constraint or with a sign vector.</summary>
    public double? Excitatory { get; private init; }

    /// <summary>+1 or −1 per unit, when given one by one; otherwise inhibitory units come first.</summary>
    public IReadOnlyList<int>? UnitSigns { get; private init; }

    /// <summary>
    /// Whether W_in is projected onto [0, ∞) as well. The published code does so, hence true with a constraint and false without.
    /// </summary>
    public bool NonNegativeInput { get; init; }

    /// <summary>Whether W_out is projected onto [0, ∞) after every update.</summary>
    public bool NonNegativeOutput { get; init; }

    /// <summary>How the signs are kept; projection unless said.</summary>
    public SignMode Mode { get; init; }

    /// <summary>No constraint at all.</summary>
    public static SignConstraint None { get; } = new(SignAxis.None);

    /// <summary>Dale's law: the sign belongs to the presynaptic unit.</summary>
    /// <param name="excitatory">Fraction of excitatory units, 0 … 1; the inhibitory count is ⌊N·(1 − excitatory) + 1e-6⌋.</param>
    /// <exception cref="InvalidInputException">The fraction is not in 0 … 1.</exception>
    public static SignConstraint Presynaptic(double excitatory) => FromFraction(SignAxis.Presynaptic, excitatory);

    /// <summary>The published code's constraint: the sign belongs to the postsynaptic unit.</summary>
    /// <inheritdoc cref="Presynaptic"/>
    public static SignConstraint Postsynaptic(double excitatory) => FromFraction(SignAxis.Postsynaptic, excitatory);

    /// <summary>The constraint of an axis.</summary>
    /// <param name="axis">The axis; none gives no constraint.</param>
    /// <param name="excitatory">Fraction of excitatory units, 0 … 1; without meaning for no axis.</param>
    /// <exception cref="InvalidInputException">The fraction is not in 0 … 1.</exception>
    public static SignConstraint Of(SignAxis axis, double excitatory = DefaultExcitatory)
    {
        Required.Known(axis, "sign axis");
        return axis == SignAxis.None ? None : FromFraction(axis, excitatory);
    }

    /// <summary>Any pattern of signs.</summary>
    /// <param name="axis">Presynaptic or postsynaptic.</param>
    /// <param name="signs">+1 (excitatory) or −1 (inhibitory) for each of the N units.</param>
    /// <exception cref="InvalidInputException">No axis, or a sign other than ±1.</exception>
    public static SignConstraint FromSigns(SignAxis axis, IReadOnlyList<int> signs)
    {
        ArgumentNullException.ThrowIfNull(signs);
        Required.Known(axis, "sign axis");
        if (axis == SignAxis.None)
            throw InvalidInputException.Of("sign axis", axis, "presynaptic or postsynaptic", "choose one or use SignConstraint.None");
        foreach (var sign in signs)
            if (sign is not (1 or -1))
                throw InvalidInputException.Of("unit sign", sign, "+1 or -1", "give one sign per unit");
        return new SignConstraint(axis) { UnitSigns = [.. signs], NonNegativeInput = true };
    }

    /// <summary>Number of inhibitory units among N; 0 without a constraint.</summary>
    public int InhibitoryCount(int units) =>
        UnitSigns is { } signs ? signs.Count(sign => sign < 0)
        : Excitatory is { } fraction ? (int)Math.Floor(units * (1 - fraction) + 1e-6)
        : 0;

    /// <summary>+1 or −1 for each of N units, inhibitory first unless given one by one; 0 for all without a constraint.</summary>
    /// <exception cref="InvalidInputException">The sign vector has another length.</exception>
    public int[] SignsOf(int units)
    {
        if (UnitSigns is { } given)
        {
            if (given.Count != units)
                throw InvalidInputException.Of("unit signs", $"{given.Count} signs", $"{units}, one per unit",
                    "give as many signs as units");
            return [.. given];
        }
        var signs = new int[units];
        if (Axis == SignAxis.None) return signs;
        var inhibitory = InhibitoryCount(units);
        for (var i = 0; i < units; i++) signs[i] = i < inhibitory ? -1 : 1;
        return signs;
    }

    private static SignConstraint FromFraction(SignAxis axis, double excitatory)
    {
        ExcitatoryRange.Require("excitatory", excitatory, DefaultExcitatory);
        return new SignConstraint(axis) { Excitatory = excitatory, NonNegativeInput = true };
    }
}
