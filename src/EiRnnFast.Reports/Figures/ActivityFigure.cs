using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>Activity of one trial in a figure.</summary>
/// <param name="Title">Heading of the panel.</param>
/// <param name="States">Hidden states, [T×N].</param>
/// <param name="Signs">+1 excitatory, −1 inhibitory, 0 neither, one per unit.</param>
/// <param name="StepMs">Milliseconds per timestep.</param>
public sealed record ActivityPanel(string Title, float[] States, IReadOnlyList<int> Signs, double StepMs = 1);

/// <summary>Activity of excitatory and inhibitory units against time: some units of each population, and the population's mean.</summary>
public static class ActivityFigure
{
    private const int MostUnits = 12; // drawn of each population, spread evenly over it

    private static readonly (int Sign, string Name, Color Color, LinePattern Pattern)[] s_populations =
    [
        (1, "excitatory", Palette.Vermillion, LinePattern.Solid), (-1, "inhibitory", Palette.Blue, LinePattern.Dashed),
        (0, "units", Palette.Green, LinePattern.Solid),
    ];

    /// <summary>Draws the trials in two columns (one for a single panel).</summary>
    /// <param name="panels">At least one.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <exception cref="InvalidInputException">No panel, or states that do not fit the signs.</exception>
    public static Figure Of(IReadOnlyList<ActivityPanel> panels, string title)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Count == 0) throw InvalidInputException.Of("trials to draw", 0, "at least one", "choose one trial of each type");
        foreach (var panel in panels)
            if (panel.Signs.Count == 0 || panel.States.Length == 0 || panel.States.Length % panel.Signs.Count != 0)
                throw InvalidInputException.Of($"states of \"{panel.Title}\"",
                    $"{panel.States.Length} values for {panel.Signs.Count} units", "steps×units", "pass whole trials");
        var columns = Math.Min(2, panels.Count);
        var sheet = new FigureSheet(columns, (panels.Count + columns - 1) / columns, new PixelSize(440, 200));
        return new Figure(sheet, title, [.. panels.Select(panel => (Draw(panel), panel.Title))], Legend(panels));
    }

    private static Plot Draw(ActivityPanel panel)
    {
        var (units, steps) = (panel.Signs.Count, panel.States.Length / panel.Signs.Count);
        var most = 1.08 * panel.States.Select(h => Math.Abs((double)h)).Append(1).Max(); // rates of relu and others have no bounds
        var end = Math.Max(1, steps - 1) * panel.StepMs;
        var axis = TimeAxis.Of(end);
        panel = panel with { StepMs = panel.StepMs * axis.OfMs };
        var limits = new AxisLimits(0, end * axis.OfMs, -most, most);
        var plot = FigureSheet.NewPanel(axis.Label, "activity h", limits, 6, 4);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        foreach (var (sign, _, color, _) in s_populations)
        {
            int[] own = Population(panel, sign);
            int[] shown = own.Length <= MostUnits ? own
                : [.. Enumerable.Range(0, MostUnits).Select(i => own[i * (own.Length - 1) / (MostUnits - 1)])];
            foreach (var unit in shown)
                Line(plot, panel, t => panel.States[t * units + unit], new LineStyle { Color = color.WithAlpha(0.35), Width = 0.9f });
        }
        foreach (var (sign, _, color, pattern) in s_populations)
            if (Population(panel, sign) is { Length: > 0 } own)
                Line(plot, panel, t => own.Average(unit => panel.States[t * units + unit]),
                    new LineStyle { Color = color, Width = 2.6f, Pattern = pattern });
        return plot;
    }

    private static void Line(Plot plot, ActivityPanel panel, Func<int, double> value, LineStyle style)
    {
        Coordinates[] points = [.. Enumerable.Range(0, panel.States.Length / panel.Signs.Count)
            .Select(t => new Coordinates(t * panel.StepMs, value(t)))];
        plot.Add.ScatterLine(points).LineStyle = style;
    }

    private static int[] Population(ActivityPanel panel, int sign) =>
        [.. Enumerable.Range(0, panel.Signs.Count).Where(unit => panel.Signs[unit] == sign)];

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<ActivityPanel> panels)
    {
        foreach (var (sign, name, color, pattern) in s_populations)
        {
            if (!panels.Any(panel => panel.Signs.Contains(sign))) continue;
            yield return new LegendItem
            {
                LabelText = sign == 0 ? "units without a sign" : $"{name} units",
                LineStyle = new LineStyle { Color = color.WithAlpha(0.35), Width = 0.9f }
            };
            yield return new LegendItem
            {
                LabelText = sign == 0 ? "mean" : $"{name} mean",
                LineStyle = new LineStyle { Color = color, Width = 2.6f, Pattern = pattern }
            };
        }
    }
}
