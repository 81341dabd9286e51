using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels;

/// <summary>Elementwise arithmetic on one register of floats, or on several side by side.</summary>
internal interface IElementwise<TSelf> where TSelf : struct, IElementwise<TSelf>
{
    static abstract TSelf Broadcast(float value);
    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a·b + c, in one rounding where the hardware has it.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Abs(TSelf value);

    /// <summary>The smaller of a limit and a value, in one instruction; NaN when the value is.</summary>
    static abstract TSelf Limit(TSelf limit, TSelf value);

    /// <summary>a/b to 1 ulp, for finite a and b from 1 to 2⁶⁰: without the divider where that is faster.</summary>
    static abstract TSelf Quotient(TSelf a, TSelf b);

    /// <summary>The value, or 0 where <paramref name="judged"/> is smaller in magnitude than a threshold; NaN stays.</summary>
    static abstract TSelf Flush(TSelf value, TSelf judged, TSelf threshold);

    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>One value where <paramref name="judged"/> is above 0, else, NaN included, the other.</summary>
    static abstract TSelf WherePositive(TSelf judged, TSelf value, TSelf otherwise);

    /// <summary>2ⁿ, where the lowest nine bits of the argument's bit pattern hold the integer n + 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf biasedExponentInLowBits);
}

/// <summary>
/// A register of floats. The kernels are written once over this type; the JIT compiles one body per lane, with the
/// wrapper gone (checked in its disassembly: accumulators stay in registers, one fused instruction per multiply-add).
/// </summary>
internal interface ILane<TSelf> : IElementwise<TSelf> where TSelf : struct, ILane<TSelf>
{
    /// <summary>Floats in the register.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the register tile: 8×3 accumulators fill 32 registers, 4×3 fill 16.</summary>
    static abstract int TileRows { get; }

    static abstract TSelf Load(ref float source);
    static abstract void Store(TSelf value, ref float destination);

    /// <summary>a·b + c with b in memory: one instruction, where a load of its own would be a second one.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, ref float b, TSelf c);
    static abstract TSelf operator /(TSelf a, TSelf b);
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>The smaller; NaN when either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; NaN when either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract float Sum(TSelf value);

    /// <summary>The sums of four registers, next to each other.</summary>
    static abstract void SumEach(TSelf a, TSelf b, TSelf c, TSelf d, ref float destination);

    /// <summary>Asks for the cache line of an address that will be read soon; any address will do.</summary>
    static abstract void Prefetch(ref float source);
}

/// <summary>The machine's <see cref="Vector{T}"/>: 128 bits on Arm, 256 on x86 (also where AVX-512 exists).</summary>
internal readonly struct VectorLane : ILane<VectorLane>
{
    private readonly Vector<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VectorLane(Vector<float> v) => _v = v;

    public static int Width => Vector<float>.Count;
    public static int TileRows => NeonTile.Serves<VectorLane>() ? 8 : 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Broadcast(float value) => new(Vector.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Load(ref float source) => new(Vector.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(VectorLane value, ref float destination) => value._v.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane operator +(VectorLane a, VectorLane b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane operator -(VectorLane a, VectorLane b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane operator *(VectorLane a, VectorLane b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane operator /(VectorLane a, VectorLane b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane MultiplyAdd(VectorLane a, VectorLane b, VectorLane c) => new(Vector.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane MultiplyAdd(VectorLane a, ref float b, VectorLane c) =>
        new(Vector.MultiplyAddEstimate(a._v, Vector.LoadUnsafe(ref b), c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Sqrt(VectorLane value) => new(Vector.SquareRoot(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Abs(VectorLane value) => new(Vector.Abs(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Min(VectorLane a, VectorLane b) => new(Vector.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Max(VectorLane a, VectorLane b) => new(Vector.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Flush(VectorLane value, VectorLane judged, VectorLane threshold) =>
        new(Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(judged._v), threshold._v), Vector<float>.Zero, value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane CopySign(VectorLane magnitude, VectorLane sign) => new(Vector.CopySign(magnitude._v, sign._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane WherePositive(VectorLane judged, VectorLane value, VectorLane otherwise) =>
        new(Vector.ConditionalSelect(Vector.GreaterThan(judged._v, Vector<float>.Zero), value._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Limit(VectorLane limit, VectorLane value) => new(Vector.MinNative(limit._v, value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Quotient(VectorLane a, VectorLane b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ref float source) => Prefetching.Line(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane PowerOfTwo(VectorLane biasedExponentInLowBits) =>
        new(Vector.AsVectorSingle(Vector.AsVectorInt32(biasedExponentInLowBits._v) << 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(VectorLane value) => Vector.Sum(value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEach(VectorLane a, VectorLane b, VectorLane c, VectorLane d, ref float destination)
    {
        if (Width == 8) Reduction.SumEach(a._v.AsVector256(), b._v.AsVector256(), c._v.AsVector256(), d._v.AsVector256(), ref destination);
        else Vector128.Create(Sum(a), Sum(b), Sum(c), Sum(d)).StoreUnsafe(ref destination);
    }
}

/// <summary>One AVX-512 register.</summary>
internal readonly struct Vector512Lane : ILane<Vector512Lane>
{
    private readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512Lane(Vector512<float> v) => _v = v;

    public static int Width => Vector512<float>.Count;
    public static int TileRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Load(ref float source) => new(Vector512.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512Lane value, ref float destination) => value._v.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane operator +(Vector512Lane a, Vector512Lane b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane operator -(Vector512Lane a, Vector512Lane b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane operator *(Vector512Lane a, Vector512Lane b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane operator /(Vector512Lane a, Vector512Lane b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane MultiplyAdd(Vector512Lane a, Vector512Lane b, Vector512Lane c) =>
        new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane MultiplyAdd(Vector512Lane a, ref float b, Vector512Lane c) =>
        new(Vector512.FusedMultiplyAdd(a._v, Vector512.LoadUnsafe(ref b), c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Sqrt(Vector512Lane value) => new(Vector512.Sqrt(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Abs(Vector512Lane value) => new(Vector512.Abs(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Min(Vector512Lane a, Vector512Lane b) => new(Vector512.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Max(Vector512Lane a, Vector512Lane b) => new(Vector512.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Flush(Vector512Lane value, Vector512Lane judged, Vector512Lane threshold) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(judged._v), threshold._v), Vector512<float>.Zero, value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane CopySign(Vector512Lane magnitude, Vector512Lane sign) =>
        new(Vector512.CopySign(magnitude._v, sign._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane WherePositive(Vector512Lane judged, Vector512Lane value, Vector512Lane otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(judged._v, Vector512<float>.Zero), value._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Limit(Vector512Lane limit, Vector512Lane value) => new(Vector512.MinNative(limit._v, value._v));

    /// <summary>
    /// A 14-bit reciprocal and one correction by the remainder: a 512-bit division holds its port for 16 cycles, this takes 3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Quotient(Vector512Lane a, Vector512Lane b)
    {
        if (!Avx512F.IsSupported) return a / b;
        var reciprocal = Avx512F.Reciprocal14(b._v);
        var quotient = a._v * reciprocal;
        var remainder = Avx512F.FusedMultiplyAddNegated(quotient, b._v, a._v);
        return new(Vector512.FusedMultiplyAdd(remainder, reciprocal, quotient));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ref float source) => Prefetching.Line(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane PowerOfTwo(Vector512Lane biasedExponentInLowBits) =>
        new((biasedExponentInLowBits._v.AsInt32() << 23).AsSingle());

    /// <summary>Halves until a quarter is left: Vector512.Sum reduces each quarter by itself, twice the instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512Lane value)
    {
        var eight = value._v.GetLower() + value._v.GetUpper();
        return Vector128.Sum(eight.GetLower() + eight.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEach(Vector512Lane a, Vector512Lane b, Vector512Lane c, Vector512Lane d, ref float destination) =>
        Reduction.SumEach(a._v.GetLower() + a._v.GetUpper(), b._v.GetLower() + b._v.GetUpper(), c._v.GetLower() + c._v.GetUpper(),
            d._v.GetLower() + d._v.GetUpper(), ref destination);
}

file static class Reduction
{
    /// <summary>Seven shuffles for four sums; one after the other they take twelve.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEach(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, ref float destination)
    {
        if (Avx.IsSupported)
        {
            var halves = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
            (halves.GetLower() + halves.GetUpper()).StoreUnsafe(ref destination);
        }
        else Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d)).StoreUnsafe(ref destination);
    }
}

file static class Prefetching
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line(ref float source)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref source));
    }
}
