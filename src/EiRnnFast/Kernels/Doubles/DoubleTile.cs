using System.Runtime.CompilerServices;

namespace EiRnnFast.Kernels.Doubles;

internal readonly struct Tile1x3 : ITileShape { public static int Rows => 1; public static int Lanes => 3; }

internal readonly struct Tile1x2 : ITileShape { public static int Rows => 1; public static int Lanes => 2; }

internal readonly struct Tile1x1 : ITileShape { public static int Rows => 1; public static int Lanes => 1; }

/// <summary>What becomes of C in a product A·B.</summary>
internal enum ProductSum { Set, Add, Subtract }

/// <summary>
/// Matrix products in double precision by register tiles of 4 rows × 3 lanes. Every element is a chain of multiply-adds over at most
/// <see cref="MostTerms"/> terms at a time, so that its bits depend neither on the tile nor on the lane.
/// </summary>
internal static unsafe class DoubleTile<TLane> where TLane : struct, IDoubleLane<TLane>
{
    /// <summary>Terms at a time: a panel of B of that depth stays in L1 for all rows.</summary>
    private const int MostTerms = 192;

    /// <summary>
    /// C [rows×columns] (=, +=, −=) A·B. Element (i, k) of A lies at a[i·aRow + k·aStep], row k of B at b[k·bRow], row i of C at c[i·cRow].
    /// Whole lanes of columns are read and written: up to Width−1 more than <paramref name="columns"/>.
    /// </summary>
    public static void Multiply(double* a, nint aRow, nint aStep, double* b, nint bRow, double* c, nint cRow,
        int rows, int depth, int columns, ProductSum sum)
    {
        var lanes = (columns + TLane.Width - 1) / TLane.Width;
        for (var k = 0; k < depth || k == 0; k += MostTerms)
        {
            var terms = Math.Min(MostTerms, depth - k);
            var kind = k > 0 && sum == ProductSum.Set ? ProductSum.Add : sum;
            for (int lane = 0, panel; lane < lanes; lane += panel)
            {
                panel = lanes - lane == 4 ? 2 : Math.Min(3, lanes - lane);
                double* ak = a + k * aStep, bk = b + k * bRow + lane * TLane.Width, cl = c + lane * TLane.Width;
                if (panel == 3) Panel<Tile4x3, Tile1x3>(ak, aRow, aStep, bk, bRow, cl, cRow, rows, terms, kind);
                else if (panel == 2) Panel<Tile4x2, Tile1x2>(ak, aRow, aStep, bk, bRow, cl, cRow, rows, terms, kind);
                else Panel<Tile4x1, Tile1x1>(ak, aRow, aStep, bk, bRow, cl, cRow, rows, terms, kind);
            }
        }
    }

    private static void Panel<TFour, TOne>(double* a, nint aRow, nint aStep, double* b, nint bRow, double* c, nint cRow,
        int rows, nint depth, ProductSum sum) where TFour : struct, ITileShape where TOne : struct, ITileShape
    {
        nint row = 0;
        for (; row + 4 <= rows; row += 4) Tile<TFour>(a + row * aRow, aRow, aStep, b, bRow, c + row * cRow, cRow, depth, sum);
        for (; row < rows; row++) Tile<TOne>(a + row * aRow, aRow, aStep, b, bRow, c + row * cRow, cRow, depth, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TShape>(double* a, nint aRow, nint aStep, double* b, nint bRow, double* c, nint cRow, nint depth,
        ProductSum sum) where TShape : struct, ITileShape
    {
        TLane c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        TLane c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        for (; depth > 0; depth--)
        {
            var b0 = TLane.Load(b);
            var b1 = TShape.Lanes > 1 ? TLane.Load(b + TLane.Width) : default;
            var b2 = TShape.Lanes > 2 ? TLane.Load(b + 2 * TLane.Width) : default;
            Row<TShape>(a[0], b0, b1, b2, ref c00, ref c01, ref c02);
            if (TShape.Rows > 1)
            {
                Row<TShape>(a[aRow], b0, b1, b2, ref c10, ref c11, ref c12);
                Row<TShape>(a[2 * aRow], b0, b1, b2, ref c20, ref c21, ref c22);
                Row<TShape>(a[3 * aRow], b0, b1, b2, ref c30, ref c31, ref c32);
            }
            a += aStep;
            b += bRow;
        }
        Finish<TShape>(c, c00, c01, c02, sum);
        if (TShape.Rows == 1) return;
        Finish<TShape>(c + cRow, c10, c11, c12, sum);
        Finish<TShape>(c + 2 * cRow, c20, c21, c22, sum);
        Finish<TShape>(c + 3 * cRow, c30, c31, c32, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TShape>(double a, TLane b0, TLane b1, TLane b2, ref TLane c0, ref TLane c1, ref TLane c2)
        where TShape : struct, ITileShape
    {
        var x = TLane.Broadcast(a);
        c0 = TLane.MultiplyAdd(x, b0, c0);
        if (TShape.Lanes > 1) c1 = TLane.MultiplyAdd(x, b1, c1);
        if (TShape.Lanes > 2) c2 = TLane.MultiplyAdd(x, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TShape>(double* c, TLane c0, TLane c1, TLane c2, ProductSum sum) where TShape : struct, ITileShape
    {
        Finish(c, c0, sum);
        if (TShape.Lanes > 1) Finish(c + TLane.Width, c1, sum);
        if (TShape.Lanes > 2) Finish(c + 2 * TLane.Width, c2, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(double* c, TLane value, ProductSum sum)
    {
        if (sum == ProductSum.Add) value += TLane.Load(c);
        else if (sum == ProductSum.Subtract) value = TLane.Load(c) - value;
        TLane.Store(value, c);
    }
}
