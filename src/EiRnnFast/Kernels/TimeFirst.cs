using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>Series of trials, turned so that a batch's values of one timestep lie next to each other.</summary>
internal static class TimeFirst
{
    /// <summary>Trials and values that are turned together: a cache line of each.</summary>
    private const int Block = 16;

    /// <summary>
    /// destination[e·stride + i] (=) series[places[i]·length + e] for every e below <paramref name="length"/>; the rest of a stride stays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(ReadOnlySpan<float> series, ReadOnlySpan<int> places, int length, Span<float> destination, int stride)
    {
        if (places.Length > stride || (long)length * stride > destination.Length)
            throw new ArgumentException($"{destination.Length} floats for {length} x {stride}, of {places.Length} trials",
                nameof(destination));
        for (var first = 0; first < places.Length; first += Block)
        {
            var end = Math.Min(first + Block, places.Length);
            for (var e = 0; e < length; e += Block)
                for (var i = first; i < end; i++)
                {
                    var values = series.Slice(places[i] * length + e, Math.Min(Block, length - e));
                    ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(destination), (nint)e * stride + i);
                    foreach (var value in values)
                    {
                        to = value;
                        to = ref Unsafe.Add(ref to, stride);
                    }
                }
        }
    }
}
