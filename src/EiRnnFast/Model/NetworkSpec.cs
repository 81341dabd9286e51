using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>Everything that makes a network but its weights: sizes, sign constraint and initialisation.</summary>
public sealed record NetworkSpec
{
    /// <summary>Fewest and most units that the engine takes.</summary>
    public const int MinUnits = 2, MaxUnits = 10_000;

    internal static readonly ValueRange UnitsRange = new(MinUnits, MaxUnits);

    /// <summary>N, the number of recurrent units.</summary>
    public required int Units { get; init; }

    /// <summary>I, the number of input channels.</summary>
    public required int Inputs { get; init; }

    /// <summary>O, the number of readout channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>The sign constraint; Dale's law with half of the units excitatory unless said.</summary>
    public SignConstraint Signs { get; init; } = SignConstraint.Presynaptic(0.5);

    /// <summary>How W_rec is drawn; null for weights that came from elsewhere.</summary>
    public RecurrentInit? Init { get; init; } = RecurrentInit.Orthogonal();

    /// <summary>What a unit does with its input; the published network's unless said.</summary>
    public CellSpec Cell { get; init; } = CellSpec.Published;

    /// <summary>Which weights exist; all unless said.</summary>
    public Wiring Wiring { get; init; } = Wiring.Full;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="InvalidInputException">The first setting that cannot be used.</exception>
    public void Validate()
    {
        UnitsRange.Require("units", Units, 100);
        if (Inputs is < 1 or > 1000)
            throw InvalidInputException.Of("inputs", Inputs, "1 to 1000", "give the task's number of input channels");
        if (Outputs is < 1 or > 1000)
            throw InvalidInputException.Of("outputs", Outputs, "1 to 1000", "give the task's number of output channels");
        Required.Value(Signs, "signs", "a sign constraint, or SignConstraint.None");
        Required.Value(Cell, "cell", "a cell, or CellSpec.Published");
        Required.Value(Wiring, "wiring", "a wiring, or Wiring.Full");
        Required.Known(Signs.Mode, "sign mode");
        Signs.SignsOf(Units);
        Cell.Validate(Units);
        if (Signs.Mode != SignMode.Projection && Signs.Axis == SignAxis.None)
            throw InvalidInputException.Of("sign mode", $"{Signs.Mode}, without a sign axis", "a sign constraint",
                "choose a sign axis, or leave the mode out");
        Wiring.Validate(this);
        Init?.Validate(this);
    }
}
