namespace EiRnnFast.Tests.CommandLine;

/// <summary>Faults that a user found who wanted to break the program.</summary>
[Collection(ProgramRuns.Name)]
public sealed class FoundByTryingTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_report_does_not_write_through_links()
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = 4\nepochs = 1\ntrials = 60\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "sweep", "--quiet").Succeeded();
        Directory.CreateDirectory(_sandbox["outside"]);
        Directory.CreateSymbolicLink(_sandbox["sweep/report"], _sandbox["outside"]);
        Assert.Contains("a link to", _sandbox.Run("report", "sweep").RefusedInOneLine().Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox["outside"]));

        Directory.Delete(_sandbox["sweep/report"]);
        Directory.CreateDirectory(_sandbox["sweep/report"]);
        File.WriteAllText(_sandbox["keep"], "keep");
        File.CreateSymbolicLink(_sandbox["sweep/report/index.html"], _sandbox["keep"]);
        Assert.Contains("a link to", _sandbox.Run("report", "sweep").RefusedInOneLine().Error, StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(_sandbox["keep"]));
    }

    [Fact]
    public void A_damaged_store_is_not_called_one_that_nobody_has_begun()
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = 4\nepochs = 1\ntrials = 60\n");
        _sandbox.Run("sweep", "plan.toml", "--out", "sweep", "--quiet").Succeeded();
        File.WriteAllText(_sandbox["sweep/runs-1-of-1.sqlite"], "no store");
        var status = _sandbox.Run("status", "sweep");
        Assert.Equal(2, status.ExitCode);
        Assert.Contains("a store cannot be read", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("begun", status.Output, StringComparison.Ordinal);
    }
}
