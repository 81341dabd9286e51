using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EiRnnFast.Kernels.Doubles;

/// <summary>A register of doubles. Every element has the same arithmetic whatever the width, so that widths give the same bits.</summary>
internal unsafe interface IDoubleLane<TSelf> where TSelf : struct, IDoubleLane<TSelf>
{
    /// <summary>Doubles in the register.</summary>
    static abstract int Width { get; }

    static abstract TSelf Broadcast(double value);
    static abstract TSelf Load(double* source);
    static abstract void Store(TSelf value, double* destination);
    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>a·b + c in one rounding.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c − a·b in one rounding.</summary>
    static abstract TSelf MultiplySubtract(TSelf a, TSelf b, TSelf c);
}

/// <summary>256 bits; two halves where the machine has 128.</summary>
internal readonly unsafe struct Lane256 : IDoubleLane<Lane256>
{
    private readonly Vector256<double> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lane256(Vector256<double> v) => _v = v;

    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Load(double* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane256 value, double* destination) => value._v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator +(Lane256 a, Lane256 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 a, Lane256 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 MultiplyAdd(Lane256 a, Lane256 b, Lane256 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 MultiplySubtract(Lane256 a, Lane256 b, Lane256 c) => new(Vector256.FusedMultiplyAdd(-a._v, b._v, c._v));
}

/// <summary>One AVX-512 register.</summary>
internal readonly unsafe struct Lane512 : IDoubleLane<Lane512>
{
    private readonly Vector512<double> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lane512(Vector512<double> v) => _v = v;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane512 value, double* destination) => value._v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator +(Lane512 a, Lane512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 a, Lane512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 MultiplyAdd(Lane512 a, Lane512 b, Lane512 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 MultiplySubtract(Lane512 a, Lane512 b, Lane512 c) => new(Vector512.FusedMultiplyAdd(-a._v, b._v, c._v));
}
