namespace EiRnnFast.Tests.CommandLine;

/// <summary>Standard streams that are closed or full cost no result.</summary>
[Collection(ProgramRuns.Name)]
public sealed class ClosedStreamTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [TerminalFact]
    public void A_closed_standard_error_ends_no_training() => Assert.Equal((0, true), Train("", "2>&-"));

    [TerminalFact]
    public void A_closed_standard_output_ends_no_training() => Assert.Equal((0, true), Train("", ">&- 2>/dev/null"));

    [TerminalFact]
    public void A_record_that_cannot_be_printed_is_an_error_and_the_files_are_there() => Assert.Equal((2, true), Train("--json",
        ">/dev/full 2>/dev/null"));

    [TerminalFact]
    public void An_argument_that_begins_with_an_at_sign_is_a_file_name() =>
        Assert.Contains("@x.npz: found no such file", _sandbox.Run("spectrum", "@x.npz").RefusedInOneLine().Error,
            StringComparison.Ordinal);

    private (int ExitCode, bool Written) Train(string option, string redirection)
    {
        var result = _sandbox.Shell($"eirnn train --units 8 --epochs 1 --trials 70 --out run {option} {redirection}");
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        return (result.ExitCode, File.Exists(_sandbox["run/summary.json"]));
    }
}
