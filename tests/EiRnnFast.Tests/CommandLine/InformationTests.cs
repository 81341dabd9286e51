using System.Text.Json;

namespace EiRnnFast.Tests.CommandLine;

[Collection(ProgramRuns.Name)]
public sealed class InformationTests(TrainedRun trained) : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Tasks_are_listed_as_json()
    {
        var tasks = _sandbox.Run("tasks", "--json").Succeeded().Json.GetProperty("tasks").EnumerateArray().ToArray();
        string[] names = [.. tasks.Select(task => task.GetProperty("name").GetString()!)];
        foreach (var name in (string[])["and", "or", "xor"]) Assert.Contains(name, names);
        foreach (var property in (string[])["family", "inputs", "outputs", "steps", "trial_types", "trials", "data_seed", "description"])
            Assert.All(tasks, task => Assert.True(task.TryGetProperty(property, out _), property));
    }

    [Fact]
    public void Info_names_what_a_training_records()
    {
        var info = _sandbox.Run("info", "--json").Succeeded().Json;
        foreach (var name in (string[])["version", "kernel_set", "lapack"])
            Assert.Equal(trained.Summary.GetProperty(name).GetString(), info.GetProperty(name).GetString());
        Assert.Contains("scalar", info.GetProperty("kernel_sets").EnumerateArray().Select(set => set.GetString()));
        Assert.True(info.GetProperty("lane_width").GetInt32() > 0);
    }

    [Fact]
    public void The_environment_chooses_kernels_and_lapack() =>
        IsScalarAndOwn(_sandbox.Run(["info", "--json"], new() { ["EIRNN_LAPACK"] = "managed", ["EIRNN_KERNELS"] = "scalar" }));

    [Theory]
    [InlineData("info --json --kernels scalar --lapack own")]
    [InlineData("--kernels scalar --lapack managed info --json")]
    public void Options_win_over_the_environment(string line) =>
        IsScalarAndOwn(_sandbox.Run(line.Split(' '), new() { ["EIRNN_LAPACK"] = "/nonexistent", ["EIRNN_KERNELS"] = "vector" }));

    private static void IsScalarAndOwn(ProgramResult result)
    {
        var info = result.Succeeded().Json;
        Assert.StartsWith("own", info.GetProperty("lapack").GetString(), StringComparison.Ordinal);
        Assert.False(info.GetProperty("lapack_native").GetBoolean());
        Assert.Equal(JsonValueKind.Null, info.GetProperty("lapack_advice").ValueKind);
        Assert.Equal("scalar", info.GetProperty("kernel_set").GetString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("train --help")]
    [InlineData("spectrum --help")]
    [InlineData("tasks")]
    [InlineData("tasks flip-flop --task-option bits=3")]
    [InlineData("tasks --help")]
    [InlineData("info")]
    public void Every_text_goes_to_standard_output(string line)
    {
        var result = _sandbox.Run(line.Split(' ')).Succeeded();
        Assert.NotEmpty(result.Output);
        Assert.Empty(result.Error);
        Assert.Empty(_sandbox.Entries);
    }
}
