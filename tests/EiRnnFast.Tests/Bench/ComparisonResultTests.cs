using System.Text.Json;
using EiRnnFast.Benchmarks;

namespace EiRnnFast.Tests.Bench;

public sealed class ComparisonResultTests
{
    private const double Peak = 100;

    [Fact]
    public void A_quiet_run_has_no_warning()
    {
        var result = Result(Row(100, percentOfPeak: 70, peakDifference: 4.9));
        Assert.Empty(result.Warnings);
        Assert.DoesNotContain("Warning", Text(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(70, 5.1, "before and after a turn differ by 5.1 %")]
    [InlineData(101, 1, "101.0 % of the peak")]
    public void A_disturbed_run_is_told_as_text_and_in_JSON(double percentOfPeak, double peakDifference, string said)
    {
        var result = Result(Row(50, 70, 1), Row(100, percentOfPeak, peakDifference));
        Assert.Contains(said, Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Contains($"Warning: 100 units: disturbed, ", Text(result), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(result.ToJson());
        Assert.Equal(result.Warnings[0], json.RootElement.GetProperty("warnings")[0].GetString());
        Assert.Equal(peakDifference, json.RootElement.GetProperty("rows")[1].GetProperty("peak_difference_percent").GetDouble());
    }

    [Fact]
    public void A_ledger_is_begun_with_the_processor_and_gets_every_run_with_its_warnings()
    {
        var folder = Directory.CreateTempSubdirectory("eirnn-tests-").FullName;
        try
        {
            var ledger = Path.Combine(folder, "ledger.md");
            Result(Row(100, 70, 1)).AppendTo(ledger);
            Result(Row(200, 70, 20)).AppendTo(ledger);
            var lines = File.ReadAllLines(ledger);
            Assert.Equal("# processor", lines[0]);
            Assert.Equal(2, lines.Count(line => line.StartsWith("## 2026-01-02: reference", StringComparison.Ordinal)));
            Assert.Single(lines, line => line.StartsWith("| 100 |", StringComparison.Ordinal));
            Assert.Single(lines, line => line.StartsWith("Warning: 200 units: disturbed", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ReferenceRow Row(int units, double percentOfPeak, double peakDifference)
    {
        var milliseconds = 100 * UpdateLoop.Operations(units) / (percentOfPeak * 1e6 * Peak);
        return new ReferenceRow(new Times(units, [milliseconds, milliseconds / 2], 10 * milliseconds, peakDifference), Peak);
    }

    private static ComparisonResult Result(params IComparisonRow[] rows) =>
        new(Peak, "2026-01-02", "processor", "engine", "kernels", "peer", "reference", rows);

    private static string Text(ComparisonResult result)
    {
        var text = new StringWriter();
        result.Print(text);
        return text.ToString();
    }
}
