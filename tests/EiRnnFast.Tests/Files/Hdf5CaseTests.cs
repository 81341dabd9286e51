using EiRnnFast.Files;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Files;

public sealed class Hdf5CaseTests
{
    [Theory]
    [InlineData("be.h5")]
    [InlineData("ub.h5")]
    [InlineData("readout-named.h5")]
    [InlineData("soft.h5")]
    public void Byte_orders_user_blocks_names_and_soft_links_change_no_weight(string name)
    {
        var (expected, actual) = (NetworkFile.Read(Cases.PathOf("tanh.h5")), NetworkFile.Read(Cases.PathOf(name)));
        Assert.Equal(expected.InputWeights.ToArray(), actual.InputWeights.ToArray());
        Assert.Equal(expected.RecurrentWeights.ToArray(), actual.RecurrentWeights.ToArray());
        Assert.Equal(expected.Bias.ToArray(), actual.Bias.ToArray());
        Assert.Equal(expected.OutputWeights.ToArray(), actual.OutputWeights.ToArray());
        Assert.Equal(expected.OutputBias.ToArray(), actual.OutputBias.ToArray());
    }

    [Fact]
    public void Chunks_with_gzip_shuffled_bytes_and_checksums_are_read_in_the_old_and_the_new_index()
    {
        var expected = new[]
        {
            0.45267794f, 0.22318728f, -0.2684766f, 0.29055905f, 0.1822862f, 0.14706625f, 0.014211121f, 0.2733565f,
            -0.36822703f, -0.08145498f, -0.24105966f, 0.2994231f, 0.019861054f, -0.14622837f, -0.39095423f, -0.12859613f,
        };
        var old = NetworkFile.Read(Cases.PathOf("shuffle.h5")).RecurrentWeights.ToArray();
        Assert.Equal(old, NetworkFile.Read(Cases.PathOf("gzip-latest.h5")).RecurrentWeights.ToArray());
        Assert.Equal(expected, old);
    }

    [Fact]
    public void The_activation_of_a_Keras_model_becomes_the_cell()
    {
        using var folder = new TemporaryFolder();
        var (tanh, relu) = (NetworkFile.Read(Cases.PathOf("tanh.h5")), NetworkFile.Read(Cases.PathOf("relu.h5")));
        Assert.Equal(CellSpec.Published, tanh.Spec.Cell);
        Assert.Equal(new CellSpec { Activation = Activation.Relu }, relu.Spec.Cell);
        Assert.Equal(tanh.RecurrentWeights.ToArray(), relu.RecurrentWeights.ToArray());
        Assert.Equal(relu.Spec.Cell, NetworkFile.ReadRecurrent(Cases.PathOf("relu.h5")).Network!.Spec.Cell);
        var copy = folder["relu.npz"];
        NetworkFile.Write(copy, relu);
        Assert.Equal(relu.Spec.Cell, NetworkFile.Read(copy).Spec.Cell);

        float[] x = [1, -2, 0.5f];
        var states = relu.Run(x, 1).States;
        for (var (t, h) = (0, new double[4]); t < x.Length; t++)
        {
            h = [.. Enumerable.Range(0, 4).Select(j => Math.Max(0, x[t] * relu.InputWeights[j] + relu.Bias[j]
                + Enumerable.Range(0, 4).Sum(i => h[i] * relu.RecurrentWeights[i * 4 + j])))];
            for (var j = 0; j < 4; j++) Assert.Equal(h[j], states[t * 4 + j], 1e-6);
        }
    }

    [Theory]
    [InlineData("dense-sigmoid.h5", "activation 'sigmoid' of the dense layer 'dense'")]
    [InlineData("two-readouts.h5", "2 dense layers (dense, value)")]
    [InlineData("encoder4.h5", "2 layers beside the recurrent one (dense/dense, output/output) and no description")]
    public void Another_network_is_refused_by_name_and_its_recurrent_matrix_read(string name, string found)
    {
        var path = Cases.PathOf(name);
        Assert.Contains(found, Rejection.Of(path, () => NetworkFile.Read(path)), StringComparison.Ordinal);
        Rejection.Of(path, () => KerasNetworkFile.Read(path));
        var matrix = NetworkFile.ReadRecurrent(path);
        Assert.Equal(NetworkFile.ReadRecurrent(Cases.PathOf("tanh.h5")).Values, matrix.Values);
        Assert.Null(matrix.Network);
    }

    [Theory]
    [InlineData("bomb.h5", "the file is too short to hold")]
    [InlineData("hang.h5", "links in a heap")]
    [InlineData("layout3.weights.h5", "a Keras 3 weights file, which has no description")]
    [InlineData("vds.h5", "a virtual dataset")]
    [InlineData("external.h5", "an external link 'model_weights'")]
    [InlineData("external-storage.h5", "its data outside the file")]
    [InlineData("softlink-self.h5", "a soft link that leads back to itself")]
    [InlineData("lzf.h5", "lzf compression")]
    public void Data_elsewhere_circles_and_what_a_file_cannot_hold_are_refused_by_name(string name, string found)
    {
        var path = Cases.PathOf(name);
        Assert.Contains(found, Rejection.Of(path, () => NetworkFile.ReadRecurrent(path)), StringComparison.Ordinal);
        Assert.Contains(found, Rejection.Of(path, () => NetworkFile.Read(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_that_were_never_written_are_read()
    {
        var matrix = NetworkFile.ReadRecurrent(Cases.PathOf("gzip-claim.h5"));
        Assert.Equal(3000, matrix.Units);
        Assert.DoesNotContain(matrix.Values, value => value != 0);
    }

    [Fact]
    public void A_changed_bit_in_a_newer_structure_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Cases.PathOf("gzip-latest.h5"));
        var header = bytes.AsSpan().IndexOf("OHDR"u8);
        bytes[header + 20] ^= 1;
        var path = folder.WriteBytes("a.h5", bytes);
        Assert.Contains("damaged content", Rejection.Of(path, () => NetworkFile.Read(path)), StringComparison.Ordinal);
    }
}
