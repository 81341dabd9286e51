namespace EiRnnFast.Model;

/// <summary>A network from a file, whose weights a training starts from.</summary>
/// <param name="Network">The network. It is not changed.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="SourceFile">The file.</param>
public sealed record StartingNetwork(EiRnn Network, string? Sha256, string? SourceFile) : IFileContent
{
    /// <summary>Its weights in a network of a specification, whose sizes are its own.</summary>
    /// <param name="spec">Cell, wiring and sign constraint that hold from now on.</param>
    /// <param name="seed">Seed of the noise and of what a wiring or cell draws anew.</param>
    public EiRnn As(NetworkSpec spec, long seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var cell = spec.Cell.AlphaPerUnit is null ? spec.Cell.Drawn(spec.Units, seed) : spec.Cell;
        return EiRnn.FromWeights(spec with { Cell = cell }, Network.InputWeights, Network.TrainedRecurrentWeights, Network.Bias,
            Network.OutputWeights, Network.OutputBias, seed, Network.InitialState, spec.Wiring.Draw(spec, seed));
    }

    /// <summary>Its masks, as those of a file.</summary>
    internal GivenMasks MasksOf(WiringMasks masks)
    {
        Dictionary<NetworkTensor, int> columns = [];
        if (masks.Input is not null) columns[NetworkTensor.InputWeights] = Network.Units;
        if (masks.Recurrent is not null) columns[NetworkTensor.RecurrentWeights] = Network.Units;
        if (masks.Output is not null) columns[NetworkTensor.OutputWeights] = Network.Outputs;
        return new GivenMasks(masks, columns, Sha256, SourceFile);
    }

    /// <summary>Checks that the sizes are those of a specification.</summary>
    /// <exception cref="InvalidInputException">They are not.</exception>
    internal void Require(NetworkSpec spec, string task)
    {
        if (Network.Units != spec.Units)
            throw InvalidInputException.Of("units", spec.Units, $"{Network.Units}, as the network to start from has", "leave units out");
        if (Network.Inputs != spec.Inputs || Network.Outputs != spec.Outputs)
            throw InvalidInputException.Of("network to start from", $"{Network.Inputs} inputs and {Network.Outputs} outputs",
                $"{spec.Inputs} and {spec.Outputs}, as the task '{task}' has", "choose a task of its shape, or another network");
    }
}
