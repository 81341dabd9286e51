using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// tanh x = E/(E + 1) with E = (exp(2|x|) − 1)/2, the sign copied back. E is formed without cancellation as
/// 2ⁿ·q + (2ⁿ − 1)/2, with n = round(2|x|/ln 2), s = |x| − n·ln 2/2 and q = (exp(2s) − 1)/2, so small arguments need no branch.
/// Odd; ±1 beyond 9.02; NaN stays NaN; tanh 0 = 0, which keeps padding zero. Worst errors: TanhTests.
/// </summary>
internal static class Tanh
{
    /// <summary>tanh rounds to 1 in single precision from here on.</summary>
    private const float Saturation = 9.02f;

    /// <summary>
    /// 1.5·2²³ + 127: adding it rounds to an integer n and leaves n + 127, the exponent bits of 2ⁿ, in the lowest bits.
    /// </summary>
    private const float RoundingShift = 12582912f + 127;

    private const float TwoLog2E = 2.88539008f;

    /// <summary>ln 2/2; its rounding error, n·5e-9 in s, is divided by E + 1 and so never reaches 0.2 ulp of tanh.</summary>
    private const float HalfLn2 = 0.34657359f;

    // (exp(2s) − 1)/2 = s + s²·(C2 + C3·s + …) on |s| ≤ ln 2/4, minimax in the relative error: 1.3e-8.
    private const float C2 = 0.99999994f, C3 = 0.66666174f, C4 = 0.33333760f, C5 = 0.13386528f, C6 = 0.04442403f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IElementwise<T>
    {
        // Estrin's order: the chain of dependent operations, not their number, is what the loops around this wait for.
        var u = T.Limit(T.Broadcast(Saturation), T.Abs(x));
        var shifted = T.MultiplyAdd(u, T.Broadcast(TwoLog2E), T.Broadcast(RoundingShift));
        var s = T.MultiplyAdd(shifted - T.Broadcast(RoundingShift), T.Broadcast(-HalfLn2), u);
        var square = s * s;
        var high = T.MultiplyAdd(T.Broadcast(C6), square, T.MultiplyAdd(T.Broadcast(C5), s, T.Broadcast(C4)));
        var sum = T.MultiplyAdd(high, square, T.MultiplyAdd(T.Broadcast(C3), s, T.Broadcast(C2)));
        var q = T.MultiplyAdd(sum, square, s);

        var scale = T.PowerOfTwo(shifted);
        var e = T.MultiplyAdd(scale, q, T.MultiplyAdd(scale, T.Broadcast(0.5f), T.Broadcast(-0.5f)));
        return T.CopySign(T.Quotient(e, e + T.Broadcast(1f)), x);
    }
}
