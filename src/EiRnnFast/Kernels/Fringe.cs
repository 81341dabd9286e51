using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>
/// The last columns of a network whose size is less than half a lane above a multiple of it (50 units: 48 + 2). A lane of their
/// own would be mostly padding; here each is a dot product along rows, and its epilogue runs over the rows of the batch.
/// </summary>
internal static class Fringe<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Rows at a time: their sums stay in L1.</summary>
    private const int BlockRows = 64;

    /// <summary>Columns of the fringe; 0 where whole lanes do as well. At most half a lane.</summary>
    public static int Columns(int units) => units > TLane.Width && units % TLane.Width <= TLane.Width / 2 ? units % TLane.Width : 0;

    /// <summary>Lanes before the fringe.</summary>
    public static int LanesBefore(int units) => Columns(units) > 0 ? units / TLane.Width : Lanes(units);

    /// <summary>Lanes that hold all units.</summary>
    public static int Lanes(int units) => (units + TLane.Width - 1) / TLane.Width;

    /// <summary>packed (=) the fringe's columns of W, or rows for its transpose, one after the other, [F×W].</summary>
    public static void Pack(ReadOnlySpan<float> w, int units, int width, bool transpose, Span<float> packed)
    {
        var columns = Columns(units);
        for (var f = 0; f < columns; f++)
        {
            var column = units - columns + f;
            var to = packed.Slice(f * width, width);
            if (transpose) w.Slice(column * width, width).CopyTo(to);
            else
            {
                for (var k = 0; k < units; k++) to[k] = w[k * width + column];
                to[units..].Clear();
            }
        }
    }

    /// <summary>The fringe's part of <see cref="KernelSet.ForwardStep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int stride, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units, int width)
    {
        int columns = Columns(units), first = units - columns;
        Span<float> scratch = stackalloc float[columns * BlockRows];
        ref var sums = ref MemoryMarshal.GetReference(scratch);
        var least = TLane.Broadcast(KernelSet.LeastState);
        for (var row = 0; row < rows; row += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - row);
            DotProducts<TLane>.Run(ref Unsafe.Add(ref MemoryMarshal.GetReference(hPrevious), row * width), ref MemoryMarshal.GetReference(packed), width,
                Lanes(units), count, columns, ref sums, BlockRows);
            for (var f = 0; f < columns; f++)
            {
                ref var sum0 = ref Unsafe.Add(ref sums, f * BlockRows);
                for (var r = 0; r < count; r += TLane.Width)
                {
                    var sum = TLane.Load(ref Unsafe.Add(ref sum0, r)) + TLane.Broadcast(bias[first + f]);
                    for (var i = 0; i < inputs; i++)
                        sum = TLane.MultiplyAdd(Series(x, i * stride + row + r), TLane.Broadcast(wIn[i * width + first + f]), sum);
                    TLane.Store(TLane.Flush(Tanh.Of(sum), sum, least), ref Unsafe.Add(ref sum0, r));
                }
            }
            Scatter(ref sums, columns, count, ref Unsafe.Add(ref MemoryMarshal.GetReference(h), row * width + first), width);
        }
    }

    /// <summary>The fringe's part of <see cref="KernelSet.BackwardStep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int stride,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, in EdgeGradients edge, int rows, int units, int width)
    {
        int columns = Columns(units), first = units - columns, inputs = edge.WIn.Length / width, outputs = edge.WOut.Length / width;
        Span<float> scratch = stackalloc float[columns * BlockRows], column = stackalloc float[BlockRows];
        ref var sums = ref MemoryMarshal.GetReference(scratch);
        ref var states = ref MemoryMarshal.GetReference(column);
        TLane one = TLane.Broadcast(1f), least = TLane.Broadcast(KernelSet.LeastDelta);
        for (var row = 0; row < rows; row += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - row);
            DotProducts<TLane>.Run(ref Unsafe.Add(ref MemoryMarshal.GetReference(dNext), row * width), ref MemoryMarshal.GetReference(packed), width,
                Lanes(units), count, columns, ref sums, BlockRows);
            for (var f = 0; f < columns; f++)
            {
                scratch[(f * BlockRows + count)..((f + 1) * BlockRows)].Clear(); // rows that are not there add nothing
                ref var sum0 = ref Unsafe.Add(ref sums, f * BlockRows);
                ref var state = ref Unsafe.Add(ref MemoryMarshal.GetReference(h), row * width + first + f);
                for (var r = 0; r < count; r++, state = ref Unsafe.Add(ref state, width)) Unsafe.Add(ref states, r) = state;
                for (var r = 0; r < count; r += TLane.Width)
                {
                    var sum = TLane.Load(ref Unsafe.Add(ref sum0, r));
                    for (var o = 0; o < outputs; o++)
                        sum = TLane.MultiplyAdd(Series(dy, o * stride + row + r), TLane.Broadcast(wOut[o * width + first + f]), sum);
                    var states0 = TLane.Load(ref Unsafe.Add(ref states, r));
                    sum *= one - states0 * states0;
                    TLane.Store(TLane.Flush(sum, sum, least), ref Unsafe.Add(ref sum0, r));
                }
                edge.Bias[first + f] += Total(ref sum0, count);
                for (var i = 0; i < inputs; i++) edge.WIn[i * width + first + f] += Dot(x, i * stride + row, ref sum0, count);
                for (var o = 0; o < outputs; o++) edge.WOut[o * width + first + f] += Dot(dy, o * stride + row, ref states, count);
            }
            Scatter(ref sums, columns, count, ref Unsafe.Add(ref MemoryMarshal.GetReference(d), row * width + first), width);
        }
    }

    /// <summary>The fringe's part of <see cref="KernelSet.AccumulateRecurrentGradient"/>: δ's columns times h, then turned over into dW.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RecurrentGradient(ref float h, ref float d, int rows, int units, nint width, ref float g)
    {
        nint columns = Columns(units), first = units - columns, panel;
        Span<float> scratch = stackalloc float[8 * 3 * TLane.Width];
        ref var tile = ref MemoryMarshal.GetReference(scratch);
        for (nint lane = 0; lane < Lanes(units); lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(Lanes(units) - (int)lane);
            nint size = panel * TLane.Width;
            ref var b = ref Unsafe.Add(ref h, lane * TLane.Width);
            ref var a = ref Unsafe.Add(ref d, first);
            if (columns > 4 && panel == 3) GemmTile<TLane>.Run<Tile8x3>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
            else if (columns > 4 && panel == 2) GemmTile<TLane>.Run<Tile8x2>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
            else if (columns > 4) GemmTile<TLane>.Run<Tile8x1>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
            else if (panel == 3) GemmTile<TLane>.Run<Tile4x3>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
            else if (panel == 2) GemmTile<TLane>.Run<Tile4x2>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
            else GemmTile<TLane>.Run<Tile4x1>(ref a, 1, width, ref b, width, rows, ref tile, size, accumulate: false);
            for (nint i = 0; i < size; i++)
            {
                ref var to = ref Unsafe.Add(ref g, (lane * TLane.Width + i) * width + first);
                for (nint f = 0; f < columns; f++) Unsafe.Add(ref to, f) += Unsafe.Add(ref tile, f * size + i);
            }
        }
    }

    /// <summary>A register of a series kept by channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Series(ReadOnlySpan<float> series, nint place) => TLane.Load(ref Unsafe.Add(ref MemoryMarshal.GetReference(series), place));

    /// <summary>Σ of a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Total(ref float column, int count)
    {
        TLane sum = default;
        for (nint r = 0; r < count; r += TLane.Width) sum += TLane.Load(ref Unsafe.Add(ref column, r));
        return TLane.Sum(sum);
    }

    /// <summary>Σ series·column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ReadOnlySpan<float> series, nint place, ref float column, int count)
    {
        TLane sum = default;
        for (nint r = 0; r < count; r += TLane.Width) sum = TLane.MultiplyAdd(Series(series, place + r), TLane.Load(ref Unsafe.Add(ref column, r)), sum);
        return TLane.Sum(sum);
    }

    /// <summary>Columns [F×·] into the rows of a matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter(ref float sums, nint columns, nint count, ref float to, nint width)
    {
        for (nint r = 0; r < count; r++, to = ref Unsafe.Add(ref to, width))
            for (nint f = 0; f < columns; f++) Unsafe.Add(ref to, f) = Unsafe.Add(ref sums, f * BlockRows + r);
    }
}
