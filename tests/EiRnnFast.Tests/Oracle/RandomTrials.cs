using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Oracle;

/// <summary>Trials of Gaussian inputs and targets, with or without a mask: nothing about them is regular.</summary>
public static class RandomTrials
{
    public static TrialBatch Draw(int seed, int count, int steps, int inputs, int outputs, bool masked)
    {
        var random = new Random(seed);
        float[] Gaussian(int length) =>
            [.. Enumerable.Range(0, length)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(6.283 * random.NextDouble())))];
        return new TrialBatch
        {
            Count = count, Steps = steps, Inputs = inputs, Outputs = outputs,
            X = Gaussian(count * steps * inputs), Y = Gaussian(count * steps * outputs),
            Mask = masked ? [.. Enumerable.Range(0, count * steps * outputs).Select(_ => random.Next(3) / 2f)] : null,
        };
    }

    /// <summary>The same with probabilities as targets and one weight a step.</summary>
    public static TrialBatch Probabilities(int seed, int count, int steps, int inputs, int outputs, bool masked)
    {
        var drawn = Draw(seed, count, steps, inputs, outputs, masked);
        var y = new float[drawn.Y.Length];
        for (var i = 0; i < y.Length; i++)
            y[i] = (float)(Math.Exp(drawn.Y[i]) / Enumerable.Range(i / outputs * outputs, outputs).Sum(k => Math.Exp(drawn.Y[k])));
        return new TrialBatch
        {
            Count = count, Steps = steps, Inputs = inputs, Outputs = outputs, X = drawn.X, Y = y,
            Mask = drawn.Mask is null ? null : [.. drawn.Mask.Select((_, i) => drawn.Mask[i / outputs * outputs])],
        };
    }
}
