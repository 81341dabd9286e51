using EiRnnFast.Reports.Figures;
using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

public class TrialsFigureTests
{
    private static readonly SKColor Blue = SKColor.Parse("#0072B2");
    private static readonly SKColor Orange = SKColor.Parse("#E69F00");
    private static readonly SKColor Green = SKColor.Parse("#009E73");

    private static readonly TrialTrace[] FourTypes = [Trial("00", 0, 0), Trial("10", 1, 0), Trial("01", 0, 1), Trial("11", 1, 1)];

    [Fact]
    public void Four_types_make_two_rows_of_two()
    {
        using var picture = new Picture(TrialsFigure.Of(FourTypes, "AND").Png());

        Assert.Equal((2136, 1324), picture.Size);
        foreach (var (x, y) in new[] { (0, 0), (1, 0), (0, 1), (1, 1) })
            Assert.True(picture.Count(Blue, x * 0.5, 0.1 + y * 0.43, 0.5 + x * 0.5, 0.45 + y * 0.43) > 500, "output in each panel");
        Assert.True(picture.Count(Orange, 0.5, 0.1, 1, 0.38) > 300, "first input of 10");
        Assert.True(picture.Count(Green, 0, 0.55, 0.5, 0.8) > 100, "second input of 01");
        Assert.True(picture.Count(SKColors.Black, 0.8, 0.56, 1, 0.58) > 100, "dashed target of 11");
    }

    [Fact]
    public void Text_stands_where_title_labels_and_legend_belong()
    {
        using var picture = new Picture(TrialsFigure.Of(FourTypes, "AND").Png());

        Assert.True(picture.Count(SKColors.Black, top: 0.02, bottom: 0.06) > 100, "title");
        Assert.True(picture.Count(SKColors.Black, left: 0.24, right: 0.32, top: 0.455, bottom: 0.49) > 100, "time (ms)");
        Assert.True(picture.Count(SKColors.Black, top: 0.95) > 300, "legend");
    }

    [Theory]
    [InlineData(1, 544)]
    [InlineData(2, 1068)]
    [InlineData(3, 1068)]
    public void Any_number_of_trials_fits(int count, int width)
    {
        using var picture = new Picture(TrialsFigure.Of(FourTypes[..count], "AND").Png(1));

        Assert.Equal(width, picture.Size.Width);
    }

    [Fact]
    public void Values_that_are_not_finite_leave_a_gap()
    {
        var whole = FourTypes[3];
        var broken = whole with { Output = [.. whole.Output!.Select((v, t) => t is > 100 and < 200 ? float.NaN : v)] };
        broken.Output[210] = float.PositiveInfinity;
        broken.Output[220] = float.MaxValue;
        broken.Inputs[0] = float.NegativeInfinity;

        using var before = new Picture(TrialsFigure.Of([whole], "").Png());
        using var after = new Picture(TrialsFigure.Of([broken], "").Png());

        Assert.True(after.Count(Blue, 0.5, 0.2, 0.6, 0.75) == 0 && before.Count(Blue, 0.5, 0.2, 0.6, 0.75) > 0);
    }

    [Fact]
    public void A_trial_of_nothing_but_NaN_is_drawn_too()
    {
        var nothing = Enumerable.Repeat(float.NaN, 10).ToArray();

        Assert.NotEmpty(TrialsFigure.Of([new TrialTrace("NaN", nothing, 1, nothing, nothing, 1, 20)], "").Png());
    }

    [Fact]
    public void Channels_are_called_by_their_names_and_long_trials_are_in_seconds()
    {
        var named = FourTypes[3] with { InputLabels = ["left", "right"], OutputLabels = ["choice"], StepMs = 50 };
        var text = Words(TrialsFigure.Of([named], "").Svg());
        foreach (var expected in (string[])["inputleft", "inputright", "outputchoice", "time(s)"])
            Assert.Contains(expected, text, StringComparison.Ordinal);
        var plain = Words(TrialsFigure.Of([FourTypes[3]], "").Svg());
        foreach (var expected in (string[])["input1", "input2", "output", "time(ms)"])
            Assert.Contains(expected, plain, StringComparison.Ordinal);
        using var long_ = new Picture(TrialsFigure.Of([named], "").Png());
        using var short_ = new Picture(TrialsFigure.Of([FourTypes[3]], "").Png());
        Assert.Equal(short_.Count(Blue, bottom: 0.8), long_.Count(Blue, bottom: 0.8)); // the same curve on another axis
        Assert.Throws<InvalidInputException>(() => TrialsFigure.Of([named with { InputLabels = ["one"] }], ""));

        static string Words(string svg) => string.Concat(System.Xml.Linq.XElement.Parse(svg).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value))
            .Replace(" ", "", StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes() =>
        Assert.Equal(TrialsFigure.Of(FourTypes, "AND").Png(), TrialsFigure.Of(FourTypes, "AND").Png());

    [Fact]
    public void Arrays_that_do_not_fit_are_refused()
    {
        var trial = FourTypes[0];

        Assert.Throws<InvalidInputException>(() => TrialsFigure.Of([], "").Png());
        Assert.Throws<InvalidInputException>(() => TrialsFigure.Of([trial with { InputCount = 3 }], "").Png());
        Assert.Throws<InvalidInputException>(() => TrialsFigure.Of([trial with { OutputCount = 0 }], "").Png());
        Assert.Throws<InvalidInputException>(() => TrialsFigure.Of([trial with { Target = [1] }], "").Png());
        Assert.Throws<InvalidInputException>(() => TrialsFigure.Of([trial with { StepMs = double.NaN }], "").Png());
    }

    private static TrialTrace Trial(string name, float a, float b)
    {
        const int steps = 290;
        var inputs = new float[2 * steps];
        var target = new float[steps];
        for (var t = 0; t < steps; t++)
        {
            (inputs[2 * t], inputs[2 * t + 1]) = t is >= 85 and < 105 ? (a, b) : (0, 0);
            target[t] = t >= 125 ? a * b : 0;
        }
        return new TrialTrace("input " + name, inputs, 2, target, [.. target.Select(v => 0.9f * v)], 1);
    }
}
