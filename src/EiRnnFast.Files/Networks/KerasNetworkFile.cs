using System.Text.Json;
using EiRnnFast.Model;

namespace EiRnnFast.Files;

/// <summary>
/// Networks of Keras as HDF5. It reads what Keras saved: one SimpleRNN and one linear dense layer after it, whatever their names and the
/// depth of their groups (Keras 2.0, 2.3 and 3; whole models and weights alone). A whole model describes its layers. Its activation becomes
/// the network's cell, and any other model is refused by name; dropout is taken as what it is after training, nothing. Weights alone
/// describe nothing: their layers are taken as such, with tanh. It writes whole models as Keras 2.3 and Keras 3 do; a group "eirnn", which
/// Keras passes over, keeps all that Keras has no word for, so that reading the file gives the same network.
/// </summary>
public static class KerasNetworkFile
{
    private const string Expected = "a Keras HDF5 file with the weights of one SimpleRNN and one dense layer",
        ExpectedLayers = "one SimpleRNN with tanh, relu, softplus, sigmoid or linear, and one linear dense layer after it";

    private const int DepthLimit = 16, ObjectLimit = 10_000;

    /// <summary>Writes a network, whole or not at all; the same network and provenance give the same bytes.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="network">The network. Its signs, masks, noise of training and initialisation stand in the group "eirnn".</param>
    /// <param name="version">2 for the layout of Keras 2.3, 3 for that of Keras 3.</param>
    /// <param name="provenance">Where it came from, kept in the file as text.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there, a weight is not finite, another version, or a network for
    /// which Keras would compute something else: with a leak or an initial state.</exception>
    public static void Write(string path, EiRnn network, int version = 3, IReadOnlyDictionary<string, string>? provenance = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(network);
        if (version is not (2 or 3)) throw InvalidInputException.Of("Keras version", version, "2 or 3", "choose one of these");
        NetworkFile.RequireFinite(network);
        if (Lacking(network) is { } lacking)
            throw InvalidInputException.Of("network", lacking, "what a SimpleRNN of Keras computes", "keep it as .npz");
        AtomicFile.Write(path, stream => Hdf5Writer.Write(stream, KerasModel.Of(network, version, provenance)));
    }

    /// <summary>Whether a name ends as those of Keras HDF5 files do.</summary>
    public static bool IsNamedSo(string path) => path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the network has and a SimpleRNN does not compute; null if there is nothing.</summary>
    internal static string? Lacking(EiRnn network)
    {
        var cell = network.Spec.Cell;
        return cell.AlphaPerUnit?.Any(alpha => alpha != 1) ?? cell.Alpha != 1 ? "a leak (alpha or tau)"
            : network.InitialState.ContainsAnyExcept(0f) ? "an initial state other than 0 (initial_state)"
            : null;
    }

    /// <summary>Reads a network. Of others' files it has no sign constraint and no initialisation, and a bias that is not there is
    /// 0.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, damaged, of another kind, or holds no weights or another
    /// architecture.</exception>
    public static EiRnn Read(string path) => InputFile.Read(path, Expected, stream => Load(stream, path)).ToNetwork();

    /// <summary>Reads the recurrent matrix, and the rest of the network if it is one that there is here.</summary>
    internal static StoredWeights Load(Stream stream, string path)
    {
        var file = new Hdf5File(stream, path);
        var top = file.Open(file.Root, "model_weights");
        List<Layer> layers = [];
        Collect(file, top ?? file.Root, "", 0, layers, [0]);
        layers.RemoveAll(layer => layer.Arrays.Count == 0);
        if (layers.Count == 0) throw file.Unusable("an HDF5 file that holds no weights", Expected);
        if (layers.Exists(layer => layer.Path.EndsWith("/vars", StringComparison.Ordinal) && layer.Arrays.ContainsKey("0")))
            throw file.Unusable("a Keras 3 weights file, which has no description", Expected);

        var recurrent = layers.FindAll(layer => layer.Arrays.ContainsKey("recurrent_kernel"));
        if (recurrent.Count > 1) throw file.Unusable(Several("recurrent layers", recurrent), "one",
            "choose the file of a network with one of them");
        return file.Root.Texts("model_config") is [var json] ? WithOwn(file, Described(file, path, Parse(file, json), layers, recurrent))
            : recurrent.Count == 0 ? throw file.Unusable("no recurrent layer", Expected)
            : Undescribed(file, path, recurrent[0], layers.FindAll(layer => layer != recurrent[0]));
    }

    /// <summary>The weights with what the group "eirnn" says of them, if there is one.</summary>
    private static StoredWeights WithOwn(Hdf5File file, StoredWeights weights)
    {
        if (weights.Refusal is not null || file.Open(file.Root, KerasModel.OwnGroup) is not { } group) return weights;
        List<Layer> found = [];
        Collect(file, group, "", 0, found, [0]);
        NpyArray? Own(string name) => Read(file, found[0], name);
        return weights with
        {
            SpecJson = group.Texts(NetworkFile.Spec) is [var spec] ? spec : throw file.Unusable("a group 'eirnn' without one text 'spec'"),
            TrainedKernel = Own(NetworkFile.TrainedKernel),
            InitialState = Own(NetworkFile.InitialState),
            Alpha = Own(NetworkFile.Alpha),
            KernelMask = Own(MaskFile.Input),
            RecurrentMask = Own(MaskFile.Recurrent),
            DenseMask = Own(MaskFile.Output),
        };
    }

    private static KerasDescription Parse(Hdf5File file, string json)
    {
        try
        {
            return KerasDescription.Parse(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw file.Unusable("a description (model_config) without layers", Expected);
        }
    }

    private static StoredWeights Described(Hdf5File file, string path, KerasDescription description, List<Layer> layers,
        List<Layer> recurrent)
    {
        if (description.Recurrent is not { } name) throw Refused(file, description.Problem ?? "no recurrent layer", false);
        if (recurrent.Count == 0 || !recurrent[0].IsOf(name)) throw file.Unusable($"no weights of the recurrent layer '{name}'", Expected);
        if (description.Readout is not { } readoutName)
            return new StoredWeights(path)
            {
                RecurrentKernel = Read(file, recurrent[0], "recurrent_kernel")!,
                Refusal = Refused(file, description.Problem!, true),
            };
        if (layers.FindAll(layer => layer.IsOf(readoutName)) is not [var readout])
            throw file.Unusable($"no weights of the dense layer '{readoutName}'", Expected);
        var weights = Weights(file, path, recurrent[0], readout) with { Activation = description.Activation };
        Check("units", description.Sizes.Units, weights.RecurrentKernel.Shape[^1]);
        Check("outputs", description.Sizes.Outputs, weights.DenseKernel?.Shape[^1]);
        Check($"biases in '{name}'", description.HasBias.Recurrent ? 1 : 0, weights.Bias is null ? 0 : 1);
        Check($"biases in '{readoutName}'", description.HasBias.Readout ? 1 : 0, weights.DenseBias is null ? 0 : 1);
        return weights;

        void Check(string what, int? described, int? stored)
        {
            if (described is not null && described != stored)
                throw file.Unusable($"{stored ?? 0} {what}", $"{described}, as the file's description (model_config) has it");
        }
    }

    private static StoredWeights Undescribed(Hdf5File file, string path, Layer recurrent, List<Layer> others) => others switch
    {
        [] => Weights(file, path, recurrent, null),
        [var readout] when readout.Arrays.ContainsKey("kernel") => Weights(file, path, recurrent, readout),
        _ => new StoredWeights(path)
        {
            RecurrentKernel = Read(file, recurrent, "recurrent_kernel")!,
            Refusal = Refused(file,
                $"{Several(others.Count == 1 ? "layer beside the recurrent one" : "layers beside the recurrent one", others)} and no "
                + "description of them", true),
        },
    };

    private static StoredWeights Weights(Hdf5File file, string path, Layer recurrent, Layer? readout) => new(path)
    {
        RecurrentKernel = Read(file, recurrent, "recurrent_kernel")!,
        Kernel = Read(file, recurrent, "kernel"),
        Bias = Read(file, recurrent, "bias"),
        DenseKernel = readout is null ? null : Read(file, readout, "kernel"),
        DenseBias = readout is null ? null : Read(file, readout, "bias"),
    };

    private static NpyArray? Read(Hdf5File file, Layer layer, string name)
    {
        if (!layer.Arrays.TryGetValue(name, out var dataset)) return null;
        var count = dataset.Lengths.Aggregate((Int128)1, (product, length) => product * length);
        if (dataset.Lengths.Length is < 1 or > 2 || count > (Int128)NetworkSpec.MaxUnits * NetworkSpec.MaxUnits)
            throw file.Unusable($"{name} of shape {dataset.ShapeText}", $"a matrix of at most {NetworkSpec.MaxUnits} units");
        return dataset.Read(name);
    }

    /// <summary>Adds every group below that holds datasets; Keras 2 ends their names with ":0".</summary>
    private static void Collect(Hdf5File file, Hdf5Object group, string path, int depth, List<Layer> layers, int[] objects)
    {
        var layer = new Layer(path, new Dictionary<string, Hdf5Dataset>(StringComparer.Ordinal));
        layers.Add(layer);
        foreach (var link in group.Links())
        {
            if (depth == 0 && link.Name == "optimizer_weights") continue;
            if (depth > DepthLimit || ++objects[0] > ObjectLimit) throw file.Unusable("groups in groups without end", Expected);
            var child = file.Follow(group, link) ?? throw file.Unusable($"a link '{link.Name}' that leads nowhere", Expected);
            if (!child.IsDataset) Collect(file, child, path.Length == 0 ? link.Name : $"{path}/{link.Name}", depth + 1, layers, objects);
            else if (!layer.Arrays.TryAdd(link.Name.EndsWith(":0", StringComparison.Ordinal) ? link.Name[..^2]
                : link.Name, child.Dataset()))
                throw file.Unusable($"the array '{link.Name}' twice", "every name once");
        }
    }

    private static InvalidInputException Refused(Hdf5File file, string problem, bool hasMatrix) =>
        file.Unusable(problem, ExpectedLayers, hasMatrix ? "its recurrent matrix alone can be read, for a spectrum" : Hdf5File.Remedy);

    private static string Several(string what, List<Layer> layers) =>
        $"{layers.Count} {what} ({string.Join(", ", layers.Select(layer => layer.Path))})";

    /// <summary>The arrays of one group, by their names in Keras.</summary>
    private sealed record Layer(string Path, Dictionary<string, Hdf5Dataset> Arrays)
    {
        public bool IsOf(string name) => Path == name || Path.StartsWith(name + "/", StringComparison.Ordinal);
    }
}
