using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EiRnnFast.Kernels.Doubles;

/// <summary>
/// Applies the reflectors of chased bulges to what lies beside their window. A reflector acts on three neighbouring rows, the next one of
/// its path on the rows one further down: rows pass through registers, so that each is loaded and stored once for a path. Two paths, the
/// second three rows behind the first, pass together, since one alone waits for its own sums.
/// </summary>
internal static unsafe class ReflectorPaths<TLane> where TLane : struct, IDoubleLane<TLane>
{
    private const int Length = BulgePaths.Length;

    /// <summary>Columns side by side.</summary>
    public static int Columns => 2 * TLane.Width;

    /// <summary>Paths on rows of <see cref="Columns"/> columns, which are those of their window.</summary>
    public static void Apply(double* rows, nint row, in BulgePaths paths)
    {
        int* starts = paths.Starts, counts = paths.Counts;
        for (var b = 0; b < paths.Bulges; b++)
        {
            var own = paths.Reflectors + (nint)b * paths.Stride * Length;
            if (b + 1 == paths.Bulges)
            {
                One(rows + starts[b] * row, row, own, counts[b]);
                continue;
            }
            var next = own + (nint)paths.Stride * Length;
            var ahead = Math.Min(counts[b], starts[b + 1] + 3 - starts[b]); // of the leading path, before the second sets out
            var together = Math.Min(counts[b] - ahead, counts[b + 1]);
            One(rows + starts[b] * row, row, own, ahead);
            Two(rows + starts[b + 1] * row, row, own + ahead * Length, next, together);
            One(rows + (starts[b] + ahead + together) * row, row, own + (ahead + together) * Length, counts[b] - ahead - together);
            One(rows + (starts[b + 1] + together) * row, row, next + together * Length, counts[b + 1] - together);
            b++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(double* rows, nint row, double* reflector, int count)
    {
        if (count <= 0) return;
        TLane x0 = TLane.Load(rows), y0 = TLane.Load(rows + TLane.Width);
        TLane x1 = TLane.Load(rows + row), y1 = TLane.Load(rows + row + TLane.Width);
        var ahead = rows + 2 * row;
        for (; count > 0; count--)
        {
            TLane x2 = TLane.Load(ahead), y2 = TLane.Load(ahead + TLane.Width);
            Reflect(reflector, ref x0, ref x1, ref x2, ref y0, ref y1, ref y2);
            TLane.Store(x0, rows);
            TLane.Store(y0, rows + TLane.Width);
            (x0, y0, x1, y1) = (x1, y1, x2, y2);
            rows += row;
            ahead += row;
            reflector += Length;
        }
        TLane.Store(x0, rows);
        TLane.Store(y0, rows + TLane.Width);
        TLane.Store(x1, rows + row);
        TLane.Store(y1, rows + row + TLane.Width);
    }

    /// <summary>The second path begins at the first row, the leading one three rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(double* rows, nint row, double* leading, double* second, int count)
    {
        if (count <= 0) return;
        TLane x0 = TLane.Load(rows), y0 = TLane.Load(rows + TLane.Width);
        TLane x1 = TLane.Load(rows + row), y1 = TLane.Load(rows + row + TLane.Width);
        TLane x2 = TLane.Load(rows + 2 * row), y2 = TLane.Load(rows + 2 * row + TLane.Width);
        TLane x3 = TLane.Load(rows + 3 * row), y3 = TLane.Load(rows + 3 * row + TLane.Width);
        TLane x4 = TLane.Load(rows + 4 * row), y4 = TLane.Load(rows + 4 * row + TLane.Width);
        var ahead = rows + 5 * row;
        for (; count > 0; count--)
        {
            TLane x5 = TLane.Load(ahead), y5 = TLane.Load(ahead + TLane.Width);
            Reflect(leading, ref x3, ref x4, ref x5, ref y3, ref y4, ref y5);
            Reflect(second, ref x0, ref x1, ref x2, ref y0, ref y1, ref y2);
            TLane.Store(x0, rows);
            TLane.Store(y0, rows + TLane.Width);
            (x0, y0, x1, y1, x2, y2) = (x1, y1, x2, y2, x3, y3);
            (x3, y3, x4, y4) = (x4, y4, x5, y5);
            rows += row;
            ahead += row;
            leading += Length;
            second += Length;
        }
        Store(rows, x0, y0);
        Store(rows + row, x1, y1);
        Store(rows + 2 * row, x2, y2);
        Store(rows + 3 * row, x3, y3);
        Store(rows + 4 * row, x4, y4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* rows, TLane x, TLane y)
    {
        TLane.Store(x, rows);
        TLane.Store(y, rows + TLane.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reflect(double* reflector, ref TLane x0, ref TLane x1, ref TLane x2, ref TLane y0, ref TLane y1, ref TLane y2)
    {
        TLane v1 = TLane.Broadcast(reflector[0]), v2 = TLane.Broadcast(reflector[1]);
        var x = TLane.MultiplyAdd(v1, x1, TLane.MultiplyAdd(v2, x2, x0));
        var y = TLane.MultiplyAdd(v1, y1, TLane.MultiplyAdd(v2, y2, y0));
        TLane t0 = TLane.Broadcast(reflector[2]), t1 = TLane.Broadcast(reflector[3]), t2 = TLane.Broadcast(reflector[4]);
        x0 = TLane.MultiplySubtract(t0, x, x0);
        x1 = TLane.MultiplySubtract(t1, x, x1);
        x2 = TLane.MultiplySubtract(t2, x, x2);
        y0 = TLane.MultiplySubtract(t0, y, y0);
        y1 = TLane.MultiplySubtract(t1, y, y1);
        y2 = TLane.MultiplySubtract(t2, y, y2);
    }

    /// <summary>
    /// The same from the right: paths act on columns of a matrix of <paramref name="height"/> rows. <see cref="Columns"/> rows at a time
    /// are turned over into <paramref name="scratch"/>, [columns×<see cref="Columns"/>], and back. columns: a multiple of 4.
    /// </summary>
    public static void ApplyToColumns(double* matrix, nint row, int height, int columns, double* scratch, in BulgePaths paths)
    {
        for (var first = 0; first < height; first += Columns, matrix += Columns * row)
        {
            var count = Math.Min(Columns, height - first);
            for (var i = 0; i < count; i += 4) TurnIn(matrix + i * row, row, Math.Min(4, count - i), columns, scratch + i);
            Apply(scratch, Columns, paths);
            for (var i = 0; i < count; i += 4) TurnOut(scratch + i, matrix + i * row, row, Math.Min(4, count - i), columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnIn(double* from, nint row, int rows, int columns, double* to)
    {
        nint place = Columns;
        if (rows == 4 && Avx.IsSupported)
        {
            for (nint j = 0; j < columns; j += 4, from += 4, to += 4 * place)
                new FourByFour(from, row).StoreTurned(to, place);
            return;
        }
        for (nint i = 0; i < rows; i++)
            for (nint j = 0; j < columns; j++) to[j * place + i] = from[i * row + j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnOut(double* from, double* to, nint row, int rows, int columns)
    {
        nint place = Columns;
        if (rows == 4 && Avx.IsSupported)
        {
            for (nint j = 0; j < columns; j += 4, from += 4 * place, to += 4)
                new FourByFour(from, place).StoreTurned(to, row);
            return;
        }
        for (nint i = 0; i < rows; i++)
            for (nint j = 0; j < columns; j++) to[i * row + j] = from[j * place + i];
    }
}
