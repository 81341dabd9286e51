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
        // Without noise few inputs are distinct: only one trial of each is sorted.
        var (classes, firsts) = (new Dictionary<int, int>(new SameInputs(data)), new List<int>());
        _classOf = new int[data.Count];
        for (var trial = 0; trial < data.Count; trial++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(classes, trial, out var isKnown);
            if (!isKnown)
            {
                number = firsts.Count;
                firsts.Add(trial);
            }
            _classOf[trial] = number;
        }
        int[] order = [.. firsts];
        Array.Sort(order, (a, b) => Compare(data, a, b));
        var placeOf = new int[order.Length];
        for (var place = 0; place < order.Length; place++) placeOf[_classOf[order[place]]] = place;
        foreach (ref var number in _classOf.AsSpan()) number = placeOf[number];
        _commonWithPrevious = new int[order.Length];
        for (var place = 1; place < order.Length; place++) _commonWithPrevious[place] = CommonSteps(data, order[place - 1], order[place]);
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

    /// <summary>The order of two distinct inputs.</summary>
    private static int Compare(TrialBatch data, int a, int b)
    {
        ReadOnlySpan<int> first = Bits(data, a), second = Bits(data, b);
        var equal = first.CommonPrefixLength(second);
        return equal == first.Length ? 0 : first[equal].CompareTo(second[equal]);
    }

    private static ReadOnlySpan<int> Bits(TrialBatch data, int trial) => MemoryMarshal.Cast<float, int>(data.InputsOf(trial));

    /// <summary>Trials are equal when their inputs are.</summary>
    private sealed class SameInputs(TrialBatch data) : IEqualityComparer<int>
    {
        public bool Equals(int a, int b) => Bits(data, a).SequenceEqual(Bits(data, b));

        public int GetHashCode(int trial)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(Bits(data, trial)));
            return hash.ToHashCode();
        }
    }
}
