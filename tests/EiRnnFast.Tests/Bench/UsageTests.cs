namespace EiRnnFast.Tests.Bench;

public sealed class UsageTests
{
    [Theory]
    [InlineData("compare", "--workload", "--units", "--quick", "--json", "--ledger", "EIRNN_PYTHON")]
    [InlineData("scaling", "--units", "--rounds", "--seconds", "--quick", "--json")]
    [InlineData("threads", "THREADS", "ROUNDS", "UNITS")]
    [InlineData("eigenvalues", "EIRNN_LAPACK")]
    [InlineData("fresh", "every task")]
    public void Every_benchmark_tells_what_it_takes(string verb, params string[] said)
    {
        var result = BenchmarkProgram.Run(verb, "--help").Succeeded();
        Assert.StartsWith("Usage: ", result.Output, StringComparison.Ordinal);
        Assert.All(said, word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Help_without_a_name_lists_the_benchmarks_above_BenchmarkDotNets_options()
    {
        var result = BenchmarkProgram.Run("--help").Succeeded();
        foreach (var word in new[] { "compare, eigenvalues, fresh, scaling, sparse, threads", "--short", "--dry", "--filter" })
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare", "--unit")]
    [InlineData("compare", "--units")]
    [InlineData("compare", "--workload", "unknown")]
    [InlineData("scaling", "--second")]
    [InlineData("threads", "--json")]
    [InlineData("eigenvalues", "--json")]
    [InlineData("fresh", "--json")]
    [InlineData("unknown")]
    public void What_is_not_known_is_refused_in_one_line(params string[] arguments)
    {
        var result = BenchmarkProgram.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"'{arguments[^1]}'", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
