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
    public static void Readout(in ReadoutOperands readout, int width)
    {
        ref var y0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(readout.Y), readout.First);
        ref var h0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(readout.H), readout.First * width);
        ref var w0 = ref MemoryMarshal.GetReference(readout.WOut);
        int rows = readout.Rows - readout.First, stride = readout.Stride, outputs = readout.BOut.Length;
        DotProducts<TLane>.Run(ref h0, rows, ref w0, outputs, width, width / TLane.Width, ref y0, 1, stride);
        for (var o = 0; o < outputs; o++)
        {
            ref var y = ref Unsafe.Add(ref y0, o * stride);
            var bias = TLane.Broadcast(readout.BOut[o]);
            for (nint r = 0; r < rows; r += TLane.Width)
                TLane.Store(TLane.Load(ref Unsafe.Add(ref y, r)) + bias, ref Unsafe.Add(ref y, r));
        }
    }

    /// <summary>
    /// See <see cref="KernelSet.LossGradient"/>. An error above 1.8e19 has no finite square in single precision: the loss is
    /// then made again in double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Gradient(in LossOperands operands)
    {
        ref var y0 = ref MemoryMarshal.GetReference(operands.Y);
        ref var target0 = ref MemoryMarshal.GetReference(operands.Target);
        ref var weight0 = ref MemoryMarshal.GetReference(operands.Weight);
        int stride = operands.Stride, outputs = operands.DBOut.Length;
        TLane factor = TLane.Broadcast((float)operands.Scale), loss = default;
        nint i = 0;
        for (var o = 0; o < outputs; o++)
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
            operands.DBOut[o] += TLane.Sum(total);
        }
        var sum = TLane.Sum(loss);
        return float.IsFinite(sum) ? sum : LossInDouble(operands);
    }

    /// <summary>
    /// Σ m·error² = Σ (scale·m·error)²/(scale²·m): the errors themselves have been overwritten by their gradient.
    /// </summary>
    private static double LossInDouble(in LossOperands operands)
    {
        var loss = 0.0;
        for (var i = 0; i < operands.Weight.Length; i++)
        {
            var (gradient, weight) = (operands.Y[i], operands.Weight[i]);
            if (weight > 0) loss += gradient / operands.Scale * (gradient / operands.Scale) / weight;
        }
        return loss;
    }
}
