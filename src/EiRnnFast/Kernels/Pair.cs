using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// Two registers, of two rows, through the same arithmetic step by step. The scheduler of a core looks about 100 operations
/// ahead, which is three tanh: one after the other, each waits for its own latencies; side by side they wait less
/// (2 to 3 cycles a register, measured).
/// </summary>
internal readonly struct Pair<TLane>(TLane a, TLane b) : IElementwise<Pair<TLane>> where TLane : struct, ILane<TLane>
{
    private readonly TLane _a = a, _b = b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Broadcast(float value) => Same(TLane.Broadcast(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Same(TLane value) => new(value, value);

    /// <summary>Registers of two rows, <paramref name="stride"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Load(ref float source, nint stride) =>
        new(TLane.Load(ref source), TLane.Load(ref Unsafe.Add(ref source, stride)));

    /// <summary>One value of each of two rows, next to each other, in every place of its register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Broadcast(ref float source) => new(TLane.Broadcast(source), TLane.Broadcast(Unsafe.Add(ref source, 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<TLane> value, ref float destination, nint stride)
    {
        TLane.Store(value._a, ref destination);
        TLane.Store(value._b, ref Unsafe.Add(ref destination, stride));
    }

    /// <summary>The sum of the two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane SumOfRows(Pair<TLane> x) => x._a + x._b;

    /// <summary>Σ x·y over the two rows, added to a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Dot(Pair<TLane> x, Pair<TLane> y, TLane sum) => TLane.MultiplyAdd(x._a, y._a, TLane.MultiplyAdd(x._b, y._b, sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> operator +(Pair<TLane> x, Pair<TLane> y) => new(x._a + y._a, x._b + y._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> operator -(Pair<TLane> x, Pair<TLane> y) => new(x._a - y._a, x._b - y._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> operator *(Pair<TLane> x, Pair<TLane> y) => new(x._a * y._a, x._b * y._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> MultiplyAdd(Pair<TLane> x, Pair<TLane> y, Pair<TLane> z) =>
        new(TLane.MultiplyAdd(x._a, y._a, z._a), TLane.MultiplyAdd(x._b, y._b, z._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Abs(Pair<TLane> x) => new(TLane.Abs(x._a), TLane.Abs(x._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Limit(Pair<TLane> limit, Pair<TLane> x) => new(TLane.Limit(limit._a, x._a), TLane.Limit(limit._b, x._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Quotient(Pair<TLane> x, Pair<TLane> y) => new(TLane.Quotient(x._a, y._a), TLane.Quotient(x._b, y._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> Flush(Pair<TLane> x, Pair<TLane> judged, Pair<TLane> threshold) =>
        new(TLane.Flush(x._a, judged._a, threshold._a), TLane.Flush(x._b, judged._b, threshold._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> CopySign(Pair<TLane> magnitude, Pair<TLane> sign) =>
        new(TLane.CopySign(magnitude._a, sign._a), TLane.CopySign(magnitude._b, sign._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> WherePositive(Pair<TLane> judged, Pair<TLane> value, Pair<TLane> otherwise) =>
        new(TLane.WherePositive(judged._a, value._a, otherwise._a), TLane.WherePositive(judged._b, value._b, otherwise._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TLane> PowerOfTwo(Pair<TLane> x) => new(TLane.PowerOfTwo(x._a), TLane.PowerOfTwo(x._b));
}
