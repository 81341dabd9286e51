using System.Runtime.InteropServices;
using System.Text;
using EiRnnFast.Model;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

public sealed class NetworkFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<NetworkSpec> Specs => new(
        new NetworkSpec { Units = 5, Inputs = 2, Outputs = 3 },
        new NetworkSpec
        {
            Units = 10, Inputs = 1, Outputs = 1, Signs = SignConstraint.Postsynaptic(0.7) with { NonNegativeInput = false },
            Init = RecurrentInit.TwoGaussian(0.15, 1.1) with { Balanced = true }
        },
        new NetworkSpec
        {
            Units = 3, Inputs = 2, Outputs = 1, Signs = SignConstraint.FromSigns(SignAxis.Presynaptic, [1, -1, 1]),
            Init = RecurrentInit.Normal(0.1)
        },
        new NetworkSpec
        {
            Units = 2, Inputs = 2, Outputs = 1, Signs = SignConstraint.None with { NonNegativeInput = true },
            Init = RecurrentInit.Identity(1.0 / 3)
        });

    [Fact]
    public void A_name_of_an_archive_of_Keras_is_refused()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 2, Inputs = 2, Outputs = 1 }, 1);
        Rejection.Of(_folder["a.keras"], () => NetworkFile.Write(_folder["a.keras"], network));
        Assert.Empty(_folder.Entries);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_network_comes_back_bit_for_bit(NetworkSpec spec)
    {
        var network = EiRnn.Create(spec, long.MaxValue);
        network.Bias.Fill(0.1f);
        network.OutputBias.Fill(-0f);
        NetworkFile.Write(_folder["a.npz"], network, new Dictionary<string, string> { ["task"] = "AND \"ü\"\n" });
        var read = NetworkFile.Read(_folder["a.npz"]);
        AssertSameWeights(network, read);
        Assert.Equal(long.MaxValue, read.Seed);
        AssertSameSpec(network.Spec, read.Spec);

        var matrix = NetworkFile.ReadRecurrent(_folder["a.npz"]);
        Assert.Equal(spec.Units, matrix.Units);
        Assert.Equal(network.RecurrentWeights.ToArray().Select(value => (double)value), matrix.Values);
        AssertSameSpec(network.Spec, matrix.Spec!);
        AssertSameWeights(network, matrix.Network!);

        NetworkFile.Write(_folder["b.npz"], read, new Dictionary<string, string> { ["task"] = "AND \"ü\"\n" });
        Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));
    }

    [Fact]
    public void A_network_without_initialisation_and_seed_comes_back()
    {
        NetworkFile.Write(_folder["a.npz"], Foreign());
        var read = NetworkFile.Read(_folder["a.npz"]);
        Assert.Null(read.Seed);
        AssertSameSpec(Foreign().Spec, read.Spec);
    }

    [NumPyFact]
    public void NumPy_finds_the_names_shapes_and_the_description()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1, Signs = SignConstraint.Presynaptic(0.7) }, 3);
        NetworkFile.Write(_folder["a.npz"], network, new Dictionary<string, string> { ["task"] = "AND" });
        const string shapes = "{'bias': (4,), 'dense_bias': (1,), 'dense_kernel': (4, 1), 'kernel': (2, 4), "
            + "'recurrent_kernel': (4, 4), 'spec': ()} {dtype('float32')}";
        const string spec = "{'format': 'eirnn-network-1', 'inputs': 2, 'outputs': 1, 'units': 4, 'sign_axis': 'presynaptic', "
            + "'excitatory': 0.7, 'input_nonnegative': True, 'init': 'orthogonal', 'gain': 1, 'mu': None, "
            + "'balanced': False, 'sign_mode': 'projection', 'readout_nonnegative': False, 'activation': 'tanh', "
            + "'cell_form': 'rate', 'alpha': 1, 'noise_rec': 0, 'train_initial_state': False, 'noise_in': 0, 'density': 1, "
            + "'autapses': True, "
            + "'input_to_excitatory': False, 'readout_from_excitatory': False, 'areas': None, 'projections': None, 'mask_file': None, "
            + "'mask_sha256': None, 'tau': None, 'tau_max': None, 'dt': None, 'initial_state': 0, 'magnitude_mean': None, "
            + "'magnitude_cv': None, 'spectral_radius': None, 'radius_scale': None, 'unit_signs': None, 'seed': 3, "
            + "'provenance': {'task': 'AND'}}";
        Assert.Equal($"{shapes}\n{spec}", NumPyFactAttribute.Run("""
            import sys, json, numpy as np
            z = np.load(sys.argv[1])
            print({k: z[k].shape for k in sorted(z)}, {z[k].dtype for k in z if k != 'spec'})
            print(json.loads(z['spec'].item()))
            """, _folder["a.npz"]));
    }

    [Fact]
    public void Foreign_archives_need_no_description_and_no_biases()
    {
        var path = Npz(("recurrent_kernel", NpyArray.Of([1.0, 1.0 / 3, 0, 1], 2, 2)), ("kernel", NpyArray.Of([1.0, 2], 1, 2)),
            ("dense_kernel", NpyArray.Of([1f, 2], 2, 1)));
        var network = NetworkFile.Read(path);
        AssertSameSpec(new NetworkSpec { Units = 2, Inputs = 1, Outputs = 1, Signs = SignConstraint.None, Init = null }, network.Spec);
        Assert.Equal([1f, 1f / 3, 0, 1], network.RecurrentWeights.ToArray());
        Assert.Equal([0f, 0], network.Bias.ToArray());
        var matrix = NetworkFile.ReadRecurrent(path);
        Assert.Equal(1.0 / 3, matrix.Values[1]);
        Assert.Null(matrix.Spec);
        Assert.NotNull(matrix.Network);
    }

    [Fact]
    public void A_matrix_alone_is_enough_for_a_spectrum_but_not_for_a_network()
    {
        var npz = Npz(("recurrent_kernel", NpyArray.Of([1, 2, 3, 4], 2, 2)), ("kernel", NpyArray.Of("other")));
        Assert.Equal([1, 2, 3, 4], NetworkFile.ReadRecurrent(npz).Values);
        Assert.Null(NetworkFile.ReadRecurrent(npz).Network);
        Assert.Contains("kernel", Rejection.Of(npz, () => NetworkFile.Read(npz)), StringComparison.Ordinal);
        var npy = _folder["a.dat"];
        NpyArray.Of([1f, 2, 3, 4], 2, 2).Write(npy);
        Assert.Equal([1, 2, 3, 4], NetworkFile.ReadRecurrent(npy).Values);
        Assert.Contains("single array", Rejection.Of(npy, () => NetworkFile.Read(npy)), StringComparison.Ordinal);
    }

    public static TheoryData<int[], double> BadMatrices => new()
    {
        { [2, 3], 1 }, { [1, 1], 1 }, { [0, 0], 1 }, { [4], 1 }, { [2, 2, 1], 1 }, { [], 1 },
        { [2, 2], double.NaN }, { [3, 3], double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(BadMatrices))]
    public void A_matrix_that_is_not_square_or_not_finite_is_refused(int[] shape, double value)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var count = shape.Aggregate(1, (product, length) => product * length);
        var array = NpyArray.Of([.. Enumerable.Repeat(value, count)], shape);
        array.Write(_folder["a.npy"]);
        Rejection.Of(_folder["a.npy"], () => NetworkFile.ReadRecurrent(_folder["a.npy"]));
        var npz = Npz(("recurrent_kernel", array), ("kernel", NpyArray.Of([1f, 1], 1, 2)), ("dense_kernel", NpyArray.Of([1f, 1], 2, 1)));
        Rejection.Of(npz, () => NetworkFile.ReadRecurrent(npz));
        Rejection.Of(npz, () => NetworkFile.Read(npz));
    }

    [Fact]
    public void Arrays_that_do_not_fit_together_are_refused()
    {
        NpyArray w = NpyArray.Of([1f, 2, 3, 4], 2, 2), kernel = NpyArray.Of([1f, 2], 1, 2), dense = NpyArray.Of([1f, 2], 2, 1);
        NpyArray bad = NpyArray.Of([1f, 2, 3], 3, 1), text = NpyArray.Of("text");
        foreach (var (name, array) in new[] { ("kernel", bad), ("dense_kernel", bad), ("bias", bad), ("dense_bias", bad), ("spec", bad),
            ("bias", text), ("kernel", text), ("recurrent_kernel", text), ("spec", text), ("spec", NpyArray.Of("{}")),
            ("spec", NpyArray.Of("[1]")),
            ("kernel", NpyArray.Of([1f, float.NaN], 1, 2)), ("dense_kernel", NpyArray.Of([1, 1e300], 2, 1)) })
        {
            var arrays = new Dictionary<string, NpyArray> { ["recurrent_kernel"] = w, ["kernel"] = kernel, ["dense_kernel"] = dense };
            arrays[name] = array;
            NpzFile.Write(_folder["bad.npz"], arrays);
            Rejection.Of(_folder["bad.npz"], () => NetworkFile.Read(_folder["bad.npz"]));
            Rejection.Of(_folder["bad.npz"], () => NetworkFile.ReadRecurrent(_folder["bad.npz"]));
        }
    }

    [Theory]
    [InlineData("\"units\":2", "\"units\":3")]
    [InlineData("\"units\":2", "\"units\":1e99")]
    [InlineData("eirnn-network-1", "eirnn-network-9")]
    [InlineData("presynaptic", "sideways")]
    [InlineData("\"excitatory\":0.5", "\"excitatory\":1.5")]
    [InlineData("\"excitatory\":0.5", "\"excitatory\":null")]
    [InlineData("\"unit_signs\":null", "\"unit_signs\":[1]")]
    [InlineData("\"unit_signs\":null", "\"unit_signs\":[1,0]")]
    [InlineData("orthogonal", "other")]
    [InlineData("\"gain\":1", "\"gain\":-1")]
    [InlineData("\"balanced\":false", "\"balanced\":7")]
    [InlineData("\"seed\":1", "\"seed\":\"one\"")]
    [InlineData("\"seed\":1", "\"sed\":1")]
    [InlineData("{", "")]
    public void A_description_that_is_damaged_is_refused(string good, string bad)
    {
        NetworkFile.Write(_folder["a.npz"], EiRnn.Create(new NetworkSpec { Units = 2, Inputs = 1, Outputs = 1 }, 1));
        var arrays = NpzFile.Read(_folder["a.npz"]).ToDictionary();
        var text = arrays["spec"].Text!;
        Assert.Contains(good, text, StringComparison.Ordinal);
        arrays["spec"] = NpyArray.Of(text.Replace(good, bad, StringComparison.Ordinal));
        NpzFile.Write(_folder["bad.npz"], arrays);
        Rejection.Of(_folder["bad.npz"], () => NetworkFile.Read(_folder["bad.npz"]));
    }

    [Theory]
    [InlineData(".npz")]
    [InlineData(".npy")]
    [InlineData(".h5")]
    [InlineData(".txt")]
    public void Foreign_truncated_and_missing_files_are_refused(string extension)
    {
        NetworkFile.Write(_folder["whole.npz"], Foreign());
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        byte[][] contents =
        [
            [], [0], [.. Encoding.UTF8.GetBytes("1,2\n3,4\n")], noise, [0x93, .. "NUMPY"u8, .. noise], [.. "PK\x03\x04"u8, .. noise],
            [0x89, .. "HDF\r\n\x1a\n"u8, .. noise], [0x89, .. "HDF\r\n\x1a\n"u8], [.. "PK\x05\x06"u8, .. new byte[18]],
            File.ReadAllBytes(_folder["whole.npz"])[..400],
        ];
        foreach (var content in contents)
        {
            var path = _folder.WriteBytes("a" + extension, content);
            Rejection.Of(path, () => NetworkFile.Read(path));
            Rejection.Of(path, () => NetworkFile.ReadRecurrent(path));
            Rejection.Of(path, () => KerasNetworkFile.Read(path));
        }
        var missing = _folder["missing" + extension];
        Rejection.Of(missing, () => NetworkFile.Read(missing));
        var folder = _folder["folder" + extension];
        Directory.CreateDirectory(folder);
        Rejection.Of(folder, () => NetworkFile.ReadRecurrent(folder));
    }

    [UnprivilegedFact]
    public void A_file_without_permission_to_read_is_refused()
    {
        NetworkFile.Write(_folder["a.npz"], Foreign());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["a.npz"], UnixFileMode.None);
        Rejection.Of(_folder["a.npz"], () => NetworkFile.Read(_folder["a.npz"]));
    }

    private static EiRnn Foreign() =>
        EiRnn.FromWeights(new NetworkSpec { Units = 2, Inputs = 1, Outputs = 1, Signs = SignConstraint.None, Init = null }, [1, 2],
            [1, 2, 3, 4], [], [1, 2], []);

    private string Npz(params (string Name, NpyArray Array)[] arrays)
    {
        NpzFile.Write(_folder["foreign.npz"], arrays.ToDictionary(pair => pair.Name, pair => pair.Array));
        return _folder["foreign.npz"];
    }

    private static void AssertSameSpec(NetworkSpec expected, NetworkSpec actual)
    {
        Assert.Equal(expected.Signs.UnitSigns, actual.Signs.UnitSigns);
        Assert.Equal((expected.Signs.Axis, expected.Signs.Excitatory, expected.Signs.NonNegativeInput),
            (actual.Signs.Axis, actual.Signs.Excitatory, actual.Signs.NonNegativeInput));
        Assert.Equal(expected with { Signs = SignConstraint.None }, actual with { Signs = SignConstraint.None });
    }

    private static void AssertSameWeights(EiRnn expected, EiRnn actual)
    {
        AssertSameBits(expected.InputWeights, actual.InputWeights);
        AssertSameBits(expected.RecurrentWeights, actual.RecurrentWeights);
        AssertSameBits(expected.Bias, actual.Bias);
        AssertSameBits(expected.OutputWeights, actual.OutputWeights);
        AssertSameBits(expected.OutputBias, actual.OutputBias);
    }

    private static void AssertSameBits(Span<float> expected, Span<float> actual) =>
        Assert.Equal(MemoryMarshal.AsBytes(expected).ToArray(), MemoryMarshal.AsBytes(actual).ToArray());
}
