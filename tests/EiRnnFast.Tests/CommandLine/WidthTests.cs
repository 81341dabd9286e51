namespace EiRnnFast.Tests.CommandLine;

/// <summary>Lists and tables fit 80 columns; on a terminal everything fits its own.</summary>
[Collection(ProgramRuns.Name)]
public sealed class WidthTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("tasks")]
    [InlineData("tasks and")]
    [InlineData("tasks yang-all")]
    [InlineData("presets")]
    [InlineData("presets jarne-2023")]
    [InlineData("presets yang-2019")]
    [InlineData("sweep wide.toml --dry-run")]
    [InlineData("sweep narrow.toml --dry-run")]
    public void Lists_and_tables_fit_80_columns(string line)
    {
        File.WriteAllText(_sandbox["narrow.toml"], "units = [6, 9]\nepochs = 1\n");
        File.WriteAllText(_sandbox["wide.toml"],
            "units = [6, 9]\nstop_validation_accuracy = [0.8, 0.9]\nvalidation_trials = [50, 60]\nlearning_rate = [0.01, 0.02]\n");
        var lines = _sandbox.Run(line.Split(' ')).Succeeded().Output.ReplaceLineEndings("\n").Split('\n');
        Assert.All(lines, text => Assert.True(text.Length <= 80, $"{text.Length} columns: {text}"));
        Assert.True(lines.Length > 5);
    }

    [TerminalFact]
    public void On_a_terminal_lines_break_between_words()
    {
        var run = OnTerminal("train --units 8 --epochs 1 --trials 70 --out run --quiet");
        Assert.Contains("weights exactly", run, StringComparison.Ordinal);
        IsBroken(run);
        IsBroken(OnTerminal("info"));
        IsBroken(OnTerminal("train --task chess || true"));
    }

    [TerminalFact]
    public void Json_is_never_broken()
    {
        var shown = OnTerminal("info --json");
        using var json = System.Text.Json.JsonDocument.Parse(shown[shown.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.True(json.RootElement.TryGetProperty("version", out _));
    }

    private static void IsBroken(string shown)
    {
        var lines = shown.ReplaceLineEndings("\n").Split('\n');
        Assert.Contains(lines, line => line.Length > 30);
        // one word behind a label may be longer than a row
        Assert.All(lines, line =>
            Assert.True(line.Length <= 50 || !line.Trim().Split("  ")[^1].Trim().Contains(' ', StringComparison.Ordinal), line));
    }

    private string OnTerminal(string arguments) => _sandbox.Shell(
        $"SHELL=/bin/sh TERM=dumb script -qec \"stty cols 50; $program {arguments}\" /dev/null").Succeeded().Output;
}
