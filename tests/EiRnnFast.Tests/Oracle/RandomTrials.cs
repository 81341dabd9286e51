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
}
