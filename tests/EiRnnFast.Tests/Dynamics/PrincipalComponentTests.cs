using System.Globalization;
using EiRnnFast.Dynamics;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.Dynamics;

public sealed class PrincipalComponentTests
{
    [Fact]
    public void A_known_covariance_gives_its_axes()
    {
        // Variances 10/3 and covariance 8/3: 6 along (1, 1), 2/3 along (1, −1). The third unit does not move.
        float[] states = [2, 1, 5, 1, 2, 5, -2, -1, 5, -1, -2, 5];
        var pca = PrincipalComponents.Of(states, 3);
        Assert.Equal([6, 2 / 3.0, 0], pca.Variances, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.9, pca.ExplainedVariance[0], 1e-12);
        Assert.Equal((6 + 2 / 3.0) * (6 + 2 / 3.0) / (36 + 4 / 9.0), pca.ParticipationRatio, 1e-12);
        Assert.Equal([0, 0, 5], pca.Mean);
        Assert.Equal(Math.Sqrt(0.5), Math.Abs(pca.Axis(0)[0]), 1e-12);
        Assert.Equal(3 * Math.Sqrt(0.5), Math.Abs(pca.Project([2, 1, 5], 2)[0]), 1e-12);
    }

    [Fact]
    public void Equal_variances_share_the_dimension_and_no_variance_has_none()
    {
        float[] cross = [1, 0, 0, 1, -1, 0, 0, -1];
        Assert.Equal(2, PrincipalComponents.Of(cross, 2).ParticipationRatio, 1e-12);
        var still = PrincipalComponents.Of([1, 2, 1, 2], 2);
        Assert.Equal((0, 0), (still.ParticipationRatio, still.ExplainedVariance[0]));
        Assert.Equal([1], PrincipalComponents.Of(cross, 2, [1]).ExplainedVariance);
    }

    [NumPyFact]
    public void NumPy_finds_the_same()
    {
        var random = new Random(7);
        const int units = 23, moments = 60;
        float[] mixing = [.. Enumerable.Range(0, units * units).Select(_ => (float)(2 * random.NextDouble() - 1))];
        var states = new float[units * moments];
        for (var t = 0; t < moments; t++)
        {
            float[] source = [.. Enumerable.Range(0, units).Select(i => (float)((2 * random.NextDouble() - 1) * Math.Pow(0.7, i)))];
            for (var j = 0; j < units; j++)
                for (var i = 0; i < units; i++) states[t * units + j] += source[i] * mixing[i * units + j];
        }
        var pca = PrincipalComponents.Of(states, units);
        var text = string.Join(' ', states.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["states.txt"], text);
        var printed = NumPyFactAttribute.Run("""
            import sys, numpy as np
            x = np.array(open(sys.argv[1]).read().split(), dtype=np.float32).astype(np.float64).reshape(-1, int(sys.argv[2]))
            w, v = np.linalg.eigh(np.cov(x.T))
            print(*[repr(float(a)) for a in w[::-1]])
            print(*[repr(float(a)) for a in np.abs((x[0] - x.mean(0)) @ v[:, ::-1][:, :5])])
            """, folder["states.txt"], $"{units}").Split('\n');
        double[] expected = [.. printed[0].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        for (var k = 0; k < units; k++) Assert.Equal(expected[k], pca.Variances[k], 1e-12 * expected[0]);
        double[] first = [.. states.Take(units).Select(value => (double)value)];
        Assert.All(pca.Project(first, 5).Zip(printed[1].Split(' ')),
            pair => Assert.Equal(double.Parse(pair.Second, CultureInfo.InvariantCulture), Math.Abs(pair.First), 1e-10));
    }

    [Fact]
    public void Axes_are_orthonormal_and_rebuild_the_covariance()
    {
        var random = new Random(3);
        const int units = 40;
        float[] states = [.. Enumerable.Range(0, units * 20).Select(_ => (float)random.NextDouble())]; // rank 19
        var pca = PrincipalComponents.Of(states, units);
        Assert.True(pca.Variances[19] < 1e-14 * pca.Variances[0] * units);
        for (var a = 0; a < units; a++)
            for (var b = 0; b <= a; b++)
                Assert.Equal(a == b ? 1 : 0, pca.Axis(a).Zip(pca.Axis(b), (x, y) => x * y).Sum(), 1e-12);
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        Assert.Throws<InvalidInputException>(() => PrincipalComponents.Of([1, 2], 2));
        Assert.Throws<InvalidInputException>(() => PrincipalComponents.Of([1, 2, 3], 2));
        Assert.Throws<InvalidInputException>(() => PrincipalComponents.Of([1, 2, 3, float.NaN], 2));
        Assert.Throws<InvalidInputException>(() => PrincipalComponents.Of([1, 2, 3, 4], 2, []));
        Assert.Throws<InvalidInputException>(() => PrincipalComponents.Of([1, 2, 3, 4], 2, [2]));
    }
}
