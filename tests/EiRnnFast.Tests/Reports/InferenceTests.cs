using EiRnnFast.Reports;

namespace EiRnnFast.Tests.Reports;

/// <summary>Against SciPy 1.10.1 and NumPy.</summary>
public sealed class InferenceTests
{
    private static readonly double[] Radii = [0.601, 0.617, 0.589, 0.622, 0.605, 0.611, 0.596];

    [Fact]
    public void A_sample_has_mean_deviation_and_standard_error()
    {
        var sample = Sample.Of(Radii);
        Assert.Equal(7, sample.Count);
        Assert.Equal(0.6058571428571428, sample.Mean, 1e-15); // numpy.mean, numpy.std(ddof=1), scipy.stats.sem
        Assert.Equal(0.011668027131561589, sample.Sd, 1e-15);
        Assert.Equal(0.004410099725838041, sample.Sem, 1e-15);
        Assert.Equal((1, 0.5, true), (Sample.Of([0.5]).Count, Sample.Of([0.5]).Mean, double.IsNaN(Sample.Of([0.5]).Sd)));
        Assert.True(double.IsNaN(Sample.Of([]).Mean));
    }

    [Fact]
    public void A_line_has_a_slope_with_an_interval()
    {
        double[] x = [5.643856, 5.643856, 6.228819, 6.643856, 7.228819, 7.643856, 8.228819, 8.965784],
            y = [0.661, 0.632, 0.640, 0.611, 0.625, 0.604, 0.609, 0.598];
        // scipy.stats.linregress; the interval with t = 2.446911851144969,
        // where the closed form for 6 degrees of freedom is 0.975 (SciPy's ppf is 2e-9 off)
        var fit = LinearFit.Of(x, y)!;
        double[] expected = [-0.014713403000277616, 0.7259125368637006, 0.003884054376208174, -0.024217341683912874, -0.005209464316642357,
            0.009093007774801648];
        Assert.All(expected.Zip([fit.Slope, fit.Intercept, fit.StandardError, fit.Low, fit.High, fit.P]),
            pair => Assert.Equal(pair.First, pair.Second, Math.Abs(pair.First) * 1e-9));
    }

    [Fact]
    public void Points_without_a_line_have_none()
    {
        Assert.Null(LinearFit.Of([1, 2], [1, 2]));
        Assert.Null(LinearFit.Of([2, 2, 2], [1, 2, 3]));
        // whose mean is not always log₂ 100
        for (var count = 3; count < 30; count++)
            Assert.Null(LinearFit.Of([.. Enumerable.Repeat(Math.Log2(100), count)],
                [.. Enumerable.Range(0, count).Select(i => (double)i)]));
        Assert.Throws<InvalidInputException>(() => LinearFit.Of([1, 2, 3], [1, 2]));
        // One point alone at its end decides the slope: it lies on the line, and nothing tells its spread.
        var alone = LinearFit.Of([1, 1, 1, 9], [1, 2, 3, 5])!;
        Assert.Equal((double.NaN, double.NaN), (alone.RobustStandardError, alone.RobustP));
        Assert.True(alone.P > 0);
        Assert.Equal((2, 0), (LinearFit.Of([1, 2, 3], [2, 4, 6])!.Slope, LinearFit.Of([1, 2, 3], [2, 4, 6])!.P));
        Assert.Equal(1, LinearFit.Of([1, 2, 3], [5, 5, 5])!.P);
    }

    [Fact]
    public void Two_one_sided_tests_tell_whether_a_mean_is_as_good_as_theory()
    {
        const double theory = 0.5838193701035489;
        var test = Equivalence.Of(Sample.Of(Radii), theory, 0.05 * theory)!; // scipy.stats.ttest_1samp on either side, t.interval(0.9)
        Assert.Equal(0.07796466967295754, test.P, 1e-10);
        Assert.Equal(0.5972875240353287, test.Low, 1e-12);
        Assert.Equal(0.6144267616789568, test.High, 1e-12);
        Assert.False(test.Equivalent);
        Assert.True(Equivalence.Of(Sample.Of(Radii), 0.6, 0.05 * theory)!.Equivalent);
        Assert.Null(Equivalence.Of(Sample.Of([0.6]), theory, 0.03));
    }

    [Fact]
    public void It_is_equivalent_exactly_when_the_90_percent_interval_lies_within_the_margin()
    {
        var sample = Sample.Of(Radii);
        for (var target = 0.55; target < 0.66; target += 0.001)
        {
            var test = Equivalence.Of(sample, target, 0.02)!;
            Assert.Equal(test.Low > target - 0.02 && test.High < target + 0.02, test.Equivalent);
        }
    }
}
