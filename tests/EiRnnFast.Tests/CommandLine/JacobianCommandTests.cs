using System.Globalization;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Reports;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Jacobians along trials and fixed points along the input, from the command line to files, JSON and figures.</summary>
[Collection(ProgramRuns.Name)]
public sealed class JacobianCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Jacobians_are_in_files_in_json_and_in_the_groups()
    {
        var json = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "4", "--starts", "5", "--jacobian-steps", "3",
            "--jacobian-trials", "2", "--out", "dyn", "--json", "--quiet").Succeeded().Json;
        Assert.Equal((3, 2), (json.GetProperty("tolerances").GetProperty("jacobian_steps").GetInt32(),
            json.GetProperty("tolerances").GetProperty("jacobian_trials").GetInt32()));
        var network = json.GetProperty("networks")[0];
        var jacobians = network.GetProperty("jacobians");
        Assert.Equal([95, 192, 289], jacobians.GetProperty("steps").EnumerateArray().Select(step => step.GetInt32()));
        var all = jacobians.GetProperty("all").EnumerateArray().ToArray();
        Assert.Equal(6, all.Length);
        Assert.Equal(JsonValueKind.Null, network.GetProperty("bifurcation").ValueKind);

        var rows = File.ReadAllLines(_sandbox["dyn/jacobians.csv"]);
        Assert.Equal(1 + 6, rows.Length);
        double[] radii = [.. rows.Skip(1).Select(row => double.Parse(row.Split(',')[^11], CultureInfo.InvariantCulture))];
        Assert.Equal(all.Select(one => one.GetProperty("spectral_radius").GetDouble()), radii);
        var measure = json.GetProperty("groups")[0].GetProperty("measures").GetProperty("jacobian_radius");
        Assert.Equal(radii.Average(), measure.GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal((radii[0] + radii[3]) / 2,
            jacobians.GetProperty("by_step").GetProperty("spectral_radius")[0].GetProperty("mean").GetDouble(), 1e-12);

        var points = network.GetProperty("fixed_points").GetProperty("fixed").GetArrayLength()
            + network.GetProperty("fixed_points").GetProperty("slow").GetArrayLength();
        string[][] eigenvalues = [.. File.ReadAllLines(_sandbox["dyn/jacobian_eigenvalues.csv"]).Skip(1).Select(row => row.Split(','))];
        Assert.Equal(8 * (points + 6), eigenvalues.Length);
        var last = eigenvalues.Where(row => row[^6] == "trial" && row[^4] == "2" && row[^3] == "290").ToArray();
        Assert.Equal(8, last.Length);
        Assert.Equal(radii[5], last.Max(row => double.Hypot(double.Parse(row[^2], CultureInfo.InvariantCulture),
            double.Parse(row[^1], CultureInfo.InvariantCulture))), 1e-14);
    }

    [Fact]
    public void No_steps_are_no_jacobians()
    {
        var json = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "3", "--starts", "3", "--jacobian-steps", "0",
            "--out", "dyn", "--json", "--quiet").Succeeded().Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("networks")[0].GetProperty("jacobians").ValueKind);
        Assert.Single(File.ReadAllLines(_sandbox["dyn/jacobians.csv"]));
        Assert.False(json.GetProperty("groups")[0].GetProperty("measures").TryGetProperty("jacobian_radius", out _));
        Assert.True(File.Exists(_sandbox["dyn/jacobians.png"]));
    }

    [Fact]
    public void Fixed_points_along_the_input_have_their_files_and_leave_with_them()
    {
        string[] arguments = ["dynamics", trained.PathOf("network.npz"), "--trials", "3", "--starts", "5", "--out", "dyn", "--json",
            "--quiet"];
        var output = _sandbox.Run([.. arguments, "--bifurcation", "0,0:1,1:10", "--svg"]).Succeeded();
        Assert.Equal([.. DynamicsFolder.Names.Concat(BifurcationSummary.Names).Concat(DynamicsFigures.Names(true, true))
            .Order(StringComparer.Ordinal)],
            Directory.GetFiles(_sandbox["dyn"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        var found = output.Json.GetProperty("networks")[0].GetProperty("bifurcation");
        Assert.Equal([0.0, 0.0], found.GetProperty("from").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal((10, 11), (found.GetProperty("steps").GetInt32(), found.GetProperty("counts").GetArrayLength()));
        var curves = found.GetProperty("curves").EnumerateArray().ToArray();
        Assert.NotEmpty(curves);
        Assert.Equal(1 + curves.Sum(curve => curve.GetProperty("s").GetArrayLength()),
            File.ReadAllLines(_sandbox["dyn/fixed_point_curves.csv"]).Length);
        Assert.Equal(1 + found.GetProperty("bifurcations").GetArrayLength(), File.ReadAllLines(_sandbox["dyn/bifurcations.csv"]).Length);
        foreach (var threads in (string[])["2", "3"])
            Assert.Equal(output.Output,
                _sandbox.Run([.. arguments, "--bifurcation", "0,0:1,1:10", "--threads", threads]).Succeeded().Output);

        _sandbox.Run(arguments).Succeeded();
        Assert.All(BifurcationSummary.Names.Append("bifurcation.png"), name => Assert.False(File.Exists(_sandbox[$"dyn/{name}"])));
        var text = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "3", "--starts", "5", "--out", "dyn", "--quiet",
            "--bifurcation", "0,0:1,1:10").Succeeded().Output;
        Assert.Contains("of fixed points, ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_of_one_network_of_several_names_its_file()
    {
        var (network, _) = NetworkFile.ReadWithProvenance(trained.PathOf("network.npz"));
        var wild = EiRnn.FromWeights(network.Spec with { Cell = network.Spec.Cell with { Activation = Activation.Relu } },
            network.InputWeights, [.. network.RecurrentWeights.ToArray().Select(w => 1e30f * w)], network.Bias, network.OutputWeights,
            network.OutputBias);
        NetworkFile.Write(_sandbox["wild.npz"], wild, new Dictionary<string, string>());
        var error = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "wild.npz", "--task", "and", "--trials", "3", "--starts", "3",
            "--quiet", "--out", "dyn").RefusedInOneLine().Error;
        Assert.StartsWith("eirnn: wild.npz: states: found a value that is not finite", error, StringComparison.Ordinal);

        _sandbox.Run("train", "--task", "xor", "--units", "8", "--trials", "100", "--epochs", "1", "--quiet", "--out", "xor").Succeeded();
        error = _sandbox.Run("dynamics", trained.PathOf("network.npz"), "xor/network.npz", "--quiet").RefusedInOneLine().Error;
        Assert.StartsWith("eirnn: xor/network.npz: found another task than ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--jacobian-steps", "-1")]
    [InlineData("--jacobian-steps", "291")]
    [InlineData("--jacobian-trials", "0")]
    [InlineData("--bifurcation", "0,0")]
    [InlineData("--bifurcation", "0:1")]
    [InlineData("--bifurcation", "0,0:1,x")]
    [InlineData("--bifurcation", "0,0:1,1:0")]
    [InlineData("--bifurcation", "0,0:1,1:many")]
    [InlineData("--bifurcation", "0,0:1,NaN")]
    [InlineData("--bifurcation", "1,1:1,1")]
    [InlineData("--bifurcation", "1,1:1,1.000000001")]
    [InlineData("--bifurcation", "1,1:1.00001,1:10000")]
    [InlineData("--bifurcation", "0,0:0,1e300")]
    [InlineData("--input", "0,1e300")]
    public void What_cannot_be_used_is_refused_in_one_line(string option, string value)
    {
        _sandbox.Run("dynamics", trained.PathOf("network.npz"), "--trials", "3", "--starts", "3", "--out", "dyn", "--quiet", option, value)
            .RefusedInOneLine();
        Assert.False(Directory.Exists(_sandbox["dyn"]));
    }
}
