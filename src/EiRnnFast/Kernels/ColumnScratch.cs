using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>Columns of row-major matrices, laid out with the rows next to each other.</summary>
/// <param name="storage">Memory of as many columns as are used, <see cref="Fringe{TLane}.MostRows"/> floats each.</param>
/// <param name="width">Floats from one row of the matrices to the next.</param>
internal readonly ref struct ColumnScratch<TLane>(Span<float> storage, nint width) where TLane : struct, ILane<TLane>
{
    private readonly ref float _first = ref MemoryMarshal.GetReference(storage);

    /// <summary>Row r of a column of the scratch memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float At(nint place, nint r) => ref Unsafe.Add(ref _first, place * Fringe<TLane>.MostRows + r);

    /// <summary>Copies a column in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(nint place, ref float column, nint rows)
    {
        ref var to = ref At(place, 0);
        for (nint r = 0; r < rows; r++, column = ref Unsafe.Add(ref column, width)) Unsafe.Add(ref to, r) = column;
    }

    /// <summary>total (+=) a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float column, nint rows, ref float total)
    {
        for (nint r = 0; r < rows; r++, column = ref Unsafe.Add(ref column, width)) Unsafe.Add(ref total, r) += column;
    }

    /// <summary>Copies values out into a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(ref float from, nint rows, ref float column, nint width)
    {
        for (nint r = 0; r < rows; r++, column = ref Unsafe.Add(ref column, width)) column = Unsafe.Add(ref from, r);
    }
}
