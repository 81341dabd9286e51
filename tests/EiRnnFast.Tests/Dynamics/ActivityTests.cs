using System.Numerics;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Tests.Dynamics;

public sealed class ActivityTests
{
    [Fact]
    public void Silent_and_saturated_units_are_counted_by_their_thresholds()
    {
        // 2 trials of 50 steps: never above 0.009; once at 0.02; at 0.995 for 91 %, and for 90 %, of all steps; at −1 always.
        const int units = 5;
        var states = new float[100 * units];
        for (var t = 0; t < 100; t++)
        {
            states[t * units] = 0.009f;
            states[t * units + 1] = t == 60 ? -0.02f : 0;
            states[t * units + 2] = t < 91 ? 0.995f : 0;
            states[t * units + 3] = t < 90 ? 0.995f : 0;
            states[t * units + 4] = -1;
        }
        var activity = UnitActivity.Of(states, 2, units, 1);
        Assert.Equal([0], activity.SilentUnits);
        Assert.Equal([2, 4], activity.SaturatedUnits!);
        Assert.Equal([0, 1], UnitActivity.Of(states, 2, units, 1, new ActivityThresholds(Silent: 0.03)).SilentUnits);
        Assert.Equal(0.91, activity.SaturatedSteps![2], 1e-12);
        Assert.Equal(-1, activity.Mean[4], 1e-6);
        Assert.Null(activity.DominantFrequency[0]);
        Assert.Null(activity.DominantFrequency[4]);
    }

    [Theory]
    [InlineData(290, 12, 1.0)]
    [InlineData(51, 7, 20.0)]
    public void A_sine_has_its_frequency(int steps, int periods, double stepMs)
    {
        float[] states = [.. Enumerable.Range(0, 3 * steps)
            .SelectMany(t => new[] { (float)(0.4 + 0.3 * Math.Sin(2 * Math.PI * periods * t / steps)), t % 2 == 0 ? 0.1f : -0.1f })];
        var found = UnitActivity.Of(states, 3, 2, stepMs).DominantFrequency;
        Assert.Equal(periods * 1000 / (steps * stepMs), found[0]!.Value, 1e-9);
        if (steps % 2 == 0) Assert.Equal(500 / stepMs, found[1]!.Value, 1e-9);
    }

    [Fact]
    public void Eigenvalues_turn_at_their_angle()
    {
        var found = UnitActivity.SpectralFrequencies([Complex.FromPolarCoordinates(0.9, 0.2), Complex.FromPolarCoordinates(2, -0.2), -1, 1,
            0], 2);
        Assert.Equal([200 / (4 * Math.PI), 200 / (4 * Math.PI), 250, 0, 0], found, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void A_small_push_grows_as_the_gain_says()
    {
        var response = PerturbationResponse.Of(Nets.Rotation(1.1, 0.4), new float[2 * 40], 2, step: 4, size: 1e-6, copies: 3);
        Assert.Equal(36, response.Distance.Count);
        for (var t = 0; t < 20; t++) Assert.Equal(Math.Pow(1.1, t), response.Distance[t].Mean, 1e-3 * Math.Pow(1.1, t));
        Assert.Equal(0, response.Distance[10].StandardError!.Value, 1e-3);
        Assert.Null(PerturbationResponse.Of(Nets.Rotation(1.1, 0.4), new float[40], 1, 4).Distance[3].StandardError);
    }

    [Fact]
    public void A_standard_error_is_that_of_the_sample()
    {
        var estimate = Estimate.Of([1, 2, 3, 4]);
        Assert.Equal((2.5, 4), (estimate.Mean, estimate.Count));
        Assert.Equal(Math.Sqrt(5 / 3.0 / 4), estimate.StandardError!.Value, 1e-12);
        Assert.True(double.IsNaN(Estimate.Of([]).Mean));
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        var network = Nets.Rotation(1, 1);
        Assert.Throws<InvalidInputException>(() => UnitActivity.Of([1, 2, 3], 2, 1, 1));
        Assert.Throws<InvalidInputException>(() => UnitActivity.Of([1, float.NaN], 1, 1, 1));
        Assert.Throws<InvalidInputException>(() => UnitActivity.Of([1, 2], 1, 1, 0));
        Assert.Throws<InvalidInputException>(() => UnitActivity.Of([1, 2], 1, 1, 1, new ActivityThresholds(double.NaN)));
        Assert.Throws<InvalidInputException>(() => PerturbationResponse.Of(network, new float[10], 1, 9));
        Assert.Throws<InvalidInputException>(() => PerturbationResponse.Of(network, new float[10], 3, 1));
        Assert.Throws<InvalidInputException>(() => PerturbationResponse.Of(network, new float[10], 1, 1, size: 0));
    }
}
