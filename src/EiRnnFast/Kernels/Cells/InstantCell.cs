using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Cells;

/// <summary>α = 1: r_t = f(z_t), δ = f′·pull. Nothing is kept.</summary>
internal readonly struct InstantCell<TActivation> : ICell where TActivation : struct, IActivation
{
    public static string Name => TActivation.Name;
    public static bool HasLeak => false;
    public static bool IsZeroAtZero => TActivation.IsZeroAtZero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Rate<TLane>(Pair<TLane> sum, Pair<TLane> least, in Leak<TLane> leak, ref float before, ref float kept,
        nint stride)
        where TLane : struct, ILane<TLane>
    {
        var rate = TActivation.Value(sum);
        return Pair<TLane>.Flush(rate, TActivation.IsZeroAtZero ? sum : rate, least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Delta<TLane>(Pair<TLane> pull, Pair<TLane> rate, in Leak<TLane> leak, ref float after, ref float kept,
        ref float carry, nint stride)
        where TLane : struct, ILane<TLane> =>
        pull * TActivation.Slope(rate);

    public static float Rate(float sum, float alpha, float before, ref float kept)
    {
        var rate = TActivation.Value(sum);
        return MathF.Abs(TActivation.IsZeroAtZero ? sum : rate) < KernelSet.LeastState ? 0 : rate;
    }

    public static float Delta(float pull, float rate, float alpha, float after, float kept, ref float carry) =>
        pull * TActivation.Slope(rate);

    public static double Value(double sum) => TActivation.Value(sum);

    public static double Slope(double value) => TActivation.Slope(value);
}
