using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Cells;

/// <summary>
/// A leak of the voltage: v_t = (1 − α)∘v_{t−1} + α∘z_t, r_t = f(v_t) (Song et al. 2016). Keeps v_t, of the last step only.
/// Backward δ_t = α∘f′(v_t)∘pull + (1 − α)∘δ_{t+1}: with one α a unit, δ = α·∂L/∂v carries itself.
/// </summary>
internal readonly struct VoltageCell<TActivation> : ICell where TActivation : struct, IActivation
{
    public static string Name => "voltage-" + TActivation.Name;
    public static bool HasLeak => true;
    public static bool IsZeroAtZero => TActivation.IsZeroAtZero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Rate<TLane>(Pair<TLane> sum, Pair<TLane> least, in Leak<TLane> leak, ref float before, ref float kept,
        nint stride)
        where TLane : struct, ILane<TLane>
    {
        var voltage = Pair<TLane>.MultiplyAdd(leak.Alpha, sum, leak.Rest * Pair<TLane>.Load(ref kept, stride));
        voltage = Pair<TLane>.Flush(voltage, voltage, least);
        Pair<TLane>.Store(voltage, ref kept, stride);
        var rate = TActivation.Value(voltage);
        return Pair<TLane>.Flush(rate, rate, least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Delta<TLane>(Pair<TLane> pull, Pair<TLane> rate, in Leak<TLane> leak, ref float after, ref float kept,
        ref float carry, nint stride)
        where TLane : struct, ILane<TLane> =>
        Pair<TLane>.MultiplyAdd(pull, leak.Alpha * TActivation.Slope(rate), leak.Rest * Pair<TLane>.Load(ref after, stride));

    public static float Rate(float sum, float alpha, float before, ref float kept)
    {
        kept = (1 - alpha) * kept + alpha * sum;
        if (MathF.Abs(kept) < KernelSet.LeastState) kept = 0;
        var rate = TActivation.Value(kept);
        return MathF.Abs(rate) < KernelSet.LeastState ? 0 : rate;
    }

    public static float Delta(float pull, float rate, float alpha, float after, float kept, ref float carry) =>
        alpha * TActivation.Slope(rate) * pull + (1 - alpha) * after;

    public static double Value(double sum) => TActivation.Value(sum);

    public static double Slope(double value) => TActivation.Slope(value);
}
