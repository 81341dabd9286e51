using System.Runtime.Intrinsics;

namespace EiRnnFast.Kernels.Doubles;

/// <summary>Double-precision kernels of the eigenvalue solver, in the widest lanes of this machine. All lanes give the same bits.</summary>
internal abstract unsafe class DoubleKernels
{
    /// <summary>256-bit lanes.</summary>
    public static DoubleKernels Wide256 { get; } = new Of<Lane256>();

    /// <summary>512-bit lanes.</summary>
    public static DoubleKernels Wide512 { get; } = new Of<Lane512>();

    /// <summary>What is fastest here.</summary>
    public static DoubleKernels Current { get; } = Vector512.IsHardwareAccelerated ? Wide512 : Wide256;

    /// <summary>Columns that reflectors act on side by side.</summary>
    public abstract int Columns { get; }

    /// <summary>See <see cref="DoubleTile{TLane}.Multiply"/>.</summary>
    public abstract void Multiply(double* a, nint aRow, nint aStep, double* b, nint bRow, double* c, nint cRow,
        int rows, int depth, int columns, ProductSum sum);

    /// <summary>See <see cref="ReflectorPaths{TLane}.Apply"/>.</summary>
    public abstract void ApplyToRows(double* rows, nint row, in BulgePaths paths);

    /// <summary>See <see cref="ReflectorPaths{TLane}.ApplyToColumns"/>.</summary>
    public abstract void ApplyToColumns(double* matrix, nint row, int height, int columns, double* scratch, in BulgePaths paths);

    private sealed class Of<TLane> : DoubleKernels where TLane : struct, IDoubleLane<TLane>
    {
        public override int Columns => ReflectorPaths<TLane>.Columns;

        public override void Multiply(double* a, nint aRow, nint aStep, double* b, nint bRow, double* c, nint cRow,
            int rows, int depth, int columns, ProductSum sum) =>
            DoubleTile<TLane>.Multiply(a, aRow, aStep, b, bRow, c, cRow, rows, depth, columns, sum);

        public override void ApplyToRows(double* rows, nint row, in BulgePaths paths) => ReflectorPaths<TLane>.Apply(rows, row, paths);

        public override void ApplyToColumns(double* matrix, nint row, int height, int columns, double* scratch, in BulgePaths paths) =>
            ReflectorPaths<TLane>.ApplyToColumns(matrix, row, height, columns, scratch, paths);
    }
}

/// <summary>
/// Reflectors of bulges that were chased through a window, the leading bulge first. Bulge b has Counts[b] of them, from
/// Reflectors + b·Stride·<see cref="Length"/>; the first acts on rows Starts[b] … Starts[b]+2 of the window.
/// </summary>
internal readonly unsafe struct BulgePaths(double* reflectors, int stride, int* starts, int* counts, int bulges)
{
    /// <summary>Doubles of a reflector I − τ·v·vᵀ: v₁, v₂ (v₀ = 1), τ, τ·v₁, τ·v₂.</summary>
    public const int Length = 5;

    public double* Reflectors { get; } = reflectors;
    public int Stride { get; } = stride;
    public int* Starts { get; } = starts;
    public int* Counts { get; } = counts;
    public int Bulges { get; } = bulges;
}
