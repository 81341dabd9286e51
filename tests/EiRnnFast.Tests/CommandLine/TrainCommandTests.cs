using System.Text.Json;
using EiRnnFast.Kernels;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class TrainCommandTests(TrainedRun trained) : IDisposable
{
    private static readonly string[] s_tiny = ["train", "--epochs", "1", "--units", "8", "--json", "--quiet"];
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void The_summary_holds_what_was_asked_and_what_came_out()
    {
        var summary = trained.Summary;
        string[] expected =
        [
            "version", "kernel_set", "lapack", "seed", "data_seed", "task", "units", "excitatory", "inhibitory_count", "sign_axis", "init",
            "gain",
            "balanced", "epochs_run", "stopped", "final_loss", "losses", "seconds", "accuracy", "sign_violations", "zero_fraction",
            "spectrum_initial", "spectrum_projected", "spectrum",
        ];
        foreach (var name in expected) Assert.True(summary.TryGetProperty(name, out _), $"no '{name}'");
        Assert.Equal(("and", 8, 1, 3), (Text("task"), Int("units"), Int("seed"), Int("data_seed")));
        Assert.Equal(("presynaptic", 0.5, 4), (Text("sign_axis"), Number("excitatory"), Int("inhibitory_count")));
        Assert.Equal(("orthogonal", 1.0, 2, "epochs"), (Text("init"), Number("gain"), Int("epochs_run"), Text("stopped")));
        Assert.Equal(2, summary.GetProperty("losses").GetArrayLength());
        Assert.Equal(summary.GetProperty("losses")[1].GetDouble(), Number("final_loss"));
        Assert.InRange(Number("accuracy"), 0, 1);
        Assert.InRange(Number("zero_fraction"), 0, 1);
        Assert.Equal(0, Int("sign_violations"));
        Assert.True(summary.GetProperty("input_nonnegative").GetBoolean());

        string Text(string name) => summary.GetProperty(name).GetString()!;
        int Int(string name) => summary.GetProperty(name).GetInt32();
        double Number(string name) => summary.GetProperty(name).GetDouble();
    }

    [Theory]
    [InlineData("spectrum_initial")]
    [InlineData("spectrum_projected")]
    [InlineData("spectrum")]
    public void Both_spectra_are_complete(string which)
    {
        var spectrum = trained.Summary.GetProperty(which);
        foreach (var name in (string[])["outer_radius_published", "inner_radius_published", "outer_radius", "inner_radius", "shape",
            "outliers", "henrici"])
            Assert.True(spectrum.TryGetProperty(name, out _), $"no '{name}'");
        var moduli = spectrum.GetProperty("eigenvalues").EnumerateArray()
            .Select(z => Math.Sqrt(Math.Pow(z[0].GetDouble(), 2) + Math.Pow(z[1].GetDouble(), 2))).ToArray();
        Assert.Equal(8, moduli.Length);
        Assert.Equal(moduli.Max(), spectrum.GetProperty("spectral_radius").GetDouble(), 1e-12);
        var theory = spectrum.GetProperty("theory");
        foreach (var name in (string[])["outer_radius", "inner_radius", "outlier"])
            Assert.True(theory.TryGetProperty(name, out _), $"no theory '{name}'");
    }

    [Fact]
    public void The_default_folder_holds_every_file_and_the_summary_of_standard_output()
    {
        Assert.Equal([TrainedRun.FolderName, .. TrainedRun.Files.Select(file => $"{TrainedRun.FolderName}/{file}")],
            trained.Sandbox.Entries);
        Assert.Equal(trained.Result.Output.ReplaceLineEndings("\n"), File.ReadAllText(trained.PathOf("summary.json")));
        Assert.Equal(1 + 2, File.ReadAllLines(trained.PathOf("training.csv")).Length);
        Assert.Equal(1 + 8, File.ReadAllLines(trained.PathOf("spectrum.csv")).Length);
        foreach (var picture in (string[])["spectrum.png", "loss.png", "trials.png"])
            Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(trained.PathOf(picture))[1..4]);
    }

    [Fact]
    public void Redirected_progress_is_one_plain_line_an_epoch()
    {
        var lines = trained.Result.ErrorLines;
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("training 8 units on and", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("epoch 1/2 ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("epoch 2/2 ", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', trained.Result.Error);
        Assert.DoesNotContain("\r", trained.Result.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_in_a_folder_that_exists_already()
    {
        Directory.CreateDirectory(_sandbox["again"]);
        File.WriteAllText(_sandbox["again/notes.txt"], "mine");
        var result = _sandbox.Run("train", "--epochs", "2", "--units", "8", "--quiet", "--out", "again").Succeeded();
        Assert.Empty(result.Error);
        Assert.Contains("files          in again", result.Output, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_sandbox["again/notes.txt"]));
        Assert.Equal(TrainedRun.Files.Length + 2, _sandbox.Entries.Length);
        foreach (var file in (string[])["network.npz", "initial.npz"])
            Assert.Equal(File.ReadAllBytes(trained.PathOf(file)), File.ReadAllBytes(_sandbox[$"again/{file}"]));
    }

    [Fact]
    public void Another_seed_gives_another_network()
    {
        var summary = Train(["--seed", "4294967295"], new() { ["EIRNN_KERNELS"] = "vector" });
        Assert.Equal(KernelSet.Vector.Name, summary.GetProperty("kernel_set").GetString());
        Assert.Equal(4294967295, summary.GetProperty("seed").GetInt64());
        Assert.NotEqual(File.ReadAllBytes(trained.PathOf("initial.npz")),
            File.ReadAllBytes(_sandbox["eirnn-and-n8-seed4294967295/initial.npz"]));
        Assert.NotEqual(summary.GetProperty("spectrum").GetRawText(), trained.Summary.GetProperty("spectrum").GetRawText());
    }

    [Fact]
    public void The_published_preset_is_postsynaptic()
    {
        var summary = Train(["--preset", "published", "--task", "xor", "--init", "two-gaussian", "--mu", "0.15", "--excitatory", "0.75"]);
        Assert.Equal("postsynaptic", summary.GetProperty("sign_axis").GetString());
        Assert.Equal(2, summary.GetProperty("inhibitory_count").GetInt32());
        Assert.Equal(("two-gaussian", 0.15), (summary.GetProperty("init").GetString(), summary.GetProperty("mu").GetDouble()));
        Assert.Equal(0, summary.GetProperty("sign_violations").GetInt32());
        Assert.True(Directory.Exists(_sandbox["eirnn-xor-n8-seed1"]));
    }

    [Fact]
    public void An_explicit_sign_wins_over_the_preset()
    {
        var summary = Train(["--preset", "published", "--sign", "presynaptic", "--init", "identity", "--balanced", "--gain", "0.5",
            "--data-seed", "7", "--clip-norm", "Infinity"]);
        Assert.Equal("presynaptic", summary.GetProperty("sign_axis").GetString());
        Assert.Equal(("identity", 0.5, true),
            (summary.GetProperty("init").GetString(), summary.GetProperty("gain").GetDouble(),
            summary.GetProperty("balanced").GetBoolean()));
        Assert.Equal(7, summary.GetProperty("data_seed").GetInt32());
        Assert.Equal(0.5, summary.GetProperty("spectrum_initial").GetProperty("spectral_radius").GetDouble(), 1e-6);
        Assert.Equal("Infinity", summary.GetProperty("clip_norm").GetString()); // JSON has no infinity
        var resumed = _sandbox.Run("train", "--resume", "eirnn-and-n8-seed1", "--epochs", "2", "--json", "--quiet").Succeeded();
        Assert.Equal("Infinity", resumed.Json.GetProperty("clip_norm").GetString());
    }

    [Fact]
    public void Without_a_sign_constraint_there_are_no_populations()
    {
        var summary = Train(["--sign", "none", "--init", "normal", "--kernels", "scalar", "--lapack", "own"]);
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("excitatory").ValueKind);
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("inhibitory_count").ValueKind);
        Assert.Equal("none", summary.GetProperty("sign_axis").GetString());
        Assert.False(summary.GetProperty("input_nonnegative").GetBoolean());
        Assert.Equal("scalar", summary.GetProperty("kernel_set").GetString());
        Assert.StartsWith("own", summary.GetProperty("lapack").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e30")]
    [InlineData("1e6")]
    public void A_run_that_diverges_keeps_its_last_finite_network(string rate)
    {
        var result = _sandbox.Run("train", "--epochs", "1", "--units", "8", "--json", "--quiet", "--learning-rate", rate);
        Assert.Equal(3, result.ExitCode);
        Assert.Matches("^eirnn: training diverged at update [1-9][0-9]*: ", Assert.Single(result.ErrorLines));
        Assert.Equal("diverged", result.Json.GetProperty("stopped").GetString());
        Assert.True(result.Json.GetProperty("diverged_at_update").GetInt32() > 0);
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("final_loss").ValueKind);
        Assert.Equal([TrainedRun.FolderName, .. TrainedRun.Files.Where(file => file != "loss.png") // for there is no epoch
            .Select(file => $"{TrainedRun.FolderName}/{file}")], _sandbox.Entries);
        _sandbox.Run("spectrum", $"{TrainedRun.FolderName}/network.npz").Succeeded(); // which refuses numbers that are not finite
    }

    private JsonElement Train(string[] options, Dictionary<string, string>? environment = null)
    {
        var result = _sandbox.Run([.. s_tiny, .. options], environment ?? []).Succeeded();
        Assert.Empty(result.Error);
        return result.Json;
    }
}
