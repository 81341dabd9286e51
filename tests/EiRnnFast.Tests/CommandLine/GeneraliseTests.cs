using System.Text.Json;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Tests on values that were not trained, tracked epochs, and units removed alone, by the program.</summary>
[Collection(ProgramRuns.Name)]
public sealed class GeneraliseTests : IDisposable
{
    private static readonly string[] s_train = ["train", "--units", "6", "--trials", "200", "--epochs", "2"];

    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_training_tells_accuracy_and_loss_of_every_value()
    {
        var summary = _sandbox.Run([.. s_train, "--generalise", "gap=300 40", "--generalise", "noise_rec=0.1", "--out", "run", "--json"])
            .Succeeded().Json;
        var tests = summary.GetProperty("generalisation").EnumerateArray().ToArray();
        Assert.Equal(["gap 20 True", "gap 40 False", "gap 300 False", "noise_rec 0 True", "noise_rec 0.1 False"],
            tests.Select(test => $"{test.GetProperty("option").GetString()} {test.GetProperty("value").GetDouble()} "
                + test.GetProperty("trained").GetBoolean()));
        foreach (var test in tests)
        {
            Assert.InRange(test.GetProperty("accuracy").GetDouble(), 0, 1);
            Assert.True(test.GetProperty("loss").GetDouble() > 0);
            Assert.Equal((50, 3 ^ 0x9E3779B9u), (test.GetProperty("trials").GetInt32(), test.GetProperty("data_seed").GetUInt32()));
        }
        Assert.Equal(summary.GetProperty("generalisation").ToString(), JsonDocument.Parse(File.ReadAllText(_sandbox["run/summary.json"]))
            .RootElement.GetProperty("generalisation").ToString());

        // The same training without it has the same bits, and the run command finds the same answers.
        _sandbox.Run([.. s_train, "--out", "plain", "--quiet"]).Succeeded();
        Assert.Equal(File.ReadAllBytes(_sandbox["plain/network.npz"]), File.ReadAllBytes(_sandbox["run/network.npz"]));
        var run = _sandbox.Run("run", "run/network.npz", "--task-options", "gap=300", "--data-seed", $"{3 ^ 0x9E3779B9u}", "--json")
            .Succeeded().Json;
        Assert.Equal(run.GetProperty("loss").GetDouble(), tests[2].GetProperty("loss").GetDouble());
    }

    [Fact]
    public void The_report_of_a_training_has_its_tests()
    {
        _sandbox.Run([.. s_train, "--generalise", "gap=300", "--generalise", "noise_rec=0.1", "--out", "run", "--quiet"]).Succeeded();
        var findings = _sandbox.Run("report", "run", "--json", "--quiet").Succeeded().Json;
        var summary = JsonDocument.Parse(File.ReadAllText(_sandbox["run/summary.json"])).RootElement;
        Assert.Equal(4, findings.GetProperty("generalisation").GetArrayLength());
        Assert.True(JsonElement.DeepEquals(summary.GetProperty("generalisation"), findings.GetProperty("generalisation")));
        var page = File.ReadAllText(_sandbox["run/report/index.html"]);
        Assert.Contains("values that were not trained", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">noise_rec</th><td class=\"n\">0.1</td><td class=\"n\">no</td>", page, StringComparison.Ordinal);

        var text = File.ReadAllText(_sandbox["run/summary.json"]);
        File.WriteAllText(_sandbox["run/summary.json"], text.Replace("\"option\": \"gap\"", "\"option\": null", StringComparison.Ordinal));
        _sandbox.Run("report", "run").RefusedInOneLine();

        _sandbox.Run([.. s_train, "--out", "run", "--quiet"]).Succeeded();
        Assert.Equal(JsonValueKind.Null, _sandbox.Run("report", "run", "--json", "--quiet").Succeeded().Json
            .GetProperty("generalisation").ValueKind);
        Assert.DoesNotContain("not trained", File.ReadAllText(_sandbox["run/report/index.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gap")]
    [InlineData("gap=")]
    [InlineData("=3")]
    [InlineData("gap=1 x")]
    [InlineData("gap=1 1")]
    [InlineData("gap=-1")]
    [InlineData("gap=1e300")]
    [InlineData("gapp=1")]
    [InlineData("noise_rec=-1")]
    [InlineData("units=8")]
    public void A_bad_list_is_refused_before_anything_is_trained(string list)
    {
        _sandbox.Run([.. s_train, "--generalise", list, "--out", "run"]).RefusedInOneLine();
        Assert.Empty(_sandbox.Entries);
    }

    [Fact]
    public void A_sweep_takes_the_epochs_from_its_option()
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = 5\ntrials = 120\nepochs = 4\ntrack_spectrum = 1\n");
        foreach (var bad in new[] { "5u", "0", "x" })
            _sandbox.Run("sweep", "plan.toml", "--track-spectrum", bad, "--out", "bad").RefusedInOneLine();
        Assert.Equal(["plan.toml"], _sandbox.Entries);
        _sandbox.Run("sweep", "plan.toml", "--track-spectrum", "2", "--out", "sweep", "--quiet").Succeeded();
        var lines = _sandbox.Run("export", "sweep", "--csv", "--epochs", "--quiet").Succeeded().Output.TrimEnd().Split('\n');
        Assert.Equal("run_id,epoch,outer_radius,inner_radius,spectral_radius,outlier_count,henrici,silent_units,loss,test_loss,accuracy",
            lines[0]);
        Assert.Equal(["0", "2", "4"], lines[1..].Select(line => line.Split(',')[1]));
        Assert.Equal("run_id,option,value,trained,trials,data_seed,accuracy,chance,loss\n",
            _sandbox.Run("export", "sweep", "--csv", "--generalisation", "--quiet").Succeeded().Output);
        _sandbox.Run("export", "sweep", "--csv", "--epochs", "--losses").RefusedInOneLine();
    }

    [Fact]
    public void A_training_that_was_cut_keeps_its_tracked_epochs()
    {
        string[] tracked = ["--track-spectrum", "2", "--out"];
        _sandbox.Run([.. s_train, .. tracked, "run", "--quiet"]).Succeeded();
        var more = _sandbox.Run("train", "--resume", "run", "--epochs", "6", "--json", "--quiet").Succeeded().Json;
        var whole = _sandbox.Run([.. s_train[..^1], "6", .. tracked, "whole", "--json", "--quiet"]).Succeeded().Json;
        Assert.Equal(whole.GetProperty("spectrum_epochs").ToString(), more.GetProperty("spectrum_epochs").ToString());
        Assert.All(more.GetProperty("spectrum_epochs").EnumerateArray(), one =>
        {
            Assert.InRange(one.GetProperty("silent_units").GetInt32(), 0, 6);
            Assert.InRange(one.GetProperty("accuracy").GetDouble(), 0, 1);
        });
    }

    [Fact]
    public void Every_unit_is_removed_alone_and_draws_are_counted()
    {
        _sandbox.Run([.. s_train, "--out", "run", "--quiet"]).Succeeded();
        string[] dynamics = ["dynamics", "run/network.npz", "--trials", "5", "--starts", "3", "--further-starts", "0", "--ablation-draws",
            "3", "--single-units"];
        var json = _sandbox.Run([.. dynamics, "--threads", "1", "--out", "one", "--json", "--quiet"]).Succeeded().Json;
        var printed = _sandbox.Run([.. dynamics, "--threads", "2", "--out", "two", "--quiet"]).Succeeded().Output;
        Assert.Equal(File.ReadAllText(_sandbox["one/single_units.csv"]), File.ReadAllText(_sandbox["two/single_units.csv"]));
        Assert.Equal(File.ReadAllText(_sandbox["one/ablation.csv"]), File.ReadAllText(_sandbox["two/ablation.csv"]));
        Assert.Equal(3, json.GetProperty("tolerances").GetProperty("draws").GetInt32());
        var network = json.GetProperty("networks")[0];
        var units = network.GetProperty("single_units").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(0, 6), units.Select(unit => unit.GetProperty("unit").GetInt32()));
        Assert.Equal(["inhibitory -1", "excitatory 1"], units
            .Select(unit => $"{unit.GetProperty("population").GetString()} {unit.GetProperty("sign").GetInt32()}").Distinct());
        var loss = network.GetProperty("loss").GetDouble();
        Assert.All(units, unit => Assert.Equal(unit.GetProperty("loss").GetDouble() - loss, unit.GetProperty("loss_change").GetDouble()));
        var worst = units.MaxBy(unit => unit.GetProperty("loss").GetDouble()).GetProperty("unit").GetInt32();
        Assert.Contains($"alone      without unit {worst}, ", printed, StringComparison.Ordinal);
        var lines = File.ReadAllLines(_sandbox["one/single_units.csv"]);
        Assert.Equal(("group,file,unit,population,sign,accuracy,loss,accuracy_change,loss_change", 7), (lines[0], lines.Length));

        // Without it an old table goes.
        _sandbox.Run([.. dynamics[..^1], "--out", "one", "--quiet"]).Succeeded();
        Assert.False(File.Exists(_sandbox["one/single_units.csv"]));
        foreach (var draws in new[] { "0", "-1", "x", "1000000000" })
            _sandbox.Run("dynamics", "run/network.npz", "--ablation-draws", draws, "--out", "bad").RefusedInOneLine();
        Assert.False(Directory.Exists(_sandbox["bad"]));
    }
}
