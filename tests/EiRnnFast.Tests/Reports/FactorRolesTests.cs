using EiRnnFast.Reports;
using EiRnnFast.Tests.Sweeps;

namespace EiRnnFast.Tests.Reports;

/// <summary>Which factor is the x axis, which the line, which the panel; and that a page has at most thirteen figures.</summary>
public sealed class FactorRolesTests : IDisposable
{
    private const string Small = "\ntrials = 100\nepochs = 1";

    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("units = [7, 9]", "x axis: N")]
    [InlineData("init = [\"orthogonal\", \"normal\"]\nunits = 8", "x axis: initialisation")]
    [InlineData("units = [7, 9]\nexcitatory = [0.5, 0.7]\nbalanced = true", "x axis: N; line: excitatory fraction")]
    [InlineData("units = [7, 9]\ninit = [\"orthogonal\", \"normal\"]", "x axis: N; line: initialisation")]
    [InlineData("gain = [1, 1.5]\ninit = [\"orthogonal\", \"normal\"]\nunits = 8", "x axis: gain; line: initialisation")]
    [InlineData("units = [7, 9]\ntask = [\"and\", \"xor\"]", "x axis: N; line: task")]
    [InlineData("units = [7, 9]\ninit = [\"orthogonal\", \"normal\"]\ngain = [1, 1.5]", "x axis: N; line: gain; panel: initialisation")]
    [InlineData("units = [7, 9]\ninit = [\"orthogonal\", \"normal\"]\ngain = [1, 1.5]\ntask = [\"and\", \"xor\"]",
        "x axis: N; line: gain; panel: task; averaged over: initialisation")]
    public void Every_factor_has_a_role(string plan, string expected)
    {
        var page = new Page(SweepReport.Write(_sandbox.Run("roles", $"seeds = 2\n{plan}{Small}")).Files[^1]);
        var roles = Assert.Single(page.Elements("p"), paragraph => paragraph.Value.StartsWith("Roles", StringComparison.Ordinal)).Value;
        Assert.Equal($"Roles of the settings that vary: {expected}.", roles);
        Assert.InRange(page.Figures, 3, SweepFigures.Most);
    }

    [Fact]
    public void What_is_not_crossed_is_not_averaged()
    {
        var page = new Page(SweepReport.Write(_sandbox.Run("partly", $"""
            seeds = 2{Small}
            units = [7, 9, 11]
            gain = [1, 1.5]
            init = ["orthogonal", "normal"]

            [[include]]
            units = [7, 9]
            gain = 1
            init = "normal"
            learning_rate = 1e-3
            """)).Files[^1]);
        var roles = page.Elements("p").Select(paragraph => paragraph.Value)
            .First(text => text.StartsWith("Roles", StringComparison.Ordinal));
        // Only normal networks have both learning rates: an average over initialisations would compare unlike sets.
        Assert.Equal("Roles of the settings that vary: x axis: N; line: gain; panel: learning rate; one value: normal.", roles);
    }

    [Fact]
    public void Many_levels_are_thinned_out_and_said_so()
    {
        var (findings, files) = SweepReport.Write(_sandbox.Run("many", $"""
            seeds = 2{Small}
            units = [7, 8, 9]
            gain = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]
            """));
        var page = new Page(files[^1]);
        Assert.Contains("Drawn: 6 of 8 values of gain.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Drawn: 9 of 24 conditions", page.Text, StringComparison.Ordinal);
        Assert.Contains("Outer edge of the bulk over N and gain: means over networks", page.Text, StringComparison.Ordinal);
        Assert.InRange(page.Figures, 6, SweepFigures.Most);
        Assert.Equal(24, findings.Conditions.Count);
    }

    [Fact]
    public void One_seed_has_figures_and_no_test()
    {
        var (findings, files) = SweepReport.Write(_sandbox.Run("single", $"seeds = 1\nunits = [7, 9, 11, 13]{Small}"));
        Assert.Empty(findings.Effects);
        Assert.Empty(findings.Trends);
        Assert.All(findings.Conditions, condition => Assert.Empty(condition.Intervals));
        var page = new Page(files[^1]);
        Assert.Contains("there are no tests here", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("corrected p", page.Text, StringComparison.Ordinal);
        Assert.True(page.Figures >= 4);
    }
}
