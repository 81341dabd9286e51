using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// Functions of e = exp(−|x|), which never overflows: the logistic function and softplus. Both are exact to a few ulp, also where
/// they are small, down to exp(−87). NaN stays NaN. Worst errors: ActivationTests.
/// </summary>
internal static class Exponential
{
    /// <summary>1.5·2²³ + 127: adding it rounds to an integer n and leaves n + 127, the exponent bits of 2ⁿ, in the lowest bits.</summary>
    private const float RoundingShift = 12582912f + 127;

    /// <summary>exp(−87) is the last that is no subnormal number.</summary>
    private const float MostArgument = 87;

    /// <summary>ln 2 in two parts: n times the first is exact.</summary>
    private const float Log2E = 1.44269504f, Ln2High = 0.693145752f, Ln2Low = 1.42860677e-6f;

    /// <summary>1/(1 + exp(−x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Logistic<T>(T x) where T : struct, IElementwise<T>
    {
        var e = OfMinusMagnitude(x);
        var upper = T.Quotient(T.Broadcast(1f), e + T.Broadcast(1f));
        return T.WherePositive(x, upper, upper * e);
    }

    /// <summary>ln(1 + exp x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x) where T : struct, IElementwise<T>
    {
        // ln(1 + e) = 2·artanh(t), t = e/(2 + e) ≤ 1/3.
        var e = OfMinusMagnitude(x);
        var t = T.Quotient(e, e + T.Broadcast(2f));
        var square = t * t;
        var series = T.MultiplyAdd(T.Broadcast(2f / 13), square, T.Broadcast(2f / 11));
        series = T.MultiplyAdd(series, square, T.Broadcast(2f / 9));
        series = T.MultiplyAdd(series, square, T.Broadcast(2f / 7));
        series = T.MultiplyAdd(series, square, T.Broadcast(2f / 5));
        series = T.MultiplyAdd(series, square, T.Broadcast(2f / 3));
        var logarithm = T.MultiplyAdd(series * square, t, t + t);
        return T.WherePositive(x, x, T.Broadcast(0f)) + logarithm;
    }

    /// <summary>exp(−|x|) as 2ⁿ·exp(s), |s| ≤ ln 2/2, by the Taylor polynomial of degree 7: relative error 6e-9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfMinusMagnitude<T>(T x) where T : struct, IElementwise<T>
    {
        var u = T.Limit(T.Broadcast(MostArgument), T.Abs(x));
        var shifted = T.MultiplyAdd(u, T.Broadcast(-Log2E), T.Broadcast(RoundingShift));
        var n = shifted - T.Broadcast(RoundingShift);
        var s = T.MultiplyAdd(n, T.Broadcast(-Ln2Low), T.MultiplyAdd(n, T.Broadcast(-Ln2High), T.Broadcast(0f) - u));
        var square = s * s;
        var high = T.MultiplyAdd(T.MultiplyAdd(T.Broadcast(1f / 5040), s, T.Broadcast(1f / 720)), square,
            T.MultiplyAdd(T.Broadcast(1f / 120), s, T.Broadcast(1f / 24)));
        var sum = T.MultiplyAdd(high, square, T.MultiplyAdd(T.Broadcast(1f / 6), s, T.Broadcast(0.5f)));
        return T.PowerOfTwo(shifted) * (T.MultiplyAdd(sum, square, s) + T.Broadcast(1f));
    }
}
