using System.Text.Json;

namespace EiRnnFast.Benchmarks;

/// <summary>What <c>bench/compare</c> measured, as it stands in JSON.</summary>
internal sealed record ComparisonResult(double PeakGflops, string Date, string Processor, string Engine, string Kernels, string Peer,
    string Workload, IComparisonRow[] Rows)
{
    /// <summary>Peaks before and after an engine's turn that differ by more, in percent, tell of a disturbed run.</summary>
    public const double MostPeakDifference = 5;

    private static readonly JsonSerializerOptions s_json =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What was disturbed, a sentence each; nothing where all is well.</summary>
    public IReadOnlyList<string> Warnings { get; } = [.. Rows.SelectMany(Doubts)];

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        PeakGflops, Date, Processor, Engine, Kernels, Peer, Workload,
        Rows = Rows.Cast<object>(), // objects, so that all of their properties are written
        Warnings,
    }, s_json);

    /// <summary>For a person: what was measured on, the table and the warnings.</summary>
    public void Print(TextWriter output)
    {
        var header = Benchmarks.Workload.All.Single(workload => workload.Name == Workload).Header;
        output.WriteLine($"{Date}, {Processor}, peak {PeakGflops:0} GFLOP/s on one core; {Engine}, kernels {Kernels}; {Peer}");
        output.WriteLine();
        output.WriteLine($"| {header} |");
        output.WriteLine($"|{string.Concat(Enumerable.Repeat("---:|", header.Split('|').Length))}");
        foreach (var row in Rows) output.WriteLine($"| {row.ToMarkdown()} |");
        if (Warnings.Count > 0) output.WriteLine();
        foreach (var warning in Warnings) output.WriteLine($"Warning: {warning}");
    }

    /// <summary>Appends the same to a ledger, which is begun where there is none.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void AppendTo(string ledger)
    {
        var text = new StringWriter { NewLine = "\n" };
        if (!File.Exists(ledger)) text.WriteLine($"# {Processor}");
        text.WriteLine($"\n## {Date}: {Workload} workload against PyTorch (`bench/compare`)\n");
        Print(text);
        File.AppendAllText(ledger, text.ToString());
    }

    private static IEnumerable<string> Doubts(IComparisonRow row)
    {
        if (row.PeakDifferencePercent > MostPeakDifference)
            yield return $"{row.Units} units: disturbed, the peaks before and after a turn differ by {row.PeakDifferencePercent:0.0} %; "
                + "measure again on an idle machine";
        if (row.PercentOfPeak > 100)
            yield return $"{row.Units} units: disturbed, {row.PercentOfPeak:0.0} % of the peak is more than there is; "
                + "measure again on an idle machine";
    }
}
