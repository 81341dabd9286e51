using EiRnnFast.Model;
using PureHDF;

namespace EiRnnFast.Studies.Files;

/// <summary>
/// Reads networks that Keras saved as HDF5: one SimpleRNN and one dense layer, whatever the depth of their groups
/// (Keras 2.0, 2.3 and 3; whole models and weights alone).
/// </summary>
public static class KerasNetworkFile
{
    private const string Expected = "a Keras HDF5 file with the weights of one SimpleRNN and one dense layer",
        Remedy = "save the trained model with model.save('name.h5')";

    private const int DepthLimit = 16, GroupLimit = 10_000;

    /// <summary>Reads a network; it has no sign constraint and no initialisation, and a bias that the file does not hold is 0.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, damaged, of another kind, or holds no weights or another architecture.</exception>
    public static EiRnn Read(string path) => InputFile.Read(path, Expected, stream => Load(stream, path)).ToNetwork();

    internal static StoredWeights Load(Stream stream, string path)
    {
        using var file = H5File.Open(stream, leaveOpen: true);
        var layers = new List<Layer>();
        if (file.LinkExists("model_weights")) Collect(file.Group("model_weights"), "model_weights", 0, layers, path);
        else foreach (var group in file.Children().OfType<IH5Group>())
            if (group.Name != "optimizer_weights") Collect(group, group.Name, 0, layers, path);

        var recurrent = layers.Where(layer => layer.Weights.ContainsKey("recurrent_kernel")).ToList();
        var readouts = layers.Where(layer => !layer.Weights.ContainsKey("recurrent_kernel") && layer.Weights.ContainsKey("kernel")).ToList();
        if (recurrent.Count == 0)
            throw InputFile.Unusable(path, readouts.Count == 0 ? "an HDF5 file that holds no weights" : "no recurrent layer", Expected, Remedy);
        if (recurrent.Count > 1) throw Several(path, "recurrent layers", recurrent);
        var dense = readouts.Where(layer => layer.Path.Split('/').Any(part => part.StartsWith("dense", StringComparison.Ordinal))).ToList();
        if (dense.Count > 1) throw Several(path, "dense layers", dense);

        return new StoredWeights(path)
        {
            RecurrentKernel = recurrent[0].Array("recurrent_kernel", path)!,
            Kernel = recurrent[0].Array("kernel", path),
            Bias = recurrent[0].Array("bias", path),
            DenseKernel = dense.FirstOrDefault()?.Array("kernel", path),
            DenseBias = dense.FirstOrDefault()?.Array("bias", path),
        };
    }

    /// <summary>Adds every group below that holds datasets; Keras 2 ends their names with ":0".</summary>
    private static void Collect(IH5Group group, string groupPath, int depth, List<Layer> layers, string path)
    {
        if (depth > DepthLimit || layers.Count > GroupLimit)
            throw InputFile.Unusable(path, "groups in groups without end", Expected, Remedy);
        var layer = new Layer(groupPath, new Dictionary<string, IH5Dataset>(StringComparer.Ordinal));
        layers.Add(layer);
        foreach (var child in group.Children())
            if (child is IH5Dataset dataset) layer.Weights[WithoutSuffix(dataset.Name)] = dataset;
            else if (child is IH5Group inner) Collect(inner, $"{groupPath}/{inner.Name}", depth + 1, layers, path);
            else if (child is IH5UnresolvedLink link) throw InputFile.Unusable(path, "a link that leads nowhere", Expected, Remedy, link.Reason);
    }

    private static string WithoutSuffix(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;

    private static InvalidInputException Several(string path, string what, List<Layer> layers) =>
        InputFile.Unusable(path, $"{layers.Count} {what} ({string.Join(", ", layers.Take(3).Select(layer => InputFile.OneLine(layer.Path)))})", "one", "choose the file of a network with one of them");

    private sealed record Layer(string Path, Dictionary<string, IH5Dataset> Weights)
    {
        public NpyArray? Array(string name, string path)
        {
            if (!Weights.TryGetValue(name, out var dataset)) return null;
            var dimensions = dataset.Space.Dimensions;
            var count = dimensions.Aggregate((UInt128)1, (product, length) => product * length);
            if (dimensions.Length > 2 || count > (ulong)NetworkSpec.MaxUnits * NetworkSpec.MaxUnits)
                throw InputFile.Unusable(path, $"{name} of shape {string.Join("×", dimensions)}", $"a matrix of at most {NetworkSpec.MaxUnits} units", Remedy);
            var shape = System.Array.ConvertAll(dimensions, length => (int)length);
            return (dataset.Type.Class, dataset.Type.Size) switch
            {
                (H5DataTypeClass.FloatingPoint, 4) => NpyArray.Of(dataset.Read<float[]>(), shape),
                (H5DataTypeClass.FloatingPoint, 8) => NpyArray.Of(dataset.Read<double[]>(), shape),
                var (kind, size) => throw InputFile.Unusable(path, $"{name} of type {kind} with {size} bytes", "numbers in single or double precision", Remedy),
            };
        }
    }
}
