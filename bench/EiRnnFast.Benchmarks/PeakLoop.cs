using System.Diagnostics;
using System.Runtime.CompilerServices;
using EiRnnFast.Kernels;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// The most multiply-adds that one core does in registers of a lane's width: twelve independent sums, more than two units with
/// a latency of four cycles can have under way, and nothing else in the loop.
/// </summary>
internal static class PeakLoop
{
    /// <summary>GFLOP/s of the widest lane that a kernel set uses; the scalar set is held against the portable lane.</summary>
    public static double Measure(KernelSet kernels, double milliseconds = 20) =>
        kernels == KernelSet.Vector512 ? Measure<Vector512Lane>(milliseconds) : Measure<VectorLane>(milliseconds);

    /// <summary>GFLOP/s over about the given time.</summary>
    public static double Measure<TLane>(double milliseconds = 20) where TLane : struct, ILane<TLane>
    {
        const int rounds = 20_000;
        var (start, done) = (Stopwatch.GetTimestamp(), 0L);
        do
        {
            GC.KeepAlive(Run<TLane>(rounds, TLane.Broadcast(1e-3f)));
            done += rounds;
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds);
        return done * 12.0 * 2 * TLane.Width / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run<TLane>(long rounds, TLane x) where TLane : struct, ILane<TLane>
    {
        TLane a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (; rounds > 0; rounds--)
        {
            a = TLane.MultiplyAdd(x, x, a);
            b = TLane.MultiplyAdd(x, x, b);
            c = TLane.MultiplyAdd(x, x, c);
            d = TLane.MultiplyAdd(x, x, d);
            e = TLane.MultiplyAdd(x, x, e);
            f = TLane.MultiplyAdd(x, x, f);
            g = TLane.MultiplyAdd(x, x, g);
            h = TLane.MultiplyAdd(x, x, h);
            i = TLane.MultiplyAdd(x, x, i);
            j = TLane.MultiplyAdd(x, x, j);
            k = TLane.MultiplyAdd(x, x, k);
            l = TLane.MultiplyAdd(x, x, l);
        }
        return TLane.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
