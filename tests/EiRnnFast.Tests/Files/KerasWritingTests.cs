using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Files;

/// <summary>Networks written as Keras HDF5, and read again.</summary>
public sealed class KerasWritingTests : IDisposable
{
    private static readonly Dictionary<string, string> s_origin = new() { ["task"] = "AND \"ü\"\n" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> KerasFiles => new(KerasFolder.NamesWithWeights);

    public static TheoryData<NetworkSpec> Specs => new(
        new NetworkSpec
        {
            Units = 6, Inputs = 2, Outputs = 3, Signs = SignConstraint.Presynaptic(0.5) with { Mode = SignMode.Magnitude },
            Cell = new CellSpec { Activation = Activation.Softplus, Noise = 0.1, TrainInitialState = true },
            Wiring = new Wiring { Density = 0.5 },
        },
        new NetworkSpec
        {
            Units = 4, Inputs = 1, Outputs = 1, Cell = new CellSpec { Form = CellForm.Voltage, Activation = Activation.Relu },
        });

    private static EiRnn Small(CellSpec? cell = null) =>
        EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1, Cell = cell ?? CellSpec.Published }, 1);

    [Theory]
    [MemberData(nameof(Specs))]
    [MemberData(nameof(NetworkFileTests.Specs), MemberType = typeof(NetworkFileTests))]
    public void A_network_goes_to_Keras_and_back_with_every_bit_and_setting(NetworkSpec spec)
    {
        var network = EiRnn.Create(spec, 3);
        network.Bias[0] = -0f;
        NetworkFile.Write(_folder["a.npz"], network, s_origin);
        foreach (var version in (int[])[2, 3])
        {
            var (first, origin) = NetworkFile.ReadWithProvenance(_folder["a.npz"]);
            KerasNetworkFile.Write(_folder["a.h5"], first, version, origin);
            var (second, again) = NetworkFile.ReadWithProvenance(_folder["a.h5"]);
            NetworkFile.Write(_folder["b.npz"], second, again);
            Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));
            Assert.NotNull(NetworkFile.ReadRecurrent(_folder["a.h5"]).Spec);
            var written = File.ReadAllBytes(_folder["a.h5"]);
            KerasNetworkFile.Write(_folder["a.h5"], second, version, again);
            Assert.Equal(written, File.ReadAllBytes(_folder["a.h5"]));
        }
        NetworkFile.Write(_folder["c.HDF5"], network, s_origin); // Keras 3 by its name
        Assert.Equal(File.ReadAllBytes(_folder["a.h5"]), File.ReadAllBytes(_folder["c.HDF5"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Without_what_is_ours_the_file_describes_the_same_weights_and_activation(int version)
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var network = Small(new CellSpec { Activation = activation });
            network.Bias.Fill(0.5f);
            var model = KerasModel.Of(network, version, null);
            Assert.True(model.Children.Remove(KerasModel.OwnGroup));
            var read = NetworkFile.Read(Written(model));
            Assert.Equal((activation, null), (read.Spec.Cell.Activation, read.Seed));
            Assert.Equal(SignAxis.None, read.Spec.Signs.Axis);
            AssertSameWeights(network, read);
        }
    }

    [Theory]
    [InlineData(2, "simple_rnn_1", "simple_rnn_1/kernel:0", "2.3.1")]
    [InlineData(3, "simple_rnn", "sequential/simple_rnn/simple_rnn_cell/kernel", "3.6.0")]
    public void Names_lead_to_the_weights_in_the_order_of_Keras(int version, string layer, string kernel, string expected)
    {
        KerasNetworkFile.Write(_folder["a.h5"], Small(), version);
        using var stream = File.OpenRead(_folder["a.h5"]);
        var file = new Hdf5File(stream, "a.h5");
        Assert.Equal([expected], file.Root.Texts("keras_version")!);
        var weights = file.Open(file.Root, "model_weights")!;
        Assert.Equal(layer, weights.Texts("layer_names")![0]);
        var group = file.Open(weights, layer)!;
        Assert.Equal(kernel, group.Texts("weight_names")![0]);
        Assert.Equal(["kernel", "recurrent_kernel", "bias"],
            group.Texts("weight_names")!.Select(name => name.Split('/')[^1].Split(':')[0]));
        Assert.All(group.Texts("weight_names")!, name => Assert.True(file.Open(group, name)!.IsDataset));
        using var json = JsonDocument.Parse(file.Root.Texts("model_config")![0]);
        Assert.Equal("Sequential", json.RootElement.GetProperty("class_name").GetString());
    }

    [Fact]
    public void Weights_from_elsewhere_without_a_bias_have_none_in_Keras()
    {
        var spec = new NetworkSpec { Units = 2, Inputs = 1, Outputs = 1, Init = null, Signs = SignConstraint.None };
        Assert.DoesNotContain("bias", RecurrentNames(EiRnn.FromWeights(spec, [1, 2], [1, 2, 3, 4], [], [1, 2], [])),
            StringComparison.Ordinal);
        Assert.Contains("bias", RecurrentNames(EiRnn.FromWeights(spec, [1, 2], [1, 2, 3, 4], [0, -0f], [1, 2], [])),
            StringComparison.Ordinal);
        Assert.Contains("bias", RecurrentNames(Small()), StringComparison.Ordinal);

        static string RecurrentNames(EiRnn network) =>
            string.Join(" ", KerasModel.Of(network, 3, null).At("model_weights/simple_rnn").Attributes[0].Texts);
    }

    [Fact]
    public void What_Keras_would_compute_otherwise_is_refused_by_name_and_nothing_is_written()
    {
        var started = Small();
        started.InitialState[1] = 0.5f;
        var diverged = Small();
        diverged.Bias[0] = float.NaN;
        AssertRefused(Small(new CellSpec { Alpha = 0.5 }), "a leak");
        AssertRefused(Small(new CellSpec { Tau = 100, Dt = 20 }), "a leak");
        AssertRefused(Small(new CellSpec { Tau = 10, TauMost = 100 }), "a leak");
        AssertRefused(started, "initial_state");
        AssertRefused(diverged, "not finite");
        Assert.Empty(_folder.Entries);
        Assert.Contains("found 4", Assert.Throws<InvalidInputException>(() => KerasNetworkFile.Write(_folder["a.h5"], Small(), 4)).Message,
            StringComparison.Ordinal);
        KerasNetworkFile.Write(_folder["b.h5"], Small());
        var older = File.ReadAllBytes(_folder["b.h5"]);
        Assert.Throws<InvalidInputException>(() => NetworkFile.Write(_folder["b.h5"], diverged));
        Assert.Equal(older, File.ReadAllBytes(_folder["b.h5"]));
        Assert.Equal(["b.h5"], _folder.Entries);

        void AssertRefused(EiRnn network, string found) => Assert.Contains(found,
            Assert.Throws<InvalidInputException>(() => NetworkFile.Write(_folder["a.h5"], network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_two_descriptions_contradict_each_other_is_refused()
    {
        AssertRefused("contradict", model => Replace(model, "\"activation\":\"tanh\"", "\"activation\":\"relu\""));
        AssertRefused("contradict", model => Replace(model, "\"alpha\":1", "\"alpha\":0.5"));
        AssertRefused("units 5", model => Replace(model, "\"units\":4", "\"units\":5"));
        AssertRefused("damaged description", model => Replace(model, "{", "["));
        AssertRefused("without one text 'spec'", model => model.At("eirnn").Attributes.Clear());
        AssertRefused("initial_state of shape 3", model => model.At("eirnn").Children.Add("initial_state", NpyArray.Of(new float[3], 3)));
        AssertRefused("contradict", model => model.At("eirnn").Children.Add("initial_state", NpyArray.Of([1f, 0, 0, 0], 4)));

        void AssertRefused(string found, Action<Hdf5Group> change)
        {
            var model = KerasModel.Of(Small(), 3, null);
            change(model);
            var path = Written(model);
            Assert.Contains(found, Rejection.Of(path, () => NetworkFile.Read(path)), StringComparison.Ordinal);
        }

        static void Replace(Hdf5Group model, string from, string to)
        {
            var own = model.At("eirnn").Attributes;
            var text = own[0].Texts[0];
            Assert.Contains(from, text, StringComparison.Ordinal);
            own[0] = new(own[0].Name, own[0].Form, text.Replace(from, to, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_truncation_is_refused_and_every_flipped_byte_is_refused_or_read()
    {
        KerasNetworkFile.Write(_folder["a.h5"], Small());
        var whole = File.ReadAllBytes(_folder["a.h5"]);
        for (var length = 0; length < whole.Length; length += 13)
        {
            var path = _folder.WriteBytes("b.h5", whole[..length]);
            Rejection.Of(path, () => NetworkFile.Read(path));
        }
        for (var at = 0; at < whole.Length; at += 3)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x55;
            var path = _folder.WriteBytes("b.h5", bytes);
            try
            {
                NetworkFile.ReadWithProvenance(path);
            }
            catch (InvalidInputException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [KerasTheory]
    [MemberData(nameof(KerasFiles))]
    public void Files_of_Keras_are_written_again_with_the_same_bits(string name)
    {
        var network = NetworkFile.Read(KerasFolder.PathOf(name));
        foreach (var version in (int[])[2, 3])
        {
            KerasNetworkFile.Write(_folder["a.h5"], network, version);
            AssertSameWeights(network, NetworkFile.Read(_folder["a.h5"]));
        }
    }

    private string Written(Hdf5Group model)
    {
        AtomicFile.Write(_folder["changed.h5"], stream => Hdf5Writer.Write(stream, model));
        return _folder["changed.h5"];
    }

    private static void AssertSameWeights(EiRnn expected, EiRnn found)
    {
        Assert.Equal(Bits(expected.InputWeights), Bits(found.InputWeights));
        Assert.Equal(Bits(expected.RecurrentWeights), Bits(found.RecurrentWeights));
        Assert.Equal(Bits(expected.Bias), Bits(found.Bias));
        Assert.Equal(Bits(expected.OutputWeights), Bits(found.OutputWeights));
        Assert.Equal(Bits(expected.OutputBias), Bits(found.OutputBias));

        static int[] Bits(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), BitConverter.SingleToInt32Bits);
    }
}
