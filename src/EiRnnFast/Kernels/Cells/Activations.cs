using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Cells;

/// <summary>tanh, slope 1 − f²: the published network (arXiv 2208.10304, model).</summary>
internal readonly struct TanhActivation : IActivation
{
    public static string Name => "tanh";
    public static bool IsZeroAtZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T sum) where T : struct, IElementwise<T> => Tanh.Of(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T value) where T : struct, IElementwise<T> => T.Broadcast(1f) - value * value;

    public static float Value(float sum) => MathF.Tanh(sum);

    public static float Slope(float value) => 1 - value * value;

    public static double Value(double sum) => Math.Tanh(sum);

    public static double Slope(double value) => 1 - value * value;
}

/// <summary>max(0, sum), slope 1 above 0, else 0.</summary>
internal readonly struct ReluActivation : IActivation
{
    public static string Name => "relu";
    public static bool IsZeroAtZero => true;

    /// <summary>Below 0 the product with 0 keeps a NaN that the choice alone would hide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T sum) where T : struct, IElementwise<T> => T.WherePositive(sum, sum, sum * T.Broadcast(0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T value) where T : struct, IElementwise<T> => T.WherePositive(value, T.Broadcast(1f), T.Broadcast(0f));

    public static float Value(float sum) => MathF.Max(0, sum);

    public static float Slope(float value) => value > 0 ? 1 : 0;

    public static double Value(double sum) => Math.Max(0, sum);

    public static double Slope(double value) => value > 0 ? 1 : 0;
}

/// <summary>ln(1 + exp sum), slope 1 − exp(−f) = 2·tanh(f/2)/(1 + tanh(f/2)), which loses no digits where f is small.</summary>
internal readonly struct SoftplusActivation : IActivation
{
    public static string Name => "softplus";
    public static bool IsZeroAtZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T sum) where T : struct, IElementwise<T> => Exponential.Softplus(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T value) where T : struct, IElementwise<T>
    {
        var tanh = Tanh.Of(value * T.Broadcast(0.5f));
        return T.Quotient(tanh + tanh, tanh + T.Broadcast(1f));
    }

    public static float Value(float sum) => (float)Value((double)sum);

    public static float Slope(float value) => (float)Slope((double)value);

    /// <summary>ln(1 + e) as e·ln(u)/(u − 1), u = 1 + e rounded: the runtime's own form loses the digits of a small e.</summary>
    public static double Value(double sum)
    {
        var e = Math.Exp(-Math.Abs(sum));
        var u = 1 + e;
        return Math.Max(0, sum) + (u == 1 ? e : e * Math.Log(u) / (u - 1));
    }

    public static double Slope(double value)
    {
        var tanh = Math.Tanh(value / 2);
        return 2 * tanh / (1 + tanh);
    }
}

/// <summary>1/(1 + exp(−sum)), slope f·(1 − f).</summary>
internal readonly struct SigmoidActivation : IActivation
{
    public static string Name => "sigmoid";
    public static bool IsZeroAtZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T sum) where T : struct, IElementwise<T> => Exponential.Logistic(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T value) where T : struct, IElementwise<T> => value * (T.Broadcast(1f) - value);

    public static float Value(float sum) => (float)Value((double)sum);

    public static float Slope(float value) => value * (1 - value);

    public static double Value(double sum)
    {
        var e = Math.Exp(-Math.Abs(sum));
        return (sum > 0 ? 1 : e) / (1 + e);
    }

    public static double Slope(double value) => value * (1 - value);
}

/// <summary>The sum itself, slope 1.</summary>
internal readonly struct LinearActivation : IActivation
{
    public static string Name => "linear";
    public static bool IsZeroAtZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T sum) where T : struct, IElementwise<T> => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T value) where T : struct, IElementwise<T> => T.Broadcast(1f);

    public static float Value(float sum) => sum;

    public static float Slope(float value) => 1;

    public static double Value(double sum) => sum;

    public static double Slope(double value) => 1;
}
