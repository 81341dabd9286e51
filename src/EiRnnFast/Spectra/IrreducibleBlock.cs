namespace EiRnnFast.Spectra;

/// <summary>
/// A diagonal block of a matrix whose units all reach each other, balanced: rows and columns are scaled by powers of two until their norms
/// are alike (Osborne 1960; LAPACK's dgebal). The eigenvalues of a matrix are those of its blocks, since units can be ordered so that
/// nothing but zeros stands below them. Balancing is exact, and its norms neither overflow nor vanish.
/// </summary>
/// <param name="ColumnMajor">The block over 2^<paramref name="Exponent"/>, [size×size]: its largest entry is about 1.</param>
/// <param name="Size">Units.</param>
/// <param name="Exponent">Of the power of two that was taken out.</param>
internal readonly record struct IrreducibleBlock(double[] ColumnMajor, int Size, int Exponent)
{
    private const double Gain = 0.95; // a scaling must lower the sum of both norms to this, as in LAPACK
    private const int MostSweeps = 1000; // a few are usual
    private const int Nothing = int.MinValue / 4; // exponent of 0

    /// <summary>All blocks of a matrix, row-major [n×n], finite.</summary>
    public static IEnumerable<IrreducibleBlock> Of(double[] matrix, int n)
    {
        foreach (var units in Components(matrix, n)) yield return Balanced(matrix, n, units);
    }

    /// <summary>Units that reach each other through entries that are not 0 (Tarjan 1972).</summary>
    private static List<int[]> Components(double[] matrix, int n)
    {
        List<int[]> components = [];
        int[] order = new int[n], lowest = new int[n], next = new int[n];
        var open = new bool[n];
        Stack<int> pending = new(), path = new();
        var visited = 0;
        for (var root = 0; root < n; root++)
        {
            if (order[root] == 0) Enter(root);
            while (path.TryPeek(out var unit))
            {
                if (next[unit] < n)
                {
                    var other = next[unit]++;
                    if (matrix[unit * n + other] == 0) continue;
                    if (order[other] == 0) Enter(other);
                    else if (open[other]) lowest[unit] = Math.Min(lowest[unit], order[other]);
                    continue;
                }
                path.Pop();
                if (path.TryPeek(out var before)) lowest[before] = Math.Min(lowest[before], lowest[unit]);
                if (lowest[unit] == order[unit]) components.Add(Close(unit));
            }
        }
        return components;

        void Enter(int unit)
        {
            order[unit] = lowest[unit] = ++visited;
            open[unit] = true;
            pending.Push(unit);
            path.Push(unit);
        }

        int[] Close(int first)
        {
            List<int> members = [];
            do open[pending.Peek()] = false;
            while (Add(pending.Pop()) != first);
            members.Sort();
            return [.. members];

            int Add(int unit)
            {
                members.Add(unit);
                return unit;
            }
        }
    }

    private static IrreducibleBlock Balanced(double[] matrix, int n, int[] units)
    {
        var size = units.Length;
        double[] mantissas = new double[size * size]; // column-major, 1 to 2 or 0
        int[] exponents = new int[size * size], scale = new int[size];
        for (var j = 0; j < size; j++)
            for (var i = 0; i < size; i++)
            {
                var value = matrix[units[i] * n + units[j]];
                var exponent = value == 0 ? 0 : Math.ILogB(value);
                (mantissas[j * size + i], exponents[j * size + i]) = (Math.ScaleB(value, -exponent), value == 0 ? Nothing : exponent);
            }
        var changed = size > 1;
        for (var sweep = 0; changed && sweep < MostSweeps; sweep++)
        {
            changed = false;
            for (var k = 0; k < size; k++)
            {
                var (column, row) = (Log2Norm(k * size, 1, k, 1), Log2Norm(k, size, k, -1));
                var shift = (int)Math.Round((row - column) / 2);
                var largest = Math.Max(column, row);
                double c = double.Exp2(column - largest), r = double.Exp2(row - largest);
                if (shift == 0 || !(ScaleB(c, shift) + ScaleB(r, -shift) < Gain * (c + r))) continue;
                scale[k] += shift;
                changed = true;
            }
        }
        ConvexBalance.Refine(mantissas, exponents, scale);
        var top = Nothing;
        for (var j = 0; j < size; j++)
            for (var i = 0; i < size; i++) top = Math.Max(top, exponents[j * size + i] + scale[j] - scale[i]);
        if (top <= Nothing / 2) top = 0; // a single unit of weight 0
        for (var j = 0; j < size; j++)
            for (var i = 0; i < size; i++)
                mantissas[j * size + i] = ScaleB(mantissas[j * size + i], Math.Max(exponents[j * size + i], Nothing / 2)
                    + scale[j] - scale[i] - top);
        return new IrreducibleBlock(mantissas, size, top);

        // log₂ of the 2-norm of row or column k of the scaled block.
        double Log2Norm(int start, int stride, int k, int sign)
        {
            var most = Nothing;
            for (int m = 0, at = start; m < size; m++, at += stride) most = Math.Max(most, exponents[at] + sign * (scale[k] - scale[m]));
            var squares = 0.0;
            for (int m = 0, at = start; m < size; m++, at += stride)
            {
                var below = exponents[at] + sign * (scale[k] - scale[m]) - most;
                // times 4^below
                if (below > -60) squares += mantissas[at] * mantissas[at] * BitConverter.Int64BitsToDouble((1023L + 2 * below) << 52);
            }
            return most + Math.Log2(squares) / 2;
        }
    }

    private static double ScaleB(double value, int exponent) => value == 0 ? 0 : Math.ScaleB(value, exponent);
}
