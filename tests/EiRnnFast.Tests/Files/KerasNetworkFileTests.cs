using EiRnnFast.Files;
using PureHDF;

namespace EiRnnFast.Tests.Files;

public sealed class KerasNetworkFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly float[,] Kernel = { { 1, 2 } }, Recurrent = { { 1, 2 }, { 3, 4 } }, Dense = { { 5 }, { 6 } };

    private string Path => _folder["a.h5"];

    private static H5Group Rnn(string suffix = "") =>
        new() { ["kernel" + suffix] = Kernel, ["recurrent_kernel" + suffix] = Recurrent, ["bias" + suffix] = new float[] { 7, 8 } };

    private static H5Group Readout(string suffix = "") => new() { ["kernel" + suffix] = Dense, ["bias" + suffix] = new float[] { 9 } };

    private static H5Group In(string name, object child) => new() { [name] = child };

    private void Write(params (string Name, object Child)[] children)
    {
        var file = new H5File();
        foreach (var (name, child) in children) file[name] = child;
        file.Write(Path);
    }

    private void AssertReads(string? path = null)
    {
        var network = NetworkFile.Read(path ?? Path);
        Assert.Equal((2, 1, 1), (network.Units, network.Inputs, network.Outputs));
        Assert.Equal([1f, 2], network.InputWeights.ToArray());
        Assert.Equal([1f, 2, 3, 4], network.RecurrentWeights.ToArray());
        Assert.Equal([7f, 8], network.Bias.ToArray());
        Assert.Equal([5f, 6], network.OutputWeights.ToArray());
        Assert.Equal([9f], network.OutputBias.ToArray());
    }

    [Fact]
    public void Reads_models_of_Keras_2_and_weights_alone()
    {
        H5Group rnn = In("simple_rnn_8", Rnn(":0")), dense = In("dense_8", Readout(":0"));
        Write(("model_weights", new H5Group { ["simple_rnn_8"] = rnn, ["dense_8"] = dense }), ("optimizer_weights", Rnn()));
        AssertReads();
        Write(("simple_rnn_8", rnn), ("dense_8", dense), ("optimizer_weights", In("Adam", Rnn())));
        AssertReads();
    }

    [Fact]
    public void Reads_models_of_Keras_3()
    {
        Write(("model_weights", new H5Group
        {
            ["simple_rnn"] = In("sequential", In("simple_rnn", In("simple_rnn_cell", Rnn()))),
            ["dense"] = In("sequential", In("dense", Readout())),
            ["top_level_model_weights"] = new H5Group(),
        }));
        AssertReads();
    }

    [Fact]
    public void A_missing_bias_is_zero_and_doubles_are_kept_for_the_matrix()
    {
        Write(("simple_rnn", new H5Group { ["kernel"] = Kernel, ["recurrent_kernel"] = new[,] { { 1, 1.0 / 3 }, { 0, 1 } } }),
            ("dense", In("kernel", Dense)));
        Assert.Equal([0f, 0], NetworkFile.Read(Path).Bias.ToArray());
        Assert.Equal(1.0 / 3, NetworkFile.ReadRecurrent(Path).Values[1]);
        Write(("simple_rnn", In("recurrent_kernel", Recurrent)));
        Assert.Null(NetworkFile.ReadRecurrent(Path).Network);
        Assert.Contains("no kernel", Rejection.Of(Path, () => NetworkFile.Read(Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_contents_are_refused()
    {
        AssertRefused("holds no weights", ("model_weights", new H5Group { ["dense"] = new H5Group() }));
        AssertRefused("holds no weights", ("optimizer_weights", Rnn()));
        AssertRefused("no recurrent layer", ("dense", Readout()));
        AssertRefused("2 recurrent layers", ("a", Rnn()), ("b", Rnn()), ("dense", Readout()));
        AssertRefused("2 layers beside the recurrent one (dense, dense_1)", ("a", Rnn()), ("dense", Readout()), ("dense_1", Readout()));
        AssertRefused("2×8", ("lstm", new H5Group { ["kernel"] = new float[1, 8], ["recurrent_kernel"] = new float[2, 8] }),
            ("dense", Readout()));
        AssertRefused("whole numbers of 4 bytes", ("a", In("recurrent_kernel", new int[2, 2])));
        AssertRefused("NaN", ("a", new H5Group { ["kernel"] = Kernel, ["recurrent_kernel"] = new[,] { { 1, float.NaN }, { 1, 1 } } }),
            ("dense", Readout()));
        object nested = new H5Group();
        for (var depth = 0; depth < 40; depth++) nested = In("g", nested);
        AssertRefused("without end", ("g", nested));
    }

    [Fact]
    public void Damaged_files_are_refused_or_read_without_another_exception()
    {
        Write(("simple_rnn", Rnn()), ("dense", Readout()));
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length += 7)
        {
            var path = _folder.WriteBytes("truncated.h5", whole[..length]);
            try
            {
                AssertReads(path); // Possible only where nothing but the last padding is missing.
            }
            catch (InvalidInputException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }
        for (var at = 0; at < whole.Length; at++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0xff;
            var path = _folder.WriteBytes("damaged.h5", bytes);
            try
            {
                NetworkFile.Read(path);
            }
            catch (InvalidInputException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    private void AssertRefused(string found, params (string Name, object Child)[] children)
    {
        Write(children);
        Assert.Contains(found, Rejection.Of(Path, () => NetworkFile.Read(Path)), StringComparison.Ordinal);
        Rejection.Of(Path, () => KerasNetworkFile.Read(Path));
    }
}
