namespace EiRnnFast.Tests.CommandLine;

/// <summary>Words that are not known: the message names the one that is most like it, and none where none is near.</summary>
[Collection(ProgramRuns.Name)]
public sealed class NearestNameTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("exitatory", "excitatory")]
    [InlineData("XOR", "xor")]
    [InlineData("adn", "and")]
    [InlineData("xoor", "xor")]
    [InlineData("nd", "and")]
    [InlineData("nand", "and")]
    [InlineData("q", null)]
    [InlineData("", null)]
    [InlineData("presynaptic", null)]
    public void A_slip_of_the_keys_finds_the_name(string found, string? expected) =>
        Assert.Equal(expected, NearestName.Of(found, ["excitatory", "and", "or", "xor", "not"]));

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("--verson", "--version")]
    [InlineData("train --exitatory 0.7", "--excitatory")]
    [InlineData("train --task-options gap=30 --exitatory 0.7", "--excitatory")]
    [InlineData("train --task wroking-memory", "working-memory")]
    [InlineData("train --task-options gpa=30", "gap")]
    [InlineData("train --preset publishd", "published")]
    [InlineData("train --init ortogonal", "orthogonal")]
    [InlineData("train --balanced onn", "on")]
    [InlineData("train --frozen kernal", "kernel")]
    [InlineData("train --kernels scaler", "scalar")]
    [InlineData("tasks contex-decision", "context-decision")]
    [InlineData("presets yang-2109", "yang-2019")]
    [InlineData("spectrum a.npz --otu folder", "--out")]
    [InlineData("sweep key.toml --dry-run", "excitatory")]
    [InlineData("sweep value.toml --dry-run", "orthogonal")]
    [InlineData("completion bsh", "bash")]
    public void Every_list_of_names_has_a_nearest_one(string line, string expected)
    {
        File.WriteAllText(_sandbox["key.toml"], "exitatory = 0.7\n");
        File.WriteAllText(_sandbox["value.toml"], "init = \"orthogonl\"\n");
        Assert.Contains($"did you mean '{expected}'?", _sandbox.Run(line.Split(' ')).RefusedInOneLine().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("train --quantum-states 3")]
    [InlineData("train --task chess")]
    [InlineData("train further")]
    public void Nothing_is_suggested_where_nothing_is_near(string line) =>
        Assert.DoesNotContain("did you mean", _sandbox.Run(line.Split(' ')).RefusedInOneLine().Error, StringComparison.Ordinal);
}
