using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>Gradient scaling, Adam (Kingma &amp; Ba 2015) and the sign projection in one pass over the weights.</summary>
internal static class AdamProjection<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Below this a part of the squares may have left single precision: a value under 1e-19 has a subnormal square.</summary>
    private const double LeastSum = 1e-24;

    /// <summary>
    /// See <see cref="KernelSet.SumOfSquares"/>. Chunks of 1024 are summed in single, the chunks in double. A value above 1.8e19 has no
    /// finite square in single precision: the sum is then made again in double, as it is where squares vanish.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        var total = 0.0;
        for (nint start = 0; start < values.Length; start += 1024)
        {
            var end = Math.Min(start + 1024, values.Length);
            var sum = TLane.Broadcast(0f);
            for (var i = start; i < end; i += TLane.Width)
            {
                var value = TLane.Load(ref Unsafe.Add(ref source, i));
                sum = TLane.MultiplyAdd(value, value, sum);
            }
            total += TLane.Sum(sum);
        }
        return total is >= LeastSum and < double.PositiveInfinity ? total : SumInDouble(values);
    }

    private static double SumInDouble(ReadOnlySpan<float> values)
    {
        var total = 0.0;
        foreach (double value in values) total += value * value;
        return total;
    }

    /// <summary>See <see cref="KernelSet.AdamProject"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(in AdamOperands row, in AdamStep adam)
    {
        ref var p0 = ref MemoryMarshal.GetReference(row.P);
        ref var g0 = ref MemoryMarshal.GetReference(row.G);
        ref var m0 = ref MemoryMarshal.GetReference(row.M);
        ref var v0 = ref MemoryMarshal.GetReference(row.V);
        ref var lower0 = ref MemoryMarshal.GetReference(row.Lower);
        ref var upper0 = ref MemoryMarshal.GetReference(row.Upper);
        nint length = row.P.Length;
        TLane beta1 = TLane.Broadcast(adam.Beta1), beta2 = TLane.Broadcast(adam.Beta2), epsilon = TLane.Broadcast(adam.Epsilon);
        TLane rest1 = TLane.Broadcast(adam.OneMinusBeta1), rest2 = TLane.Broadcast(adam.OneMinusBeta2);
        TLane step = TLane.Broadcast(adam.Step), factor = TLane.Broadcast(row.Scale), zero = TLane.Broadcast(0f);
        for (nint i = 0; i < length; i += TLane.Width)
        {
            var gradient = TLane.Load(ref Unsafe.Add(ref g0, i)) * factor;
            var mean = TLane.MultiplyAdd(beta1, TLane.Load(ref Unsafe.Add(ref m0, i)), rest1 * gradient);
            var variance = TLane.MultiplyAdd(beta2, TLane.Load(ref Unsafe.Add(ref v0, i)), rest2 * gradient * gradient);
            TLane.Store(mean, ref Unsafe.Add(ref m0, i));
            TLane.Store(variance, ref Unsafe.Add(ref v0, i));
            var weight = TLane.Load(ref Unsafe.Add(ref p0, i)) - step * mean / (TLane.Sqrt(variance) + epsilon);
            weight = TLane.Min(TLane.Max(weight, TLane.Load(ref Unsafe.Add(ref lower0, i))), TLane.Load(ref Unsafe.Add(ref upper0, i)));
            TLane.Store(weight + zero, ref Unsafe.Add(ref p0, i)); // −0 + 0 = +0: one zero only
        }
    }
}
