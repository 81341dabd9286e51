using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>
/// Masks in a file, of 0 and 1: a .npy [N×N] for W_rec, or a .npz with <c>kernel_mask</c> [I×N], <c>recurrent_kernel_mask</c> [N×N] and
/// <c>dense_kernel_mask</c> [N×O], or some of them, as our own network files have.
/// </summary>
public static class MaskFile
{
    internal const string Input = "kernel_mask", Recurrent = "recurrent_kernel_mask", Output = "dense_kernel_mask";

    private const string Expected = "masks of 0 and 1: a .npy [N×N], or a .npz with " + Input + ", " + Recurrent + " or " + Output;

    /// <summary>Reads the file. Whether its sizes are those of a network is seen when it is used.</summary>
    /// <exception cref="InvalidInputException">No such file, another kind of file, or values other than 0 and 1.</exception>
    public static GivenMasks Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var arrays = InputFile.Read(path, Expected, stream => InputFile.Detect(stream) switch
        {
            FileContent.Npy => new Dictionary<string, NpyArray> { [Recurrent] = NpyReader.Read(stream, stream.Length, path) },
            FileContent.Zip => NpzFile.Read(stream, path, [Input, Recurrent, Output]),
            _ => throw InputFile.Unusable(path, "content that is not NumPy's", Expected, "save the masks with numpy.save or numpy.savez"),
        });
        if (arrays.Count == 0)
            throw InputFile.Unusable(path, "a zip archive without masks", Expected, "save the masks under these names");
        var masks = new WiringMasks { Input = Mask(Input), Recurrent = Mask(Recurrent), Output = Mask(Output) };
        return new GivenMasks(masks, arrays.ToDictionary(entry => SettingNames.Tensors[entry.Key[..^"_mask".Length]],
            entry => entry.Value.Shape[1]), InputFile.Sha256Of(path, Expected), path);

        bool[]? Mask(string name) => arrays.TryGetValue(name, out var array) ? Exists(array, path, name) : null;
    }

    private static bool[] Exists(NpyArray array, string path, string name)
    {
        if (array is not { IsNumeric: true, Shape: [var rows, var columns] } || name == Recurrent && rows != columns)
            throw InputFile.Unusable(path, $"{name} of shape {array.ShapeText}", name == Recurrent ? "a square matrix" : "a matrix",
                "save the mask again");
        return [.. array.ToDoubles().Select(value => value is 0 or 1 ? value == 1
            : throw InputFile.Unusable(path, $"{value} in {name}", "0 and 1 only", "save the mask again"))];
    }
}
