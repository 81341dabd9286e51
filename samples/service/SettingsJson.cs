using System.Text.Json;
using EiRnnFast;
using EiRnnFast.Kernels;
using EiRnnFast.Settings;
using EiRnnFast.Training;

/// <summary>Settings by name, as JSON that strangers send.</summary>
internal static class SettingsJson
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>The training that a body asks for.</summary>
    /// <exception cref="InvalidInputException">What cannot be used; nothing was allocated for it.</exception>
    public static async Task<RunSettings> ReadAsync(Stream body, long mostBytes, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, s_strict, cancellation);
            return Of(document.RootElement, mostBytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: texts that are no Unicode
        {
            throw InvalidInputException.Of("body", e.Message, "JSON such as {\"task\": \"and\", \"units\": 50}", "correct it");
        }
    }

    private static RunSettings Of(JsonElement root, long mostBytes)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw InvalidInputException.Of("body", root.ValueKind, "an object of settings by name", "write {\"task\": \"and\"}");
        var values = root.EnumerateObject().ToDictionary(entry => entry.Name, entry => ValueOf(entry.Name, entry.Value));
        var seed = values.Remove("seed", out var given)
            ? given is long whole ? whole : throw InvalidInputException.Of("seed", given, "a whole number", "correct it") : 1;
        var run = RunSettings.From(values, seed);
        var bytes = TrainingMemory.WorkspaceBytes(run.ToSpec(), run.PosedTask(), run.Training, KernelSet.Current)
            + TrainingMemory.DataSetBytes(run.PosedTask(), run.Training);
        if (bytes > mostBytes)
            throw InvalidInputException.Of("training", $"{(bytes >> 20) + 1} MiB of memory", $"at most {mostBytes >> 20} MiB",
                "take fewer units, trials or timesteps");
        return run;
    }

    private static object ValueOf(string name, JsonElement value)
    {
        if (SettingTable.Find(SettingValues.NameOf(name) ?? name)?.Kind == SettingKind.File)
            throw InvalidInputException.Of(name, "a file's name", "no setting that reads files of the server", "leave it out");
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array when value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) =>
                value.EnumerateArray().Select(text => text.GetString()!).ToArray(),
            JsonValueKind.Object when value.EnumerateObject().All(option => option.Value.ValueKind == JsonValueKind.Number) =>
                value.EnumerateObject().ToDictionary(option => option.Name, option => option.Value.GetDouble()),
            _ => throw InvalidInputException.Of(name, value.ValueKind, "a number, a text, true, false, texts, or numbers by name",
                "correct it"),
        };
    }
}
