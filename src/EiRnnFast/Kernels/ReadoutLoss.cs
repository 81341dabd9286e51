using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// The linear readout y = h·W_out + b_out, the masked mean squared error and its gradient. W_out is kept transposed, [O×W],
/// so that both operands run along rows; y and its kin are kept by channel, [O×S], so that the loss runs along rows too.
/// </summary>
internal static class ReadoutLoss<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>See <see cref="KernelSet.Readout"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Readout(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int stride, int rows, int width, Span<float> y)
    {
        ref var y0 = ref MemoryMarshal.GetReference(y);
        DotProducts<TLane>.Run(ref MemoryMarshal.GetReference(h), rows, ref MemoryMarshal.GetReference(wOut), bOut.Length, width, width / TLane.Width, ref y0, 1, stride);
        for (var o = 0; o < bOut.Length; o++, y0 = ref Unsafe.Add(ref y0, stride))
        {
            var bias = TLane.Broadcast(bOut[o]);
            for (nint r = 0; r < rows; r += TLane.Width) TLane.Store(TLane.Load(ref Unsafe.Add(ref y0, r)) + bias, ref Unsafe.Add(ref y0, r));
        }
    }

    /// <summary>See <see cref="KernelSet.LossGradient"/>. An error above 1.8e19 has no finite square in single precision: the loss is
    /// then made again in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Gradient(Span<float> y, ReadOnlySpan<float> target, ReadOnlySpan<float> weight, int stride, double scale, Span<double> dBOut)
    {
        ref var y0 = ref MemoryMarshal.GetReference(y);
        ref var target0 = ref MemoryMarshal.GetReference(target);
        ref var weight0 = ref MemoryMarshal.GetReference(weight);
        TLane factor = TLane.Broadcast((float)scale), loss = default;
        nint i = 0;
        for (var o = 0; o < dBOut.Length; o++)
        {
            TLane total = default;
            for (var end = i + stride; i < end; i += TLane.Width)
            {
                var error = TLane.Load(ref Unsafe.Add(ref y0, i)) - TLane.Load(ref Unsafe.Add(ref target0, i));
                var weighted = TLane.Load(ref Unsafe.Add(ref weight0, i)) * error;
                loss = TLane.MultiplyAdd(weighted, error, loss);
                var gradient = factor * weighted;
                total += gradient;
                TLane.Store(gradient, ref Unsafe.Add(ref y0, i));
            }
            dBOut[o] += TLane.Sum(total);
        }
        var sum = TLane.Sum(loss);
        return float.IsFinite(sum) ? sum : LossInDouble(y, weight, scale);
    }

    /// <summary>Σ m·error² = Σ (scale·m·error)²/(scale²·m): the errors themselves have been overwritten by their gradient.</summary>
    private static double LossInDouble(ReadOnlySpan<float> gradient, ReadOnlySpan<float> weight, double scale)
    {
        var loss = 0.0;
        for (var i = 0; i < weight.Length; i++)
            if (weight[i] > 0) loss += gradient[i] / scale * (gradient[i] / scale) / weight[i];
        return loss;
    }
}
