using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Kernels;

/// <summary>
/// A register of floats. The kernels are written once over this type; the JIT compiles one body per lane, with the
/// wrapper gone (checked in its disassembly: accumulators stay in registers, one fused instruction per multiply-add).
/// </summary>
internal interface ILane<TSelf> where TSelf : struct, ILane<TSelf>
{
    /// <summary>Floats in the register.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the register tile: 8×3 accumulators fill 32 registers, 4×3 fill 16.</summary>
    static abstract int TileRows { get; }

    static abstract TSelf Broadcast(float value);
    static abstract TSelf Load(ref float source);
    static abstract void Store(TSelf value, ref float destination);
    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator *(TSelf a, TSelf b);
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c, in one rounding where the hardware has it.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf value);
    static abstract TSelf Abs(TSelf value);

    /// <summary>The smaller; NaN when either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; NaN when either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>2ⁿ, where the lowest nine bits of the argument's bit pattern hold the integer n.</summary>
    static abstract TSelf PowerOfTwo(TSelf integerInLowBits);

    static abstract float Sum(TSelf value);
}

/// <summary>The machine's <see cref="Vector{T}"/>: 128 bits on Arm, 256 on x86 (also where AVX-512 exists).</summary>
internal readonly struct VectorLane : ILane<VectorLane>
{
    private readonly Vector<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VectorLane(Vector<float> v) => _v = v;

    public static int Width => Vector<float>.Count;
    public static int TileRows => 4;

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
    public static VectorLane Sqrt(VectorLane value) => new(Vector.SquareRoot(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Abs(VectorLane value) => new(Vector.Abs(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Min(VectorLane a, VectorLane b) => new(Vector.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane Max(VectorLane a, VectorLane b) => new(Vector.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane CopySign(VectorLane magnitude, VectorLane sign) => new(Vector.CopySign(magnitude._v, sign._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorLane PowerOfTwo(VectorLane integerInLowBits) =>
        new(Vector.AsVectorSingle((Vector.AsVectorInt32(integerInLowBits._v) << 23) + Vector.Create(0x3f800000)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(VectorLane value) => Vector.Sum(value._v);
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
    public static Vector512Lane Sqrt(Vector512Lane value) => new(Vector512.Sqrt(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Abs(Vector512Lane value) => new(Vector512.Abs(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Min(Vector512Lane a, Vector512Lane b) => new(Vector512.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane Max(Vector512Lane a, Vector512Lane b) => new(Vector512.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane CopySign(Vector512Lane magnitude, Vector512Lane sign) =>
        new(Vector512.CopySign(magnitude._v, sign._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512Lane PowerOfTwo(Vector512Lane integerInLowBits) =>
        new(((integerInLowBits._v.AsInt32() << 23) + Vector512.Create(0x3f800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512Lane value) => Vector512.Sum(value._v);
}
