using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>The linear readout y = h·W_out + b_out and the gradient of W_out. W_out is kept transposed, [O×W], so that both run along rows.</summary>
internal static class ReadoutLayer<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>See <see cref="KernelSet.Readout"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> h, ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, int outputs, int rows, int width, Span<float> y)
    {
        ref var h0 = ref MemoryMarshal.GetReference(h);
        ref var w0 = ref MemoryMarshal.GetReference(wOut);
        for (nint r = 0; r < rows; r++)
        {
            ref var hRow = ref Unsafe.Add(ref h0, r * width);
            for (var o = 0; o < outputs; o++)
            {
                ref var wRow = ref Unsafe.Add(ref w0, (nint)o * width);
                var sum = TLane.Broadcast(0f);
                for (nint column = 0; column < width; column += TLane.Width)
                    sum = TLane.MultiplyAdd(TLane.Load(ref Unsafe.Add(ref hRow, column)), TLane.Load(ref Unsafe.Add(ref wRow, column)), sum);
                y[(int)r * outputs + o] = TLane.Sum(sum) + bOut[o];
            }
        }
    }

    /// <summary>See <see cref="KernelSet.AccumulateReadoutGradient"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightGradient(ReadOnlySpan<float> h, ReadOnlySpan<float> dy, int outputs, int rows, int width, Span<float> dWOut)
    {
        ref var h0 = ref MemoryMarshal.GetReference(h);
        ref var dy0 = ref MemoryMarshal.GetReference(dy);
        ref var g0 = ref MemoryMarshal.GetReference(dWOut);
        for (nint column = 0; column < width; column += TLane.Width)
        {
            for (nint o = 0; o < outputs; o++)
            {
                var sum = TLane.Broadcast(0f);
                for (nint r = 0; r < rows; r++)
                    sum = TLane.MultiplyAdd(TLane.Broadcast(Unsafe.Add(ref dy0, r * outputs + o)), TLane.Load(ref Unsafe.Add(ref h0, r * width + column)), sum);
                ref var place = ref Unsafe.Add(ref g0, o * width + column);
                TLane.Store(TLane.Load(ref place) + sum, ref place);
            }
        }
    }
}
