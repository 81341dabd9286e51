namespace EiRnnFast.Model;

/// <summary>Which weights exist: where a mask is false, the weight is exactly 0, always. Null where all exist.</summary>
public sealed record WiringMasks
{
    /// <summary>Of W_in, [I×N].</summary>
    public IReadOnlyList<bool>? Input { get; init; }

    /// <summary>Of W_rec, [N×N].</summary>
    public IReadOnlyList<bool>? Recurrent { get; init; }

    /// <summary>Of W_out, [N×O].</summary>
    public IReadOnlyList<bool>? Output { get; init; }

    /// <summary>Checks the lengths.</summary>
    /// <exception cref="InvalidInputException">A mask of another length.</exception>
    internal void Validate(NetworkSpec spec)
    {
        Check("mask of W_in", Input, spec.Inputs * spec.Units);
        Check("mask of W_rec", Recurrent, spec.Units * spec.Units);
        Check("mask of W_out", Output, spec.Units * spec.Outputs);
    }

    /// <summary>Sets to 0 what does not exist.</summary>
    internal static void Apply(IReadOnlyList<bool>? mask, Span<float> weights)
    {
        if (mask is null) return;
        for (var i = 0; i < weights.Length; i++)
            if (!mask[i]) weights[i] = 0;
    }

    private static void Check(string name, IReadOnlyList<bool>? mask, int expected)
    {
        if (mask is not null && mask.Count != expected)
            throw InvalidInputException.Of(name, $"{mask.Count} values", $"{expected}", "check the sizes of the network");
    }
}
