using EiRnnFast.Tasks;
using ScottPlot;

namespace EiRnnFast.Reports.Figures;

/// <summary>One trial in a figure; arrays are row-major, one row per timestep.</summary>
/// <param name="Name">Heading of the panel, such as "input 10".</param>
/// <param name="Inputs">Inputs, [T×I].</param>
/// <param name="InputCount">Input channels, I.</param>
/// <param name="Target">Targets, [T×O].</param>
/// <param name="Output">What the network answered, [T×O]; null without one.</param>
/// <param name="OutputCount">Output channels, O.</param>
/// <param name="StepMs">Milliseconds per timestep.</param>
public sealed record TrialTrace(
    string Name, float[] Inputs, int InputCount, float[] Target, float[]? Output, int OutputCount, double StepMs = 1)
{
    /// <summary>What the input channels are called, [I]; empty for numbers.</summary>
    public IReadOnlyList<string> InputLabels { get; init; } = [];

    /// <summary>What the outputs are called, [O]; empty for numbers.</summary>
    public IReadOnlyList<string> OutputLabels { get; init; } = [];

    internal double Milliseconds => Target.Length / OutputCount * StepMs;

    private const int MostTypes = 8, Untyped = 4;

    /// <summary>The first trial of each type, or of eight types spread evenly over more; of a task without types the first four.</summary>
    /// <param name="task">What the trials are of.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="outputs">What a network answered, [n×T×O]; null without one.</param>
    public static IEnumerable<TrialTrace> OfTypes(ITask task, TrialBatch trials, float[]? outputs)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(trials);
        var length = trials.Steps * trials.Outputs;
        return Samples(task, trials).Select(one =>
            new TrialTrace(one.Name, trials.InputsOf(one.Trial).ToArray(), trials.Inputs, trials.TargetsOf(one.Trial).ToArray(),
            outputs?.AsSpan(one.Trial * length, length).ToArray(), trials.Outputs, task.StepMs)
            {
                InputLabels = task.InputLabels, OutputLabels = task.OutputLabels,
            });
    }

    /// <summary>Names and indices of the trials that <see cref="OfTypes"/> shows. A type of the catalogue says what the input is; one of
    /// given trials says what it says.</summary>
    internal static IEnumerable<(string Name, int Trial)> Samples(ITask task, TrialBatch trials)
    {
        var what = task is ArrayTask ? "" : "input ";
        var types = trials.Types.ToList();
        var found = task.TrialTypes.Select((name, type) => (Name: what + name, Trial: types.IndexOf(type)))
            .Where(found => found.Trial >= 0).ToArray();
        if (found.Length == 0) found = [.. Enumerable.Range(0, Math.Min(Untyped, trials.Count)).Select(trial => ($"trial {trial}", trial))];
        if (found.Length > MostTypes)
            found = [.. Enumerable.Range(0, MostTypes).Select(i => found[(int)Math.Round(i * (found.Length - 1.0) / (MostTypes - 1))])];
        return found;
    }
}

/// <summary>Inputs, targets and outputs of a few trials against time.</summary>
public static class TrialsFigure
{
    private const int MaxNamed = 8; // channels with a name of their own in the legend

    private static readonly Color[] s_inputColors = [Palette.Orange, Palette.Green, Palette.Purple, Palette.SkyBlue];
    private static readonly Color[] s_outputColors = [Palette.Blue, Palette.Vermillion, Palette.SkyBlue, Palette.Purple];

    /// <summary>Draws the trials in two columns (one column for a single trial) with the same limits.</summary>
    /// <param name="trials">At least one trial.</param>
    /// <param name="title">Heading of the figure.</param>
    /// <remarks>Values that are NaN or infinite leave a gap; outputs far off inputs and targets run out of the frame.</remarks>
    /// <exception cref="InvalidInputException">No trial, or arrays that do not fit each other.</exception>
    public static Figure Of(IReadOnlyList<TrialTrace> trials, string title)
    {
        if (trials.Count == 0)
            throw InvalidInputException.Of("trials to draw", 0, "at least one", "choose one trial of each type");
        foreach (var trial in trials)
            Validate(trial);

        var limits = Limits(trials);
        var columns = Math.Min(2, trials.Count);
        var sheet = new FigureSheet(columns, (trials.Count + columns - 1) / columns, new PixelSize(440, 200));
        var axis = TimeAxis.Of(trials.Max(trial => trial.Milliseconds));
        return new Figure(sheet, title, [.. trials.Select(trial => (Draw(trial, limits, axis), trial.Name))], Legend(trials));
    }

    private static void Validate(TrialTrace trial)
    {
        Check("input channels", trial.InputCount, trial.InputCount >= 0, "0 or more");
        Check("output channels", trial.OutputCount, trial.OutputCount > 0, "1 or more");
        Check("milliseconds per step", trial.StepMs, trial.StepMs is > 0 and < 1e9, "a positive number");
        var steps = trial.Target.Length / trial.OutputCount;
        Check("target values", trial.Target.Length, steps > 0 && trial.Target.Length % trial.OutputCount == 0,
            "a positive multiple of the output channels");
        Check("output values", trial.Output?.Length, trial.Output is null || trial.Output.Length == trial.Target.Length,
            FormattableString.Invariant($"{trial.Target.Length}, as many as targets"));
        Check("input values", trial.Inputs.Length, trial.Inputs.Length == steps * trial.InputCount,
            FormattableString.Invariant($"{steps * trial.InputCount}, as many steps as targets"));
        Check("names of inputs", trial.InputLabels.Count, trial.InputLabels.Count == 0 || trial.InputLabels.Count == trial.InputCount,
            "one for each input");
        Check("names of outputs", trial.OutputLabels.Count, trial.OutputLabels.Count == 0 || trial.OutputLabels.Count == trial.OutputCount,
            "one for each output");

        void Check(string what, object? found, bool good, string expected)
        {
            if (!good)
                throw InvalidInputException.Of($"{what} of trial \"{trial.Name}\"", found, expected,
                    "pass whole [T×channels] arrays of one trial");
        }
    }

    /// <summary>Inputs and targets decide the height; outputs may add as much again on either side.</summary>
    private static AxisLimits Limits(IReadOnlyList<TrialTrace> trials)
    {
        var (low, high) = Range(trials.SelectMany(t => t.Inputs.Concat(t.Target)), 0, 0.1);
        var span = high - low;
        var (outLow, outHigh) = Range(trials.SelectMany(t => t.Output ?? []), low, high);
        (low, high) = (Math.Max(outLow, low - span), Math.Min(outHigh, high + span));
        var pad = 0.07 * (high - low);
        return new AxisLimits(0, trials.Max(trial => trial.Milliseconds), low - pad, high + pad);
    }

    private static (double Low, double High) Range(IEnumerable<float> values, double low, double high)
    {
        foreach (var v in values.Where(IsShowable))
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return (low, high);
    }

    private static Plot Draw(TrialTrace trial, AxisLimits limits, TimeAxis axis)
    {
        limits = new AxisLimits(limits.Left * axis.OfMs, limits.Right * axis.OfMs, limits.Bottom, limits.Top);
        var step = trial.StepMs * axis.OfMs;
        var plot = FigureSheet.NewPanel(axis.Label, "amplitude", limits, 6, 4);
        plot.Add.HorizontalLine(0, 1, Palette.FaintGrey);
        for (var c = 0; c < trial.InputCount; c++)
            AddLines(plot, trial.Inputs, c, trial.InputCount, step, limits, InputStyle(c, trial.InputCount));
        for (var c = 0; c < trial.OutputCount; c++)
            AddLines(plot, trial.Output ?? [], c, trial.OutputCount, step, limits, OutputStyle(c, trial.OutputCount));
        for (var c = 0; c < trial.OutputCount; c++)
            AddLines(plot, trial.Target, c, trial.OutputCount, step, limits, TargetStyle);
        return plot;
    }

    /// <summary>One channel as unbroken stretches of finite values.</summary>
    private static void AddLines(Plot plot, float[] values, int channel, int channels, double step, AxisLimits limits, LineStyle style)
    {
        var room = 100 * limits.VerticalSpan; // far outside the frame, yet within what pixels can express
        List<Coordinates> stretch = [];
        for (var i = channel; i < values.Length + channels; i += channels)
        {
            if (i < values.Length && IsShowable(values[i]))
            {
                stretch.Add(new Coordinates(i / channels * step, Math.Clamp(values[i], limits.Bottom - room, limits.Top + room)));
                continue;
            }
            if (stretch.Count > 0)
                plot.Add.ScatterLine(stretch.ToArray()).LineStyle = style;
            stretch.Clear();
        }
    }

    private static IEnumerable<LegendItem> Legend(IReadOnlyList<TrialTrace> trials)
    {
        var (inputs, outputs) = (trials.MaxBy(trial => trial.InputCount)!, trials.MaxBy(trial => trial.OutputCount)!);
        foreach (var item in Channels("input", inputs.InputCount, inputs.InputLabels, InputStyle))
            yield return item;
        yield return new LegendItem { LabelText = "target", LineStyle = TargetStyle };
        foreach (var item in Channels("output", trials.Any(trial => trial.Output is not null) ? outputs.OutputCount : 0,
            outputs.OutputLabels, OutputStyle))
            yield return item;
    }

    private static IEnumerable<LegendItem> Channels(string what, int count, IReadOnlyList<string> labels,
        Func<int, int, LineStyle> style) => count switch
        {
            0 => [],
            > MaxNamed => [new LegendItem { LabelText = what + "s", LineStyle = style(0, count) }],
            _ => Enumerable.Range(0, count)
                .Select(c => new LegendItem { LabelText = Name(what, c, count, labels), LineStyle = style(c, count) }),
        };

    private static string Name(string what, int channel, int count, IReadOnlyList<string> labels) =>
        labels.Count > 0 ? $"{what} {labels[channel]}" : count == 1 ? what : FormattableString.Invariant($"{what} {channel + 1}");

    private static LineStyle TargetStyle => new() { Color = Palette.Black, Width = 1.6f, Pattern = LinePattern.DenselyDashed };

    // A wide line under a narrow one: both are seen where two inputs coincide.
    private static LineStyle InputStyle(int channel, int count) => new()
    {
        Color = s_inputColors[channel % s_inputColors.Length], Width = channel % 2 == 0 ? 2.4f : 1, Pattern = PatternOf(channel, count),
    };

    private static LineStyle OutputStyle(int channel, int count) =>
        new() { Color = s_outputColors[channel % s_outputColors.Length], Width = 2.4f, Pattern = PatternOf(channel, count) };

    /// <summary>Where all channels have a name, the second four are dotted: colours alone would not tell them apart.</summary>
    private static LinePattern PatternOf(int channel, int count) =>
        count <= MaxNamed && channel >= s_inputColors.Length ? LinePattern.Dotted : LinePattern.Solid;

    private static bool IsShowable(float value) => float.IsFinite(value);
}
