using System.Text.Json;
using EiRnnFast.Spectra;
using EiRnnFast.Files;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.Spectra;

public sealed class WeightStatisticsTests
{
    public static TheoryData<string> Files => new(KerasFolder.NamesWithWeights);

    /// <summary>At 500 units the measures of growth take seconds.</summary>
    public static TheoryData<string> SmallFiles =>
        new(KerasFolder.NamesWithWeights.Where(name => FactsOf(name).GetProperty("units").GetInt32() <= 100));

    [KerasTheory]
    [MemberData(nameof(Files))]
    public void Published_and_own_measures_are_those_of_NumPy(string name)
    {
        var facts = FactsOf(name);
        var matrix = NetworkFile.ReadRecurrent(KerasFolder.PathOf(name));
        var weights = WeightStatistics.Of(matrix.Values);
        var expected = facts.GetProperty("w_rec");
        Check(expected, "mean", weights.Mean);
        Check(expected, "std_pop", weights.Sigma);
        Check(expected, "min", weights.Min);
        Check(expected, "max", weights.Max);
        Check(expected, "ref_skew_of_pdf_curve", weights.SkewPublished!.Value);
        Check(expected, "ref_kurtosis_of_pdf_curve", weights.KurtosisPublished!.Value);
        Check(expected, "skew", weights.Skew!.Value);
        Check(expected, "excess_kurtosis", weights.Kurtosis!.Value);
        double count = matrix.Values.Length;
        Check(expected, "frac_pos", weights.PositiveCount / count);
        Check(expected, "frac_neg", weights.NegativeCount / count);
        Check(expected, "frac_zero", weights.ZeroCount / count);

        var spectrum = Spectrum.Of(matrix.Values, matrix.Units);
        var eigenvalues = facts.GetProperty("eig");
        var chosen = eigenvalues.GetProperty("ref_frequency_eig");
        Assert.Equal(chosen[0].GetDouble(), spectrum.FrequencyEigenvalue.Real, 1e-6);
        Assert.Equal(chosen[1].GetDouble(), spectrum.FrequencyEigenvalue.Imaginary, 1e-6);
        // The fact is of the weights as they are: the threshold moves it by less than a thousandth.
        var frequency = eigenvalues.GetProperty("ref_frequency_Hz").GetDouble();
        Assert.Equal(frequency, spectrum.FrequencyPublished, 2e-3 * frequency + 1e-9);
        Assert.Equal(frequency, (spectrum with { Published = null }).FrequencyPublished, 1e-6 * frequency + 1e-9);
    }

    [KerasTheory]
    [MemberData(nameof(SmallFiles))]
    public void Fastest_and_slowest_growth_are_those_of_NumPy(string name)
    {
        var eigenvalues = FactsOf(name).GetProperty("eig");
        var matrix = NetworkFile.ReadRecurrent(KerasFolder.PathOf(name));
        var growth = NonNormality.Of(matrix.Values, matrix.Units);
        Assert.Equal(eigenvalues.GetProperty("sym_max").GetDouble(), growth.NumericalAbscissa, 1e-6);
        Assert.Equal(eigenvalues.GetProperty("sym_min").GetDouble(), growth.SymmetricEigenvalues[0], 1e-6);
    }

    [Fact]
    public void Moments_and_histograms_are_their_definitions()
    {
        var weights = WeightStatistics.Of([-1, 0, 0, 0.001, 0.005, 0.006, 2], bins: 4);
        Assert.Equal((1, 2, 4), (weights.NegativeCount, weights.ZeroCount, weights.PositiveCount));
        Assert.Equal((1, 4), (weights.Negative.Total, weights.Positive.Total));
        Assert.Equal((2, 4), (weights.PositivePublished.Total, weights.NegativePublished.Total)); // 0.005 itself is in neither
        Assert.Equal([3, 0, 0, 1], weights.Positive.Counts);
        Assert.Equal((0.001, 2), (weights.Positive.Edges[0], weights.Positive.Edges[4]));
        Assert.Equal(1.012 / 7, weights.Mean, 1e-14);
        // SciPy: skew and kurtosis of 1, 2, 4, 9.
        var four = WeightStatistics.Of([1, 2, 4, 9]);
        Assert.Equal(0.7684172579878226, four.Skew!.Value, 1e-9);
        Assert.Equal(-1.0, four.Kurtosis!.Value, 1e-9);
    }

    [Fact]
    public void Degenerate_weights_have_what_they_have()
    {
        var zero = WeightStatistics.Of(new double[4]);
        Assert.Equal((0.0, 0.0, 4, null, null), (zero.Mean, zero.Sigma, zero.ZeroCount, zero.Skew, zero.SkewPublished));
        Assert.Equal((0, 4), (zero.Positive.Total, zero.NegativePublished.Total));
        var equal = WeightStatistics.Of([0.1, 0.1, 0.1]);
        Assert.Equal((0.0, null, 3), (equal.Sigma, equal.Kurtosis, equal.Positive.Total));
        var huge = WeightStatistics.Of([1e300, -1e300, 1e300, 0]);
        Assert.True(double.IsFinite(huge.Sigma) && huge.Skew < 0);
        Assert.Equal((2, 1), (huge.Positive.Total, huge.Negative.Total));
        var subnormal = WeightStatistics.Of([double.Epsilon, 2 * double.Epsilon, 3 * double.Epsilon], bins: 2);
        Assert.Equal([1, 2], subnormal.Positive.Counts);
        Assert.Throws<InvalidInputException>(() => WeightStatistics.Of([]));
        Assert.Throws<InvalidInputException>(() => WeightStatistics.Of([1, double.NaN]));
        Assert.Throws<InvalidInputException>(() => WeightStatistics.Of([1], bins: 0));
    }

    [Fact]
    public void Frequencies_are_those_of_the_chosen_eigenvalue()
    {
        // 1.1·e^{±iπ/2·…}: a rotation outside the unit circle beats a larger real eigenvalue.
        var rotation = Spectrum.Of([3, 0, 0, 0, 0.9, -0.9, 0, 0.9, 0.9], 3);
        Assert.Equal(125, rotation.Frequency, 1e-9);
        Assert.Equal(1000 / (2 * Math.PI), rotation.FrequencyPublished, 1e-9);
        Assert.Equal(500, Spectrum.Of([-0.5, 0, 0, 0.2], 2).Frequency, 1e-9);
        Assert.Equal(0, Spectrum.Of([-0.5, 0, 0, 0.2], 2).FrequencyPublished);
        Assert.Equal((0.0, 0.0), (Spectrum.Of(new double[4], 2).Frequency, Spectrum.Of(new double[4], 2).FrequencyPublished));
        var quarter = Spectrum.Of([0, -2, 2, 0], 2);
        Assert.Equal(250, quarter.Frequency, 1e-9);
        Assert.True(quarter.FrequencyPublished > 1e9); // the published formula has a pole there
    }

    /// <summary>What NumPy found, beside the file.</summary>
    private static JsonElement FactsOf(string name) =>
        JsonElement.Parse(File.ReadAllText(Path.ChangeExtension(KerasFolder.PathOf(name), ".json")));

    private static void Check(JsonElement expected, string name, double value)
    {
        var fact = expected.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(fact - value) <= 1e-6 * Math.Max(1, Math.Abs(fact)), $"{name}: {value}, NumPy {fact}");
    }
}
