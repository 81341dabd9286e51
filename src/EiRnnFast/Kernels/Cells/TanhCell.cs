using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Cells;

/// <summary>h = tanh(sum), slope 1 − h²: the published network (arXiv 2208.10304, model).</summary>
internal readonly struct TanhCell : ICell
{
    public static string Name => "tanh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> State<TLane>(Pair<TLane> sum, ref float before, nint stride) where TLane : struct, ILane<TLane> =>
        Tanh.Of(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Slope<TLane>(Pair<TLane> state) where TLane : struct, ILane<TLane> =>
        Pair<TLane>.Broadcast(1f) - state * state;

    public static float State(float sum, float before) => MathF.Tanh(sum);

    public static float Slope(float state) => 1 - state * state;

    public static double State(double sum, double before) => Math.Tanh(sum);

    public static double Slope(double state) => 1 - state * state;
}
