using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.Files;

public sealed class KerasDescriptionTests
{
    private const string Rnn =
        """{"class_name": "SimpleRNN", "config": {"name": "r", "units": 4, "activation": "tanh", "return_sequences": true}}""",
        Dense =
        """{"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": false}}""",
        Input = """{"class_name": "InputLayer", "config": {"name": "i"}, "inbound_nodes": []}""";

    private static KerasDescription Of(params string[] layers) =>
        KerasDescription.Parse($$"""{"class_name": "Sequential", "config": {"name": "s", "layers": [{{string.Join(", ", layers)}}]} }""");

    private static string After(string layer, string sources) => layer[..^1] + $$""", "inbound_nodes": {{sources}} }""";

    private static KerasDescription Functional(string rnnSources, string denseSources) =>
        KerasDescription.Parse($$"""{"class_name": "Functional", "config": {"layers": [{{Input}}, """
            + $$"""{{After(Rnn, rnnSources)}}, {{After(Dense, denseSources)}}]} }""");

    [Fact]
    public void One_SimpleRNN_and_one_dense_layer_after_it_are_a_network_whatever_stands_idle_between()
    {
        var description = Of(Input, Rnn, """{"class_name": "Dropout", "config": {"name": "x"}}""",
            $$"""{"class_name": "TimeDistributed", "config": {"name": "t", "layer": {{Dense}} } }""",
            """{"class_name": "Activation", "config": {"activation": "linear"}}""");
        Assert.Null(description.Problem);
        Assert.Equal(("r", "t"), (description.Recurrent, description.Readout));
        Assert.Equal((4, 1), description.Sizes);
        Assert.Equal((true, false), description.HasBias);
        Assert.Equal("d", KerasDescription.Parse($$"""{"class_name": "Sequential", "config": [{{Rnn}}, {{Dense}}]}""").Readout);
    }

    [Fact]
    public void A_chain_is_known_by_what_each_layer_follows_in_Keras_2_and_3()
    {
        const string third =
            """[{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["NAME", 0, 0]}}], "kwargs": {}}]""";
        Assert.Null(Functional("""[[["i", 0, 0, {}]]]""", """[[["r", 0, 0, {}]]]""").Problem);
        Assert.Null(Functional(third.Replace("NAME", "i", StringComparison.Ordinal),
            third.Replace("NAME", "r", StringComparison.Ordinal)).Problem);
        Assert.Contains("'d' follows i",
            Functional("""[[["i", 0, 0, {}]]]""", """[[["i", 0, 0, {}]]]""").Problem, StringComparison.Ordinal);
        Assert.Contains("'d' follows i, r",
            Functional("""[[["i", 0, 0, {}]]]""", """[[["i", 0, 0, {}], ["r", 0, 0, {}]]]""").Problem, StringComparison.Ordinal);
        Assert.Contains("used twice",
            Functional("""[[["i", 0, 0, {}]], [["i", 0, 0, {}]]]""", """[[["r", 0, 0, {}]]]""").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": \"elu\"", "activation 'elu' of the recurrent layer 'r'")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": \"hard_sigmoid\"", "activation 'hard_sigmoid' of the recurrent layer 'r'")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": {\"class_name\": \"function\", \"config\": \"gelu\"}", "activation 'gelu'")]
    [InlineData("\"activation\": \"tanh\"",
        "\"activation\": {\"module\": \"builtins\", \"class_name\": \"function\", \"config\": \"relu\", \"registered_name\": \"function\"}",
        "activation 'function relu of builtins'")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": {\"class_name\": \"ReLU\", \"config\": {\"name\": \"x\", \"max_value\": 6.0}}",
        "activation 'relu with max_value 6.0' of the recurrent layer 'r'")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": {\"class_name\": \"LeakyReLU\", \"config\": {\"alpha\": 0.3}}",
        "activation 'LeakyReLU {\"alpha\": 0.3}'")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": {\"module\": \"mine\", \"class_name\": \"ReLU\"}",
        "activation 'ReLU of mine'")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": 3", "activation '3'")]
    [InlineData("\"activation\": \"linear\"", "\"activation\": \"relu\"", "activation 'relu' of the dense layer 'd'")]
    [InlineData("\"activation\": \"linear\"", "\"activation\": \"softmax\"", "activation 'softmax' of the dense layer 'd'")]
    [InlineData("\"return_sequences\": true", "\"return_sequences\": false", "without return_sequences")]
    [InlineData("\"units\": 4", "\"go_backwards\": true", "'r' with go_backwards")]
    [InlineData("\"units\": 4", "\"stateful\": true", "'r' with stateful")]
    public void Other_settings_are_named(string setting, string other, string problem)
    {
        ArgumentNullException.ThrowIfNull(setting);
        var description = Of(Rnn.Replace(setting, other, StringComparison.Ordinal),
            Dense.Replace(setting, other, StringComparison.Ordinal));
        Assert.Contains(problem, description.Problem, StringComparison.Ordinal);
        Assert.Equal("r", description.Recurrent);
        Assert.Null(description.Readout);
    }

    [Theory]
    [InlineData("\"relu\"", Activation.Relu)]
    [InlineData("\"softplus\"", Activation.Softplus)]
    [InlineData("\"sigmoid\"", Activation.Sigmoid)]
    [InlineData("\"linear\"", Activation.Linear)]
    [InlineData("\"tanh\"", Activation.Tanh)]
    [InlineData("null", Activation.Linear)]
    [InlineData("""{"class_name": "function", "config": "relu"}""", Activation.Relu)]
    [InlineData("""{"module": "keras.activations", "class_name": "function", "config": "relu", "registered_name": "function"}""",
        Activation.Relu)]
    [InlineData("""{"class_name": "relu", "config": {}}""", Activation.Relu)]
    [InlineData("""{"module": "keras.layers", "class_name": "ReLU", "config": {"name": "re_lu", "trainable": true, "dtype": "float32", """
        + """ "max_value": null, "negative_slope": 0.0, "threshold": 0}, "registered_name": null}""", Activation.Relu)]
    public void The_activation_of_the_recurrent_layer_is_read_in_every_spelling(string text, Activation expected)
    {
        var description = Of(Rnn.Replace("\"tanh\"", text, StringComparison.Ordinal), Dense);
        Assert.Null(description.Problem);
        Assert.Equal(expected, description.Activation);
        Assert.Equal(Activation.Tanh, Of(Rnn.Replace("\"activation\": \"tanh\", ", "", StringComparison.Ordinal), Dense).Activation);
    }

    [Fact]
    public void A_linear_readout_is_one_in_every_spelling()
    {
        foreach (var text in new[] { "null", """{"class_name": "function", "config": "linear"}""", """{"class_name": "linear"}""" })
            Assert.Null(Of(Rnn, Dense.Replace("\"linear\"", text, StringComparison.Ordinal)).Problem);
    }

    [Fact]
    public void Other_layers_are_named()
    {
        Assert.Equal("a dense layer 'd' before the recurrent layer", Of(Dense, Rnn, Dense).Problem);
        Assert.Equal("2 dense layers (d, d)", Of(Rnn, Dense, Dense).Problem);
        Assert.Equal("2 recurrent layers (r, r)", Of(Rnn, Rnn, Dense).Problem);
        Assert.Null(Of(Rnn, Rnn, Dense).Recurrent);
        Assert.Equal("no dense layer after the recurrent one", Of(Rnn).Problem);
        Assert.Equal("a layer 'm' of class Masking", Of("""{"class_name": "Masking", "config": {"name": "m"}}""", Rnn, Dense).Problem);
        Assert.Equal("a layer 'l' of class LSTM", Of("""{"class_name": "LSTM", "config": {"name": "l"}}""", Dense).Problem);
        Assert.Equal("a layer 't' of class TimeDistributed(Conv1D)",
            Of(Rnn, """{"class_name": "TimeDistributed", "config": {"name": "t", "layer": """
                + """{"class_name": "Conv1D", "config": {}}}}""").Problem);
        foreach (var kind in (string[])["GRU", "Bidirectional", "RNN", "Sequential"])
            Assert.Equal($"a layer 'r' of class {kind}", Of(Rnn.Replace("SimpleRNN", kind, StringComparison.Ordinal), Dense).Problem);
        Assert.Equal("a layer 'r' of class SimpleRNN of mine",
            Of(Rnn.Replace("{\"class_name\"", "{\"module\": \"mine\", \"class_name\"", StringComparison.Ordinal), Dense).Problem);
        Assert.Null(Of(Rnn.Replace("{\"class_name\"", "{\"module\": \"keras.layers\", \"class_name\"", StringComparison.Ordinal),
            Dense).Problem);
        Assert.Equal("activation 'relu' in a layer 'a'",
            Of(Rnn, Dense, """{"class_name": "Activation", "config": {"name": "a", "activation": "relu"}}""").Problem);
    }

    [Fact]
    public void What_is_no_description_is_refused()
    {
        Assert.ThrowsAny<JsonException>(() => KerasDescription.Parse("{"));
        Assert.Throws<InvalidOperationException>(() => KerasDescription.Parse("[]"));
        Assert.Throws<KeyNotFoundException>(() => KerasDescription.Parse("{}"));
    }
}
