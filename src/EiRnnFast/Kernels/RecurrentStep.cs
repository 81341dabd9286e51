using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels;

/// <summary>One timestep of a batch, forward and backward: a matrix product by register tiles, each finished by its epilogue.</summary>
internal static class RecurrentStep<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>
    /// Longest run of terms in one sum. A trained network of 500 units at the edge of stability turns the rounding of whole
    /// sums into an error of 7e-6 after 200 steps (NumPy: the same), that of sums in parts of 128 into 3e-6.
    /// </summary>
    private const int TermsPerSum = 128;

    /// <summary>
    /// packed (=) W or Wᵀ, panel after panel: the panel of columns [c, c+P) holds, for k = 0…N−1, its P values of row k.
    /// The panel starts at packed[N·c].
    /// </summary>
    public static void Pack(ReadOnlySpan<float> w, int units, int width, bool transpose, Span<float> packed)
    {
        var lanes = width / TLane.Width;
        var to = 0;
        for (int lane = 0, panel; lane < lanes; lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(lanes - lane);
            int first = lane * TLane.Width, count = panel * TLane.Width;
            for (var k = 0; k < units; k++, to += count)
            {
                if (!transpose) w.Slice(k * width + first, count).CopyTo(packed[to..]);
                else
                {
                    for (var j = 0; j < count; j++)
                        packed[to + j] = first + j < units ? w[(first + j) * width + k] : 0f;
                }
            }
        }
    }

    /// <summary>See <see cref="KernelSet.ForwardStep"/>.</summary>
    public static void Forward(ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> packed, ReadOnlySpan<float> x, int inputs,
        ReadOnlySpan<float> wIn, ReadOnlySpan<float> bias, Span<float> h, int rows, int units, int width)
    {
        var epilogue = new InputAndTanh
        {
            X = ref MemoryMarshal.GetReference(x), Inputs = inputs, WIn = ref MemoryMarshal.GetReference(wIn),
            Bias = ref MemoryMarshal.GetReference(bias), Width = width,
        };
        Multiply(hPrevious, packed, h, rows, units, width, ref epilogue);
    }

    /// <summary>See <see cref="KernelSet.BackwardStep"/>.</summary>
    public static void Backward(ReadOnlySpan<float> dNext, ReadOnlySpan<float> packed, ReadOnlySpan<float> dy, int outputs,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> h, Span<float> d, int rows, int units, int width)
    {
        var epilogue = new ReadoutAndSlope
        {
            Dy = ref MemoryMarshal.GetReference(dy), Outputs = outputs, WOut = ref MemoryMarshal.GetReference(wOut),
            H = ref MemoryMarshal.GetReference(h), Width = width,
        };
        Multiply(dNext, packed, d, rows, units, width, ref epilogue);
    }

    private static void Multiply<TEpilogue>(ReadOnlySpan<float> a, ReadOnlySpan<float> packed, Span<float> c, int rows, int units, int width,
        ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var c0 = ref MemoryMarshal.GetReference(c);
        ref var b0 = ref MemoryMarshal.GetReference(packed);
        var lanes = width / TLane.Width;
        for (int lane = 0, panel; lane < lanes; lane += panel)
        {
            panel = GemmTile<TLane>.PanelLanes(lanes - lane);
            nint column = lane * TLane.Width;
            ref var b = ref Unsafe.Add(ref b0, column * units);
            if (TLane.TileRows == 8)
            {
                if (panel == 3) Rows<Tile8x3, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
                else if (panel == 2) Rows<Tile8x2, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
                else Rows<Tile8x1, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
            }
            else
            {
                if (panel == 3) Rows<Tile4x3, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
                else if (panel == 2) Rows<Tile4x2, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
                else Rows<Tile4x1, TEpilogue>(ref a0, ref b, ref c0, rows, units, width, column, ref epilogue);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TShape, TEpilogue>(ref float a, ref float b, ref float c, int rows, int units, int width, nint column,
        ref TEpilogue epilogue)
        where TShape : struct, ITileShape
        where TEpilogue : struct, IEpilogue<TLane>, allows ref struct
    {
        for (nint row = 0; row < rows; row += TShape.Rows)
        {
            ref var tile = ref Unsafe.Add(ref c, row * width + column);
            for (nint k = 0; k < units; k += TermsPerSum)
                GemmTile<TLane>.Run<TShape>(ref Unsafe.Add(ref a, row * width + k), width, 1, ref Unsafe.Add(ref b, k * TShape.Lanes * TLane.Width),
                    TShape.Lanes * TLane.Width, Math.Min(units - k, TermsPerSum), ref tile, width, accumulate: k > 0);
            GemmTile<TLane>.Finish<TShape, TEpilogue>(ref tile, width, row, column, ref epilogue);
        }
    }

    /// <summary>tanh(sum + b + Σ_i x_i·W_in[i]).</summary>
    private ref struct InputAndTanh : IEpilogue<TLane>
    {
        public ref float X, WIn, Bias;
        public int Inputs, Width;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TLane Apply(TLane sum, nint row, nint column)
        {
            sum += TLane.Load(ref Unsafe.Add(ref Bias, column));
            for (nint i = 0; i < Inputs; i++)
                sum = TLane.MultiplyAdd(TLane.Broadcast(Unsafe.Add(ref X, row * Inputs + i)),
                    TLane.Load(ref Unsafe.Add(ref WIn, i * Width + column)), sum);
            return Tanh.Of(sum);
        }
    }

    /// <summary>(sum + Σ_o dy_o·W_out[o])·(1 − h²).</summary>
    private ref struct ReadoutAndSlope : IEpilogue<TLane>
    {
        public ref float Dy, WOut, H;
        public int Outputs, Width;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TLane Apply(TLane sum, nint row, nint column)
        {
            for (nint o = 0; o < Outputs; o++)
                sum = TLane.MultiplyAdd(TLane.Broadcast(Unsafe.Add(ref Dy, row * Outputs + o)),
                    TLane.Load(ref Unsafe.Add(ref WOut, o * Width + column)), sum);
            var h = TLane.Load(ref Unsafe.Add(ref H, row * Width + column));
            return sum * (TLane.Broadcast(1f) - h * h);
        }
    }
}
