using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Files;

/// <summary>The JSON text beside the weights in our own network files.</summary>
internal static class SpecText
{
    private const string Format = "eirnn-network-1";

    public static string Of(EiRnn network, IReadOnlyDictionary<string, string>? provenance)
    {
        var spec = network.Spec;
        var (signs, init) = (spec.Signs, spec.Init);
        var json = new JsonObject
        {
            ["format"] = Format,
            ["units"] = spec.Units,
            ["inputs"] = spec.Inputs,
            ["outputs"] = spec.Outputs,
            ["sign_axis"] = SettingNames.Of(SettingNames.Axes, signs.Axis),
            ["excitatory"] = signs.Excitatory,
            ["unit_signs"] = signs.UnitSigns is { } given ? new JsonArray([.. given.Select(sign => JsonValue.Create(sign))]) : null,
            ["input_nonnegative"] = signs.NonNegativeInput,
            ["init"] = init is null ? null : SettingNames.Of(SettingNames.Inits, init.Kind),
            ["gain"] = init?.Gain,
            ["mu"] = init?.Mu,
            ["balanced"] = init?.Balanced,
            ["seed"] = network.Seed,
        };
        var origin = new JsonObject();
        foreach (var (key, value) in (provenance ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            origin[key] = value;
        json["provenance"] = origin;
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
            return (stored with { Signs = Signs(json), Init = Init(json) }, seed.ValueKind == JsonValueKind.Null ? null : seed.GetInt64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException(
                InvalidInputException.Of("spec", "a damaged description", $"JSON of format '{Format}'", "write the network again").Message,
                e);
        }
    }

    private static SignConstraint Signs(JsonElement json)
    {
        var axis = Named(json, "sign_axis", SettingNames.Axes);
        var units = json.GetProperty("unit_signs");
        var signs = axis == SignAxis.None ? SignConstraint.None
            : units.ValueKind != JsonValueKind.Null
                ? SignConstraint.FromSigns(axis, [.. units.EnumerateArray().Select(sign => sign.GetInt32())])
            : axis == SignAxis.Presynaptic ? SignConstraint.Presynaptic(json.GetProperty("excitatory").GetDouble())
            : SignConstraint.Postsynaptic(json.GetProperty("excitatory").GetDouble());
        return signs with { NonNegativeInput = json.GetProperty("input_nonnegative").GetBoolean() };
    }

    private static RecurrentInit? Init(JsonElement json)
    {
        if (json.GetProperty("init").ValueKind == JsonValueKind.Null) return null;
        var init = Named(json, "init", SettingNames.Inits) switch
        {
            RecurrentInitKind.Orthogonal => RecurrentInit.Orthogonal(),
            RecurrentInitKind.Normal => RecurrentInit.Normal(),
            RecurrentInitKind.TwoGaussian => RecurrentInit.TwoGaussian(),
            RecurrentInitKind.Identity => RecurrentInit.Identity(),
            _ => throw new UnreachableException(),
        };
        return init with
        {
            Gain = json.GetProperty("gain").GetDouble(),
            Mu = json.GetProperty("mu").GetDouble(),
            Balanced = json.GetProperty("balanced").GetBoolean(),
        };
    }

    private static T Named<T>(JsonElement json, string key, IReadOnlyDictionary<string, T> names) =>
        names.TryGetValue(json.GetProperty(key).GetString() ?? "", out var value) ? value : throw new FormatException(key);

    private static void CheckSize(JsonElement json, string key, int stored)
    {
        var announced = json.GetProperty(key).GetInt32();
        if (announced != stored)
            throw InvalidInputException.Of("spec", $"{key} {announced}", $"{stored}, as the weights have", "write the network again");
    }
}
