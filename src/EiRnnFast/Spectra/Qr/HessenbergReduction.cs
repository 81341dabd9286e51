using System.Runtime.CompilerServices;
using EiRnnFast.Kernels.Doubles;

namespace EiRnnFast.Spectra.Qr;

/// <summary>
/// H = QᵀAQ, 0 below the first subdiagonal, by Householder reflectors in blocks I − V·T·Vᵀ (Quintana-Ortí and van de Geijn 2006;
/// LAPACK's dgehrd). Half of the arithmetic is matrix products by tiles, column slab after column slab.
/// </summary>
internal static unsafe class HessenbergReduction
{
    /// <summary>Columns that are updated together: a slab of 1000 rows stays in a second-level cache.</summary>
    public const int Slab = 48;

    /// <summary>Reduces the workspace's H, [n×n] with rows of <paramref name="row"/> doubles, in place.</summary>
    public static void Run(EigenWorkspace work, nint row, int n, DoubleKernels kernels)
    {
        var most = n < 128 ? 8 : n < 400 ? 16 : EigenWorkspace.MostBlock;
        new Span<double>(work.V, (int)(EigenWorkspace.MostBlock * row)).Clear(); // what stands beyond n stays 0
        for (int first = 0, block; first + 2 < n; first += block)
        {
            block = Math.Min(most, n - 2 - first);
            Panel(work, row, n, first, block);
            Update(work, row, n, first, block, kernels);
        }
        for (var i = 2; i < n; i++) new Span<double>(work.H + i * row, i - 1).Clear();
    }

    /// <summary>Reflectors of columns first … first+block−1: V by rows, Y = A·V·T below row first, and T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel(EigenWorkspace work, nint row, int n, int first, int block)
    {
        double* h = work.H, v = work.V, y = work.Y, t = work.T, w = work.Small, b = w + row;
        var top = first + 1; // rows from here on change
        var aligned = top / 8 * 8;
        var length = (n - aligned + 7) / 8 * 8;
        new Span<double>(t, block * block).Clear();
        for (var j = 0; j < block; j++)
        {
            int column = first + j, pivot = column + 1;
            for (var i = top; i < n; i++) b[i] = h[i * row + column];
            if (j > 0)
            {
                // the reflectors before, from the right: b −= Y·(row `column` of V); then from the left: b −= V·Tᵀ·Vᵀ·b
                for (var i = aligned; i < top; i++) b[i] = 0;
                for (var i = n; i < aligned + length; i++) b[i] = 0;
                for (var k = 0; k < j; k++) w[k] = v[k * row + column];
                RowProducts.SubtractRows(y + aligned, row, j, w, length, b + aligned);
                for (var i = aligned; i < top; i++) b[i] = 0;
                RowProducts.Dots(v + aligned, row, j, b + aligned, length, w);
                for (var k = j - 1; k >= 0; k--)
                {
                    var sum = 0.0;
                    for (var l = 0; l <= k; l++) sum += t[l * block + k] * w[l];
                    w[k] = sum;
                }
                RowProducts.SubtractRows(v + aligned, row, j, w, length, b + aligned);
                for (var i = top; i < pivot; i++) h[i * row + column] = b[i];
            }
            var own = v + j * row;
            new Span<double>(own + aligned, length).Clear();
            var (beta, tau) = Reflector.Of(b + pivot, n - pivot);
            b[pivot] = 1;
            new Span<double>(b + pivot, n - pivot).CopyTo(new Span<double>(own + pivot, n - pivot));
            h[pivot * row + column] = beta;

            // y = τ·(A·v − Y·Vᵀ·v), where A is what it was before this block
            var from = pivot / 8 * 8;
            var made = y + j * row;
            new Span<double>(made + aligned, length).Clear();
            RowProducts.Dots(h + top * row + from, row, n - top, own + from, (n - from + 7) / 8 * 8, made + top);
            RowProducts.Dots(v + aligned, row, j, own + aligned, length, w);
            RowProducts.SubtractRows(y + aligned, row, j, w, length, made + aligned);
            for (var i = top; i < n; i++) made[i] *= tau;
            for (var k = 0; k < j; k++)
            {
                var sum = 0.0;
                for (var l = k; l < j; l++) sum += t[k * block + l] * w[l];
                t[k * block + j] = -tau * sum;
            }
            t[j * block + j] = tau;
        }
    }

    /// <summary>A ← AQ of all rows, and QᵀA of the columns after the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(EigenWorkspace work, nint row, int n, int first, int block, DoubleKernels kernels)
    {
        double* h = work.H, v = work.V, y = work.Y, above = work.YTop, across = work.VColumns, t = work.T, turned = work.TTransposed;
        var top = first + 1;
        for (var i = top; i < n; i++)
            for (var k = 0; k < block; k++) across[(i - top) * EigenWorkspace.MostBlock + k] = v[k * row + i];
        for (var i = 0; i < block; i++)
            for (var k = 0; k < block; k++) turned[i * block + k] = t[k * block + i];

        // rows 0 … first of Y, whose columns the panel has not touched: A·V, then times T
        const int wide = EigenWorkspace.MostBlock;
        var product = work.Slab;
        for (var i = 0; i < top; i += Slab)
        {
            var rows = Math.Min(Slab, top - i);
            kernels.Multiply(h + i * row + top, row, 1, across, wide, product, wide, rows, n - top, block, ProductSum.Set);
            kernels.Multiply(product, wide, 1, t, block, above + i * wide, wide, rows, block, block, ProductSum.Set);
        }
        kernels.Multiply(above, wide, 1, v + top, row, h + top, row, top, block, n - top, ProductSum.Subtract);

        double* products = work.Slab, weighted = work.Slab + wide * Slab;
        for (var column = first + block; column < n; column += Slab)
        {
            var columns = Math.Min(Slab, n - column);
            kernels.Multiply(y + top, 1, row, v + column, row, h + top * row + column, row, n - top, block, columns, ProductSum.Subtract);
            kernels.Multiply(v + top, row, 1, h + top * row + column, row, products, Slab, block, n - top, columns, ProductSum.Set);
            kernels.Multiply(turned, block, 1, products, Slab, weighted, Slab, block, block, columns, ProductSum.Set);
            kernels.Multiply(v + top, 1, row, weighted, Slab, h + top * row + column, row, n - top, block, columns, ProductSum.Subtract);
        }
    }
}
