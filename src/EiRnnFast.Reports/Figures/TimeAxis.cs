namespace EiRnnFast.Reports.Figures;

/// <summary>An axis of time: milliseconds, or seconds where it is long.</summary>
/// <param name="Label">With its unit.</param>
/// <param name="OfMs">One millisecond in that unit.</param>
internal sealed record TimeAxis(string Label, double OfMs)
{
    private const double MostMs = 10_000;

    /// <summary>The axis of so many milliseconds.</summary>
    public static TimeAxis Of(double milliseconds) => milliseconds > MostMs ? new("time (s)", 1e-3) : new("time (ms)", 1);
}
