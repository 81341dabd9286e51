using System.Text.Json;
using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>
/// The layers that a Keras file describes (its attribute <c>model_config</c>). A network here is a chain of one SimpleRNN, with an
/// activation that there is here, and one linear dense layer after it, whatever their names. Layers that do nothing once training is over
/// (dropout, noise) may stand between.
/// </summary>
internal sealed class KerasDescription
{
    private static readonly HashSet<string> s_idle =
        ["InputLayer", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"];

    private readonly List<string> _recurrent = [], _dense = [];

    private KerasDescription(JsonElement model)
    {
        var config = model.GetProperty("config");
        var layers = (config.ValueKind == JsonValueKind.Array ? config
            : config.GetProperty("layers")).EnumerateArray().Select(Layer.Of).ToList();
        if (Text(model, "class_name") is var kind and not ("Sequential" or "Functional" or "Model")) Problem = $"a model of class {kind}";
        for (var i = 0; i < layers.Count; i++)
        {
            if (layers[i].Sources(layers) is { } sources && !sources.SequenceEqual(i == 0 ? [] : [layers[i - 1].Name]))
                Problem ??= $"layers in no single chain: '{layers[i].Name}' follows {NamesOf(sources)}";
            Add(layers[i]);
        }
        if (_recurrent.Count > 1) Problem = Several("recurrent layers", _recurrent);
        else if (_dense.Count > 1) Problem ??= Several("dense layers", _dense);
        else if (_dense.Count == 0) Problem ??= "no dense layer after the recurrent one";
    }

    /// <summary>The only SimpleRNN, of whatever activation; null if there is none, or more than one.</summary>
    public string? Recurrent => _recurrent is [var only] ? only : null;

    /// <summary>The dense layer after it, if there is no problem.</summary>
    public string? Readout => Problem is null ? _dense[0] : null;

    /// <summary>The activation of the recurrent layer; Keras takes tanh where none is named.</summary>
    public Activation Activation { get; private set; } = Activation.Tanh;

    /// <summary>Why these layers are no network as there is here; null if they are one.</summary>
    public string? Problem { get; private set; }

    /// <summary>How many units the recurrent layer, and how many outputs the dense layer, should have.</summary>
    public (int? Units, int? Outputs) Sizes { get; private set; }

    /// <summary>Whether the two layers should have a bias.</summary>
    public (bool Recurrent, bool Readout) HasBias { get; private set; } = (true, true);

    /// <summary>Reads the text of the attribute.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="InvalidOperationException">The JSON describes no layers.</exception>
    /// <exception cref="KeyNotFoundException">The same.</exception>
    public static KerasDescription Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new KerasDescription(document.RootElement);
    }

    private void Add(Layer layer)
    {
        if (layer.Kind == "SimpleRNN")
        {
            _recurrent.Add(layer.Name);
            Sizes = (layer.Number("units"), Sizes.Outputs);
            HasBias = (layer.Flag("use_bias", true), HasBias.Readout);
            var isKnown = SettingNames.Activations.TryGetValue(layer.Activation("tanh"), out var activation);
            if (isKnown) Activation = activation;
            Problem ??= !isKnown ? $"activation '{layer.Activation("tanh")}' of the recurrent layer '{layer.Name}'"
                : layer.Flag("go_backwards", false) ? $"the recurrent layer '{layer.Name}' with go_backwards"
                : layer.Flag("stateful", false) ? $"the recurrent layer '{layer.Name}' with stateful"
                : !layer.Flag("return_sequences", false) ? $"the recurrent layer '{layer.Name}' without return_sequences"
                : null;
        }
        else if (layer.Kind == "Dense" && _recurrent.Count == 0) Problem ??= $"a dense layer '{layer.Name}' before the recurrent layer";
        else if (layer.Kind == "Dense")
        {
            _dense.Add(layer.Name);
            Sizes = (Sizes.Units, layer.Number("units"));
            HasBias = (HasBias.Recurrent, layer.Flag("use_bias", true));
            if (layer.Activation("linear") is not "linear" and var other)
                Problem ??= $"activation '{other}' of the dense layer '{layer.Name}'";
        }
        else if (layer.Kind == "Activation")
        {
            if (layer.Activation("linear") is not "linear" and var other) Problem ??= $"activation '{other}' in a layer '{layer.Name}'";
        }
        else if (!s_idle.Contains(layer.Kind)) Problem ??= $"a layer '{layer.Name}' of class {layer.Kind}";
    }

    private static string NamesOf(List<string> sources) => sources.Count == 0 ? "none" : string.Join(", ", sources);

    private static string Several(string what, List<string> names) => $"{names.Count} {what} ({string.Join(", ", names)})";

    private static string Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private sealed record Layer(string Name, string Kind, JsonElement Config, JsonElement? Nodes)
    {
        public static Layer Of(JsonElement element)
        {
            var config = element.GetProperty("config");
            var name = Text(config, "name");
            JsonElement? nodes = element.TryGetProperty("inbound_nodes", out var given) ? given : null;
            if (name.Length == 0) name = Text(element, "name");
            var kind = KindOf(element);
            if (kind != "TimeDistributed") return new Layer(name, kind, config, nodes);
            var inner = config.GetProperty("layer");
            kind = KindOf(inner);
            return kind == "Dense" ? new Layer(name, kind, inner.GetProperty("config"), nodes)
                : new Layer(name, $"TimeDistributed({kind})", config, nodes);
        }

        /// <summary>The class of a layer; one of somebody else may have the name of one of Keras.</summary>
        private static string KindOf(JsonElement element) => Text(element, "class_name") is var kind && KerasActivation.IsOfKeras(element)
            ? kind : $"{kind} of {Text(element, "module")}";

        /// <summary>The layers that this one takes its input from; null in a model whose layers follow each other in any case.</summary>
        public List<string>? Sources(List<Layer> layers)
        {
            if (Nodes is not { ValueKind: JsonValueKind.Array } nodes) return null;
            List<string> sources = [];
            Collect(nodes);
            return nodes.GetArrayLength() > 1 ? [.. sources, "(used twice)"] : sources;

            void Collect(JsonElement element)
            {
                if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) Collect(item);
                else if (element.ValueKind == JsonValueKind.Object) foreach (var item in element.EnumerateObject()) Collect(item.Value);
                else if (element.ValueKind == JsonValueKind.String && element.GetString() is var text
                    && layers.Exists(layer => layer.Name == text)) sources.Add(text!);
            }
        }

        public int? Number(string key) => Config.TryGetProperty(key, out var value) && value.TryGetInt32(out var number) ? number : null;

        public bool Flag(string key, bool usual) => Config.TryGetProperty(key, out var value) ? value.ValueKind == JsonValueKind.True
            : usual;

        /// <summary>The name of the activation; Keras takes none as linear, and a layer that names none as its usual one.</summary>
        public string Activation(string usual) => Config.TryGetProperty("activation", out var value) ? KerasActivation.NameOf(value)
            : usual;
    }
}
