using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using EiRnnFast.Kernels;
using EiRnnFast.Numerics;

namespace EiRnnFast.Benchmarks;

/// <summary>The register tile alone: 64×N times N×N over packed panels, whole tiles only, nothing done to the sums.</summary>
public class TileBenchmark : ICountedWork
{
    private const int Rows = 64;
    private Action<AlignedBuffer, AlignedBuffer, AlignedBuffer, int> _multiply = null!;
    private AlignedBuffer _a = null!, _packed = null!, _c = null!;

    [Params(48, 96, 192, 480, 960)]
    public int Units { get; set; }

    [ParamsSource(nameof(Lanes))]
    public string Kernels { get; set; } = "";

    public static IEnumerable<string> Lanes =>
        KernelSet.Available.Where(kernels => kernels != KernelSet.Scalar).Select(kernels => kernels.Name);

    double? ICountedWork.Operations => 2.0 * Rows * Units * Units;

    [GlobalSetup]
    public void Setup()
    {
        _multiply = Kernels == "vector512" ? Panels<Vector512Lane, Tile8x3>
            : VectorLane.TileRows == 8 ? Panels<VectorLane, Tile8x3> : Panels<VectorLane, Tile4x3>;
        (_a, _packed, _c) = (RandomMatrix.Uniform(Rows, Units, Units), RandomMatrix.Uniform(Units, Units, Units),
            new AlignedBuffer(Rows * Units));
    }

    [Benchmark(Description = "tile")]
    public void Tile() => _multiply(_a, _packed, _c, Units);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<TLane, TShape>(AlignedBuffer a, AlignedBuffer packed, AlignedBuffer c, int units)
        where TLane : struct, ILane<TLane>
        where TShape : struct, ITileShape
    {
        ref var a0 = ref MemoryMarshal.GetReference(a.Span);
        ref var b0 = ref MemoryMarshal.GetReference(packed.Span);
        ref var c0 = ref MemoryMarshal.GetReference(c.Span);
        nint n = units, step = TShape.Lanes * TLane.Width, terms = units <= 128 ? units : 96; // 64 rows and a panel of this depth fit L1
        for (nint column = 0; column < n; column += step)
            for (nint k = 0; k < n; k += terms)
                for (nint row = 0; row < Rows; row += TShape.Rows)
                    GemmTile<TLane>.Run<TShape>(ref Unsafe.Add(ref a0, row * n + k), n, 1, ref Unsafe.Add(ref b0, column * n + k * step),
                        step, Math.Min(n - k, terms), ref Unsafe.Add(ref c0, row * n + column), n, accumulate: k > 0);
    }
}
