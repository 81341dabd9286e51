using System.Runtime.InteropServices;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>
/// Which trials of a data set begin alike. Trials with the same inputs, bit for bit, form a class; classes are numbered in
/// the order of their inputs, so that the steps which any two have in common are the least over the neighbours between them.
/// </summary>
internal sealed class InputPrefixes
{
    private readonly int[] _classOf;
    private readonly int[] _commonWithPrevious;

    public InputPrefixes(TrialBatch data)
    {
        var order = new int[data.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => Compare(data, a, b) is var order and not 0 ? order : a - b);
        _classOf = new int[data.Count];
        var common = new List<int> { 0 };
        for (var i = 1; i < order.Length; i++)
        {
            var steps = CommonSteps(data, order[i - 1], order[i]);
            if (steps < data.Steps) common.Add(steps);
            _classOf[order[i]] = common.Count - 1;
        }
        _commonWithPrevious = [.. common];
    }

    /// <summary>The class of a trial.</summary>
    public int ClassOf(int trial) => _classOf[trial];

    /// <summary>Steps at the start that two classes, the lower number first, have in common; less than all.</summary>
    public int CommonSteps(int lower, int higher)
    {
        var least = int.MaxValue;
        foreach (var steps in _commonWithPrevious.AsSpan((lower + 1)..(higher + 1))) least = Math.Min(least, steps);
        return least;
    }

    private static int CommonSteps(TrialBatch data, int a, int b) => Bits(data, a).CommonPrefixLength(Bits(data, b)) / data.Inputs;

    private static int Compare(TrialBatch data, int a, int b)
    {
        ReadOnlySpan<int> first = Bits(data, a), second = Bits(data, b);
        var equal = first.CommonPrefixLength(second);
        return equal == first.Length ? 0 : first[equal].CompareTo(second[equal]);
    }

    private static ReadOnlySpan<int> Bits(TrialBatch data, int trial) => MemoryMarshal.Cast<float, int>(data.InputsOf(trial));
}
