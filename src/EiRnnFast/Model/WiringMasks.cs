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
        Check("mask of W_in", Input, spec.Inputs, spec.Units);
        Check("mask of W_rec", Recurrent, spec.Units, spec.Units);
        Check("mask of W_out", Output, spec.Units, spec.Outputs);
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
/// <param name="Columns">Columns of each mask that there is, by its tensor.</param>
/// <param name="Sha256">SHA-256 of the file, hexadecimal: equal contents are equal settings, wherever the files lie.</param>
/// <param name="SourceFile">The file as it was named.</param>
public sealed record GivenMasks(WiringMasks Masks, IReadOnlyDictionary<NetworkTensor, int> Columns, string? Sha256,
    string? SourceFile) : IFileContent
{
    /// <summary>Checks that the masks have the shapes of a network's weights.</summary>
    /// <exception cref="InvalidInputException">One has not.</exception>
    internal void Validate(NetworkSpec spec)
    {
        Check("kernel_mask", NetworkTensor.InputWeights, Masks.Input, spec.Inputs, spec.Units);
        Check("recurrent_kernel_mask", NetworkTensor.RecurrentWeights, Masks.Recurrent, spec.Units, spec.Units);
        Check("dense_kernel_mask", NetworkTensor.OutputWeights, Masks.Output, spec.Units, spec.Outputs);
    }

    private void Check(string name, NetworkTensor tensor, IReadOnlyList<bool>? mask, int rows, int columns)
    {
        if (mask is null) return;
        var found = Columns.GetValueOrDefault(tensor, columns);
        if (found != columns || mask.Count != (long)rows * columns)
            throw InvalidInputException.Of(SourceFile is null ? "mask_file" : $"mask_file {SourceFile}",
                $"{name} of shape {mask.Count / Math.Max(1, found)}×{found}", $"{rows}×{columns}", "save the mask of the network's size");
    }
}
