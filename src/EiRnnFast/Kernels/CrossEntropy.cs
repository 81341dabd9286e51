using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// Cross-entropy of a softmax over the outputs, for one lane of rows at a time: the largest output, then Σ exp(ŷ − largest), then the
/// gradient. The logarithm, one a row, is taken in double and only where there is weight.
/// </summary>
internal static class CrossEntropy<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>See <see cref="KernelSet.CrossEntropyGradient"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Gradient(in LossOperands operands)
    {
        ref var y0 = ref MemoryMarshal.GetReference(operands.Y);
        ref var target0 = ref MemoryMarshal.GetReference(operands.Target);
        ref var weight0 = ref MemoryMarshal.GetReference(operands.Weight);
        int stride = operands.Stride, outputs = operands.DBOut.Length;
        var factor = TLane.Broadcast((float)operands.Scale);
        Span<float> totals = stackalloc float[TLane.Width], sums = stackalloc float[TLane.Width], logits = stackalloc float[TLane.Width];
        var loss = 0.0;
        for (nint r = 0; r < stride; r += TLane.Width)
        {
            var largest = TLane.Load(ref Unsafe.Add(ref y0, r));
            for (nint o = 1; o < outputs; o++) largest = TLane.Max(largest, TLane.Load(ref Unsafe.Add(ref y0, o * stride + r)));
            TLane total = default, targets = default, weighted = default;
            for (nint o = 0; o < outputs; o++)
            {
                ref var y = ref Unsafe.Add(ref y0, o * stride + r);
                var logit = TLane.Load(ref y) - largest;
                var target = TLane.Load(ref Unsafe.Add(ref target0, o * stride + r));
                targets += target;
                weighted = TLane.MultiplyAdd(target, logit, weighted);
                var exponential = Exponential.OfMinusMagnitude(logit);
                total += exponential;
                TLane.Store(exponential, ref y);
            }
            var weight = TLane.Load(ref Unsafe.Add(ref weight0, r));
            var (scale, share) = (factor * weight, targets / total);
            for (var o = 0; o < outputs; o++)
            {
                ref var y = ref Unsafe.Add(ref y0, o * stride + r);
                var gradient = scale * (TLane.Load(ref y) * share - TLane.Load(ref Unsafe.Add(ref target0, o * stride + r)));
                operands.DBOut[o] += TLane.Sum(gradient);
                TLane.Store(gradient, ref y);
            }
            TLane.Store(total, ref totals[0]);
            TLane.Store(targets, ref sums[0]);
            TLane.Store(weighted, ref logits[0]);
            for (var i = 0; i < TLane.Width; i++)
                if (operands.Weight[(int)r + i] is var m and not 0)
                    loss += m * (sums[i] * Math.Log(totals[i]) - logits[i]);
        }
        return loss;
    }
}
