using System.Runtime.InteropServices;
using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>
/// A network as a Sequential model of Keras, with the names, the attributes and the JSON that Keras 2.3 and Keras 3 write. The initialisers
/// are those that Keras takes by itself: they say how weights were drawn, and no weight depends on them any more.
/// </summary>
internal static class KerasModel
{
    /// <summary>The group with what only this engine reads: Keras passes over it.</summary>
    public const string OwnGroup = "eirnn";

    private const string Backend = "tensorflow";

    /// <summary>The whole file of a version of Keras, 2 or 3.</summary>
    public static Hdf5Group Of(EiRnn network, int version, IReadOnlyDictionary<string, string>? provenance)
    {
        // Weights that came from elsewhere with a bias of zeros have none.
        var hasBias = network.Spec.Init is not null || MemoryMarshal.Cast<float, int>(network.Bias).ContainsAnyExcept(0);
        (string Name, NpyArray Array)[] recurrent = [("kernel", NpyArray.Of(network.InputWeights.ToArray(), network.Inputs, network.Units)),
            ("recurrent_kernel", NpyArray.Of(network.RecurrentWeights.ToArray(), network.Units, network.Units)),
            .. hasBias ? [("bias", NpyArray.Of(network.Bias.ToArray(), network.Units))] : Array.Empty<(string, NpyArray)>()];
        (string Name, NpyArray Array)[] dense = [("kernel", NpyArray.Of(network.OutputWeights.ToArray(), network.Units, network.Outputs)),
            ("bias", NpyArray.Of(network.OutputBias.ToArray(), network.Outputs))];
        var file = version == 2 ? LayoutOfKeras2(network, hasBias, recurrent, dense) : LayoutOfKeras3(network, hasBias, recurrent, dense);
        var own = file.At(OwnGroup);
        own.Attributes.Add(new Hdf5Attribute(NetworkFile.Spec, Hdf5AttributeForm.Utf8, SpecText.Of(network, provenance)));
        foreach (var (name, array) in NetworkFile.OwnArrays(network)) own.Children.Add(name, array);
        return file;
    }

    private static Hdf5Group LayoutOfKeras2(EiRnn network, bool hasBias, (string Name, NpyArray Array)[] recurrent,
        (string Name, NpyArray Array)[] dense)
    {
        const string version = "2.3.1";
        var file = new Hdf5Group
        {
            Attributes = [new("keras_version", Hdf5AttributeForm.Ascii, version), new("backend", Hdf5AttributeForm.Ascii, Backend),
                new("model_config", Hdf5AttributeForm.Ascii, TextOfKeras2(network, hasBias))],
        };
        var weights = file.At("model_weights");
        weights.Attributes.AddRange([new("layer_names", Hdf5AttributeForm.FixedList, "simple_rnn_1", "dense_1"),
            new("backend", Hdf5AttributeForm.Ascii, Backend), new("keras_version", Hdf5AttributeForm.Ascii, version)]);
        Add(weights, "simple_rnn_1", "simple_rnn_1", ":0", Hdf5AttributeForm.FixedList, recurrent);
        Add(weights, "dense_1", "dense_1", ":0", Hdf5AttributeForm.FixedList, dense);
        return file;
    }

    private static Hdf5Group LayoutOfKeras3(EiRnn network, bool hasBias, (string Name, NpyArray Array)[] recurrent,
        (string Name, NpyArray Array)[] dense)
    {
        const string version = "3.6.0";
        var file = new Hdf5Group
        {
            Attributes = [new("keras_version", Hdf5AttributeForm.Utf8, version), new("backend", Hdf5AttributeForm.Utf8, Backend),
                new("model_config", Hdf5AttributeForm.Ascii, TextOfKeras3(network, hasBias))],
        };
        var weights = file.At("model_weights");
        weights.Attributes.AddRange([new("layer_names", Hdf5AttributeForm.AsciiList, "simple_rnn", "dense"),
            new("backend", Hdf5AttributeForm.Ascii, Backend), new("keras_version", Hdf5AttributeForm.Ascii, version)]);
        Add(weights, "simple_rnn", "sequential/simple_rnn/simple_rnn_cell", "", Hdf5AttributeForm.AsciiList, recurrent);
        Add(weights, "dense", "sequential/dense", "", Hdf5AttributeForm.AsciiList, dense);
        weights.At("top_level_model_weights").Attributes.Add(new("weight_names", Hdf5AttributeForm.EmptyList));
        return file;
    }

    private static void Add(Hdf5Group weights, string layer, string path, string suffix, Hdf5AttributeForm form,
        (string Name, NpyArray Array)[] arrays)
    {
        var group = weights.At(layer);
        group.Attributes.Add(new("weight_names", form, [.. arrays.Select(array => $"{path}/{array.Name}{suffix}")]));
        foreach (var (name, array) in arrays) group.At(path).Children.Add(name + suffix, array);
    }

    private static string TextOfKeras2(EiRnn network, bool hasBias)
    {
        const string zeros = """{"class_name": "Zeros", "config": {}}""",
            uniform = """{"class_name": "VarianceScaling", "config": """
                + """{"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": null}}""",
            orthogonal = """{"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": null}}""";
        var recurrent = $$"""
            {"name": "simple_rnn_1", "trainable": true, "batch_input_shape": [null, null, {{network.Inputs}}], "dtype": "float32",
            "return_sequences": true, "return_state": false, "go_backwards": false, "stateful": false, "unroll": false,
            {{Cell(network, hasBias)}}, "kernel_initializer": {{uniform}}, "recurrent_initializer": {{orthogonal}},
            "bias_initializer": {{zeros}}, {{RecurrentPlain}}}
            """;
        var dense = $$"""
            {"name": "dense_1", "trainable": true, "batch_input_shape": [null, {{network.Units}}], "dtype": "float32",
            "units": {{network.Outputs}}, "activation": "linear", "use_bias": true, "kernel_initializer": {{uniform}},
            "bias_initializer": {{zeros}}, "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
            "kernel_constraint": null, "bias_constraint": null}
            """;
        return OneLine($$$"""
            {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": [{"class_name": "SimpleRNN", "config":
            {{{recurrent}}}}, {"class_name": "Dense", "config": {{{dense}}}}]}}
            """);
    }

    private static string TextOfKeras3(EiRnn network, bool hasBias)
    {
        var type = Object("keras", "DTypePolicy", "\"name\": \"float32\"");
        var uniform = Object("keras.initializers", "GlorotUniform", "\"seed\": null");
        var orthogonal = Object("keras.initializers", "OrthogonalInitializer", "\"seed\": null, \"gain\": 1.0");
        var zeros = Object("keras.initializers", "Zeros", "");
        var recurrent = $$"""
            {"name": "simple_rnn", "trainable": true, "dtype": {{type}}, "return_sequences": true, "return_state": false,
            "go_backwards": false, "stateful": false, "unroll": false, "zero_output_for_mask": false, {{Cell(network, hasBias)}},
            "kernel_initializer": {{uniform}}, "recurrent_initializer": {{orthogonal}}, "bias_initializer": {{zeros}}, {{RecurrentPlain}}}
            """;
        var dense = $$"""
            {"name": "dense", "trainable": true, "dtype": {{type}}, "units": {{network.Outputs}}, "activation": "linear", "use_bias": true,
            "kernel_initializer": {{uniform}}, "bias_initializer": {{zeros}}, "kernel_regularizer": null, "bias_regularizer": null,
            "kernel_constraint": null, "bias_constraint": null}
            """;
        return OneLine($$$"""
            {"class_name": "Sequential", "config": {"name": "sequential", "trainable": true, "dtype": {{{type}}}, "layers":
            [{"class_name": "InputLayer", "config": {"batch_shape": [null, null, {{{network.Inputs}}}], "dtype": "float32",
            "sparse": false, "name": "input_layer"}}, {"class_name": "SimpleRNN", "config": {{{recurrent}}}},
            {"class_name": "Dense", "config": {{{dense}}}}],
            "build_input_shape": [null, null, {{{network.Inputs}}}]}}
            """);
    }

    private const string RecurrentPlain = """
        "kernel_regularizer": null, "recurrent_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
        "kernel_constraint": null, "recurrent_constraint": null, "bias_constraint": null, "dropout": 0.0, "recurrent_dropout": 0.0
        """;

    private static string Cell(EiRnn network, bool hasBias)
    {
        var activation = SettingNames.Activations.Single(pair => pair.Value == network.Spec.Cell.Activation).Key;
        return $"\"units\": {network.Units}, \"activation\": \"{activation}\", \"use_bias\": {(hasBias ? "true" : "false")}";
    }

    private static string Object(string module, string name, string config) =>
        $$"""{"module": "{{module}}", "class_name": "{{name}}", "config": {{{config}}}, "registered_name": null}""";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
