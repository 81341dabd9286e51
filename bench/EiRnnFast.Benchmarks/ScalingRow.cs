namespace EiRnnFast.Benchmarks;

/// <summary>What many cores are held up by.</summary>
internal enum ScalingLimit
{
    /// <summary>One worker or thread: nothing to compare.</summary>
    None,

    /// <summary>The work follows the multiply-add loop: cores give what they have.</summary>
    Compute,

    /// <summary>The work falls behind the multiply-add loop as the copy loop does.</summary>
    Memory,

    /// <summary>The work follows neither loop: overhead of its own.</summary>
    Overhead,
}

/// <summary>Medians of what was measured on so many threads at once, all threads together.</summary>
/// <param name="UpdatesPerSecond">Updates.</param>
/// <param name="Gflops">The multiply-add loop.</param>
/// <param name="Copied">The copy loop, GB/s.</param>
internal sealed record ScalingMeasure(double UpdatesPerSecond, double Gflops, double Copied);

/// <summary>One size on so many workers, or threads; its properties are what stands in JSON.</summary>
internal sealed class ScalingRow(int units, int count, ScalingMeasure measured, ScalingMeasure alone, bool oneNetwork)
{
    /// <summary>Epochs of the job that networks an hour are counted in, and updates of one: the trials of AND in batches of 64.</summary>
    public const int JobEpochs = 20, JobUpdates = 235;

    /// <summary>What is this near is the same, on a machine that others use as well.</summary>
    private const double Near = 0.07;

    public int Units => units;

    /// <summary>Workers with a network each, or threads of one network.</summary>
    public int Count => count;

    public double UpdatesPerSecond => measured.UpdatesPerSecond;

    public double NetworksPerHour => 3600 * UpdatesPerSecond / (JobEpochs * JobUpdates);

    /// <summary>Speed over that of one, over their number.</summary>
    public double Efficiency => UpdatesPerSecond / (count * alone.UpdatesPerSecond);

    public double MultiplyAddGflops => measured.Gflops;

    public double MultiplyAddEfficiency => measured.Gflops / (count * alone.Gflops);

    public double CopyGbPerSecond => measured.Copied;

    public double CopyEfficiency => measured.Copied / (count * alone.Copied);

    /// <summary>The limit in one word, for JSON.</summary>
    public string Limit => LimitOf(count, Efficiency, MultiplyAddEfficiency, CopyEfficiency).ToString().ToLowerInvariant();

    /// <summary>
    /// Compute where the work keeps up with the multiply-add loop. Memory where it does not, the copy loop clearly does not either, and
    /// the two are alike. Else overhead.
    /// </summary>
    internal static ScalingLimit LimitOf(int count, double work, double multiplyAdd, double copy)
    {
        if (count == 1) return ScalingLimit.None;
        if (work >= (1 - Near) * multiplyAdd) return ScalingLimit.Compute;
        var isLike = Math.Abs(work - copy) <= 2 * Near * copy;
        return isLike && copy < (1 - 2 * Near) * multiplyAdd ? ScalingLimit.Memory : ScalingLimit.Overhead;
    }

    public string ToMarkdown()
    {
        var speed = oneNetwork ? $"{UpdatesPerSecond:0.00}" : $"{NetworksPerHour:0.0}";
        return $"{Units} | {Count} | {speed} | {Efficiency:0.00} | {MultiplyAddEfficiency:0.00} | {CopyEfficiency:0.00} | {Words(Limit)}";
    }

    private static string Words(string limit) => limit switch
    {
        "none" => "",
        "compute" => "compute (as the multiply-add loop)",
        "memory" => "memory (as the copy loop)",
        _ => "overhead (as neither loop)",
    };
}
