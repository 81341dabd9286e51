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
    internal void Validate(NetworkSpec spec, string origin = "mask")
    {
        Check($"{origin} of W_in", Input, spec.Inputs, spec.Units);
        Check($"{origin} of W_rec", Recurrent, spec.Units, spec.Units);
        Check($"{origin} of W_out", Output, spec.Units, spec.Outputs);
    }

    /// <summary>Sets to 0 what does not exist.</summary>
    internal static void Apply(IReadOnlyList<bool>? mask, Span<float> weights)
    {
        if (mask is null) return;
        for (var i = 0; i < weights.Length; i++)
            if (!mask[i]) weights[i] = 0;
    }

    /// <summary>Where both exist; null where that is everywhere.</summary>
    internal static bool[]? Both(bool[] mask, IReadOnlyList<bool>? other)
    {
        for (var i = 0; other is not null && i < mask.Length; i++) mask[i] &= other[i];
        return mask.Contains(false) ? mask : null;
    }

    private static void Check(string name, IReadOnlyList<bool>? mask, int rows, int columns)
    {
        if (mask is not null && mask.Count != (long)rows * columns)
            throw InvalidInputException.Of(name, $"{mask.Count} values", $"{rows}×{columns}", "check the sizes of the network");
    }
}

/// <summary>Masks that a file holds.</summary>
/// <param name="Masks">Which weights exist.</param>
/// <param name="Sha256">SHA-256 of the file, hexadecimal: equal contents are equal settings, wherever the files lie.</param>
/// <param name="SourceFile">The file as it was named.</param>
public sealed record GivenMasks(WiringMasks Masks, string? Sha256, string? SourceFile) : IFileContent;
