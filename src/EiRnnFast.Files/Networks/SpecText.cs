using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>The JSON text beside the weights in our own network files.</summary>
internal static class SpecText
{
    private const string Format = "eirnn-network-1", RadiusScale = "radius_scale", Provenance = "provenance";

    private static readonly Setting[] s_network = [.. SettingTable.All.Where(setting => setting.Part == SettingPart.Network)];

    public static string Of(EiRnn network, IReadOnlyDictionary<string, string>? provenance)
    {
        var spec = network.Spec;
        var run = new RunSettings
        {
            Units = spec.Units, Signs = spec.Signs, Init = spec.Init ?? RecurrentInit.Orthogonal(), Cell = spec.Cell,
            Wiring = spec.Wiring,
        };
        var json = new JsonObject { ["format"] = Format, ["inputs"] = spec.Inputs, ["outputs"] = spec.Outputs };
        foreach (var setting in s_network)
        {
            json[setting.Name] = NodeOf(setting.Of(run));
            if (setting.Kind == SettingKind.File) json[setting.Column] = spec.Wiring.Given?.Sha256;
        }
        if (spec.Init is null) json["init"] = null;
        json[RadiusScale] = spec.Init?.RadiusScale;
        json["unit_signs"] = spec.Signs.UnitSigns is { } given ? new JsonArray([.. given.Select(sign => JsonValue.Create(sign))]) : null;
        json["seed"] = network.Seed;
        var origin = new JsonObject();
        foreach (var (key, value) in (provenance ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            origin[key] = value;
        json[Provenance] = origin;
        return json.ToJsonString();
    }

    /// <summary>Reads the text; sizes must be those of <paramref name="stored"/>, the weights beside it.</summary>
    public static (NetworkSpec Spec, long? Seed) Parse(string text, NetworkSpec stored)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            var format = json.GetProperty("format").GetString();
            if (format != Format)
                throw InvalidInputException.Of("spec", $"format '{InputFile.Quote(format ?? "")}'", $"'{Format}'",
                    "read it with the program that wrote it");
            CheckSize(json, "units", stored.Units);
            CheckSize(json, "inputs", stored.Inputs);
            CheckSize(json, "outputs", stored.Outputs);
            var seed = json.GetProperty("seed");
            return (Spec(json, stored), seed.ValueKind == JsonValueKind.Null ? null : seed.GetInt64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException(
                InvalidInputException.Of("spec", "a damaged description", $"JSON of format '{Format}'", "write the network again").Message,
                e);
        }
    }

    /// <summary>Where the network came from; empty for a text that does not say it, and without one.</summary>
    public static IReadOnlyDictionary<string, string> ProvenanceIn(string? text)
    {
        Dictionary<string, string> found = [];
        if (text is null) return found;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.TryGetProperty(Provenance, out var origin) && origin.ValueKind == JsonValueKind.Object)
                foreach (var entry in origin.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String))
                    found[entry.Name] = entry.Value.GetString()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text of another kind says nothing.
        }
        return found;
    }

    /// <summary>The specification of a network with these weights, as its settings say.</summary>
    private static NetworkSpec Spec(JsonElement json, NetworkSpec stored)
    {
        var values = new Dictionary<string, object>();
        foreach (var setting in s_network.Where(setting => setting.Kind != SettingKind.File)) // the masks stand beside
            if (json.TryGetProperty(setting.Name, out var value) && value.ValueKind != JsonValueKind.Null)
                values[setting.Name] = ValueOf(value);
        var run = RunSettings.Sketch(values);
        var signs = run.Signs;
        if (signs.Axis != SignAxis.None && !values.ContainsKey("excitatory")
            && json.GetProperty("unit_signs").ValueKind == JsonValueKind.Null)
            throw new FormatException("a sign axis without signs");
        if (signs.Axis != SignAxis.None && json.GetProperty("unit_signs") is { ValueKind: JsonValueKind.Array } units)
            signs = SignConstraint.FromSigns(signs.Axis, [.. units.EnumerateArray().Select(sign => sign.GetInt32())]) with
            {
                NonNegativeInput = signs.NonNegativeInput,
                NonNegativeOutput = signs.NonNegativeOutput,
                Mode = signs.Mode,
            };
        var init = json.GetProperty("init").ValueKind == JsonValueKind.Null ? null : run.Init;
        if (init is not null && json.TryGetProperty(RadiusScale, out var scale) && scale.ValueKind == JsonValueKind.Number)
            init = init with { RadiusScale = scale.GetDouble() };
        return stored with
        {
            Signs = signs,
            Init = init,
            Cell = run.Cell with { AlphaPerUnit = stored.Cell.AlphaPerUnit },
            Wiring = run.Wiring with { Given = GivenIn(json, stored) },
        };
    }

    /// <summary>The masks beside the text, where they came from a file; other masks follow from the settings.</summary>
    private static GivenMasks? GivenIn(JsonElement json, NetworkSpec stored) =>
        json.TryGetProperty(SettingTable.Get(SettingTable.MaskFile).Column, out var hash) && hash.GetString() is { } sha256
            && stored.Wiring.Given is { } masks
            ? masks with { Sha256 = sha256, SourceFile = json.GetProperty(SettingTable.MaskFile).GetString() } : null;

    /// <summary>JSON of a setting's value; <see cref="ValueOf"/> reads it again.</summary>
    internal static JsonNode? NodeOf(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        double number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        IReadOnlyList<string> texts => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
        IReadOnlyDictionary<string, double> options =>
            new JsonObject(options.Select(option => KeyValuePair.Create(option.Key, (JsonNode?)JsonValue.Create(option.Value)))),
        _ => throw new UnreachableException($"no JSON of {value.GetType()}"),
    };

    /// <summary>The value of a setting as JSON has it.</summary>
    internal static object ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => value.EnumerateArray().Select(text => text.GetString()!).ToArray(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble()),
        _ when value.TryGetInt64(out var whole) => whole,
        _ => value.GetDouble(),
    };

    private static void CheckSize(JsonElement json, string key, int stored)
    {
        var announced = json.GetProperty(key).GetInt32();
        if (announced != stored)
            throw InvalidInputException.Of("spec", $"{key} {announced}", $"{stored}, as the weights have", "write the network again");
    }
}
