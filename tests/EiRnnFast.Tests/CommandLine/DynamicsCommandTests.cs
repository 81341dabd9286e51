using System.Diagnostics;
using System.Text.Json;
using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Statistics;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class DynamicsCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_trained_network_has_all_files_and_one_json_object()
    {
        var result = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "6", "--starts", "10", "--out", "new/dyn", "--svg",
            "--json", "--quiet").Succeeded();
        Assert.Empty(result.Error);
        Assert.Equal([.. DynamicsFolder.Names.Concat(DynamicsFigures.Names(svg: true)).Order(StringComparer.Ordinal)],
            Directory.GetFiles(_sandbox["new/dyn"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.Equal(result.Output.TrimEnd(), File.ReadAllText(_sandbox["new/dyn/dynamics.json"]).TrimEnd());
        var json = result.Json;
        foreach (var name in (string[])["version", "kernel_set", "lapack", "task", "data_seed", "tolerances"])
            Assert.NotEqual(JsonValueKind.Null, json.GetProperty(name).ValueKind);
        Assert.Equal((6, 3, 290), (json.GetProperty("trials").GetInt32(), json.GetProperty("data_seed").GetInt32(),
            json.GetProperty("steps").GetInt32()));
        Assert.Equal(1e-20, json.GetProperty("tolerances").GetProperty("fixed_tolerance").GetDouble());
        var network = Assert.Single(json.GetProperty("networks").EnumerateArray());
        Assert.Equal(["all", "inhibitory", "excitatory"],
            network.GetProperty("populations").EnumerateArray().Select(population => population.GetProperty("name").GetString()));
        Assert.Equal([8, 4, 4], network.GetProperty("populations").EnumerateArray()
            .Select(population => population.GetProperty("count").GetInt32()));
        Assert.Equal(8, network.GetProperty("frequencies").GetProperty("spectral").GetArrayLength());
        var points = network.GetProperty("fixed_points");
        Assert.Equal(10, new[] { "ended_fixed", "ended_slow", "ended_fast",
            "unfinished" }.Sum(name => points.GetProperty(name).GetInt32()));
        foreach (var point in points.GetProperty("fixed").EnumerateArray())
        {
            Assert.True(point.GetProperty("q").GetDouble() <= 1e-20);
            Assert.Equal((8, 8), (point.GetProperty("state").GetArrayLength(), point.GetProperty("jacobian_eigenvalues").GetArrayLength()));
        }
        Assert.Equal(1 + points.GetProperty("fixed").GetArrayLength() + points.GetProperty("slow").GetArrayLength(),
            File.ReadAllLines(_sandbox["new/dyn/fixed_points.csv"]).Length);
        Assert.Equal(1 + 8 + 4 + 4, File.ReadAllLines(_sandbox["new/dyn/pca.csv"]).Length);
        Assert.Equal(1 + 13, File.ReadAllLines(_sandbox["new/dyn/pruning.csv"]).Length);
    }

    [Fact]
    public void The_same_command_finds_the_same_and_the_seed_changes_the_draws()
    {
        string Json(string seed) => _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "4", "--starts", "5", "--seed",
            seed, "--out", "dyn", "--json", "--quiet").Succeeded().Output;
        _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "4", "--starts", "5", "--out", "dyn", "--svg", "--quiet")
            .Succeeded();
        var first = Json("1");
        // no SVG of another analysis stays
        Assert.Equal([.. DynamicsFolder.Names.Concat(DynamicsFigures.Names()).Order(StringComparer.Ordinal)],
            Directory.GetFiles(_sandbox["dyn"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.Equal(first, Json("1"));
        Assert.NotEqual(first, Json("2"));
    }

    [Fact]
    public void Any_number_of_threads_finds_the_same()
    {
        string[] arguments =
            ["dynamics", trained.PathOf("network.npz"), "--trials", "6", "--starts", "10", "--learned", "--json", "--quiet", "--threads"];
        var alone = _sandbox.Run([.. arguments, "1", "--out", "one"]).Succeeded().Output;
        foreach (var threads in (string[])["2", "3"])
            Assert.Equal(alone, _sandbox.Run([.. arguments, threads, "--out", threads]).Succeeded().Output);
        _sandbox.Run([.. arguments, "0", "--out", "none"]).RefusedInOneLine();
    }

    [Fact]
    public void The_learned_part_is_the_same_with_the_initial_file_and_with_weights_drawn_again()
    {
        string[] arguments = ["dynamics", trained.PathOf("network.npz"), "--trials", "6", "--starts", "3", "--out", "dyn"];
        var drawn = _sandbox.Run([.. arguments, "--learned", "--json", "--quiet"]).Succeeded().Json;
        var rows = File.ReadAllLines(_sandbox["dyn/learned.csv"]);
        Assert.Equal(1 + 8 + 1, rows.Length);
        Assert.All(rows, row => Assert.Equal(11, row.Split(',').Length));
        var learned = drawn.GetProperty("networks")[0].GetProperty("learned");
        Assert.Equal(drawn.GetProperty("networks")[0].GetProperty("loss").GetDouble(),
            learned.GetProperty("ranks")[8].GetProperty("loss").GetDouble());
        Assert.Equal(learned.GetProperty("keeping").GetInt32(), drawn.GetProperty("groups")[0].GetProperty("measures")
            .GetProperty("learned_keeping_rank").GetProperty("mean").GetDouble());
        var given = _sandbox.Run([.. arguments, "--initial", trained.PathOf("initial.npz"), "--json", "--quiet"]).Succeeded().Json;
        Assert.Equal(learned.GetRawText(), given.GetProperty("networks")[0].GetProperty("learned").GetRawText());
        var text = _sandbox.Run([.. arguments, "--learned", "--quiet"]).Succeeded().Output;
        Assert.Contains("learned    accuracy with the first components", text, StringComparison.Ordinal);
        Assert.Contains("learned.csv", text, StringComparison.Ordinal);
        Assert.Contains("learned.png", text, StringComparison.Ordinal);
        Assert.Equal([.. DynamicsFigures.Names(learned: true).Order()], Directory.GetFiles(_sandbox["dyn"], "*.png")
            .Select(file => Path.GetFileName(file)).Order());
        _sandbox.Run([.. arguments, "--quiet"]).Succeeded();
        Assert.Empty(Directory.GetFiles(_sandbox["dyn"], "learned.*"));
        Write("small.npz", 1, SignConstraint.None);
        var error = _sandbox.Run([.. arguments, "--initial", "small.npz"]).RefusedInOneLine().Error;
        Assert.Contains("found 6 units", error, StringComparison.Ordinal);
        _sandbox.Run([.. arguments, "--initial", "small.npz", "small.npz"]).RefusedInOneLine();
        NetworkFile.Write(_sandbox["given.npz"], EiRnn.FromWeights(
            new NetworkSpec { Units = 3, Inputs = 2, Outputs = 1, Signs = SignConstraint.None, Init = null },
            new float[6], new float[9], [], new float[3], []));
        error = _sandbox.Run("dynamics", "given.npz", "--learned", "--out", "none").RefusedInOneLine().Error;
        Assert.Contains("given.npz: found no recorded seed", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_sandbox["none"]));
    }

    [Fact]
    public void Several_networks_are_averaged_and_held_against_another()
    {
        Write("one.npz", 1, SignConstraint.Presynaptic(0.5));
        Write("two.npz", 2, SignConstraint.Presynaptic(0.75));
        Write("free.npz", 3, SignConstraint.None);
        var result = _sandbox.Run("dynamics", "one.npz", "two.npz", "--against", "free.npz", "--trials", "4", "--starts", "4", "--out",
            "dyn").Succeeded();
        Assert.Contains("free.npz (against): 2 units", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("dynamics of 3 networks on and", result.ErrorLines[0], StringComparison.Ordinal);
        var rows = File.ReadAllLines(_sandbox["dyn/pruning.csv"]);
        Assert.Equal(1 + 4 * 13, rows.Length);
        Assert.Equal(13, rows.Count(row => row.StartsWith("main,,2,,", StringComparison.Ordinal)));
        Assert.Equal(13, rows.Count(row => row.StartsWith("against,free.npz,1,", StringComparison.Ordinal)));
        Assert.Contains(result.Output.Split('\n'),
            line => line.StartsWith("mean ± s.e.m. over networks", StringComparison.Ordinal)
            && line.EndsWith("against (n = 1)", StringComparison.Ordinal));

        using var json = JsonDocument.Parse(File.ReadAllText(_sandbox["dyn/dynamics.json"]));
        double Ratio(int network) => json.RootElement.GetProperty("networks")[network].GetProperty("populations")[0]
            .GetProperty("participation_ratio").GetDouble();
        var groups = json.RootElement.GetProperty("groups").EnumerateArray().ToArray();
        Assert.Equal([2, 1], groups.Select(group => group.GetProperty("networks").GetInt32()));
        var main = groups[0].GetProperty("measures").GetProperty("participation_ratio");
        Assert.Equal((Ratio(0) + Ratio(1)) / 2, main.GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal(Math.Abs(Ratio(0) - Ratio(1)) / 2, main.GetProperty("sem").GetDouble(), 1e-12);
        Assert.False(groups[1].GetProperty("measures").TryGetProperty("participation_ratio_excitatory", out _)); // it has no populations
        Assert.Contains(FormattableString.Invariant($"against,participation_ratio,{Ratio(2):R},,1"),
            File.ReadAllLines(_sandbox["dyn/groups.csv"]));
    }

    [Fact]
    public void Two_groups_of_networks_are_compared()
    {
        string[] files = ["a.npz", "b.npz", "c.npz", "x.npz", "y.npz"];
        foreach (var (i, file) in files.Index()) Write(file, (uint)i + 1, i < 3 ? SignConstraint.Presynaptic(0.5) : SignConstraint.None);
        string[] analysis = ["--trials", "4", "--starts", "4", "--out", "dyn", "--quiet"];
        var output = _sandbox.Run(["dynamics", .. files[..3], "--against", .. files[3..], .. analysis]).Succeeded().Output;
        using var json = JsonDocument.Parse(File.ReadAllText(_sandbox["dyn/dynamics.json"]));
        var tests = json.RootElement.GetProperty("comparisons").EnumerateArray().ToArray();
        Assert.InRange(tests.Length, 5, 20);
        Assert.Equal(tests.Length, json.RootElement.GetProperty("comparison_tests").GetInt32());
        Assert.Contains($"main minus against, {tests.Length} tests:", output, StringComparison.Ordinal);
        double[] ratios = [.. json.RootElement.GetProperty("networks").EnumerateArray()
            .Select(network => network.GetProperty("populations")[0].GetProperty("participation_ratio").GetDouble())];
        var ratio = tests.Single(test => test.GetProperty("measure").GetString() == "participation_ratio").GetProperty("samples");
        var expected = TwoSamples.Of(ratios[..3], ratios[3..])!;
        Assert.Equal(expected.Welch!.P, ratio.GetProperty("welch").GetProperty("p").GetDouble());
        Assert.Equal(expected.Hedges!.High, ratio.GetProperty("hedges").GetProperty("high").GetDouble());
        Assert.Equal((10, true), (ratio.GetProperty("permutation").GetProperty("arrangements").GetInt32(), expected.Permutation.Exact));
        double[] p = [.. tests.Select(test => test.GetProperty("samples").GetProperty("welch").GetProperty("p").GetDouble())];
        Assert.Equal(Holm.Corrected(p), tests.Select(test => test.GetProperty("p_holm").GetDouble()));
        var rows = File.ReadAllLines(_sandbox["dyn/comparisons.csv"]);
        Assert.Equal(1 + tests.Length, rows.Length);
        Assert.All(rows, row => Assert.Equal(18, row.Split(',').Length));
        Assert.Contains(rows, row => row.StartsWith("participation_ratio,3,2,", StringComparison.Ordinal)
            && row.Contains(FormattableString.Invariant($",{expected.Welch.P:R},"), StringComparison.Ordinal));

        output = _sandbox.Run(["dynamics", .. files[..2], "--against", files[3], .. analysis]).Succeeded().Output;
        Assert.Contains("No test between main and against: it takes two networks of either group", output, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(_sandbox["dyn/comparisons.csv"]));
        Assert.DoesNotContain("main and against", _sandbox.Run(["dynamics", .. files[..2], .. analysis]).Succeeded().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void All_trials_of_a_small_file_are_for_the_analysis()
    {
        _sandbox.Run("tasks", "and", "--npz", "trials.npz", "--trials", "5", "--quiet").Succeeded();
        var json = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--task-file", "trials.npz", "--starts", "3", "--out", "dyn",
            "--json", "--quiet").Succeeded().Json;
        Assert.Equal(5, json.GetProperty("trials").GetInt32());
    }

    [Fact]
    public void A_network_of_zeros_rests_at_0_alone()
    {
        NetworkFile.Write(_sandbox["zero.npz"],
            EiRnn.FromWeights(new NetworkSpec { Units = 3, Inputs = 2, Outputs = 1, Signs = SignConstraint.None, Init = null },
            new float[6], new float[9], [], new float[3], []));
        var network = _sandbox.Run("dynamics", "zero.npz", "--trials", "4", "--starts", "20", "--out", "dyn", "--json", "--quiet")
            .Succeeded().Json.GetProperty("networks")[0];
        var point = Assert.Single(network.GetProperty("fixed_points").GetProperty("fixed").EnumerateArray());
        Assert.Equal([0, 0, 0], point.GetProperty("state").EnumerateArray().Select(h => h.GetDouble()));
        Assert.True(point.GetProperty("stable").GetBoolean());
        Assert.Equal(20, point.GetProperty("starts").GetInt32());
        Assert.Equal(3, network.GetProperty("activity").GetProperty("silent_units").GetArrayLength());
        Assert.Equal(1, network.GetProperty("fixed_points").GetProperty("index_sum").GetInt32());
        var leading = network.GetProperty("lyapunov").GetProperty("per_step")[0];
        Assert.Equal((JsonValueKind.Null, 4), (leading.GetProperty("mean").ValueKind, leading.GetProperty("vanishing").GetInt32()));
        var text = _sandbox.Run("dynamics", "zero.npz", "--trials", "4", "--starts", "20", "--out", "dyn", "--quiet").Succeeded().Output;
        Assert.Contains("Lyapunov   minus infinity in all 4 trials: every deviation vanishes", text, StringComparison.Ordinal);
        Assert.Contains("index sum  +1: a complete list is not excluded", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relu_network_of_voltages_has_rates_voltages_and_theory_and_claims_no_index_sum()
    {
        var cell = new CellSpec { Activation = Activation.Relu, Form = CellForm.Voltage, Alpha = 0.2, Noise = 0.1 };
        var signs = SignConstraint.Presynaptic(0.5) with { Mode = SignMode.Magnitude };
        NetworkFile.Write(_sandbox["relu.npz"],
            EiRnn.Create(new NetworkSpec { Units = 8, Inputs = 2, Outputs = 1, Signs = signs, Cell = cell }, 2));
        string[] common = ["dynamics", "relu.npz", "--trials", "4", "--starts", "6", "--out", "dyn", "--quiet"];
        var json = _sandbox.Run([.. common, "--input", "1,1", "--json"]).Succeeded().Json;
        var network = Assert.Single(json.GetProperty("networks").EnumerateArray());
        var found = network.GetProperty("cell");
        Assert.Equal(("voltage", "relu", 0.2), (found.GetProperty("cell_form").GetString(), found.GetProperty("activation").GetString(),
            found.GetProperty("alpha").GetDouble()));
        var points = network.GetProperty("fixed_points");
        foreach (var name in (string[])["index_sum", "is_incomplete"]) Assert.Equal(JsonValueKind.Null, points.GetProperty(name).ValueKind);
        Assert.NotEqual(0, points.GetProperty("fixed").GetArrayLength());
        foreach (var point in points.GetProperty("fixed").EnumerateArray())
        {
            double[] Values(string name) => [.. point.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
            Assert.Equal(Values("voltage").Select(v => Math.Max(0, v)), Values("state"));
            Assert.Equal(0.8, point.GetProperty("jacobian_theory").GetProperty("centre").GetDouble(), 1e-12);
            Assert.True(point.GetProperty("jacobian_theory").GetProperty("radius").GetDouble() > 0);
        }
        foreach (var name in (string[])["saturated_units", "saturated_steps"])
            Assert.Equal(JsonValueKind.Null, network.GetProperty("activity").GetProperty(name).ValueKind);
        var text = _sandbox.Run(common).Succeeded().Output;
        Assert.Contains("index sum  not available", text, StringComparison.Ordinal);
        Assert.Contains("saturation not available", text, StringComparison.Ordinal);

        double Loss(params string[] more) => _sandbox.Run([.. common, "--json", .. more]).Succeeded().Json.GetProperty("networks")[0]
            .GetProperty("loss").GetDouble();
        Assert.Equal(Loss("--noise"), Loss("--noise"));
        Assert.NotEqual(Loss(), Loss("--noise"));
        Assert.NotEqual(Loss("--noise", "--seed", "2"), Loss("--noise"));
    }

    [Theory]
    [InlineData("", "FILE")]
    [InlineData("network.npz --noise", "network.npz: found a network without noise (noise_rec 0), expected noise_rec or noise_in above 0")]
    [InlineData("missing.npz", "missing.npz: found no such file")]
    [InlineData("network.npz --against missing.npz", "missing.npz: found no such file")]
    [InlineData("network.npz --task not", "a network of 2 inputs and 1 output, expected 1 input and 1 output, as task 'not' has")]
    [InlineData("network.npz --task nand", "nand")]
    [InlineData("network.npz --task-option gap=-1", "gap")]
    [InlineData("network.npz --trials 0", "trials: found 0")]
    [InlineData("network.npz --trials 100000000", "trials: found 100000000")]
    [InlineData("network.npz --starts 0", "starts: found 0")]
    [InlineData("network.npz --starts 2000000000", "starts: found 2000000000")]
    [InlineData("network.npz --input 1", "constant input: found 1, expected 2")]
    [InlineData("network.npz --input 1,x", "--input: found '1,x'")]
    [InlineData("network.npz --input 1,NaN", "constant input: found 1,NaN")]
    [InlineData("network.npz --seed -1", "seed: found -1")]
    [InlineData("network.npz --data-seed -1", "data_seed: found -1")]
    [InlineData("network.npz --task-file missing.npz", "missing.npz: found no such file")]
    [InlineData("nan.npz", "nan.npz: ")]
    public void A_mistake_is_refused_in_one_line_and_nothing_is_written(string line, string message)
    {
        File.Copy(trained.PathOf("network.npz"), _sandbox["network.npz"]);
        var damaged = NetworkFile.Read(_sandbox["network.npz"]);
        damaged.RecurrentWeights[3] = float.NaN;
        File.WriteAllBytes(_sandbox["nan.npz"], NetworkFile.ToBytes(damaged, null));
        var result = _sandbox.Run(["dynamics", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--out", "new/dyn"]);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("eirnn: ", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["nan.npz", "network.npz"], _sandbox.Entries);
    }

    [SignalFact]
    public void An_interruption_takes_the_new_folder_back()
    {
        using var process = _sandbox.Start(["dynamics", trained.PathOf("network.npz"), "--starts", "1000000", "--out", "new/dyn"], []);
        Assert.StartsWith("dynamics of 1 network", process.StandardError.ReadLine(), StringComparison.Ordinal);
        Assert.EndsWith("activity", process.StandardError.ReadLine(), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        var result = ProgramSandbox.Finish(process, process.StandardError.ReadToEndAsync());
        Assert.Equal(130, result.ExitCode);
        Assert.StartsWith("eirnn: interrupted", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(_sandbox.Entries);
    }

    private void Write(string name, long seed, SignConstraint signs) =>
        NetworkFile.Write(_sandbox[name],
            EiRnn.Create(new NetworkSpec { Units = name == "free.npz" ? 2 : 6, Inputs = 2, Outputs = 1, Signs = signs }, seed));
}
