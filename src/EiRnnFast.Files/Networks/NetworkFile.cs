using EiRnnFast.Model;

namespace EiRnnFast.Files;

/// <summary>
/// Networks in files. Ours is a .npz of single-precision arrays in Keras orientation — kernel [I×N], recurrent_kernel [N×N],
/// bias [N], dense_kernel [N×O], dense_bias [O] — and `spec`, a JSON text. Where a network has them: trained_recurrent_kernel [N×N]
/// (V of the sign modes magnitude and rectified), initial_state [N], alpha [N], and masks of 0 and 1. Keras HDF5 is written, too
/// (<see cref="KerasNetworkFile"/>). Files to read are recognised by their first bytes.
/// </summary>
public static class NetworkFile
{
    internal const string Spec = "spec", TrainedKernel = "trained_recurrent_kernel", InitialState = "initial_state", Alpha = "alpha";

    private const string Kernel = "kernel", RecurrentKernel = "recurrent_kernel", Bias = "bias",
        DenseKernel = "dense_kernel", DenseBias = "dense_bias";

    private const string ExpectedNetwork = "a network: .npz or Keras .h5/.hdf5",
        ExpectedMatrix = "a recurrent matrix: .npz, .npy or Keras .h5/.hdf5";

    private static readonly string[] s_names = [Kernel, RecurrentKernel, Bias, DenseKernel, DenseBias, Spec, TrainedKernel, InitialState,
        Alpha, MaskFile.Input, MaskFile.Recurrent, MaskFile.Output];

    /// <summary>Writes a network, whole or not at all; the same network and provenance give the same bytes.</summary>
    /// <param name="path">The file, replaced if it exists: Keras 3 HDF5 (<see cref="KerasNetworkFile.Write"/>) where its name ends in .h5
    /// or .hdf5, else .npz.</param>
    /// <param name="network">The network.</param>
    /// <param name="provenance">Where it came from, kept in the file as text.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there, its name ends in .keras, a weight is not finite, or Keras
    /// lacks what the network has.</exception>
    public static void Write(string path, EiRnn network, IReadOnlyDictionary<string, string>? provenance = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(network);
        if (KerasNetworkFile.IsNamedSo(path))
        {
            KerasNetworkFile.Write(path, network, provenance: provenance);
            return;
        }
        if (path.EndsWith(".keras", StringComparison.OrdinalIgnoreCase))
            throw InvalidInputException.Of(InputFile.OneLine(path), "a name that ends in .keras, Keras's zip archive", ".npz, .h5 or .hdf5",
                "end it in .h5, which Keras reads too");
        RequireFinite(network);
        NpzFile.Write(path, Arrays(network, provenance));
    }

    /// <summary>Refuses a network that no file may hold.</summary>
    internal static void RequireFinite(EiRnn network)
    {
        RequireFinite(network.InputWeights);
        RequireFinite(network.TrainedRecurrentWeights);
        RequireFinite(network.Bias);
        RequireFinite(network.OutputWeights);
        RequireFinite(network.OutputBias);
        RequireFinite(network.InitialState);
    }

    private static void RequireFinite(ReadOnlySpan<float> weights)
    {
        if (weights.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw InvalidInputException.Of("network", "a weight that is not finite", "finite weights only",
                "keep an earlier one: this network has diverged");
    }

    /// <summary>The bytes of the file that <see cref="Write"/> writes, without its check.</summary>
    internal static byte[] ToBytes(EiRnn network, IReadOnlyDictionary<string, string>? provenance)
    {
        using var stream = new MemoryStream();
        NpzFile.Write(stream, Arrays(network, provenance));
        return stream.ToArray();
    }

    private static Dictionary<string, NpyArray> Arrays(EiRnn network, IReadOnlyDictionary<string, string>? provenance)
    {
        var arrays = PublishedArrays(network, provenance);
        foreach (var (name, array) in OwnArrays(network)) arrays.Add(name, array);
        return arrays;
    }

    /// <summary>The arrays that only some networks have, by name.</summary>
    internal static Dictionary<string, NpyArray> OwnArrays(EiRnn network)
    {
        Dictionary<string, NpyArray> arrays = [];
        int inputs = network.Inputs, units = network.Units, outputs = network.Outputs;
        if (network.Spec.Signs.Mode != SignMode.Projection)
            arrays[TrainedKernel] = NpyArray.Of(network.TrainedRecurrentWeights.ToArray(), units, units);
        if (network.Spec.Cell.TrainInitialState || network.InitialState.ContainsAnyExcept(0f))
            arrays[InitialState] = NpyArray.Of(network.InitialState.ToArray(), units);
        if (network.Spec.Cell.AlphaPerUnit is { } alpha) arrays[Alpha] = NpyArray.Of([.. alpha.Select(value => (float)value)], units);
        Add(MaskFile.Input, network.Masks?.Input, inputs, units);
        Add(MaskFile.Recurrent, network.Masks?.Recurrent, units, units);
        Add(MaskFile.Output, network.Masks?.Output, units, outputs);
        return arrays;

        void Add(string name, IReadOnlyList<bool>? mask, int rows, int columns)
        {
            if (mask is not null) arrays[name] = NpyArray.Of([.. mask.Select(exists => exists ? 1f : 0)], rows, columns);
        }
    }

    private static Dictionary<string, NpyArray> PublishedArrays(EiRnn network, IReadOnlyDictionary<string, string>? provenance) => new()
    {
        [Kernel] = NpyArray.Of(network.InputWeights.ToArray(), network.Inputs, network.Units),
        [RecurrentKernel] = NpyArray.Of(network.RecurrentWeights.ToArray(), network.Units, network.Units),
        [Bias] = NpyArray.Of(network.Bias.ToArray(), network.Units),
        [DenseKernel] = NpyArray.Of(network.OutputWeights.ToArray(), network.Units, network.Outputs),
        [DenseBias] = NpyArray.Of(network.OutputBias.ToArray(), network.Outputs),
        [Spec] = NpyArray.Of(SpecText.Of(network, provenance)),
    };

    /// <summary>
    /// Reads a network from .npz or Keras HDF5. Without our `spec` it has no sign constraint and no initialisation;
    /// missing biases are 0 and double precision is rounded to single.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, damaged,
    /// of another kind or holds no usable network.</exception>
    public static EiRnn Read(string path) => ReadWithProvenance(path).Network;

    /// <summary>Reads a network as <see cref="Read"/> does, with the texts that say where it came from; none in files of others.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, damaged,
    /// of another kind or holds no usable network.</exception>
    public static (EiRnn Network, IReadOnlyDictionary<string, string> Provenance) ReadWithProvenance(string path) =>
        InputFile.Read(path, ExpectedNetwork, stream =>
        {
            var weights = Weights(stream, path);
            return (weights.ToNetwork(), SpecText.ProvenanceIn(weights.SpecJson));
        });

    private static StoredWeights Weights(Stream stream, string path) => InputFile.Detect(stream) switch
    {
        FileContent.Zip => FromNpz(stream, path),
        FileContent.Hdf5 => KerasNetworkFile.Load(stream, path),
        FileContent.Npy => throw InputFile.Unusable(path, "a single array", ExpectedNetwork,
            "a .npy file can only serve as a recurrent matrix"),
        var other => throw Foreign(path, other, ExpectedNetwork),
    };

    /// <summary>Reads a recurrent matrix from .npz (recurrent_kernel is enough), .npy (one square matrix) or Keras HDF5.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, damaged or of another kind, or its matrix is not square,
    /// not finite or smaller than 2×2.</exception>
    public static LoadedMatrix ReadRecurrent(string path) => InputFile.Read(path, ExpectedMatrix, stream => InputFile.Detect(stream) switch
    {
        FileContent.Zip => FromNpz(stream, path).ToMatrix(),
        FileContent.Hdf5 => KerasNetworkFile.Load(stream, path).ToMatrix(),
        FileContent.Npy => new StoredWeights(path) { RecurrentKernel = NpyReader.Read(stream, stream.Length, path) }.ToMatrix(),
        var other => throw Foreign(path, other, ExpectedMatrix),
    });

    /// <summary>The network of what <see cref="ToBytes"/> made; <paramref name="origin"/> is named when it is damaged.</summary>
    internal static EiRnn FromBytes(byte[] npz, string origin)
    {
        using var stream = new MemoryStream(npz, writable: false);
        return InputFile.Guard(origin, "the weights of a network", () => FromNpz(stream, origin).ToNetwork());
    }

    private static StoredWeights FromNpz(Stream stream, string path)
    {
        var arrays = NpzFile.Read(stream, path, s_names);
        if (!arrays.TryGetValue(RecurrentKernel, out var recurrent))
            throw InputFile.Unusable(path, $"a zip archive without {RecurrentKernel}.npy", "a .npz with arrays named as in Keras",
                "save the recurrent matrix under that name");
        var spec = arrays.GetValueOrDefault(Spec);
        if (spec is { Text: null })
            throw InputFile.Unusable(path, "spec that is no single text", "a JSON text", "write the network again, or leave spec out");
        return new StoredWeights(path)
        {
            RecurrentKernel = recurrent,
            Kernel = arrays.GetValueOrDefault(Kernel),
            Bias = arrays.GetValueOrDefault(Bias),
            DenseKernel = arrays.GetValueOrDefault(DenseKernel),
            DenseBias = arrays.GetValueOrDefault(DenseBias),
            SpecJson = spec?.Text,
            TrainedKernel = arrays.GetValueOrDefault(TrainedKernel),
            InitialState = arrays.GetValueOrDefault(InitialState),
            Alpha = arrays.GetValueOrDefault(Alpha),
            KernelMask = arrays.GetValueOrDefault(MaskFile.Input),
            RecurrentMask = arrays.GetValueOrDefault(MaskFile.Recurrent),
            DenseMask = arrays.GetValueOrDefault(MaskFile.Output),
        };
    }

    private static InvalidInputException Foreign(string path, FileContent content, string expected) =>
        InputFile.Unusable(path, content == FileContent.Pickle ? "Python objects (pickled)" : "content that is neither NumPy's nor HDF5",
            expected, "choose another file; its name does not matter, its content does");
}
