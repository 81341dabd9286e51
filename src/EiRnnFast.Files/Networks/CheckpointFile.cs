using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Files;

/// <summary>
/// A training under way, in a file: its settings and a <see cref="TrainingCheckpoint"/>. A .npz of single-precision arrays <c>weights</c>,
/// <c>mean</c>, <c>variance</c> and, where there are any, <c>last_epoch</c> and <c>best</c>, all [P] as the checkpoint lists them, of
/// double-precision series by epoch, and of <c>state</c>, a JSON text.
/// </summary>
/// <param name="Version">The engine that computed it.</param>
/// <param name="Settings">What is trained, from which seed.</param>
/// <param name="Checkpoint">How far it is.</param>
/// <param name="Extra">Arrays that others have put beside it.</param>
public sealed record CheckpointFile(
    string Version, RunSettings Settings, TrainingCheckpoint Checkpoint, IReadOnlyDictionary<string, NpyArray> Extra)
{
    private const string Format = "eirnn-checkpoint-1", State = "state", Expected = "a checkpoint of a training (.npz)";

    private static readonly string[] s_tensors = ["weights", "mean", "variance", "last_epoch", "best"];

    private static readonly string[] s_series =
        ["losses", "task_losses", "gradient_norms", "epoch_seconds", "validation_losses", "validation_accuracies"];

    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="InvalidInputException">It cannot be written there, or its task or starting network lies in no file.</exception>
    public void Write(string path)
    {
        if (Settings.Task is not CatalogTask && Settings.Task.SourceFile is null || Settings.Start is { SourceFile: null })
            throw InvalidInputException.Of("checkpoint", "a task or a network to start from that lies in no file",
                "settings that a file can hold", "keep the TrainingCheckpoint yourself, or write trials and network as files first");
        NpzFile.Write(path, Arrays(), deflates: false); // weights hardly deflate, and training waits
    }

    /// <summary>Reads one, with the files that its settings name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">No such file, another kind of file or a damaged one, or a file of its settings that is gone
    /// or has changed.</exception>
    public static CheckpointFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var arrays = NpzFile.Read(path);
        if (arrays.GetValueOrDefault(State)?.Text is not { } text)
            throw InputFile.Unusable(path, "a .npz file without state", Expected, "name the folder of an interrupted training");
        try
        {
            using var document = JsonDocument.Parse(text);
            return Parse(document.RootElement, arrays, path);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw InputFile.Unusable(path, "a damaged description", Expected, "begin the training anew", e);
        }
    }

    private Dictionary<string, NpyArray> Arrays()
    {
        var c = Checkpoint;
        var arrays = new Dictionary<string, NpyArray>(Extra) { [State] = NpyArray.Of(StateText()) };
        foreach (var (name, values) in s_tensors.Zip([c.Weights, c.Mean, c.Variance, c.LastEpoch, c.Best]))
            if (values is not null) arrays[name] = NpyArray.Of(values, values.Length);
        IReadOnlyList<double>[] series = [c.Losses, c.TaskLosses, c.GradientNorms, c.EpochSeconds, c.ValidationLosses,
            [.. c.ValidationAccuracies.Select(right => right ?? double.NaN)]];
        foreach (var (name, values) in s_series.Zip(series)) arrays[name] = NpyArray.Of([.. values], values.Count);
        return arrays;
    }

    private string StateText()
    {
        var (c, sums) = (Checkpoint, Checkpoint.UnderWay);
        var settings = new JsonObject();
        foreach (var (name, value) in Settings.Values())
            settings[name] = value switch
            {
                _ when SettingTable.Get(name).Kind == SettingKind.File => Path.GetFullPath((string)value),
                double number when !double.IsFinite(number) => SettingText.Of(number), // JSON has no infinity
                _ => SpecText.NodeOf(value),
            };
        return new JsonObject
        {
            ["format"] = Format, ["version"] = Version, ["seed"] = Settings.Seed, ["settings"] = settings,
            ["described"] = Described(Settings), ["kernel_set"] = c.KernelSet, ["recurrent_form"] = c.RecurrentForm,
            ["updates"] = c.Updates, ["best_epoch"] = c.BestEpoch,
            ["stage_ends"] = new JsonArray([.. c.StageEnds.Select(end => JsonValue.Create(end))]),
            ["states"] = c.States, ["states_computed"] = c.StatesComputed, ["seconds"] = c.Seconds,
            ["ended"] = c.Ended?.ToString(),
            ["epoch_updates"] = sums.Updates, ["epoch_weighted_updates"] = sums.WeightedUpdates, ["epoch_trials"] = sums.Trials,
            ["epoch_loss"] = sums.Loss, ["epoch_task_loss"] = sums.TaskLoss, ["epoch_gradient_norm"] = sums.GradientNorm,
            ["epoch_seconds_so_far"] = sums.Seconds,
        }.ToJsonString();
    }

    private static CheckpointFile Parse(JsonElement json, IReadOnlyDictionary<string, NpyArray> arrays, string path)
    {
        if (json.GetProperty("format").GetString() != Format)
            throw InputFile.Unusable(path, "another format", Expected, "resume it with the version that wrote it");
        var values = json.GetProperty("settings").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => ValueOf(entry.Name, entry.Value));
        var settings = RunSettings.From(SettingFiles.Resolve(values), json.GetProperty("seed").GetInt64());
        if (Described(settings) != json.GetProperty("described").GetString())
            throw InputFile.Unusable(path, "settings that a file has changed", "the files that the training began with",
                "put them back, or begin the training anew");
        var ended = json.GetProperty("ended");
        var best = json.GetProperty("best_epoch");
        var checkpoint = new TrainingCheckpoint
        {
            KernelSet = json.GetProperty("kernel_set").GetString()!, RecurrentForm = json.GetProperty("recurrent_form").GetString()!,
            Weights = Tensor("weights")!, Mean = Tensor("mean")!, Variance = Tensor("variance")!, LastEpoch = Tensor("last_epoch"),
            Best = Tensor("best"), Updates = json.GetProperty("updates").GetInt32(),
            UnderWay = new EpochSums(Int("epoch_updates"), Int("epoch_weighted_updates"), Int("epoch_trials"), Number("epoch_loss"),
                Number("epoch_task_loss"), Number("epoch_gradient_norm"), Number("epoch_seconds_so_far")),
            Losses = Series("losses"), TaskLosses = Series("task_losses"), GradientNorms = Series("gradient_norms"),
            EpochSeconds = Series("epoch_seconds"), ValidationLosses = Series("validation_losses"),
            ValidationAccuracies = [.. Series("validation_accuracies").Select(right => double.IsNaN(right) ? (double?)null : right)],
            BestEpoch = best.ValueKind == JsonValueKind.Null ? null : best.GetInt32(),
            StageEnds = [.. json.GetProperty("stage_ends").EnumerateArray().Select(end => end.GetInt32())],
            States = json.GetProperty("states").GetInt64(), StatesComputed = json.GetProperty("states_computed").GetInt64(),
            Seconds = Number("seconds"),
            Ended = ended.ValueKind == JsonValueKind.Null ? null : Enum.Parse<StopReason>(ended.GetString()!),
        };
        string[] own = [State, .. s_tensors, .. s_series];
        return new CheckpointFile(json.GetProperty("version").GetString()!, settings, checkpoint,
            arrays.Where(entry => !own.Contains(entry.Key)).ToDictionary());

        int Int(string name) => json.GetProperty(name).GetInt32();
        double Number(string name) => json.GetProperty(name).GetDouble();
        double[] Series(string name) => arrays.GetValueOrDefault(name) is { Text: null, Shape: [_] } series ? series.ToDoubles()
            : throw InputFile.Unusable(path, $"no series {name}", Expected, "begin the training anew");
        float[]? Tensor(string name) => arrays.GetValueOrDefault(name) switch
        {
            { Floats: { } floats, Shape: [_] } => floats,
            null when name is "last_epoch" or "best" => null,
            _ => throw InputFile.Unusable(path, $"no single-precision array {name}", Expected, "begin the training anew"),
        };
    }

    private static object ValueOf(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && SettingTable.Find(name)?.Kind == SettingKind.Number
            ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : SpecText.ValueOf(value);

    private static string Described(RunSettings settings) =>
        string.Join('\n', settings.Describe().Select(entry => $"{entry.Key}={entry.Value}"));
}
