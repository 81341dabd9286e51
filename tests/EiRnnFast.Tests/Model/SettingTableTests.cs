using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Reports;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Model;

/// <summary>Walks the table: whatever a setting has to reach, it reaches, and a new one cannot be forgotten anywhere.</summary>
[Collection(ProgramRuns.Name)]
public sealed class SettingTableTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public SettingTableTests() => Directory.CreateDirectory(_sandbox["sweep"]);

    public void Dispose() => _sandbox.Dispose();

    public static TheoryData<string> Names =>
        [.. SettingTable.All.Where(setting => setting.Kind != SettingKind.File).Select(setting => setting.Name)];

    /// <summary>A value that is not the default.</summary>
    private static object Other(Setting setting) => setting.Kind switch
    {
        _ when s_others.TryGetValue(setting.Name, out var other) => other,
        SettingKind.Flag => setting.Name == "input_nonnegative" ? false : !(bool)setting.DefaultWhereMeant!,
        SettingKind.Choice => setting.Choices.First(choice => !choice.Equals(setting.Default) && choice is not ("none" or "two-gaussian")),
        SettingKind.Whole => setting.Name == "trials" ? 90L : (long)setting.DefaultWhereMeant! + 1,
        SettingKind.Number => setting.Default is double and > 0 and var usual ? usual / 2 : setting.Range.Holds(0.25) ? 0.25 : 1.0,
        _ => throw new ArgumentException(setting.Name),
    };

    private static readonly Dictionary<string, object> s_others = new()
    {
        ["tau"] = 4.0, ["tau_max"] = 9.0, ["dt"] = 0.5, ["task_options"] = "gap=40", ["areas"] = "a=0.5 b=0.5", ["frozen"] = "bias",
        ["projections"] = "a -> a 0.5, input -> a", ["spectral_radius"] = 1.5, ["density"] = 0.75,
        ["cost_box"] = "x=3 y=2", ["cost_weight"] = 0.25, ["curriculum"] = "gap=15 until loss=100000",
    };

    /// <summary>What a setting needs beside it.</summary>
    private static readonly Dictionary<string, string> s_needs = new()
    {
        ["stop_validation_loss"] = "validation_trials = 10", ["stop_validation_accuracy"] = "validation_trials = 10",
        ["patience"] = "validation_trials = 10", ["tau_max"] = "tau = 4", ["dt"] = "tau = 4", ["projections"] = "areas = { a = 1.0 }",
        ["cost_weight"] = "cost_box = { x = 6 }", ["cost_box"] = "cost_weight = 0.1", ["curriculum"] = "validation_trials = 10",
        ["keep"] = "validation_trials = 10",
    };

    /// <summary>The lines of a plan that give a setting a value, and whatever it needs beside it.</summary>
    private static string Plan(Setting setting, object? value)
    {
        var needs = setting.When is { } when && !when.Holds(new RunSettings()) ? $"{when.Setting} = \"{when.Values[0]}\"\n" : "";
        if (s_needs.TryGetValue(setting.Name, out var beside)) needs += beside + "\n";
        string[] small = ["units = 6", "epochs = 1", "trials = 80"];
        var isFresh = needs.Contains("\"fresh\"", StringComparison.Ordinal) || setting.Name == "data" && value is "fresh";
        var others = small.Where(line => !line.StartsWith(setting.Name + " ", StringComparison.Ordinal)
            && !(isFresh && line.StartsWith("trials", StringComparison.Ordinal)));
        return needs + string.Concat(others.Select(line => line + "\n")) + Line(setting, value);
    }

    /// <summary>A line of a plan; empty for no value.</summary>
    private static string Line(Setting setting, object? value) => value switch
    {
        null => "",
        string text when setting.Kind == SettingKind.Options => $"{setting.Name} = {{ {string.Join(", ", text.Split(' '))} }}\n",
        string text when setting.Kind == SettingKind.Texts =>
            $"{setting.Name} = [\"{text.Replace(", ", "\", \"", StringComparison.Ordinal)}\"]\n",
        string word => $"{setting.Name} = \"{word}\"\n",
        _ => $"{setting.Name} = {SettingText.Of(value)}\n",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_reaches_id_row_description_and_condition_and_comes_back(string name)
    {
        var setting = SettingTable.Get(name);
        var value = Other(setting);
        var run = SweepPlan.Parse(Plan(setting, value), "plan").Runs[0];
        var plain = SweepPlan.Parse(Plan(setting, Plain(setting)), "plan").Runs[0];
        Assert.NotEqual(plain.Id, run.Id);

        File.WriteAllText(_sandbox["plan.toml"], Plan(setting, value));
        Sweep.Run(SweepPlan.Read(_sandbox["plan.toml"]), SweepFolder.At(_sandbox["sweep"]), new SweepOptions { KeepWeights = true });
        var row = Assert.Single(StoreReader.Rows(SweepFolder.Existing(_sandbox["sweep"]).StoreOf(Shard.Whole)));
        var column = RunColumns.All.Select((entry, i) => (entry.Name, i)).First(entry => entry.Name == name).i;
        Assert.Equal(setting.Of(run.Settings), row[column]);
        Assert.NotEqual(setting.Of(plain.Settings), row[column]);

        Assert.Equal(run.Id, SweepPlan.Parse(Plan(setting, row[column]), "plan").Runs[0].Id);

        _sandbox.Run("export", "sweep", "--network", run.Id, "--npz", "network.npz").Succeeded();
        using var spec = JsonDocument.Parse(NpzFile.Read(_sandbox["network.npz"], ["spec"])["spec"].Text!);
        var place = setting.Part == SettingPart.Network ? spec.RootElement : spec.RootElement.GetProperty("provenance");
        Assert.Equal(SettingText.Of(row[column]), Text(place.GetProperty(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Different_values_are_different_conditions_and_columns_of_the_listing(string name)
    {
        var setting = SettingTable.Get(name);
        File.WriteAllText(_sandbox["plan.toml"], $"{Plan(setting, Plain(setting))}[[include]]\n{Line(setting, Other(setting))}");
        var listed = _sandbox.Run("sweep", "plan.toml", "--dry-run").Succeeded().Output;
        Assert.Contains($" {name} ", listed.Split('\n')[0], StringComparison.Ordinal);
        Sweep.Run(SweepPlan.Read(_sandbox["plan.toml"]), SweepFolder.At(_sandbox["sweep"]));
        Assert.Equal(2, SweepReport.Write(SweepFolder.Existing(_sandbox["sweep"])).Findings.Conditions.Count);
    }

    [Fact]
    public void The_help_of_train_has_every_setting_once()
    {
        var help = _sandbox.Run("train", "--help").Succeeded().Output;
        foreach (var setting in SettingTable.All)
        {
            Assert.Contains($"--{setting.OptionName.Replace('_', '-')} ", help, StringComparison.Ordinal);
            foreach (var old in setting.OldNames.Where(old => old != setting.OptionName))
                Assert.DoesNotContain($"--{old.Replace('_', '-')} ", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Old_names_are_read_and_two_names_of_one_setting_are_refused()
    {
        const string now = "sign_axis = \"postsynaptic\"\nclipping = \"none\"\n[task_options]\ngap = 40\n";
        const string before = "sign = \"postsynaptic\"\nclip = \"none\"\n[task_option]\ngap = 40\n";
        Assert.Equal(SweepPlan.Parse(now, "plan").Runs[0].Id, SweepPlan.Parse(before, "plan").Runs[0].Id);
        Assert.Contains("twice", Assert.Throws<InvalidInputException>(() =>
            SweepPlan.Parse("sign = \"none\"\nsign_axis = \"none\"\n", "plan")).Message, StringComparison.Ordinal);
        string[] small = ["--units", "4", "--epochs", "1", "--trials", "60", "--quiet", "--json"];
        string[] oldNames = ["--sign", "none", "--clip", "none", "--no-sharing", "--task-option", "gap=40"];
        var old = _sandbox.Run(["train", .. small, .. oldNames]).Succeeded().Json;
        Assert.Equal(("none", "none", false, "gap=40"), (old.GetProperty("sign_axis").GetString(), old.GetProperty("clipping").GetString(),
            old.GetProperty("sharing").GetBoolean(), old.GetProperty("task_options").GetString()));
    }

    private static object? Plain(Setting setting) => setting.Name switch
    {
        "cost_box" => "x=2 y=3",
        "cost_weight" => 0.5,
        _ when s_others.ContainsKey(setting.Name) => null,
        "trials" => 80L,
        "stop_validation_accuracy" => 1.0,
        "input_nonnegative" => true,
        _ => setting.DefaultWhereMeant,
    };

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => SettingText.Of(value.GetDouble()),
        _ => value.GetString()!,
    };
}
