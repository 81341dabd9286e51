using EiRnnFast.Numerics;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

public sealed class InputPrefixesTests
{
    [Fact]
    public void Classes_are_distinct_inputs_in_order_and_know_their_common_steps()
    {
        const int trials = 60, steps = 5, inputs = 2;
        var random = new NumPyRandom(7);
        float[] levels = [-1, -0f, 0, 1];
        float[] x = [.. Enumerable.Range(0, trials * steps * inputs).Select(i => i / inputs % steps < 3 ? 0 : levels[random.RandInt(4)])];
        x.AsSpan(0, 20 * steps * inputs).CopyTo(x.AsSpan(40 * steps * inputs)); // trials that are alike
        var data = new TrialBatch
        {
            Count = trials, Steps = steps, Inputs = inputs, Outputs = 1, X = x, Y = new float[trials * steps],
        };
        var prefixes = new InputPrefixes(data);
        for (var a = 0; a < trials; a++)
            for (var b = 0; b < trials; b++)
            {
                var (first, second) = (Bits(data, a), Bits(data, b));
                var equal = first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();
                var order = equal == first.Length ? 0 : first[equal].CompareTo(second[equal]);
                Assert.Equal(order, Math.Sign(prefixes.ClassOf(a) - prefixes.ClassOf(b)));
                if (order < 0) Assert.Equal(equal / inputs, prefixes.CommonSteps(prefixes.ClassOf(a), prefixes.ClassOf(b)));
            }
        Assert.Equal(Enumerable.Range(0, trials).Select(trial => prefixes.ClassOf(trial)).Distinct().Count(),
            1 + Enumerable.Range(0, trials).Max(trial => prefixes.ClassOf(trial)));
    }

    private static int[] Bits(TrialBatch data, int trial) =>
        [.. data.InputsOf(trial).ToArray().Select(BitConverter.SingleToInt32Bits)];
}
