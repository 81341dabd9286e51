using EiRnnFast.Kernels;

namespace EiRnnFast.Tests.Kernels;

/// <summary>Squares of single-precision numbers leave single precision long before the numbers do.</summary>
public sealed class LargeNumberTests
{
    public static TheoryData<string> Sets => [.. KernelSet.Available.Select(set => set.Name)];

    [Theory, MemberData(nameof(Sets))]
    public void The_sum_of_squares_of_any_finite_numbers_is_right(string name)
    {
        var random = new Random(1);
        foreach (var size in new[] { 1f, 1e-30f, 1e-21f, 1e-15f, 1.7e19f, 2e19f, 1e30f, 3e38f })
        {
            float[] values = [.. Enumerable.Range(0, 2560).Select(_ => size * (float)(random.NextDouble() - 0.5))];
            var expected = values.Sum(value => (double)value * value);
            Assert.Equal(1, KernelSet.Get(name).SumOfSquares(values) / expected, 1e-5);
        }
        Assert.Equal(0, KernelSet.Get(name).SumOfSquares(new float[64]));
        Assert.False(double.IsFinite(KernelSet.Get(name).SumOfSquares([.. new float[63], float.PositiveInfinity])));
        Assert.False(double.IsFinite(KernelSet.Get(name).SumOfSquares([.. new float[63], float.NaN])));
    }

    [Theory, MemberData(nameof(Sets))]
    public void The_loss_of_large_errors_is_finite(string name)
    {
        const int Stride = 64;
        float[] y = [.. Enumerable.Range(0, Stride).Select(i => i < 40 ? 1e25f * (i + 1) : 0)], target = new float[Stride];
        float[] weight = [.. Enumerable.Range(0, Stride).Select(i => i < 40 ? 1f + i % 2 : 0)];
        var expected = y.Zip(weight).Sum(pair => pair.Second * (double)pair.First * pair.First);
        var bias = new double[1];
        var loss = KernelSet.Get(name).LossGradient(new LossOperands
        {
            Stride = Stride, Scale = 0.01, Target = target, Weight = weight, Y = y, DBOut = bias,
        });
        Assert.Equal(1, loss / expected, 1e-5);
        Assert.True(bias[0] > 1e25);
    }

    [Fact]
    public void Merged_targets_may_lie_far_apart()
    {
        float[] y = [.. Enumerable.Repeat(3e20f, 19)], r = new float[19], mask = [.. Enumerable.Repeat(2f, 19)];
        Assert.Equal(1, TargetMerge.Add(y, mask, r, new float[19], new float[19]).Squares / (19 * 2 * 9e40), 1e-5);
    }
}
