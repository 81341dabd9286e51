using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// The linear readout y = h·W_out + b_out and, in the same pass, the masked mean squared error and its gradient.
/// W_out is kept transposed, [O×W], so that both operands run along rows.
/// </summary>
internal static class ReadoutLoss<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>See <see cref="KernelSet.Readout"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int rows, int width, Span<float> y)
    {
        ref var hRow = ref MemoryMarshal.GetReference(h);
        for (var r = 0; r < rows; r++, hRow = ref Unsafe.Add(ref hRow, width))
        {
            ref var wRow = ref MemoryMarshal.GetReference(wOut);
            for (var o = 0; o < bOut.Length; o++, wRow = ref Unsafe.Add(ref wRow, width)) y[r * bOut.Length + o] = Dot(ref hRow, ref wRow, width) + bOut[o];
        }
    }

    /// <summary>See <see cref="KernelSet.ReadoutLoss"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Gradient(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, TimeSlice target, ReadOnlySpan<float> weight,
        double scale, Span<float> dy, Span<double> dBOut, int rows, int width)
    {
        var loss = 0.0;
        ref var wRow = ref MemoryMarshal.GetReference(wOut);
        ref var target0 = ref MemoryMarshal.GetReference(target.Values);
        ref var weight0 = ref MemoryMarshal.GetReference(weight);
        ref var dy0 = ref MemoryMarshal.GetReference(dy);
        for (var o = 0; o < bOut.Length; o++, wRow = ref Unsafe.Add(ref wRow, width))
        {
            ref var hRow = ref MemoryMarshal.GetReference(h);
            var bias = bOut[o];
            var total = 0.0;
            nint at = o;
            for (var r = 0; r < rows; r++, hRow = ref Unsafe.Add(ref hRow, width), at += target.RowStride)
            {
                var y = Dot(ref hRow, ref wRow, width) + bias;
                var error = (double)y - Unsafe.Add(ref target0, at);
                var pull = Unsafe.Add(ref weight0, at) * error;
                loss += pull * error;
                var gradient = (float)(scale * pull);
                Unsafe.Add(ref dy0, at) = gradient;
                total += gradient;
            }
            dBOut[o] += total;
        }
        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ref float a, ref float b, nint width)
    {
        var sum = TLane.Load(ref a) * TLane.Load(ref b);
        for (nint column = TLane.Width; column < width; column += TLane.Width)
            sum = TLane.MultiplyAdd(TLane.Load(ref Unsafe.Add(ref a, column)), TLane.Load(ref Unsafe.Add(ref b, column)), sum);
        return TLane.Sum(sum);
    }
}
