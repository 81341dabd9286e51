using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EiRnnFast.Dynamics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;

namespace EiRnnFast.CAbi;

/// <summary>JSON that the engine or a handle tells by name, in snake_case: <c>eirnn_text</c>. It ends with a 0 byte.</summary>
internal static class Texts
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] OfEngine(string name) => Encoded(name switch
    {
        "info" => Info(),
        "settings" => new JsonArray([.. SettingTable.All.Select(SettingJson)]),
        "tasks" => new JsonArray([.. TaskCatalog.All.Select(TaskJson)]),
        "presets" => new JsonArray([.. Preset.All.Select(preset => JsonValue.Create(preset.Name))]),
        _ => throw Series.Unknown(name, "info, settings, tasks, presets"),
    });

    public static byte[] Of(ulong handle, string name)
    {
        using var taken = Handles.Take<object>(handle);
        return Encoded((taken.Held, name) switch
        {
            (Run run, "settings") => SettingsJson(run.Settings()),
            (Run run, "summary") => ResultJson(run.Result ?? throw RunExports.NotTrained()),
            (EiRnn network, "description") => NetworkJson(network),
            (Spectrum spectrum, "summary") => SpectrumJson(spectrum),
            (FixedPoints points, "summary") => PointsJson(points),
            (Run, _) => throw Series.Unknown(name, "settings, summary"),
            (EiRnn, _) => throw Series.Unknown(name, "description"),
            _ => throw Series.Unknown(name, "summary"),
        });
    }

    /// <summary>What a network's file says of what wrote it.</summary>
    public static Dictionary<string, string> Provenance() =>
        new() { ["version"] = Backend.EngineVersion, ["kernel_set"] = Engine.Backend.Kernels.Name };

    private static JsonObject Info()
    {
        var (kernels, solver) = Engine.Backend;
        return new JsonObject
        {
            ["version"] = Backend.EngineVersion, ["kernel_set"] = kernels.Name, ["lane_width"] = kernels.LaneWidth,
            ["kernel_sets"] = new JsonArray([.. KernelSet.Available.Select(set => JsonValue.Create(set.Name))]),
            ["lapack"] = solver.Name, ["lapack_native"] = solver.IsNative,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            ["instruction_set"] = InstructionSet.OfBuild, ["best_instruction_set"] = ProcessorLevel.OfMachine,
            ["compiled_ahead"] = !RuntimeFeature.IsDynamicCodeSupported, ["processors"] = ThreadBudget.Cores,
        };
    }

    private static JsonObject SettingJson(Setting setting) => new()
    {
        ["name"] = setting.Name, ["kind"] = setting.Kind.ToString().ToLowerInvariant(),
        ["part"] = setting.Part.ToString().ToLowerInvariant(),
        ["sentence"] = setting.Sentence, ["default"] = Node(setting.Default), ["expected"] = setting.Expected,
        ["choices"] = new JsonArray([.. setting.Choices.Select(choice => JsonValue.Create(choice))]),
        ["when"] = setting.When?.ToString(),
    };

    private static JsonObject TaskJson(CatalogTask task) => new()
    {
        ["name"] = task.Name, ["family"] = task.Family, ["description"] = task.Description, ["inputs"] = task.Inputs,
        ["outputs"] = task.Outputs, ["steps"] = task.Steps, ["step_ms"] = task.StepMs, ["default_trials"] = task.DefaultTrials,
        ["default_data_seed"] = task.DefaultDataSeed, ["accuracy_rule"] = task.AccuracyRule, ["source"] = task.Source,
        ["options"] = new JsonArray([.. task.Options.Select(option => new JsonObject
        {
            ["name"] = option.Name, ["default"] = option.Default,
        })]),
    };

    private static JsonObject SettingsJson(RunSettings settings)
    {
        var json = new JsonObject();
        foreach (var setting in SettingTable.All) json[setting.Name] = Node(setting.Of(settings));
        json["seed"] = settings.Seed;
        return json;
    }

    private static JsonObject ResultJson(Trained trained)
    {
        var result = trained.Result;
        var types = result.AccuracyByType is not { } byType ? null
            : new JsonObject(byType.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Node(entry.Value))));
        return new JsonObject
        {
            ["version"] = Backend.EngineVersion, ["kernel_set"] = result.KernelSet, ["recurrent_form"] = result.RecurrentForm,
            ["seed"] = trained.Settings.Seed, ["data_seed"] = result.DataSeed,
            ["epochs_run"] = result.EpochsRun, ["stopped"] = SettingNames.Of(result.Stopped),
            ["diverged_at_update"] = result.DivergedAtUpdate,
            ["final_loss"] = Node(result.FinalLoss), ["test_loss"] = Node(result.TestLoss), ["accuracy"] = Node(result.Accuracy),
            ["noisy_accuracy"] = Node(result.NoisyAccuracy), ["accuracy_by_type"] = types, ["learned"] = result.Learned,
            ["chance"] = Node(result.Chance), ["constant_loss"] = Node(result.ConstantLoss), ["best_epoch"] = result.BestEpoch,
            ["stage_ends"] = new JsonArray([.. result.StageEnds.Select(end => JsonValue.Create(end))]),
            ["curriculum_finished"] = result.CurriculumFinished, ["states"] = result.States, ["states_saved"] = result.StatesSaved,
            ["sign_violations"] = result.Audit.Violations, ["zero_fraction"] = result.Audit.ZeroFraction, ["seconds"] = result.Seconds,
        };
    }

    private static JsonObject NetworkJson(EiRnn network)
    {
        var (spec, cell) = (network.Spec, network.Spec.Cell);
        var run = new RunSettings { Units = spec.Units, Signs = spec.Signs, Cell = cell, Wiring = spec.Wiring };
        var json = new JsonObject { ["units"] = spec.Units, ["inputs"] = spec.Inputs, ["outputs"] = spec.Outputs, ["seed"] = network.Seed };
        foreach (var setting in SettingTable.All)
            if (setting.Part == SettingPart.Network && !json.ContainsKey(setting.Name))
                json[setting.Name] = setting.Name == "init" && spec.Init is null ? null : Node(setting.Of(run));
        return json;
    }

    private static JsonObject SpectrumJson(Spectrum spectrum) => new()
    {
        ["units"] = spectrum.Units, ["spectral_radius"] = Node(spectrum.SpectralRadius),
        ["spectral_abscissa"] = Node(spectrum.SpectralAbscissa),
        ["outer_radius_published"] = Node(spectrum.OuterRadiusPublished), ["inner_radius_published"] = Node(spectrum.InnerRadiusPublished),
        ["outer_radius"] = Node(spectrum.OuterRadius), ["inner_radius"] = Node(spectrum.InnerRadius),
        ["shape"] = spectrum.Shape == SpectrumShape.Disc ? "disc" : "ring", ["outlier_count"] = spectrum.Outliers.Count,
        ["henrici"] = Node(spectrum.Henrici), ["frequency_published"] = Node(spectrum.FrequencyPublished),
        ["frequency"] = Node(spectrum.Frequency), ["lapack"] = spectrum.Lapack,
        ["theory"] = spectrum.Theory is not { } theory ? null : new JsonObject
        {
            ["outer_radius"] = Node(theory.OuterRadius), ["inner_radius"] = Node(theory.InnerRadius), ["outlier"] = Node(theory.Outlier),
        },
    };

    private static JsonObject PointsJson(FixedPoints points) => new()
    {
        ["fixed"] = points.Fixed.Count, ["slow"] = points.Slow.Count, ["starts"] = points.Starts,
        ["further_starts"] = points.FurtherStarts, ["ended_fixed"] = points.EndedFixed, ["ended_slow"] = points.EndedSlow,
        ["ended_fast"] = points.EndedFast, ["unfinished"] = points.Unfinished, ["index_sum"] = points.IndexSum,
        ["is_incomplete"] = points.IsIncomplete,
        ["stability"] = new JsonArray([.. points.Fixed.Concat(points.Slow).Select(point =>
            JsonValue.Create(point.Stability.ToString().ToLowerInvariant()))]),
    };

    /// <summary>A number that JSON lacks is the text Infinity, -Infinity or NaN.</summary>
    private static JsonValue? Node(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        double number => JsonValue.Create(SettingText.Of(number)),
        _ => JsonValue.Create((string)value),
    };

    private static byte[] Encoded(JsonNode json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_options)) json.WriteTo(writer);
        stream.WriteByte(0);
        return stream.ToArray();
    }
}
