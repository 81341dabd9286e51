using System.Text.Json;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>
/// An activation as a Keras file writes it: a name, null, a function of Keras (<c>{"class_name": "function", "config": "relu"}</c>), or
/// a layer of its own (<c>{"class_name": "ReLU", "config": {…}}</c>).
/// </summary>
internal static class KerasActivation
{
    /// <summary>What every layer of Keras has, and what says nothing of the function.</summary>
    private static readonly HashSet<string> s_common = ["name", "dtype", "trainable", "batch_input_shape", "build_config"];

    /// <summary>The name as <see cref="SettingNames.Activations"/> spells it; other words where there is no such activation here.</summary>
    public static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "linear",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object => NameOfObject(value),
        _ => value.GetRawText(),
    };

    private static string NameOfObject(JsonElement value)
    {
        var kind = Text(value, "class_name");
        var hasSettings = value.TryGetProperty("config", out var config);
        if (kind == "function")
            return IsOfKeras(value) ? Text(value, "config") : $"function {Text(value, "config")} of {Text(value, "module")}";
        if (!IsOfKeras(value)) return $"{kind} of {Text(value, "module")}";
        var name = kind.ToLowerInvariant();
        if (!SettingNames.Activations.ContainsKey(name)) return hasSettings ? $"{kind} {config.GetRawText()}" : kind;
        if (!hasSettings || config.ValueKind != JsonValueKind.Object) return name;
        // A ReLU with a limit, a slope below zero or a threshold is another function.
        var settings = config.EnumerateObject().Where(item => !s_common.Contains(item.Name) && !IsNothing(item.Value))
            .Select(item => $"{item.Name} {item.Value.GetRawText()}").ToList();
        return settings.Count == 0 ? name : $"{name} with {string.Join(", ", settings)}";
    }

    /// <summary>A function of somebody else may have the name of one of Keras. Keras 2 names no module.</summary>
    public static bool IsOfKeras(JsonElement value) =>
        Text(value, "module") is var module && (module.Length == 0 || module.Split('.')[0] is "keras" or "tf_keras" or "tensorflow");

    private static bool IsNothing(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False
        || value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 0;

    private static string Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
