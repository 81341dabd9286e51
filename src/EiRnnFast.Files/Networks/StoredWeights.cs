using EiRnnFast.Model;

namespace EiRnnFast.Files;

/// <summary>The arrays of a network as a file holds them, not checked yet; names as in Keras.</summary>
internal sealed record StoredWeights(string Path)
{
    private const string Remedy = "choose the file of a network with one SimpleRNN and one dense layer";

    /// <summary>[N×N].</summary>
    public required NpyArray RecurrentKernel { get; init; }

    /// <summary>[I×N].</summary>
    public NpyArray? Kernel { get; init; }

    /// <summary>[N]; zeros if null.</summary>
    public NpyArray? Bias { get; init; }

    /// <summary>[N×O].</summary>
    public NpyArray? DenseKernel { get; init; }

    /// <summary>[O]; zeros if null.</summary>
    public NpyArray? DenseBias { get; init; }

    /// <summary>V, [N×N], of the sign modes in which it is not what acts.</summary>
    public NpyArray? TrainedKernel { get; init; }

    /// <summary>[N]; zeros if null.</summary>
    public NpyArray? InitialState { get; init; }

    /// <summary>α of every unit, [N].</summary>
    public NpyArray? Alpha { get; init; }

    /// <summary>f, as Keras' description in the file has it; null where there is none.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Which weights exist, 0 or 1: [I×N], [N×N], [N×O].</summary>
    public NpyArray? KernelMask { get; init; }
    public NpyArray? RecurrentMask { get; init; }
    public NpyArray? DenseMask { get; init; }

    /// <summary>Our own specification in JSON, if the file has one.</summary>
    public string? SpecJson { get; init; }

    /// <summary>Why the file's network is none that there is here, although its recurrent matrix can be read; null if there is no
    /// reason.</summary>
    public InvalidInputException? Refusal { get; init; }

    public LoadedMatrix ToMatrix()
    {
        var units = Units();
        var values = RecurrentKernel.ToDoubles();
        var bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0)
            throw InputFile.Unusable(Path, FormattableString.Invariant($"{values[bad]} at [{bad / units}, {bad % units}] of the matrix"),
                "finite numbers only", "the file is damaged or its training diverged");
        var network = Refusal is not null ? null : SpecJson is not null || Kernel is not null && DenseKernel is not null ? ToNetwork()
            : null;
        return new LoadedMatrix(values, units, SpecJson is null ? null : network?.Spec, network);
    }

    public EiRnn ToNetwork()
    {
        if (Refusal is not null) throw Refusal;
        var units = Units();
        var kernel = Matrix(Kernel, "kernel", "[inputs×units]");
        var dense = Matrix(DenseKernel, "dense_kernel", "[units×outputs]");
        try
        {
            var spec = new NetworkSpec
            {
                Units = units, Inputs = kernel.Shape[0], Outputs = dense.Shape[1], Signs = SignConstraint.None,
                Init = null, Cell = new CellSpec { Activation = Activation ?? Model.Activation.Tanh },
            };
            CheckShape("alpha", Alpha, units);
            if (Alpha is not null) spec = spec with { Cell = spec.Cell with { AlphaPerUnit = Alpha.ToDoubles() } };
            CheckShape(MaskFile.Input, KernelMask, spec.Inputs, units);
            CheckShape(MaskFile.Recurrent, RecurrentMask, units, units);
            CheckShape(MaskFile.Output, DenseMask, units, spec.Outputs);
            var masks = (KernelMask ?? RecurrentMask ?? DenseMask) is null ? null
                : new WiringMasks { Input = Exists(KernelMask), Recurrent = Exists(RecurrentMask), Output = Exists(DenseMask) };
            var given = masks is null ? null : new GivenMasks(masks, new Dictionary<NetworkTensor, int>(), null, null);
            if (given is not null) spec = spec with { Wiring = new Wiring { Given = given } };
            long? seed = null;
            if (SpecJson is not null) (spec, seed) = SpecText.Parse(SpecJson, spec);
            CheckShape("kernel", kernel, spec.Inputs, units);
            CheckShape("dense_kernel", dense, units, spec.Outputs);
            CheckShape("bias", Bias, units);
            CheckShape("dense_bias", DenseBias, spec.Outputs);
            CheckShape("trained_recurrent_kernel", TrainedKernel, units, units);
            CheckShape("initial_state", InitialState, units);
            RequirePresent("alpha", Alpha, spec.Cell.TauMost is not null);
            RequirePresent("initial_state", InitialState, spec.Cell.TrainInitialState || spec.Cell.InitialState != 0);
            var isOfV = spec.Signs.Mode != SignMode.Projection;
            if (isOfV && TrainedKernel is null)
                throw InputFile.Unusable(Path, "no trained_recurrent_kernel", "one, in the sign mode of the file",
                    "write the network again");
            var network = EiRnn.FromWeights(spec, kernel.ToFloats(), (isOfV ? TrainedKernel! : RecurrentKernel).ToFloats(),
                Bias?.ToFloats() ?? [], dense.ToFloats(), DenseBias?.ToFloats() ?? [], seed, InitialState?.ToFloats() ?? [], masks);
            if (!network.RecurrentWeights.SequenceEqual(RecurrentKernel.ToFloats()))
                throw InputFile.Unusable(Path, "a recurrent_kernel that does not follow from what stands beside it",
                    "the weights that act: of the sign mode, and 0 where the mask is 0", "write the network again");
            if (Activation is { } described && (spec.Cell.Activation != described || KerasNetworkFile.Lacking(network) is not null))
                throw InputFile.Unusable(Path, "a model_config of Keras and a spec of eirnn that contradict each other",
                    "the same cell in both", "write the network again");
            return network;
        }
        catch (InvalidInputException e) when (!e.Message.StartsWith(InputFile.OneLine(Path), StringComparison.Ordinal))
        {
            throw new InvalidInputException($"{InputFile.OneLine(Path)}: {e.Message}", e);
        }
    }

    private static bool[]? Exists(NpyArray? mask) => mask is null ? null : [.. mask.ToFloats().Select(value => value != 0)];

    private int Units()
    {
        if (RecurrentKernel is not { IsNumeric: true, Shape: [var rows, var columns] } || rows != columns)
            throw InputFile.Unusable(Path, $"a recurrent matrix of shape {RecurrentKernel.ShapeText}", "a square matrix",
                "choose a square matrix, or the file of a network");
        if (rows is < NetworkSpec.MinUnits or > NetworkSpec.MaxUnits)
            throw InputFile.Unusable(Path, $"a recurrent matrix of {rows} unit{(rows == 1 ? "" : "s")}",
                $"{NetworkSpec.MinUnits} to {NetworkSpec.MaxUnits}", "choose a network of that size");
        return rows;
    }

    private NpyArray Matrix(NpyArray? array, string name, string shape)
    {
        if (array is { IsNumeric: true, Shape: [_, _] }) return array;
        throw InputFile.Unusable(Path, array is null ? $"no {name}" : $"{name} of shape {array.ShapeText}", $"{name} of shape {shape}",
            Remedy);
    }

    private void RequirePresent(string name, NpyArray? array, bool isNeeded)
    {
        if (isNeeded && array is null)
            throw InputFile.Unusable(Path, $"no {name}", "one, as the file's description asks for", "write the network again");
    }

    private void CheckShape(string name, NpyArray? array, params int[] shape)
    {
        if (array is null || array.IsNumeric && array.Shape.AsSpan().SequenceEqual(shape)) return;
        throw InputFile.Unusable(Path, $"{name} of shape {array.ShapeText}", string.Join("×", shape), Remedy);
    }
}
