using EiRnnFast.Files;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.Tasks;

/// <summary>The published data sets against their check sums, and, value by value, against NumPy's own generator.</summary>
public sealed class CheckValueTests
{
    [Theory]
    [InlineData("flip-flop", 6000, 6000, 16410)]
    [InlineData("flip-flop turns=8", 16087.146442, 30817.587649, 44050)]
    [InlineData("not", 1120.249689, 2597.432653, 5920)]
    [InlineData("oscillator", 1037.617879, 3650.259728, 48)]
    [InlineData("time-pulse", 473.359415, 1212.590908, 592.091954)]
    [InlineData("delayed-response", 320.316751, 2490.637149, 3525)]
    [InlineData("long-short", -89.407681, 2865.394010, -937)]
    [InlineData("four-times", -331.772256, 4226.364314, -737)]
    [InlineData("eight-times", -568.438057, 5851.112521, 1046)]
    [InlineData("amplitude-sign", -568.438057, 5851.112521, -922.75)]
    [InlineData("encoded-time", -186.434288, 1603.334878, -847)]
    [InlineData("interval-comparison", 3457.371528, 3457.371528, -2577)]
    [InlineData("windowed-integration", 1.196358, 6535.363410, 1680)]
    [InlineData("continuous-integration", 31.808577, 6626.759415, -1851)]
    [InlineData("cued-integration", 572.591505, 7251.080716, -862)]
    public void Sums_over_100_trials_are_the_published_ones(string name, double sumX, double sumAbsX, double sumY)
    {
        var task = TaskOf(name);
        var (x, y, mask) = task.GenerateDoubles(100, task.DefaultDataSeed);
        Assert.Equal(sumX, x.Sum(), 1e-6);
        Assert.Equal(sumAbsX, x.Sum(Math.Abs), 1e-6);
        Assert.Equal(sumY, y.Sum(), 1e-6);
        Assert.All(mask, weight => Assert.Equal(1, weight));
        if (name == "oscillator") Assert.Equal(14768.220906, y.Sum(Math.Abs), 1e-6);
    }

    [Fact]
    public void Reference_numbers_of_trials_and_seeds()
    {
        var by = TaskCatalog.All.ToDictionary(task => task.Name, task => (task.DefaultDataSeed, task.DefaultTrials));
        foreach (var name in (string[])["and", "or", "xor", "cued-integration"]) Assert.Equal((3u, 15050), by[name]);
        foreach (var name in (string[])["not", "flip-flop", "oscillator", "eight-times", "encoded-time", "interval-comparison",
            "perceptual-decision"]) Assert.Equal((1u, 15050), by[name]);
        foreach (var name in (string[])["time-pulse", "delayed-response", "long-short", "four-times"]) Assert.Equal((2u, 15050), by[name]);
        foreach (var name in (string[])["windowed-integration", "continuous-integration"]) Assert.Equal((2u, 90300), by[name]);
        Assert.Equal((1u, 90300), by["amplitude-sign"]);
        Assert.Equal(25050, TaskOf("flip-flop turns=8").DefaultTrials);
    }

    [Fact]
    public void Single_precision_data_are_the_doubles_rounded_once()
    {
        foreach (var task in TaskCatalog.All)
        {
            var batch = task.Generate(20, 7);
            var (x, y, mask) = task.GenerateDoubles(20, 7);
            Assert.Equal(x.Select(value => (float)value), batch.X);
            Assert.Equal(y.Select(value => (float)value), batch.Y);
            if (batch.Mask is not null) Assert.Equal(mask.Select(value => (float)value), batch.Mask);
        }
    }

    /// <summary>The generators once more, written with NumPy from the specification: every value, not only sums.</summary>
    [NumPyFact]
    public void Values_are_those_of_NumPys_generator()
    {
        using var folder = new TemporaryFolder();
        const int n = 200;
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            n = 200
            bell = lambda k: (0.5 - 0.5 * np.cos(2 * np.pi * k / 9))
            smoothed = lambda u, j: sum(u[i] * bell(j + 4 - i) for i in range(len(u)) if 0 <= j + 4 - i <= 9) / 4.5
            hann = lambda u: np.array([smoothed(u, j) for j in range(len(u))])
            simpson = lambda v: ((v[0:-2:2] + 4 * v[1:-1:2] + v[2::2]) / 3).sum()
            even = lambda v: (simpson(v[:-1]) + (v[-2] + v[-1]) / 2 + (v[0] + v[1]) / 2 + simpson(v[1:])) / 2
            def save(name, x, y): np.savez(sys.argv[1].replace('NAME', name), x=x, y=y)
            pulse = hann(np.ones(20))

            r = np.random.RandomState(1); types = r.randint(2, size=n); x = np.zeros((n, 200, 1)); y = np.full((n, 200, 1), 0.01)
            for i, t in enumerate(types): x[i, 30:50] = t; y[i, 70:] = 1 - t
            save('not', x + 0.1 * r.randn(n, 200, 1), y)

            r = np.random.RandomState(2); types = r.randint(2, size=n); x = np.zeros((n, 100, 1)); y = np.full((n, 100, 1), 0.01)
            g = 0.04 * np.exp(-0.5 * ((np.arange(20) - 9.5) / 12) ** 2)
            shape = np.array([sum(g[j + 9 - i] for i in range(20) if 0 <= j + 9 - i <= 19) for j in range(20)])
            for i, t in enumerate(types): x[i, 30:50, 0] = t * shape; y[i, 70:90, 0] = t * shape
            x = x + 0.1 * r.randn(n, 100, 1); y = y + 0.1 * r.randn(n, 100, 1)
            save('time-pulse', x, y)

            r = np.random.RandomState(1); types = r.randint(2, size=n); x = np.zeros((n, 340, 1)); y = np.full((n, 340, 1), 0.003)
            wave = [0.3 * sum(np.sin(2 * np.pi * 12 * k / 340) for k in range(max(0, i - 10), min(339, i + 169) + 1)) for i in range(180)]
            for i, t in enumerate(types): x[i, 100:120, 0] = t * pulse; y[i, 140:320, 0] = t * np.array(wave)
            save('oscillator', x + 0.1 * r.randn(n, 340, 1), y)

            for name, seed, heights, onset, level in (
                    ('delayed-response', 2, None, lambda d, h: 120 + d, lambda h: 1),
                    ('long-short', 2, [2, 1], lambda d, h: 70 + d + 50 * h, lambda h: 1),
                    ('four-times', 2, [1, 2, 3, 4], lambda d, h: 70 + d + 25 * h, lambda h: 1),
                    ('amplitude-sign', 1, list(range(1, 9)), lambda d, h: 220 + d, lambda h: h / 4)):
                r = np.random.RandomState(seed); d = r.randint(70, size=n) + 1; types = r.randint(2, size=n)
                h = r.choice(heights, n) if heights else np.ones(n, int); s = r.choice([-1, 1], n)
                x = np.zeros((n, 370, 1)); y = np.zeros((n, 370, 1))
                for i in range(n):
                    if types[i]: x[i, 50 + d[i]:70 + d[i], 0] = s[i] * h[i] * pulse; y[i, onset(d[i], h[i]):] = s[i] * level(h[i])
                save(name, x + 0.05 * r.randn(n, 370, 1), y)

            r = np.random.RandomState(1); gap = r.choice(range(20, 161, 20), n); d = r.randint(70, size=n) + 1
            types = r.randint(2, size=n); s = r.choice([-1, 1], n)
            x = np.zeros((n, 580, 1)); y = np.zeros((n, 580, 1))
            for i in range(n):
                if types[i]:
                    x[i, 50 + d[i]:70 + d[i], 0] = s[i] * pulse; x[i, 70 + d[i] + gap[i]:90 + d[i] + gap[i], 0] = s[i] * pulse
                    y[i, 90 + d[i] + 2 * gap[i]:] = s[i]
            save('encoded-time', x, y)

            r = np.random.RandomState(1); types = r.randint(2, size=n); x = np.zeros((n, 560, 1)); y = np.zeros((n, 560, 1))
            ten = hann(np.ones(10))
            for i in range(n):
                at = 50 + r.randint(70)
                for wait in ((25, 100, 50, 0), (50, 100, 25, 0))[types[i]]: x[i, at:at + 10, 0] = ten; at += 10 + wait
                y[i, at + 20:] = (1, -1)[types[i]]
            save('interval-comparison', x, y)

            r = np.random.RandomState(2); r.randint(2, size=n); x = np.zeros((n, 480, 1)); y = np.zeros((n, 480, 1))
            for i in range(n): u = hann(r.randn(200)); x[i, 50:250, 0] = u; y[i, 270:] = np.sign(even(u))
            save('windowed-integration', x, y)

            r = np.random.RandomState(2); d = r.randint(150, size=n) + 1; r.randint(2, size=n)
            x = np.zeros((n, 480, 1)); y = np.zeros((n, 480, 1))
            for i in range(n): u = hann(r.randn(200)); x[i, 50 + d[i]:250 + d[i], 0] = u; y[i, 160 + d[i]:] = np.sign(even(u[:50]))
            save('continuous-integration', x, y)

            r = np.random.RandomState(3); d = r.randint(150, size=n) + 1; x = np.zeros((n, 480, 2)); y = np.zeros((n, 480, 1)); i = cued = 0
            while i < n:
                r.randint(2); c = r.randint(2)
                if c and cued >= 3 * n // 4 or not c and i - cued >= n - 3 * n // 4: continue
                u = hann(r.randn(200)); x[i, 50 + d[i]:250 + d[i], 0] = u
                if c: x[i, 30 + d[i]:40 + d[i], 1] = 1; y[i, 160 + d[i]:] = np.sign(even(u[:50])); cued += 1
                i += 1
            save('cued-integration', x, y)
            """, folder["NAME.npz"]);
        foreach (var name in (string[])["not", "time-pulse", "oscillator", "delayed-response", "long-short", "four-times", "amplitude-sign",
            "encoded-time", "interval-comparison", "windowed-integration", "continuous-integration", "cued-integration"])
        {
            var task = TaskCatalog.Get(name);
            var (x, y, _) = task.GenerateDoubles(n, task.DefaultDataSeed);
            var expected = NpzFile.Read(folder[$"{name}.npz"]);
            AssertClose(name, expected["x"].ToDoubles(), x);
            AssertClose(name, expected["y"].ToDoubles(), y);
        }
    }

    private static void AssertClose(string name, double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            if (Math.Abs(expected[i] - found[i]) > 1e-12) Assert.Fail($"{name}, value {i}: {found[i]} for {expected[i]}");
    }

    private static CatalogTask TaskOf(string text)
    {
        var words = text.Split(' ');
        return TaskCatalog.Get(words[0],
            words.Skip(1).Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], null)));
    }
}
