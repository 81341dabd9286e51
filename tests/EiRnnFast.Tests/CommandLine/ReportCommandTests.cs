using System.Text.Json;
using System.Text.Json.Nodes;
using EiRnnFast.Tests.Reports;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>report as a user gives it, on sweeps, on runs of train, and on what is neither.</summary>
[Collection(ProgramRuns.Name)]
public sealed class ReportCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_sweep_is_reported_in_json_and_as_a_page()
    {
        File.WriteAllText(_sandbox["plan.toml"], "seeds = 3\nunits = [6, 9]\ntrials = 120\nepochs = 2\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "out", "--keep-weights", "--quiet").Succeeded();
        var result = _sandbox.Run("report", "out").Succeeded();
        Assert.Equal(["runs.csv", "conditions.csv", "findings.json", "index.html"],
            result.ErrorLines.Select(line => Path.GetFileName(line)));
        Assert.Empty(result.Output);
        Assert.Contains("6 runs recorded", new Page(_sandbox["out/report/index.html"]).Text, StringComparison.Ordinal);

        var json = _sandbox.Run("report", "out", "--json", "--quiet").Succeeded();
        Assert.Empty(json.Error);
        Assert.Equal((6, 6, 0), (json.Json.GetProperty("recorded").GetInt32(), json.Json.GetProperty("done").GetInt32(),
            json.Json.GetProperty("pending").GetInt32()));
        var trend = json.Json.GetProperty("trends")[0];
        Assert.Equal("log2_units", trend.GetProperty("against").GetString());
        Assert.InRange(trend.GetProperty("p_holm").GetDouble(), trend.GetProperty("fit").GetProperty("p").GetDouble(), 1);
        Assert.Equal(["outer_radius", "henrici"], json.Json.GetProperty("effects").EnumerateArray()
            .Select(analysis => analysis.GetProperty("measure").GetString()!)); // six units have no 7th modulus
        var effect = json.Json.GetProperty("effects")[0].GetProperty("terms")[0];
        Assert.Equal(["units"], effect.GetProperty("factors").EnumerateArray().Select(name => name.GetString()));
        foreach (var name in (string[])["df", "sum_of_squares", "f", "p", "p_holm", "partial_eta_squared", "partial_eta_squared_low",
            "partial_eta_squared_high", "partial_omega_squared"])
            Assert.True(double.IsFinite(effect.GetProperty(name).GetDouble()), name);
        Assert.Equal(2, json.Json.GetProperty("effect_tests").GetInt32());
        Assert.True(json.Json.GetProperty("conditions")[0].GetProperty("intervals")[0].GetProperty("bootstrap_low").GetDouble()
            <= json.Json.GetProperty("conditions")[0].GetProperty("outer_radius").GetProperty("mean").GetDouble());
        Assert.Equal(3, json.Json.GetProperty("conditions")[0].GetProperty("outer_radius").GetProperty("count").GetInt32());
        Assert.Equal(json.Output.Trim(), File.ReadAllText(_sandbox["out/report/findings.json"]).Trim());
        // the sweep goes on living beside its report
        Assert.Equal(6, _sandbox.Run("status", "out", "--json").Succeeded().Json.GetProperty("done").GetInt32());
    }

    [Fact]
    public void A_spread_of_one_network_is_null()
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = [6, 9]\ntrials = 120\nepochs = 2\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "out", "--quiet").Succeeded();
        var result = _sandbox.Run("report", "out", "--json", "--quiet").Succeeded();
        foreach (var measure in (string[])["outer_radius", "henrici", "final_loss", "accuracy"])
        {
            var sample = result.Json.GetProperty("conditions")[0].GetProperty(measure);
            Assert.Equal((1, JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null), (sample.GetProperty("count").GetInt32(),
                sample.GetProperty("mean").ValueKind, sample.GetProperty("sd").ValueKind, sample.GetProperty("sem").ValueKind));
        }
        Assert.DoesNotContain("NaN", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_are_files_too_if_asked_for()
    {
        File.WriteAllText(_sandbox["plan.toml"], "seeds = 2\nunits = [6, 9]\ntrials = 120\nepochs = 2\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "out", "--keep-weights", "--quiet").Succeeded();
        string[] Figures() => [.. Directory.GetFiles(_sandbox["out/report/figures"]).Select(file => Path.GetFileName(file)!)
            .Order(StringComparer.Ordinal)];
        var written = _sandbox.Run("report", "out", "--svg").Succeeded().ErrorLines.Select(line => Path.GetFileName(line))
            .Where(name => name.EndsWith(".svg", StringComparison.Ordinal));
        Assert.Equal(["departure-from-normality-henrici-against-n.svg", "losses.svg", "outer-edge-of-the-bulk-against-n.svg", "spectra.svg",
            "spectral-distances.svg", "weights.svg"], Figures());
        Assert.Equal(Figures(), written.Order(StringComparer.Ordinal));
        Assert.Equal(Figures().Length, new Page(_sandbox["out/report/index.html"]).Figures);
        foreach (var name in Figures())
            Assert.StartsWith("<svg", File.ReadAllText(_sandbox[$"out/report/figures/{name}"]), StringComparison.Ordinal);
        File.WriteAllText(_sandbox["out/report/figures/old.svg"], "");
        _sandbox.Run("report", "out", "--svg", "--quiet").Succeeded();
        Assert.DoesNotContain("old.svg", Figures());
    }

    [Fact]
    public void A_report_elsewhere_leaves_its_folder_untouched()
    {
        File.WriteAllText(_sandbox["plan.toml"], "seeds = 2\nunits = [6, 9]\ntrials = 120\nepochs = 2\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "out", "--quiet").Succeeded();
        Directory.CreateDirectory(_sandbox["run"]);
        foreach (var file in TrainedRun.Files) File.Copy(trained.PathOf(file), _sandbox[$"run/{file}"]);
        foreach (var folder in (string[])["out", "run"])
        {
            string[] State() => [.. Directory.GetFileSystemEntries(_sandbox[folder], "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => $"{path} {new FileInfo(path).LastWriteTimeUtc:O} {(File.Exists(path) ? new FileInfo(path).Length : 0)}")];
            var before = State();
            _sandbox.Run("report", folder, "--out", $"page-{folder}", "--svg", "--quiet").Succeeded();
            Assert.Equal(before, State());
            Assert.True(new Page(_sandbox[$"page-{folder}/index.html"]).Figures > 2);
        }
    }

    [Fact]
    public void The_loss_of_a_run_comes_first_and_two_panels_are_two_pictures()
    {
        Directory.CreateDirectory(_sandbox["run"]);
        foreach (var file in TrainedRun.Files) File.Copy(trained.PathOf(file), _sandbox[$"run/{file}"]);
        _sandbox.Run("report", "run", "--quiet").Succeeded();
        var figures = new Page(_sandbox["run/report/index.html"]).Elements("figure").ToArray();
        Assert.Contains("Mean training loss of every epoch", figures[0].Value, StringComparison.Ordinal);
        var spectrum = figures[1].Descendants().Single(element => element.Attribute("class")?.Value == "panels");
        Assert.Equal(2, spectrum.Elements().Count());
        Assert.All(spectrum.Elements(), panel => Assert.Contains("role=\"img\"", panel.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_run_is_reported_too()
    {
        Directory.CreateDirectory(_sandbox["run"]);
        foreach (var file in TrainedRun.Files) File.Copy(trained.PathOf(file), _sandbox[$"run/{file}"]);
        foreach (var criterion in (string[])["0.02", "0", "-1", "half", "NaN"])
            _sandbox.Run("report", "run", $"--criterion={criterion}").RefusedInOneLine();
        Assert.False(Directory.Exists(_sandbox["run/report"]));
        var findings = _sandbox.Run("report", "run", "--json", "--quiet").Succeeded().Json;
        Assert.Equal((8, "and", false),
            (findings.GetProperty("units").GetInt32(), findings.GetProperty("task").GetString(),
            findings.GetProperty("successful").GetBoolean()));
        Assert.Equal(trained.Summary.GetProperty("spectrum").GetProperty("outer_radius").GetDouble(),
            findings.GetProperty("outer_radius").GetDouble());
        var page = new Page(_sandbox["run/report/index.html"]);
        Assert.Equal(4, page.Figures); // spectrum, losses, weights, trials
        Assert.Contains("This network did not learn its task.", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Elements("img"));
        File.Delete(_sandbox["run/trials.png"]);
        File.WriteAllText(_sandbox["run/network.npz"], "damaged");
        File.Delete(_sandbox["run/training.csv"]);
        _sandbox.Run("report", "run", "--quiet").Succeeded();
        Assert.DoesNotContain("training.csv", new Page(_sandbox["run/report/index.html"]).Text, StringComparison.Ordinal);
        Assert.Equal(2, new Page(_sandbox["run/report/index.html"]).Figures);
    }

    /// <summary>Theory lies over the projected initial matrix; a summary of an earlier version has the matrix as created alone.</summary>
    [Fact]
    public void Theory_is_drawn_over_the_matrix_that_it_speaks_of()
    {
        Directory.CreateDirectory(_sandbox["run"]);
        var summary = JsonNode.Parse(File.ReadAllText(trained.PathOf("summary.json")))!.AsObject();
        Assert.Equal((2, true), Drawn(summary)); // left and right
        summary["spectrum_projected"] = null; // as of a matrix that no projection changes
        Assert.Equal((2, false), Drawn(summary));
        summary.Remove("spectrum_projected"); // as of an earlier version
        Assert.Equal((1, false), Drawn(summary));

        (int Theories, bool Circles) Drawn(JsonObject summary)
        {
            File.WriteAllText(_sandbox["run/summary.json"], summary.ToJsonString());
            _sandbox.Run("report", "run", "--svg", "--quiet").Succeeded();
            var svg = File.ReadAllText(_sandbox["run/report/figures/spectrum.svg"]);
            var inLegend = 1;
            return (svg.Split("fill=\"#56B4E9\"").Length - 1 - inLegend, svg.Contains("#E69F00", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"task\": \"and\"}")]
    [InlineData("{\"losses\": [], \"units\": \"many\", \"spectrum\": {\"eigenvalues\": []}}")]
    [InlineData("{\"losses\": [[]], \"spectrum\": {\"eigenvalues\": [1]}}")]
    public void A_summary_of_something_else_is_refused(string content)
    {
        Directory.CreateDirectory(_sandbox["run"]);
        File.WriteAllText(_sandbox["run/summary.json"], content);
        _sandbox.Run("report", "run").RefusedInOneLine();
        Assert.Equal(["run", "run/summary.json"], _sandbox.Entries);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("report missing")]
    [InlineData("report .")]
    [InlineData("report file")]
    [InlineData("report . --out x")]
    public void What_is_no_sweep_and_no_run_is_refused(string line)
    {
        File.WriteAllText(_sandbox["file"], "text");
        _sandbox.Run(line.Split(' ')).RefusedInOneLine();
        Assert.Equal(["file"], _sandbox.Entries);
    }

    [Fact]
    public void A_place_that_is_taken_is_left_alone()
    {
        Directory.CreateDirectory(_sandbox["run"]);
        foreach (var file in TrainedRun.Files) File.Copy(trained.PathOf(file), _sandbox[$"run/{file}"]);
        File.WriteAllText(_sandbox["run/report"], "mine");
        _sandbox.Run("report", "run").RefusedInOneLine();
        Assert.Equal("mine", File.ReadAllText(_sandbox["run/report"]));
    }

    [Fact]
    public void A_network_without_a_finished_epoch_is_reported()
    {
        _sandbox.Run("train", "--units", "8", "--trials", "120", "--epochs", "1", "--learning-rate", "1e30", "--out", "diverged",
            "--quiet");
        var findings = _sandbox.Run("report", "diverged", "--json", "--quiet").Succeeded().Json;
        Assert.Equal(("diverged", JsonValueKind.False),
            (findings.GetProperty("stopped").GetString(), findings.GetProperty("successful").ValueKind));
    }
}
