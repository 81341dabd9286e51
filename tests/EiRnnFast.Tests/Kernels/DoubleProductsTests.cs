using EiRnnFast.Kernels;

namespace EiRnnFast.Tests.Kernels;

public sealed class DoubleProductsTests
{
    [Fact]
    public void Every_size_gives_what_plain_loops_give()
    {
        var random = new Random(1);
        for (var n = 1; n <= 37; n++)
        {
            double[] a = [.. Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5)], gram = new double[n * n];
            DoubleProducts.LowerGram(a, n, gram);
            for (var i = 0; i < n; i++)
                for (var k = 0; k <= i; k++)
                {
                    var expected = Enumerable.Range(0, n).Sum(j => a[i * n + j] * a[k * n + j]);
                    Assert.Equal(expected, gram[i * n + k], 1e-14 * n);
                    Assert.Equal(expected, DoubleProducts.Dot(a.AsSpan(i * n, n), a.AsSpan(k * n, n)), 1e-14 * n);
                }
        }
        Assert.Equal(0, DoubleProducts.Dot([], [1]));
    }
}
