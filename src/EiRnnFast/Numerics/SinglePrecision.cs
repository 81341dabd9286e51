using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Numerics;

/// <summary>Doubles as numbers of another kind.</summary>
internal static class SinglePrecision
{
    /// <summary>Every value, rounded once where the kind is single.</summary>
    public static void Round<T>(ReadOnlySpan<double> from, Span<T> to) where T : struct, INumber<T>
    {
        var i = 0;
        if (typeof(T) == typeof(float))
            for (var floats = MemoryMarshal.Cast<T, float>(to); i <= from.Length - 8; i += 8)
                Vector256.Narrow(Vector256.Create(from[i..]), Vector256.Create(from[(i + 4)..])).CopyTo(floats[i..]);
        for (; i < from.Length; i++) to[i] = T.CreateTruncating(from[i]);
    }
}
