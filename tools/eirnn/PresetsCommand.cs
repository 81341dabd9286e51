using System.CommandLine;
using EiRnnFast.Settings;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn presets</c>: the published settings that a training may start from, with their sources.</summary>
internal static class PresetsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "A preset to show.", Arity = ArgumentArity.ZeroOrOne, HelpName = "NAME" };
        name.CompletionSources.Add([.. Preset.All.Select(preset => preset.Name)]);
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("presets", "List the published settings to start from, with sources and what is not built.")
        {
            name, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var shown = Preset.All;
            if (parsed.GetValue(name) is { } given)
            {
                SettingValues.Check(SettingTable.PresetName, given);
                shown = [Preset.Find(given)!];
            }
            if (parsed.GetValue(json)) StandardStreams.PrintJson(new { Presets = shown.Select(Record) });
            else if (parsed.GetValue(name) is null) StandardStreams.Print(() => List(shown));
            else StandardStreams.Print(() => Explain(shown[0]));
            return ExitCodes.Done;
        });
        return command;
    }

    private static object Record(Preset preset) =>
        new { preset.Name, preset.OldName, preset.Study, Settings = preset.Values, preset.NotBuilt };

    private static void List(IReadOnlyList<Preset> presets)
    {
        foreach (var preset in presets) Terminal.PrintRow($"{preset.Name,-20} ", preset.Study);
        Terminal.PrintRow("",
            "'eirnn presets NAME' shows the settings of one. To use it: eirnn train --preset NAME, or preset = \"NAME\" in a plan.");
    }

    private static void Explain(Preset preset)
    {
        Terminal.PrintRow("", $"{preset.Name}: {preset.Study}");
        if (preset.OldName is { } old) Console.WriteLine($"  also named {old}");
        foreach (var (setting, value) in preset.Values) Terminal.PrintRow($"  {setting,-24} ", SettingText.Of(value));
        if (preset.NotBuilt.Count > 0) Console.WriteLine("  not as in the study");
        foreach (var sentence in preset.NotBuilt) Terminal.PrintRow("    ", sentence);
    }
}
