using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Cells;

/// <summary>
/// A leak of the rate: r_t = (1 − α)∘r_{t−1} + α∘f(z_t) (Yang et al. 2019). Keeps f(z_t). Backward g_t = pull + (1 − α)∘g_{t+1},
/// δ_t = α∘f′∘g_t, with g = ∂L/∂r carried from step to step.
/// </summary>
internal readonly struct RateCell<TActivation> : ICell where TActivation : struct, IActivation
{
    public static string Name => "rate-" + TActivation.Name;
    public static bool HasLeak => true;
    public static bool IsZeroAtZero => TActivation.IsZeroAtZero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Rate<TLane>(Pair<TLane> sum, Pair<TLane> least, in Leak<TLane> leak, ref float before, ref float kept,
        nint stride)
        where TLane : struct, ILane<TLane>
    {
        var value = TActivation.Value(sum);
        value = Pair<TLane>.Flush(value, value, least);
        Pair<TLane>.Store(value, ref kept, stride);
        var rate = Pair<TLane>.MultiplyAdd(leak.Alpha, value, leak.Rest * Pair<TLane>.Load(ref before, stride));
        return Pair<TLane>.Flush(rate, rate, least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Delta<TLane>(Pair<TLane> pull, Pair<TLane> rate, in Leak<TLane> leak, ref float after, ref float kept,
        ref float carry, nint stride)
        where TLane : struct, ILane<TLane>
    {
        var gradient = Pair<TLane>.MultiplyAdd(leak.Rest, Pair<TLane>.Load(ref carry, stride), pull);
        gradient = Pair<TLane>.Flush(gradient, gradient, Pair<TLane>.Broadcast(KernelSet.LeastDelta));
        Pair<TLane>.Store(gradient, ref carry, stride);
        return gradient * (leak.Alpha * TActivation.Slope(Pair<TLane>.Load(ref kept, stride)));
    }

    public static float Rate(float sum, float alpha, float before, ref float kept)
    {
        kept = TActivation.Value(sum);
        var rate = (1 - alpha) * before + alpha * kept;
        return MathF.Abs(rate) < KernelSet.LeastState ? 0 : rate;
    }

    public static float Delta(float pull, float rate, float alpha, float after, float kept, ref float carry)
    {
        carry = pull + (1 - alpha) * carry;
        if (MathF.Abs(carry) < KernelSet.LeastDelta) carry = 0;
        return alpha * TActivation.Slope(kept) * carry;
    }

    public static double Value(double sum) => TActivation.Value(sum);

    public static double Slope(double value) => TActivation.Slope(value);
}
