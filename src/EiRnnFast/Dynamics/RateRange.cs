using EiRnnFast.Model;

namespace EiRnnFast.Dynamics;

/// <summary>The rates that an activation can have.</summary>
/// <param name="Least">−1 of tanh, 0 of sigmoid, relu and softplus, −∞ of linear.</param>
/// <param name="Most">1 of tanh and sigmoid, else ∞.</param>
public readonly record struct RateRange(double Least, double Most)
{
    /// <summary>Of an activation.</summary>
    public static RateRange Of(Activation activation) => activation switch
    {
        Activation.Tanh => new RateRange(-1, 1),
        Activation.Sigmoid => new RateRange(0, 1),
        Activation.Relu or Activation.Softplus => new RateRange(0, double.PositiveInfinity),
        _ => Endless,
    };

    /// <summary>Whether rates saturate on both sides: then a network maps a box of states into itself, in both forms of a cell.</summary>
    public bool IsBounded => double.IsFinite(Least) && double.IsFinite(Most);

    /// <summary>All numbers.</summary>
    internal static RateRange Endless { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The nearest value of the range.</summary>
    internal double Clamp(double value) => Math.Clamp(value, Least, Most);
}
